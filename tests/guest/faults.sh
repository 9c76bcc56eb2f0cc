#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Faults in every call, and then what the kernel's search for leaks finds: neither
# while the module is loaded nor when it is gone is anything of it left.
#
#	faults.sh MODULE

leaks=/sys/kernel/debug/kmemleak
failures=0

# No object whose backtrace has the module; once that is gone, its addresses are
# those that the kernel has no name for.
no_leak() {
	# What was freed a moment ago may still be on a stack, or waiting for RCU
	sleep 5
	echo scan >$leaks
	sleep 5
	echo scan >$leaks
	if grep -B 20 -A 20 -E '\[flightrec\]|\] 0xffffffffc[0-9a-f]+$' $leaks; then
		echo "not ok - no_memory_leaks_$1"
		failures=1
	else
		echo "ok - no_memory_leaks_$1"
	fi
}

echo clear >$leaks
./faults -m "$1" || failures=1
no_leak while_it_is_loaded
rmmod flightrec || failures=1
no_leak when_it_is_unloaded
exit $failures
