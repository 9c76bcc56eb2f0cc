#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The flightrec command, in the guest with the module loaded. Leaves in $OUT what
# the kernel's own tracer and flightrec saw of the same seconds.
#
# shellcheck disable=SC2317 # check() calls them

# shellcheck source=tests/check.sh
. ./check.sh || exit

starts_and_stops() {
	gives 0 flightrec stop && gives 0 flightrec stop &&
		gives 0 flightrec status --json && [ "$(value recording)" = false ] &&
		gives 0 flightrec status && grep -q '^recording *stopped' out &&
		gives 0 flightrec start && gives 0 flightrec start &&
		gives 0 flightrec status --json && [ "$(value recording)" = true ] &&
		gives 0 flightrec status && grep -q '^recording *for ' out
}

tells_its_status() {
	gives 0 flightrec status --json && [ "$(value events_lost)" = 0 ] &&
		[ "$(value events_written)" -gt 0 ] && [ "$(value segments)" -gt 0 ] &&
		[ "$(value pool_bytes)" -le "$(value max_bytes)" ]
}

writes_snapshots() {
	gives 0 flightrec snapshot -o whole.trace && grep -q '^whole.trace: [0-9]* events in ' out &&
		gives 0 flightrec info --json whole.trace && [ "$(value events)" -gt 0 ] &&
		[ "$(value bytes)" = "$(wc -c <whole.trace)" ] && [ "$(value lost_events)" = 0 ] &&
		[ "$(value window_end_ns)" -gt "$(value window_start_ns)" ] &&
		[ "$(find . -name 'whole.trace*' | wc -l)" = 1 ]
}

names_snapshots_by_date() {
	mkdir -p empty && (cd empty && flightrec snapshot) >out &&
		[ "$(find empty -type f | wc -l)" = 1 ] &&
		find empty -name 'flightrec-20[0-9][0-9][01][0-9][0-3][0-9]-??????.trace' | grep -q .
}

streams_snapshots() {
	flightrec snapshot -o - >stream.trace && flightrec info stream.trace >out &&
		flightrec snapshot -o - | flightrec info - >out &&
		flightrec info /dev/flightrec >out
}

leaves_devices_as_they_are() {
	gives 0 flightrec snapshot -o /dev/null && [ -c /dev/null ]
}

obeys_a_snapshots_own_settings() {
	gives 0 flightrec snapshot --min-age 250ms --max-bytes 60K -o small.trace &&
		[ "$(wc -c <small.trace)" -le 61440 ] &&
		gives 0 flightrec info --json small.trace &&
		[ "$(value min_age_ns)" = 250000000 ] && [ "$(value max_bytes)" = 61440 ]
}

explains_a_bound_that_is_too_small() {
	gives 1 flightrec snapshot --max-bytes 1 -o never.trace && [ ! -e never.trace ] &&
		grep -q '^flightrec: never.trace: ' err
}

leaves_no_half_file() {
	mkdir -p disk && mount -t tmpfs -o size=16k none disk || return
	gives 1 flightrec snapshot -o disk/x.trace &&
		grep -q '^flightrec: disk/x.trace: No space left on device$' err &&
		[ -z "$(ls -A disk)" ] && echo before >disk/x.trace &&
		gives 1 flightrec snapshot -o disk/x.trace &&
		[ "$(cat disk/x.trace)" = before ] && [ "$(ls -A disk)" = x.trace ]
	local result=$?
	umount disk
	return $result
}

# Root of a user namespace has every capability but those that count.
says_what_rights_are_missing() {
	gives 1 unshare -U flightrec stop &&
		grep -q '^flightrec: stop: Operation not permitted; this needs root' err &&
		gives 1 unshare -U flightrec status && grep -q 'needs root' err &&
		gives 0 flightrec status --json && [ "$(value recording)" = true ]
}

beside_the_kernels_own_tracer() {
	local tracing=/sys/kernel/tracing event
	[ -e $tracing/trace ] || mount -t tracefs none $tracing || return
	echo mono >$tracing/trace_clock
	echo 20000 >$tracing/buffer_size_kb
	for event in sched/sched_{switch,waking,wakeup_new,migrate_task} \
		sched/sched_process_{fork,exec,exit} task/task_rename; do
		echo 1 >"$tracing/events/$event/enable"
	done
	echo begin >$tracing/trace_marker
	perf bench sched messaging -g 1 -l 20 >/dev/null 2>&1
	nice -n 7 sh -c 'sleep 0.1; printf "a b" >/proc/self/comm; exec sleep 0.1'
	for _ in 1 2 3; do
		(sleep 0.05; true) &
	done
	wait
	echo end >$tracing/trace_marker
	flightrec snapshot --min-age 100s -o "$OUT/both.trace" >out || return
	echo 0 >$tracing/tracing_on
	cat $tracing/trace >"$OUT/kernel.txt"
	flightrec dump --format ftrace "$OUT/both.trace" >"$OUT/flightrec.txt"
}

cd "$(mktemp -d)" || exit
sleep 1
check it_starts_and_stops_as_often_as_told starts_and_stops
check it_tells_its_status tells_its_status
check snapshots_are_written_under_their_name writes_snapshots
check snapshots_are_named_by_date_otherwise names_snapshots_by_date
check snapshots_go_to_standard_output_and_come_from_the_device streams_snapshots
check a_device_is_not_replaced_by_a_snapshot leaves_devices_as_they_are
check a_snapshot_has_settings_of_its_own obeys_a_snapshots_own_settings
check a_bound_that_is_too_small_is_explained explains_a_bound_that_is_too_small
check a_full_disk_leaves_no_half_file leaves_no_half_file
check missing_rights_are_explained says_what_rights_are_missing
check a_dump_is_written_beside_the_kernels_own_trace beside_the_kernels_own_tracer
[ $failures = 0 ]
