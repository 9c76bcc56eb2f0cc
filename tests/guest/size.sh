#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bytes per event, everything counted: headers, names, times.
#
#	size.sh TRIPS LOOPS
#
# of a pipe ping-pong of TRIPS round trips, and of hackbench with 400 tasks that
# send LOOPS messages each. What only time costs is taken off: where a guest is slow, it
# is as much as the events. It is at most a word for each CPU and 2^25 of the clock.

scratch=$(mktemp -d)
# shellcheck source=tests/check.sh
. ./check.sh || exit

# at_most LIMIT COMMAND...: LIMIT in tenths of a byte per event
at_most() {
	local limit=$1 events bytes ms time
	shift
	events=$(status_value events_written)
	bytes=$(value bytes_written)
	ms=$(($(value now_ns) / 1000000))
	"$@" >load.txt 2>&1 || { cat load.txt; return 1; }
	events=$(($(status_value events_written) - events))
	bytes=$(($(value bytes_written) - bytes))
	ms=$(($(value now_ns) / 1000000 - ms))
	time=$((8 * $(nproc) * ms * $(value clock_khz) >> 25))
	echo "# $*: $events events in $ms ms, $((1000 * bytes / events)) bytes per 1000," \
		"at most $((1000 * time / events)) of them for the time"
	bytes=$((bytes - time))
	[ $((10 * bytes)) -le $((limit * events)) ] && [ $events -gt 10000 ] &&
		[ "$(value events_lost)" = 0 ]
}

check a_pipe_ping_pong_takes_at_most_8.3_bytes_per_event \
	at_most 83 perf bench sched pipe -l "$1"
check hackbench_with_400_tasks_takes_at_most_10_bytes_per_event \
	at_most 100 perf bench sched messaging -g 10 -l "$2"
[ $failures = 0 ]
