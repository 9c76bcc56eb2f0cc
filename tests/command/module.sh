#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# flightrec load and unload, in the guest, beside flightrec.ko.
#
# shellcheck disable=SC2016,SC2217,SC2317 # words in ` `; sleep holds a file; check() calls them

# shellcheck source=tests/check.sh
. ./check.sh || exit
work=$(mktemp -d)
module=$work/flightrec.ko
release=$(uname -r)

on_failure() {
	cat out err 2>/dev/null
	flightrec unload 2>/dev/null
}

says() {
	diff - err <<<"flightrec: $1"
}

is_loaded() { grep -q '^flightrec ' /proc/modules; }

# has MAX_BYTES MIN_AGE_NS: of the recorder; it is removed then
has() {
	gives 0 flightrec status --json && grep -q "\"max_bytes\": *$1," out &&
		grep -q "\"min_age_ns\": *$2," out && gives 0 flightrec unload && ! is_loaded
}

takes_parameters_of_the_command_line() {
	gives 0 flightrec load --module "$module" max_bytes=4M min_age_ms=1500 &&
		[ ! -s out ] && [ ! -s err ] && has 4194304 1500000000
}

takes_parameters_of_a_file() {
	printf '# comment\n\n  max_bytes=8M\t# 4M\nmin_age_ms=2500\n' >config
	gives 0 flightrec load --config config --module "$module" && has 8388608 2500000000
}

takes_those_of_etc() {
	local result
	echo max_bytes=8M >/etc/flightrec.conf
	gives 0 flightrec load --module "$module" && has 8388608 10000000000 &&
		gives 0 flightrec load --module "$module" max_bytes=4M && has 4194304 10000000000
	result=$?
	rm /etc/flightrec.conf
	return $result
}

tells_where_a_file_is_wrong() {
	printf 'max_bytes=8M\nmin_age\n' >config
	gives 1 flightrec load --config config --module "$module" &&
		says "config: line 2: 'min_age' is not NAME=VALUE" &&
		printf 'max_byte=8M\n' >config &&
		gives 1 flightrec load --config config --module "$module" &&
		says "config: line 1: 'max_byte=8M' is for a parameter that the module doesn't have" &&
		gives 1 flightrec load --config none --module "$module" &&
		says "none: No such file or directory" && ! is_loaded
}

knows_the_parameters() {
	gives 2 flightrec load --module "$module" min_age=3 &&
		grep -q "^flightrec load: 'min_age=3' is for a parameter that the module doesn't have;" err &&
		gives 2 flightrec load max_bytes && gives 2 flightrec load max_bytes= &&
		gives 2 flightrec load 'max_bytes=1 start=0' && gives 2 flightrec load --bad &&
		gives 2 flightrec unload now && ! is_loaded
}

quotes_the_kernels_reason() {
	gives 1 flightrec load --module "$module" max_bytes=10K &&
		grep -q '^flightrec: .*/flightrec.ko: the kernel doesn.t accept a parameter$' err &&
		grep -q '^flightrec: the kernel says: max_bytes=10240: with .* must be [0-9]* to' err &&
		! grep -q taint err && ! is_loaded
}

is_loaded_once() {
	gives 0 flightrec load --module "$module" && gives 1 flightrec load --module "$module" &&
		grep -q '^flightrec: load: is loaded already; `flightrec unload` comes before' err &&
		gives 0 flightrec unload && gives 1 flightrec unload && says "unload: is not loaded"
}

names_who_has_it_open() {
	local sleeper users
	gives 0 flightrec load --module "$module" || return
	sleep 1000 </dev/flightrec &
	sleeper=$!
	gives 1 flightrec unload && says "unload: is in use by sleep (pid $sleeper)" || return
	for _ in 1 2 3 4 5 6; do
		sleep 1000 </dev/flightrec &
	done
	gives 1 flightrec unload && grep -q 'sleep (pid [0-9]*) and 2 more$' err
	users=$?
	# shellcheck disable=SC2046
	kill $(jobs -p) && wait
	gives 0 flightrec unload && [ $users = 0 ]
} 2>/dev/null

tells_what_is_no_module() {
	echo text >text.ko && head -c 3000 "$module" >short.ko
	gives 1 flightrec load --module none.ko && says "none.ko: No such file or directory" &&
		gives 1 flightrec load --module text.ko && head -n 1 err >line &&
		grep -q "text.ko: is not a kernel module$" line &&
		gives 1 flightrec load --module short.ko && head -n 1 err >line &&
		grep -q "short.ko: is not a kernel module$" line
}

# edited SED-SCRIPT: a module of another name's file, that is otherwise the same
edited() {
	mkdir -p edited && LC_ALL=C sed "$1" "$module" >edited/flightrec.ko &&
		! cmp -s "$module" edited/flightrec.ko
}

# other_sum SYMBOL: what in __versions is before the name of a symbol is its checksum
other_sum() { printf '%s' 's/....\(\x00\{4\}'"$1"'\x00\)/SUM!\1/'; }

# The kernel is content with another release if the symbols' sums are right.
tells_which_kernel_it_was_built_for() {
	local other=${release/6/5}
	edited "s/vermagic=$release /vermagic=$other /; $(other_sum module_layout)" &&
		gives 1 flightrec load --module edited/flightrec.ko &&
		grep -q "flightrec.ko: was built for kernel $other, but this one is $release; build it anew" err &&
		grep -q "^flightrec: the kernel says: disagrees about version of symbol module_layout" err &&
		edited "s/vermagic=$release /vermagic=$other /; $(other_sum _printk)" &&
		gives 1 flightrec load --module edited/flightrec.ko &&
		grep -q "was built for kernel $other, but" err &&
		grep -q "^flightrec: the kernel says: disagrees about version of symbol _printk" err
}

tells_another_configuration() {
	edited "s/mod_unload /mod_unloax /" && gives 1 flightrec load --module edited/flightrec.ko &&
		grep -q "was built for a kernel $release that is configured otherwise than this one" err &&
		grep -q "^flightrec: the kernel says: version magic" err
}

tells_what_the_kernel_lacks() {
	edited "s/for_each_kernel_tracepoint/for_each_kernel_tracepoinx/g" &&
		gives 1 flightrec load --module edited/flightrec.ko &&
		grep -q "flightrec.ko: this kernel doesn't have all that the module uses" err &&
		grep -q "^flightrec: the kernel says: Unknown symbol for_each_kernel_tracepoinx" err
}

needs_root() {
	gives 1 setpriv --reuid 65534 --clear-groups flightrec load --module "$module" &&
		grep -q 'flightrec.ko: this needs root$' err && ! is_loaded &&
		gives 0 flightrec load --module "$module" &&
		gives 1 setpriv --reuid 65534 --clear-groups flightrec unload &&
		says "unload: Operation not permitted; this needs root" && is_loaded &&
		gives 1 setpriv --bounding-set -sys_module flightrec unload &&
		gives 0 flightrec unload &&
		gives 1 setpriv --bounding-set -sys_module flightrec load --module "$module" &&
		grep -q 'this needs CAP_SYS_MODULE$' err
}

tells_that_there_is_none() {
	gives 1 flightrec load &&
		says "load: there is no flightrec.ko for this kernel in /lib/modules/$release; install it there, or say which with --module FILE, as --module ./flightrec.ko" &&
		cd / && gives 1 flightrec load && ! grep -q 'as --module' err && ! is_loaded
	local result=$?
	cd "$work" && return $result
}

# As /usr/bin/flightrec doesn't: what lies about in a working directory isn't trusted
finds_the_one_that_was_built_with_it() {
	mkdir -p tree/build/userspace "tree/build/module/$release" &&
		cp "$(command -v flightrec)" tree/build/userspace &&
		cp "$module" "tree/build/module/$release" &&
		gives 0 tree/build/userspace/flightrec load max_bytes=4M && has 4194304 10000000000 &&
		mv "tree/build/module/$release/flightrec.ko" tree &&
		gives 0 tree/build/userspace/flightrec load max_bytes=4M && has 4194304 10000000000 &&
		rmdir "tree/build/module/$release" tree/build/module &&
		gives 1 tree/build/userspace/flightrec load && ! is_loaded
}

finds_the_one_of_modprobe() {
	mkdir -p "/lib/modules/$release/updates" /etc/modprobe.d &&
		cp "$module" "/lib/modules/$release/updates" && depmod 2>/dev/null &&
		gives 0 flightrec load && has 33554432 10000000000 &&
		echo "options flightrec max_bytes=8M min_age_ms=1000" >/etc/modprobe.d/x.conf &&
		gives 0 flightrec load max_bytes=4M && has 4194304 1000000000
}

explains_lockdown() {
	[ -e /sys/kernel/security/lockdown ] ||
		mount -t securityfs none /sys/kernel/security || return
	echo integrity >/sys/kernel/security/lockdown || return
	gives 1 flightrec load --module "$module" &&
		grep -q 'flightrec.ko: this kernel is locked down .* see SECURE BOOT in flightrec(1)$' err &&
		! is_loaded
}

explains_signatures() {
	echo 1 >/sys/module/module/parameters/sig_enforce || return
	gives 1 flightrec load --module "$module" &&
		grep -q 'flightrec.ko: this kernel takes only modules that are signed with a key it knows' err &&
		grep -q 'the kernel says: Loading of unsigned module is rejected$' err && ! is_loaded
}

explains_that_no_more_are_taken() {
	echo 1 >/proc/sys/kernel/modules_disabled || return
	gives 1 flightrec load --module "$module" &&
		grep -q 'takes no more modules until it is booted again (sysctl kernel.modules_disabled)$' err
}

chmod 755 "$work" && cp flightrec.ko "$work" && cd "$work" || exit
check load_takes_the_parameters_of_the_command_line takes_parameters_of_the_command_line
check load_takes_the_parameters_of_a_file takes_parameters_of_a_file
check load_takes_those_of_etc_unless_told_otherwise takes_those_of_etc
check load_tells_the_line_of_a_file_that_is_wrong tells_where_a_file_is_wrong
check load_refuses_parameters_that_there_are_not knows_the_parameters
check load_quotes_why_the_kernel_refused_a_parameter quotes_the_kernels_reason
check load_and_unload_are_not_done_twice is_loaded_once
check unload_names_who_has_the_device_open names_who_has_it_open
check load_tells_a_file_that_is_no_module tells_what_is_no_module
check load_tells_which_kernel_a_module_was_built_for tells_which_kernel_it_was_built_for
check load_tells_of_a_kernel_configured_otherwise tells_another_configuration
check load_tells_what_the_kernel_lacks tells_what_the_kernel_lacks
check load_and_unload_need_root needs_root
check load_tells_that_there_is_no_module tells_that_there_is_none
check load_finds_the_module_that_was_built_with_it finds_the_one_that_was_built_with_it
check load_finds_the_module_as_modprobe_does finds_the_one_of_modprobe
# What a kernel was told of these it can't be told otherwise.
check load_explains_lockdown explains_lockdown
check load_explains_missing_signatures explains_signatures
check load_explains_that_no_more_modules_are_taken explains_that_no_more_are_taken
[ $failures = 0 ]
