#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The library's examples do what they say. In the guest, beside the programs.
#
# shellcheck disable=SC2317 # check() calls them

# shellcheck source=tests/check.sh
. ./check.sh || exit

# It is stopped for 300 ms while it should run every 10.
watchdog_takes_a_snapshot_when_late() {
	local pid
	"$here/watchdog" 10 200 late.trace >out &
	pid=$!
	sleep 1
	kill -STOP $pid
	sleep 0.3
	kill -CONT $pid
	wait $pid || return
	cat out
	grep -qE '^[0-9]+\.[0-9] ms late$' out && grep -q ' events in late.trace$' out &&
		flightrec dump late.trace >dump.txt && grep -q 'watchdog-[0-9]* marks "late"' dump.txt &&
		flightrec report late.trace >report.txt
}

# A reader of a pipe is woken by each write, and told once, by looks of a second. With
# PREEMPT_RT it sleeps for the pipe's lock, too, and is woken as often again or not.
wakers_tells_each_waking_once() {
	local reader told most=2
	[ ! -e /sys/kernel/realtime ] || most=4
	mkfifo pipe
	exec 9<>pipe # whoever opens one end only, waits for the other, and is woken
	cat <&9 >/dev/null &
	reader=$!
	"$here/wakers" $reader 6 >out &
	sleep 1.5
	echo 1 >&9
	sleep 2
	echo 2 >&9
	wait $! || return
	kill $reader
	cat out
	told=$(grep -cE '^examples.sh-[0-9]+$' out)
	[ "$told" -ge 2 ] && [ "$told" -le $most ]
}

exporter_counts_every_cpu() {
	"$here/exporter" >out && [ "$(grep -c '^flightrec_cpu_events_written_total{cpu="[0-3]"} [1-9]' out)" = 4 ] &&
		[ "$(grep -c '^# TYPE flightrec_cpu_.*_total counter$' out)" = 3 ] || return
}

# Two scrapes, the second of which counts on; a length that is right
exporter_answers_a_scraper() {
	local exporter
	"$here/exporter" socket &
	exporter=$!
	sleep 1
	"$here/ask" socket >first && "$here/ask" socket >second
	kill $exporter
	head -n 5 first
	head -n 1 first | grep -q '^HTTP/1\.[01] 200 ' && grep -q '^Content-Type: text/plain' first &&
		[ "$(sed '1,/^\r$/d' second | grep -c '^flightrec_cpu_events_written_total')" = 4 ] &&
		[ "$(sum <second)" -gt "$(sum <first)" ]
}

sum() {
	sed -n 's/^flightrec_cpu_events_written_total.* //p' | tr -d '\r' | awk '{ sum += $1 } END { print sum }'
}

here=$(cd "$(dirname "$0")" && pwd)
cd "$(mktemp -d)" || exit
sleep 0.5
check the_watchdog_takes_a_snapshot_when_it_is_late watchdog_takes_a_snapshot_when_late
check wakers_are_told_each_once wakers_tells_each_waking_once
check the_exporter_counts_every_cpu exporter_counts_every_cpu
check the_exporter_answers_a_scraper exporter_answers_a_scraper
[ $failures = 0 ]
