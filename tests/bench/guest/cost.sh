#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What recording costs, in a guest whose time is the number of instructions.
#
#	cost.sh ROUNDS TRIPS LOOPS WORKLOADS CONFIGURATION...
#
# In each round, for each configuration, the workloads with nothing and with the
# configuration; those of CONFIGURATION=WORKLOADS, if it says so. Workloads are
#
#	pipe		`perf bench sched pipe` on one CPU, TRIPS round trips
#	batch		the same under SCHED_BATCH, where no wakee preempts its
#			waker: it repeats nearly exactly
#	hackbench	`perf bench sched messaging` of 40 threads, LOOPS messages
#
# Prints lines
#
#	run ROUND CONFIGURATION WORKLOAD NANOSECONDS
#	count CONFIGURATION WORKLOAD EVENTS BYTES LOST
#
# of which each nanosecond is an instruction. EVENTS and BYTES are of the whole
# command, with its start and end; - where the tracer doesn't tell.

rounds=$1 trips=$2 loops=$3 workloads=$4
shift 4
tracing=/sys/kernel/tracing
events="sched_switch sched_waking"

nothing_on() { :; }
nothing_off() { :; }

empty_on() { insmod ./flightrec_empty.ko; }
empty_off() { rmmod flightrec_empty; }
empty_switch_on() { insmod ./flightrec_empty.ko wakings=0; }
empty_switch_off() { rmmod flightrec_empty; }
empty_waking_on() { insmod ./flightrec_empty.ko switches=0; }
empty_waking_off() { rmmod flightrec_empty; }

field() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" status.json; }

# All of its default events.
flightrec_on() {
	insmod ./flightrec.ko max_bytes=16M
	flightrec status --json >status.json
	written=$(field events_written) bytes=$(field bytes_written)
}
flightrec_count() {
	flightrec status --json >status.json
	echo "$(($(field events_written) - written)) $(($(field bytes_written) - bytes)) \
$(field events_lost)"
}
flightrec_off() { rmmod flightrec; }

# A snapshot of the last MiB a hundred times a second, read to its end, all the while.
flightrec_reader_on() {
	flightrec_on
	./snapshot loop 1M 10 >reader.txt &
	reader=$!
}
flightrec_reader_count() { flightrec_count; }
flightrec_reader_off() {
	kill "$reader"
	wait "$reader"
	sed 's/^/reader /' reader.txt
	rmmod flightrec
}

# Overwriting, names and tgids of threads not recorded, time from the cycle counter.
ftrace_on() {
	echo 0 >$tracing/options/record-cmd
	echo 0 >$tracing/options/record-tgid
	echo 1 >$tracing/options/overwrite
	echo x86-tsc >$tracing/trace_clock
	echo 4096 >$tracing/buffer_size_kb
	ftrace_start
}
ftrace_start() {
	local event
	echo 0 >$tracing/tracing_on
	echo >$tracing/trace
	for event in $events; do
		echo 1 >"$tracing/events/sched/$event/enable"
	done
	echo 1 >$tracing/tracing_on
}
ftrace_count() {
	local stats=$tracing/per_cpu/cpu0/stats
	echo 0 >$tracing/tracing_on
	awk '/^entries/ { kept = $2 } /^overrun/ { over = $2 } /^bytes/ { bytes = $2 }
		/^(commit overrun|dropped events)/ { lost += $3 }
		END { print kept + over, int(bytes / kept * (kept + over)), lost }' $stats
}
ftrace_off() {
	local event
	for event in $events; do
		echo 0 >"$tracing/events/sched/$event/enable"
	done
	echo local >$tracing/trace_clock
	echo 1 >$tracing/options/record-cmd
}

# The same as the kernel has it when nobody chooses: local_clock(), names recorded.
ftrace_default_on() {
	echo 4096 >$tracing/buffer_size_kb
	ftrace_start
}
ftrace_default_count() { ftrace_count; }
ftrace_default_off() { ftrace_off; }

# Backwards into a buffer of 4 MiB that is read at the end.
perf_on() {
	perf record -q --overwrite -C 0 -m 1024 --no-buildid --no-buildid-cache \
		-e sched:sched_switch,sched:sched_waking -o perf.data >perf.txt 2>&1 &
	recorder=$!
	until [ -s perf.data ]; do sleep 0.1; done
	sleep 1
}
# What a sample takes in the buffer, from the dump's "[0x78]: PERF_RECORD_SAMPLE".
perf_count() {
	kill -INT "$recorder"
	wait "$recorder"
	perf script -i perf.data -D 2>/dev/null |
		sed -n 's/.*\[\(0x[0-9a-f]*\)\]: PERF_RECORD_\(SAMPLE\|LOST\).*/\1 \2/p' |
		sort | uniq -c | while read -r times size what; do
			echo "$times $((size)) $what"
		done | awk '$3 == "LOST" { lost += $1; next } { n += $1; bytes += $1 * $2 }
			END { print "-", n ? bytes / n : "-", lost + 0 }'
}
perf_off() { rm -f perf.data; }

# A map of counts by event: no recording, the least that it can do.
bpftrace_on() {
	./bpftrace -e 'tracepoint:sched:sched_switch { @[cpu] = args->next_pid; }
		    tracepoint:sched:sched_waking { @[cpu] = args->pid; }' >bpftrace.txt 2>&1 &
	recorder=$!
	until grep -q Attaching bpftrace.txt; do sleep 0.1; done
	sleep 2
}
bpftrace_count() { echo "- - -"; }
bpftrace_off() {
	kill -INT "$recorder"
	wait "$recorder"
}

# run ROUND CONFIGURATION WORKLOAD: one line with its time
run() {
	local command
	case $3 in
	pipe) command="taskset 1 perf bench sched pipe -l $trips" ;;
	batch) command="chrt -b 0 taskset 1 perf bench sched pipe -l $trips" ;;
	hackbench) command="chrt -b 0 perf bench sched messaging -t -g 1 -l $loops" ;;
	esac
	$command >out.txt 2>&1
	# per trip to the picosecond; the total, to the millisecond, is all that hackbench has
	awk -v what="$1 $2 $3" -v trips="$trips" \
		'/Total time/ { ns = $3 * 1e9 } /usecs\/op/ { ns = $1 * 1e3 * trips }
		END { printf "run %s %.0f\n", what, ns }' out.txt
}

measure() {
	local round=$1 configuration=$2 workload=$3
	run "$round" nothing "$workload"
	"${configuration}_on" || echo "failed $configuration"
	run "$round" "$configuration" "$workload"
	if [ "$(type -t "${configuration}_count")" = function ]; then
		# not in a subshell, which could not wait for the recorder
		"${configuration}_count" >counts.txt
		echo "count $configuration $workload $(cat counts.txt)"
	fi
	"${configuration}_off"
}

run 0 warm pipe >/dev/null
for round in $(seq "$rounds"); do
	for configuration; do
		only=$workloads
		[[ $configuration != *=* ]] || only=${configuration#*=}
		configuration=${configuration%%=*}
		for workload in $only; do
			echo "# round $round of $rounds: $configuration, $workload"
			measure "$round" "$configuration" "$workload"
		done
	done
done
