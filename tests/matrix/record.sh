#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Leaves a snapshot of a bit of everything in $OUT, in the guest.
#
#	record.sh NAME

perf bench sched messaging -g 1 -l 20 >/dev/null 2>&1
nice -n 7 sh -c 'printf "a b" >/proc/self/comm; exec sleep 0.1'
flightrec mark "of $(uname -m)" && flightrec snapshot -o "$OUT/$1" >/dev/null
