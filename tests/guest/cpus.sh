#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A machine with few or many CPUs, and one whose numbers have gaps: every CPU's
# events are there, those of a CPU that has gone away, too.
#
#	cpus.sh CPUS

cpus=$1
# shellcheck source=tests/check.sh
. ./check.sh || exit

# each CPU... : a thread on each of these sleeps 20 times
each() {
	local cpu
	for cpu; do
		# shellcheck disable=SC2016
		taskset -c "$cpu" sh -c 'for i in $(seq 20); do usleep 1000; done' &
	done
	wait
}

# has_events AT_LEAST CPU...: whether each of these has so many events in snap.trace
has_events() {
	local least=$1 cpu events
	shift
	flightrec info --json snap.trace | tr -d ' \n' | grep -o '"cpu":[0-9]*,[^}]*' >by-cpu
	for cpu; do
		events=$(sed -n "s/^\"cpu\":$cpu,.*\"events\":\([0-9]*\).*/\1/p" by-cpu)
		[ "${events:-0}" -ge "$least" ] && continue
		echo "# CPU $cpu has ${events:-no} events"
		return 1
	done
}

all=$(seq 0 $((cpus - 1)))
# shellcheck disable=SC2086 # words
each $all
flightrec snapshot --min-age 600s -o snap.trace
# shellcheck disable=SC2086
check "${cpus}_cpus_all_have_recorded" has_events 40 $all
check "${cpus}_cpus_are_all_in_the_status" [ "$(flightrec status --cpus --json | grep -c '"online": *true')" = "$cpus" ]
check "${cpus}_cpus_give_a_report" sh -c 'flightrec report snap.trace >/dev/null'

if [ "$cpus" -ge 4 ]; then
	gaps=$(seq 1 2 $((cpus - 1)))
	left=$(seq 0 2 $((cpus - 1)))
	for cpu in $gaps; do
		echo 0 >"/sys/devices/system/cpu/cpu$cpu/online"
	done
	# shellcheck disable=SC2086
	each $left
	flightrec snapshot --min-age 600s -o snap.trace
	# shellcheck disable=SC2086
	check "${cpus}_cpus_with_gaps_have_recorded" has_events 40 $all
	check "${cpus}_cpus_with_gaps_are_told_apart" \
		[ "$(flightrec status --cpus --json | grep -c '"online": *false')" = $((cpus / 2)) ]
	for cpu in $gaps; do
		echo 1 >"/sys/devices/system/cpu/cpu$cpu/online"
	done
	flightrec clear
	# shellcheck disable=SC2086
	each $all
	flightrec snapshot --min-age 600s -o snap.trace
	# shellcheck disable=SC2086
	check "${cpus}_cpus_that_came_back_record_again" has_events 40 $all
fi
check "${cpus}_cpus_have_lost_nothing" sh -c 'flightrec status --json | grep -q "\"events_lost\": *0"'
[ $failures = 0 ]
