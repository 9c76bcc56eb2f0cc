#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Loading and unloading, in the guest, beside flightrec.ko.
#
#	module.sh MODULE
#
# shellcheck disable=SC2317 # check() calls them

module=$1
# shellcheck source=tests/check.sh
. ./check.sh || exit

# refused PARAMETER TEXT: insmod fails, and the kernel's log says what would be accepted
refused() {
	dmesg -C
	if insmod "$module" "$1" 2>/dev/null; then
		rmmod flightrec
		return 1
	fi
	dmesg | grep -q "flightrec: .*$2" && ! grep -q ^flightrec /proc/modules
}

takes_settings() {
	insmod "$module" max_bytes=4M segment_bytes=32K min_age_ms=1500 start=0 || return 1
	flightrec status --json >status.json
	rmmod flightrec
	cat status.json
	grep -q '"max_bytes": *4194304' status.json && grep -q '"segment_bytes": *32768' status.json &&
		grep -q '"min_age_ns": *1500000000' status.json &&
		grep -q '"recording": *false' status.json
}

stays_while_open() {
	insmod "$module" || return 1
	exec 9</dev/flightrec
	rmmod flightrec 2>/dev/null && return 1
	exec 9<&-
	rmmod flightrec && ! [ -e /dev/flightrec ]
}

# forty processes at work all the while
comes_and_goes_under_load() {
	local i load
	nice -n 19 perf bench sched messaging -g 1 -l 1000000 >/dev/null 2>&1 &
	load=$!
	for i in $(seq 6); do
		insmod "$module" max_bytes=$((i % 3 + 1))M || break
		[ $((i % 2)) = 0 ] || cat /dev/flightrec >snap.trace
		rmmod flightrec || break
	done
	kill "$load"
	wait "$load" 2>/dev/null
	[ "$i" = 6 ] && [ -s snap.trace ] && ! grep -q ^flightrec /proc/modules
}

reads_with_the_usual_tools() {
	local result
	insmod "$module" || return 1
	cat /dev/flightrec >cat.trace && dd if=/dev/flightrec of=dd.trace bs=7 2>/dev/null &&
		cp /dev/flightrec cp.trace && head -c 1000 /dev/flightrec >head.trace &&
		flightrec info cat.trace >/dev/null && flightrec info dd.trace >/dev/null &&
		flightrec info cp.trace >/dev/null && [ "$(wc -c <head.trace)" = 1000 ]
	result=$?
	rmmod flightrec
	return "$result"
}

check takes_its_settings_from_parameters takes_settings
check refuses_max_bytes_that_is_no_number refused max_bytes=8X "must be a number of bytes"
check refuses_max_bytes_that_is_too_small refused max_bytes=10K "must be [0-9]* to [0-9]*"
check refuses_max_bytes_beyond_the_machine refused max_bytes=100G "must be [0-9]* to [0-9]*"
check refuses_segment_bytes_that_are_no_power_of_two refused segment_bytes=20000 "power of two from 16384 to 4194304"
check refuses_min_age_ms_that_is_no_number refused min_age_ms=-1 "must be a number of milliseconds"
check refuses_start_that_is_neither_on_nor_off refused start=maybe "must be 0 or 1"
check rmmod_is_refused_while_a_file_is_open stays_while_open
check is_loaded_and_unloaded_under_load comes_and_goes_under_load
check is_read_with_cat_dd_cp_and_head reads_with_the_usual_tools
[ $failures = 0 ]
