#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the flightrec command asks of the recorder beyond a plain snapshot: settings,
# marks, slices, chains. In the guest, with the module loaded.
#
# shellcheck disable=SC2317 # check() calls them

# shellcheck source=tests/check.sh
. ./check.sh || exit

# count EVENT FILE: how many the snapshot has
count() {
	flightrec dump --format json "$2" | grep -c "\"event\":\"$1\""
}

# Some switches and wakings.
work() {
	for _ in 1 2 3 4 5 6 7 8; do
		sleep 0.01
	done
}

shows_and_changes_settings() {
	gives 0 flightrec config && [ "$(head -n 1 out)" = max-bytes=32M ] &&
		[ "$(tail -n 1 out)" = events=all ] && mv out before &&
		gives 0 flightrec config max-bytes=8M min-age=200ms segment-bytes=64K \
			events=switch,waking,mark &&
		[ "$(tr '\n' ' ' <out)" = \
			"max-bytes=8M min-age=200ms segment-bytes=64K events=switch,waking,mark " ] &&
		gives 0 flightrec config --json && [ "$(value max_bytes)" = 8388608 ] &&
		[ "$(value min_age_ns)" = 200000000 ] && [ "$(value segment_bytes)" = 65536 ] &&
		gives 0 flightrec status --json && [ "$(value max_bytes)" = 8388608 ] &&
		gives 0 flightrec status && grep -q '^left out *sched_migrate_task: as configured' out &&
		gives 0 flightrec config max-bytes=9M && grep -q '^min-age=200ms$' out &&
		mapfile -t settings <before && gives 0 flightrec config "${settings[@]}" &&
		cmp out before
}

records_only_what_is_configured() {
	gives 0 flightrec config events=switch && flightrec clear && work &&
		flightrec snapshot -o switches.trace >out &&
		[ "$(count sched_switch switches.trace)" -gt 16 ] &&
		[ "$(count sched_waking switches.trace)" = 0 ] &&
		gives 1 flightrec mark lost && grep -q 'marks are not being recorded now' err &&
		gives 0 flightrec config events=default && tail -n 1 out | grep -qx events=all
}

explains_refused_settings() {
	gives 1 flightrec config segment-bytes=20000 &&
		grep -q "^flightrec: config: the recorder refuses that; the kernel's log" err &&
		dmesg | grep -q 'segment_bytes=20000: must be a power of two'
}

records_marks() {
	flightrec clear && gives 0 flightrec mark "just a text" &&
		gives 0 flightrec mark --begin --id 7 --parent 3 "request 17" &&
		gives 0 flightrec mark --end --id 7 "request 17" &&
		gives 0 flightrec mark -- "--odd \"text\"
in two lines" && gives 0 flightrec mark "$(printf '%1024s' x)" &&
		echo -n "by echo" >/dev/flightrec && flightrec snapshot -o marks.trace >out &&
		flightrec dump marks.trace >out &&
		grep -q 'flightrec-[0-9]* marks "just a text"$' out &&
		grep -q 'flightrec-[0-9]* begins "request 17", id 7, parent 3$' out &&
		grep -q 'flightrec-[0-9]* ends "request 17", id 7$' out &&
		grep -qF 'marks "--odd \"text\"\nin two lines"' out &&
		grep -q 'marks " *x"$' out && grep -q 'control.sh-[0-9]* marks "by echo"$' out &&
		[ "$(count mark marks.trace)" = 6 ]
}

# Opening needs a right that the file's mode gives; writing a mark needs nothing more.
marks_without_capabilities() {
	chmod 666 /dev/flightrec && flightrec clear &&
		gives 0 unshare -U flightrec mark "no rights" &&
		gives 1 unshare -U flightrec clear && grep -q 'needs root' err &&
		gives 1 unshare -U flightrec config && grep -q 'needs root' err &&
		gives 1 unshare -U flightrec config max-bytes=8M &&
		gives 1 unshare -U flightrec snapshot -o never.trace && [ ! -e never.trace ] &&
		flightrec snapshot -o rights.trace >out && [ "$(count mark rights.trace)" = 1 ]
	local result=$?
	chmod 600 /dev/flightrec
	return $result
}

clears() {
	flightrec mark before && gives 0 flightrec clear && flightrec mark behind &&
		flightrec snapshot -o cleared.trace >out && flightrec dump cleared.trace >out &&
		grep -q '"behind"' out && ! grep -q '"before"' out
}

# In seconds since the boot, of which CLOCK_MONOTONIC counts the same: no suspends here.
uptime_s() {
	cut -d' ' -f1 /proc/uptime
}

# Starting a command may take some tenths of a second here.
takes_a_slice_of_time() {
	local from to ago
	flightrec mark first && sleep 0.2 && from=$(uptime_s) && sleep 1 &&
		flightrec mark second && sleep 0.2 && to=$(uptime_s) && sleep 0.2 &&
		flightrec mark third && ago=$(awk "BEGIN { print $(uptime_s) - $from }") &&
		gives 0 flightrec snapshot --begin "-${ago}s" -o ago.trace &&
		flightrec dump ago.trace >out && grep -q '"second"' out &&
		grep -q '"third"' out && ! grep -q '"first"' out &&
		gives 0 flightrec snapshot --begin "$from" --end "$to" -o slice.trace &&
		flightrec dump slice.trace >out && grep -q '"second"' out &&
		! grep -qE '"(first|third)"' out && gives 0 flightrec info slice.trace &&
		grep -q 'behind the cut' out &&
		gives 0 flightrec snapshot --begin "$(date -u +%FT%TZ -d @$(($(date +%s) - 30)))" \
			-o wall.trace && flightrec dump wall.trace >out && grep -q '"first"' out &&
		gives 0 flightrec snapshot --begin "$(date +%FT%T -d @$(($(date +%s) - 1)))" \
			-o wall.trace && flightrec dump wall.trace >out && ! grep -q '"first"' out &&
		gives 0 flightrec report slice.trace
}

takes_a_slice_of_events() {
	flightrec clear && work && flightrec mark here &&
		gives 0 flightrec snapshot --events switch,mark -o some.trace &&
		[ "$(count sched_switch some.trace)" -gt 16 ] && [ "$(count mark some.trace)" = 1 ] &&
		[ "$(count sched_waking some.trace)" = 0 ] && gives 0 flightrec info some.trace &&
		grep -q '^left out *sched_waking' out
}

# Each mark is in exactly one of them.
continues_the_last_one() {
	local i
	rm -rf /run/flightrec
	gives 0 flightrec snapshot --since last -o chain0.trace &&
		[ -s /run/flightrec/last ] || return
	for i in 1 2 3; do
		flightrec mark "link $i" && work &&
			gives 0 flightrec snapshot --since last -o chain$i.trace &&
			grep -q 'all of it since then$' out &&
			flightrec dump chain$i.trace >out || return
		[ "$(grep -o '"link [0-9]"' out)" = "\"link $i\"" ] || return
	done
	[ "$(cat /run/flightrec/last)" = "$(cat /proc/sys/kernel/random/boot_id) $(
		gives 0 flightrec info --json chain3.trace && value cursor)" ]
}

continues_a_file_or_a_cursor() {
	local cursor
	gives 0 flightrec snapshot --continue -o base.trace && flightrec mark "behind base" &&
		gives 0 flightrec snapshot --since base.trace -o next.trace --json &&
		[ "$(value since_met)" = true ] && cursor=$(value cursor) &&
		[ "$cursor" -gt "$(value since)" ] && [ "$(count mark next.trace)" = 1 ] &&
		flightrec mark "behind next" &&
		gives 0 flightrec snapshot --since "$cursor" -o third.trace &&
		[ "$(count mark third.trace)" = 1 ] &&
		gives 1 flightrec snapshot --since marks.trace -o never.trace &&
		grep -q 'taken with neither --since nor --continue' err && [ ! -e never.trace ]
}

# Of a failed one the cursor stays: what it had is taken again.
a_failed_link_is_taken_again() {
	local result
	mkdir -p disk && mount -t tmpfs -o size=16k none disk || return
	flightrec mark "not lost" && cp /run/flightrec/last before &&
		gives 1 flightrec snapshot --since last -o disk/x.trace && [ -z "$(ls -A disk)" ] &&
		cmp /run/flightrec/last before &&
		gives 0 flightrec snapshot --since last -o again.trace &&
		flightrec dump again.trace | grep -q '"not lost"'
	result=$?
	umount disk
	return $result
}

another_boots_cursor_is_not_used() {
	echo "00000000-0000-0000-0000-000000000000 18446744073709551615" >/run/flightrec/last
	gives 0 flightrec snapshot --since last -o other.trace && ! grep -q 'since then' out &&
		echo "nonsense" >/run/flightrec/last &&
		gives 1 flightrec snapshot --since last -o never.trace &&
		grep -q '^flightrec: /run/flightrec/last: is damaged; remove it' err &&
		rm /run/flightrec/last
}

# What it can't keep is taken back, and that is told.
tells_what_was_overwritten_since() {
	gives 0 flightrec config max-bytes=1M segment-bytes=16K &&
		gives 0 flightrec snapshot --since last -o early.trace &&
		perf bench sched pipe -l 40000 >/dev/null 2>&1 &&
		gives 0 flightrec snapshot --since last -o late.trace &&
		grep -q 'not all since then: the oldest was overwritten$' out &&
		gives 0 flightrec config max-bytes=default segment-bytes=default
}

# Each read of the device takes half a second, so that there is something to interrupt.
a_signal_leaves_no_half_file() {
	local pid status=0
	mkdir -p slow
	strace -D -o /dev/null -e trace=pread64 -e inject=pread64:delay_exit=500000 \
		flightrec snapshot -o slow/x.trace >out 2>err &
	pid=$!
	for _ in $(seq 100); do
		[ -z "$(ls -A slow)" ] || break
		sleep 0.1
	done
	[ -n "$(ls -A slow)" ] && kill -TERM $pid || return
	wait $pid || status=$?
	[ $status = 143 ] && [ -z "$(ls -A slow)" ] &&
		grep -q '^flightrec: slow/x.trace: was not written: interrupted$' err
}

tells_every_cpu() {
	gives 0 flightrec status --cpus && [ "$(grep -cE '^ +[0-3] +[0-9]+ ' out)" = 4 ] &&
		gives 0 flightrec status --cpus --json && [ "$(grep -c '"online": *true' out)" = 4 ] &&
		gives 0 flightrec status && grep -qE '^cost  *[0-9.]+ ns an event' out
}

# Of each family a HELP and a TYPE line, then its samples; nothing else.
is_prometheus() {
	awk '/^# HELP / { family = $3; help[family]++; next }
		/^# TYPE / { if ($3 != family || ($4 != "gauge" && $4 != "counter")) exit 1
			type[family] = $4; next }
		/^[a-z_]+(\{[a-z]+="[a-z0-9_]+"\})? [0-9][0-9.e+-]*$/ {
			name = $1; sub(/\{.*/, "", name)
			if (name != family || (type[name] == "counter") != (name ~ /_total$/)) exit 1
			samples[$1]++; if (samples[$1] > 1) exit 1; next }
		{ exit 1 }
		END { for (family in help) if (help[family] != 1 || !type[family]) exit 1 }' "$1"
}

is_scraped() {
	gives 0 flightrec status --format prometheus && is_prometheus out &&
		grep -qx 'flightrec_recording 1' out &&
		[ "$(grep -c '^flightrec_cpu_events_written_total{cpu="[0-3]"}' out)" = 4 ] &&
		grep -qx 'flightrec_event_recorded{event="sched_waking"} 1' out &&
		[ "$(awk '/^flightrec_cpu_events_written_total/ { sum += $2 } END { print sum }' out)" -ge \
			"$(awk '$1 == "flightrec_events_written_total" { print $2 }' out)" ]
}

watches() {
	local status=0
	timeout 2 flightrec status --watch=0.2 >out 2>err || status=$?
	[ "$status" = 124 ] && [ "$(grep -c '^recording ' out)" -ge 3 ] &&
		{ flightrec status --watch=50ms --json 2>err; echo $? >status; } | head -n 3 >out &&
		[ "$(cat status)" = 0 ] && [ ! -s err ]
}

cd "$(mktemp -d)" || exit
mkdir -p /run
sleep 1
check settings_are_shown_and_changed_and_taken_back_as_shown shows_and_changes_settings
check only_configured_events_are_recorded records_only_what_is_configured
check refused_settings_are_explained explains_refused_settings
check marks_are_recorded_with_every_byte records_marks
check marks_need_no_capability_and_all_else_does marks_without_capabilities
check what_was_recorded_is_cleared clears
check a_slice_of_time_is_taken takes_a_slice_of_time
check a_slice_of_events_is_taken takes_a_slice_of_events
check a_chain_since_last_has_each_mark_once continues_the_last_one
check a_chain_goes_on_from_a_file_or_a_cursor continues_a_file_or_a_cursor
check a_link_that_failed_is_taken_again a_failed_link_is_taken_again
check the_last_of_another_boot_is_not_continued another_boots_cursor_is_not_used
check what_was_overwritten_since_is_told tells_what_was_overwritten_since
check a_signal_leaves_no_half_file_behind a_signal_leaves_no_half_file
check the_status_of_every_cpu_is_told tells_every_cpu
check the_status_is_what_prometheus_scrapes is_scraped
check the_status_is_told_again_and_again_until_nobody_reads watches
[ $failures = 0 ]
