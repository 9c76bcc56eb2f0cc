#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module loaded and unloaded over and over, with memory of several sizes, under load.
#
#	loads.sh MODULE LOADS

module=$1 loads=$2
scratch=$(mktemp -d)
# shellcheck source=tests/check.sh
. ./check.sh || exit

comes_and_goes() {
	local i before after
	for i in $(seq "$loads"); do
		insmod "$module" max_bytes=$((i % 3 + 1))M || return
		[ $((i % 50)) != 0 ] || cat /dev/flightrec >x.trace || return
		rmmod flightrec || return
		[ "$i" = 10 ] && before=$(kernel_memory)
		[ $((i % 50)) != 0 ] || echo "$i loads after $SECONDS s" >&3
	done
	after=$(kernel_memory)
	echo "# $loads loads: kernel memory $before kB after the tenth, $after kB after the last"
	[ "$loads" -lt 10 ] || [ $((after - before)) -lt 8000 ]
}

still_records() {
	insmod "$module" && sleep 1 && flightrec snapshot -o x.trace && flightrec info x.trace &&
		[ "$(status_value events_written)" -gt 1000 ] && [ "$(value events_lost)" = 0 ]
}

exec 3>&1
nice -n 19 perf bench sched messaging -g 1 -l 100000000 >/dev/null 2>&1 &
check "is_loaded_and_unloaded_${loads}_times_under_load" comes_and_goes
check "records_after_${loads}_loads" still_records
kill %1
[ $failures = 0 ]
