#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Bytes per event, everything counted: headers, names, times.
#
#	size.sh TRIPS LOOPS
#
# of a pipe ping-pong of TRIPS round trips, and of hackbench with 400 tasks that
# send LOOPS messages each.

failures=0

count() {
	flightrec status --json >status.json
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" status.json
}

# at_most NAME LIMIT COMMAND...: LIMIT in tenths of a byte per event
at_most() {
	local name=$1 limit=$2 events bytes
	shift 2
	events=$(count events_written)
	bytes=$(count bytes_written)
	"$@" >load.txt 2>&1 || cat load.txt
	events=$(($(count events_written) - events))
	bytes=$(($(count bytes_written) - bytes))
	echo "# $name: $events events, $((1000 * bytes / events)) bytes per 1000"
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
