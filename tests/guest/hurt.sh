#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What happens to a machine: readers that are killed at any point, CPUs that go away
# and come back while snapshots are taken, no memory left, all under load.
#
#	hurt.sh KILLS SECONDS
#
# shellcheck disable=SC2015,SC2094 # `info` is a file and a command

kills=$1 seconds=$2
scratch=$(mktemp -d)
# shellcheck source=tests/check.sh
. ./check.sh || exit

# Nothing is left of any reader, and all goes on.
is_well() {
	local written
	written=$(status_value events_written)
	[ "$(value snapshots)" = 0 ] && [ "$(value segments_held)" = 0 ] &&
		flightrec snapshot -o well.trace && flightrec info well.trace >info &&
		[ "$(status_value events_written)" -gt "$written" ] && return
	cat "$scratch/out" info
	return 1
}

readers_are_killed() {
	local i reader before after left
	is_well || return
	before=$(kernel_memory)
	for i in $(seq "$kills"); do
		case $((i % 4)) in
		0) cat /dev/flightrec >/dev/null & ;;
		1) dd if=/dev/flightrec of=/dev/null bs=100 2>/dev/null & ;;
		2) flightrec snapshot -o killed.trace 2>/dev/null & ;;
		3) flightrec status --watch=0.01 >/dev/null & ;;
		esac
		reader=$!
		usleep $((RANDOM * 3))
		kill -9 "$reader" 2>/dev/null
		wait "$reader" 2>/dev/null
		[ "$i" = 20 ] && before=$(kernel_memory)
	done
	after=$(kernel_memory)
	left=$(find . -name '*killed.trace*' | wc -l)
	echo "# $kills readers killed: kernel memory $before kB before, $after kB after; $left files left"
	rm -f ./*killed.trace*
	is_well && [ $((after - before)) -lt 4000 ]
}

cpus_go_and_come_while_snapshots_are_taken() {
	local until=$((SECONDS + seconds)) changes=0 cpu
	while [ "$SECONDS" -lt "$until" ]; do
		flightrec snapshot -o x.trace >/dev/null && flightrec info x.trace >info ||
			touch failed
	done &
	while [ "$SECONDS" -lt "$until" ]; do
		for cpu in 1 2 3; do
			echo 0 >"/sys/devices/system/cpu/cpu$cpu/online" && changes=$((changes + 1))
		done
		for cpu in 3 1 2; do
			echo 1 >"/sys/devices/system/cpu/cpu$cpu/online" && changes=$((changes + 1))
		done
	done
	wait $!
	echo "# $changes times a CPU went or came, $(status_value events_lost) events lost"
	[ ! -e failed ] && [ "$changes" -ge 6 ] && is_well && [ "$(status_value events_lost)" = 0 ]
}

# The hog takes what there is until it is killed, and the machine has no swap.
memory_runs_out() {
	local hog taken=0
	./hog &
	hog=$!
	while kill -0 "$hog" 2>/dev/null; do
		flightrec snapshot -o during.trace >/dev/null 2>&1 && taken=$((taken + 1))
	done
	wait "$hog"
	[ $? = 137 ] && dmesg | grep -q 'Out of memory: Killed process .*(hog)' || return
	flightrec snapshot -o after.trace || return
	flightrec dump after.trace >dump
	echo "# $taken snapshots while memory ran out"
	grep -m 1 "hog-$hog exits" dump && [ "$taken" -ge 1 ] && is_well
}

nice -n 19 perf bench sched messaging -g 1 -l 100000000 >/dev/null 2>&1 &
check readers_may_be_killed_at_any_point readers_are_killed
check cpus_may_go_and_come_while_snapshots_are_taken cpus_go_and_come_while_snapshots_are_taken
check the_end_of_memory_is_recorded memory_runs_out
kill %1
[ $failures = 0 ]
