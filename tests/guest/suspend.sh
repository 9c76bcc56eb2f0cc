#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Suspend to RAM, up to where the firmware would take over; the cycle counter goes
# on for those five seconds, and CLOCK_MONOTONIC does not.

scratch=$(mktemp -d)
# shellcheck source=tests/check.sh
. ./check.sh || exit

# The time of the mark with this text, in ns of CLOCK_MONOTONIC
time_of() {
	flightrec dump --format json snap.trace |
		sed -n "/\"text\": *\"$1\"/s/.*\"time_ns\": *\([0-9]*\).*/\1/p"
}

umount "$OUT" # 9p over virtio does not survive it
echo core >/sys/power/pm_test || exit 1
begin=$(status_value now_ns)
flightrec mark "before"
echo mem >/sys/power/state
flightrec mark "after"
end=$(status_value now_ns)
flightrec snapshot -o snap.trace 2>/dev/null
before=$(time_of before)
after=$(time_of after)
echo "# now $begin, before $before, after $after, now $end"

recording() {
	[ "$(status_value recording)" = true ]
}

not() {
	! "$@"
}

between() {
	[ "$begin" -le "$before" ] && [ "$before" -le "$after" ] && [ "$after" -le "$end" ]
}

five_seconds_less() {
	dmesg | grep -q "suspend debug: Waiting for 5" && [ $((end - begin)) -lt 5000000000 ]
}

check the_recorder_goes_on_after_a_suspend recording
check what_was_recorded_before_a_suspend_is_there_after_it [ -n "$before" ]
check the_test_of_suspend_suspended_the_clock five_seconds_less
check times_before_and_after_a_suspend_are_those_of_clock_monotonic between
flightrec stop
echo mem >/sys/power/state
check a_recorder_that_was_off_stays_off_in_a_suspend not recording
[ $failures = 0 ]
