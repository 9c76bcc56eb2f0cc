#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Records the same workload with four recorders, one after the other, into $OUT.
#
#	record.sh TRIPS
#
# Prints `events RECORDER N`: what is in the recording; perf's and LTTng's are to be
# counted where that doesn't take as long as in here.

trips=$1
tracing=/sys/kernel/tracing

# With threads: switching to another process takes the emulator twice as long.
workload() {
	local cpu
	for cpu in 1 2; do
		taskset "$cpu" perf bench sched pipe -T -l "$trips" >/dev/null &
	done
	wait
}

echo "# flightrec"
insmod ./flightrec.ko max_bytes=64M min_age_ms=3600000
workload
flightrec snapshot -o "$OUT/snap.trace"
echo "events flightrec $(flightrec info --json "$OUT/snap.trace" |
	sed -n 's/.*"events": *\([0-9]*\).*/\1/p' | head -n 1)"
rmmod flightrec

echo "# ftrace"
echo 327680 >$tracing/buffer_size_kb
for event in sched_switch sched_waking; do
	echo 1 >$tracing/events/sched/$event/enable
done
workload
echo 0 >$tracing/tracing_on
echo "events ftrace $(cat $tracing/per_cpu/cpu*/stats | awk '/^entries/ { n += $2 } END { print n }')"
trace-cmd extract -o "$OUT/trace.dat" >/dev/null
trace-cmd reset >/dev/null
echo 1024 >$tracing/buffer_size_kb

echo "# perf"
export -f workload
export trips
perf record -q -a -m 32768 --no-buildid --no-buildid-cache -o "$OUT/perf.data" \
	-e sched:sched_switch,sched:sched_waking -- bash -c workload >/dev/null 2>&1

modules=$(echo "$PWD"/lttng-modules-*)
[ -d "$modules" ] || exit 0

# A snapshot of buffers that have room for all.
echo "# LTTng"
mkdir -p /lib/modules /var
ln -s /run /var/run
ln -s "$modules" "/lib/modules/$(uname -r)"
export LTTNG_HOME=$PWD LTTNG_SESSION_CONFIG_XSD_PATH=$PWD
{
	./lttng-sessiond --daemonize --kmod-probes=sched --consumerd64-path="$PWD/lttng-consumerd"
	./lttng create --snapshot bench --output="$OUT/lttng"
	./lttng enable-channel --kernel events --overwrite --subbuf-size=4M --num-subbuf=64
	./lttng enable-event --kernel --channel=events sched_switch,sched_waking
	./lttng start
	workload
	./lttng stop
	./lttng snapshot record
	./lttng destroy
	kill "$(cat /var/run/lttng/lttng-sessiond.pid)"
} >lttng.txt 2>&1
