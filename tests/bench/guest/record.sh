#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Records the same workload with three recorders, one after the other, into $OUT.
#
#	record.sh TRIPS
#
# Prints `events RECORDER N`: what is in the recording.

trips=$1
tracing=/sys/kernel/tracing

workload() {
	taskset 1 perf bench sched pipe -l "$trips" >/dev/null &
	taskset 2 perf bench sched pipe -l "$trips" >/dev/null
	wait %%
}

echo "# flightrec"
insmod ./flightrec.ko max_bytes=64M min_age_ms=3600000
workload
flightrec snapshot -o "$OUT/snap.trace"
echo "events flightrec $(flightrec info --json "$OUT/snap.trace" |
	sed -n 's/.*"events": *\([0-9]*\).*/\1/p' | head -n 1)"
rmmod flightrec

echo "# ftrace"
echo 131072 >$tracing/buffer_size_kb
for event in sched_switch sched_waking; do
	echo 1 >$tracing/events/sched/$event/enable
done
workload
echo 0 >$tracing/tracing_on
echo "events ftrace $(cat $tracing/per_cpu/cpu*/stats | awk '/^entries/ { n += $2 } END { print n }')"
trace-cmd extract -o "$OUT/trace.dat" >/dev/null
trace-cmd reset >/dev/null

echo "# perf"
perf record -q -a -m 32768 --no-buildid --no-buildid-cache -o "$OUT/perf.data" \
	-e sched:sched_switch,sched:sched_waking -- bash -c "
	taskset 1 perf bench sched pipe -l $trips >/dev/null &
	taskset 2 perf bench sched pipe -l $trips >/dev/null
	wait" >/dev/null 2>&1
echo "events perf $(perf script -i "$OUT/perf.data" -F event | wc -l)"
