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

failures=0

count() {
	flightrec status --json >status.json
	told "$1"
}

told() {
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" status.json
}

# at_most NAME LIMIT COMMAND...: LIMIT in tenths of a byte per event
at_most() {
	local name=$1 limit=$2 events bytes ms time
	shift 2
	events=$(count events_written)
	bytes=$(told bytes_written)
	ms=$(($(told now_ns) / 1000000))
	"$@" >load.txt 2>&1 || cat load.txt
	events=$(($(count events_written) - events))
	bytes=$(($(told bytes_written) - bytes))
	ms=$(($(told now_ns) / 1000000 - ms))
	time=$((8 * $(nproc) * ms * $(told clock_khz) >> 25))
	echo "# $name: $events events in $ms ms, $((1000 * bytes / events)) bytes per 1000," \
		"at most $((1000 * time / events)) of them for the time"
	bytes=$((bytes - time))
	if [ $((10 * bytes)) -le $((limit * events)) ] && [ $events -gt 10000 ] &&
		[ "$(count events_lost)" = 0 ]; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		failures=1
	fi
}

at_most a_pipe_ping_pong_takes_at_most_8.3_bytes_per_event 83 perf bench sched pipe -l "$1"
at_most hackbench_with_400_tasks_takes_at_most_10_bytes_per_event 100 \
	perf bench sched messaging -g 10 -l "$2"
exit $failures
