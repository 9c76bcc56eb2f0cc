#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What recording costs, in a guest whose time is the number of instructions.
#
#	cost.sh ROUNDS TRIPS LOOPS WORKLOADS CONFIGURATION...
#
# In each round the workloads with nothing, and then with each configuration.
# Workloads are
#
#	pipe		`perf bench sched pipe` on one CPU, TRIPS round trips. Whether
#			the woken thread preempts the waker, and with that how many
#			events a trip has, depends on how long things take: a tracer
#			that takes longer is given fewer
#	batch		the same under SCHED_BATCH, where nobody preempts: four events
#			a trip, whoever records them
#	hackbench	`perf bench sched messaging` of 40 threads, LOOPS messages
#
# Prints lines
#
#	run ROUND CONFIGURATION WORKLOAD NANOSECONDS
#	count CONFIGURATION WORKLOAD EVENTS BYTES LOST
#
# of which each nanosecond is an instruction; the count at least once. EVENTS and BYTES are of the whole
# command, with its start and end; - where the tracer doesn't tell.

rounds=$1 trips=$2 loops=$3 workloads=$4
shift 4
tracing=/sys/kernel/tracing
events="sched_switch sched_waking"

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

# Backwards into a buffer of 8 MiB that is read at the end.
perf_on() {
	perf record -q --overwrite -C 0 -m 2048 --no-buildid --no-buildid-cache \
		-e sched:sched_switch,sched:sched_waking -o perf.data >perf.txt 2>&1 &
	recorder=$!
	until [ -s perf.data ]; do sleep 0.1; done
	sleep 1
}
# What a sample takes in the buffer, from the dump's "[0x78]: PERF_RECORD_SAMPLE"; once,
# since that takes a minute.
perf_count() {
	kill -INT "$recorder"
	wait "$recorder"
	[ "$round" = 1 ] || return
	perf script -i perf.data -D 2>/dev/null |
		sed -n 's/.*\[\(0x[0-9a-f]*\)\]: PERF_RECORD_\(SAMPLE\|LOST\).*/\1 \2/p' |
		sort | uniq -c | while read -r times size what; do
			echo "$times $((size)) $what"
		done | awk '$3 == "LOST" { lost += $1; next } { n += $1; bytes += $1 * $2 }
			END { print n + 0, bytes + 0, lost + 0 }'
}
perf_off() { rm -f perf.data; }

# The last 65536 events of the CPU in a map that serves as a ring: when, which
# thread, and in which state the one before it left or where it is to run.
# shellcheck disable=SC2016 # the variables are bpftrace's
bpftrace_program='
	tracepoint:sched:sched_switch {
		$n = @n[cpu];
		@ring[cpu << 16 | ($n & 0xffff)] = (nsecs, args->next_pid, args->prev_state);
		@n[cpu] = $n + 1;
	}
	tracepoint:sched:sched_waking {
		$n = @n[cpu];
		@ring[cpu << 16 | ($n & 0xffff)] = (nsecs, args->pid, (int64)args->target_cpu);
		@n[cpu] = $n + 1;
	}'
bpftrace_on() {
	BPFTRACE_MAP_KEYS_MAX=65536 bpftrace_start "$bpftrace_program"
}
bpftrace_start() {
	./bpftrace -e "$1" >bpftrace.txt 2>&1 &
	recorder=$!
	until grep -qs Attaching bpftrace.txt; do
		[ -d /proc/$recorder ] || return
		sleep 0.1
	done
	sleep 2
}
# What the kernel says that an entry of the larger map takes: key and value, without
# what the hash table adds to each.
bpftrace_count() {
	local bytes
	bytes=$(awk '/^max_entries/ { n = $2 } /^memlock/ && n > 1000 { print $2 / n; n = 0 }' \
		"/proc/$recorder/fdinfo/"* | sort -n | tail -n 1)
	bpftrace_stop
	awk -v bytes="${bytes:-0}" '/^@n\[/ { n += $2 } END { print n, n * bytes, 0 }' bpftrace.txt
}
bpftrace_stop() {
	kill -INT "$recorder"
	wait "$recorder"
}
bpftrace_off() { :; }

# The least that it can do: nothing is recorded.
bpftrace_least_on() {
	bpftrace_start 'tracepoint:sched:sched_switch { @[cpu] = args->next_pid; }
		tracepoint:sched:sched_waking { @[cpu] = args->pid; }'
}
bpftrace_least_count() {
	bpftrace_stop
	echo "- - -"
}
bpftrace_least_off() { :; }

# A channel of 4 MiB, overwriting, that no timer of the daemon's looks at.
lttng_on() {
	export LTTNG_HOME=$PWD LTTNG_SESSION_CONFIG_XSD_PATH=$PWD BABELTRACE_PLUGIN_PATH=$PWD/plugins
	if [ ! -e /lib/modules ]; then
		mkdir -p /lib/modules /var
		ln -s /run /var/run
		ln -s "$PWD"/lttng-modules-* "/lib/modules/$(uname -r)"
	fi
	./lttng-sessiond --daemonize --kmod-probes=sched --consumerd64-path="$PWD/lttng-consumerd" &&
		./lttng create --snapshot bench --output="$PWD/lttng-snapshot" &&
		./lttng enable-channel --kernel bench --overwrite --subbuf-size=256K --num-subbuf=16 \
			--switch-timer=0 --read-timer=0 --monitor-timer=0 &&
		./lttng enable-event --kernel --channel=bench "${events/ /,}" &&
		./lttng start
} >lttng.txt 2>&1
# Of a packet's header: bits used at 48, its size in bits at 56, events lost so far at 72.
lttng_count() {
	local stream content size lost=0 before='' bytes=0 offset=0
	./lttng stop >>lttng.txt 2>&1
	./lttng snapshot record >>lttng.txt 2>&1
	stream=$(find lttng-snapshot -name bench_0)
	while [ "$offset" -lt "$(stat -c %s "$stream")" ]; do
		read -r content size _ lost < <(od -A n -j $((offset + 48)) -N 32 -t u8 -w32 "$stream")
		before=${before:-$lost}
		((bytes += content / 8, offset += size / 8))
	done
	echo "$(./babeltrace2 -c sink.utils.counter lttng-snapshot |
		awk '/Event messages/ { n = $1 } END { print n }') $bytes $((lost - before))"
}
# Until the daemon has ended, with all its modules: another must not begin before.
lttng_off() {
	local daemon
	daemon=$(cat /var/run/lttng/lttng-sessiond.pid)
	./lttng destroy >>lttng.txt 2>&1
	kill "$daemon"
	while readlink "/proc/$daemon/exe" >/dev/null; do sleep 0.1; done
	rm -rf lttng-snapshot
}

# run ROUND CONFIGURATION WORKLOAD: one line with its time
run() {
	local command start end
	case $3 in
	pipe) command="taskset 1 perf bench sched pipe -l $trips" ;;
	batch) command="chrt -b 0 taskset 1 perf bench sched pipe -l $trips" ;;
	hackbench) command="perf bench sched messaging -t -g 1 -l $loops" ;;
	esac
	start=${EPOCHREALTIME/./}
	$command >out.txt 2>&1
	end=${EPOCHREALTIME/./}
	# what pipe tells is to the picosecond of a trip, what hackbench tells, to the
	# millisecond of all: the whole command's time, then
	awk -v what="$1 $2 $3" -v trips="$trips" -v ns=$((end - start))000 \
		'/usecs\/op/ { ns = $1 * 1e3 * trips }
		END { printf "run %s %.0f\n", what, ns }' out.txt
}

measure() {
	local round=$1 configuration=$2 workload=$3
	"${configuration}_on" || echo "failed $configuration"
	run "$round" "$configuration" "$workload"
	if [ "$(type -t "${configuration}_count")" = function ]; then
		# not in a subshell, which could not wait for the recorder
		"${configuration}_count" >counts.txt
		[ ! -s counts.txt ] || echo "count $configuration $workload $(cat counts.txt)"
	fi
	"${configuration}_off"
}

run 0 warm pipe >/dev/null
for round in $(seq "$rounds"); do
	for workload in $workloads; do
		echo "# round $round of $rounds: nothing, $workload"
		run "$round" nothing "$workload"
	done
	for configuration; do
		for workload in $workloads; do
			echo "# round $round of $rounds: $configuration, $workload"
			measure "$round" "$configuration" "$workload"
		done
	done
done
