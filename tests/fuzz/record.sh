#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the guest: leaves small snapshots of several kinds of load in $OUT. The corpus was
# made of them so:
#
#	tests/vm/run --cpus 2 --add tests/fuzz/record.sh --out RECORDED -- ./record.sh
#	build/fuzz/shrink 4 60 8 <RECORDED/N.trace >SEEDS/N.trace
#	FUZZ_SECONDS=10000 FUZZ_CORPUS=FOUND tests/fuzz/long-fuzz
#	build/fuzz/decode -merge=1 -use_counters=0 tests/fuzz/corpus/snapshots SEEDS FOUND/decode
#
# and the last line for the other fuzzers, too.
# shellcheck disable=SC2016	# what is in quotes is for another shell

flightrec config segment-bytes=16K max-bytes=2M >/dev/null || exit

number=0

# take OPTION...: one snapshot
take() {
	number=$((number + 1))
	flightrec snapshot -o "$OUT/$number.trace" "$@" >/dev/null || exit
}

# beside COMMAND...: snapshots while it runs
beside() {
	"$@" >/dev/null 2>&1 &
	sleep 0.3
	take --begin -2ms --max-bytes 24K
	take --begin -5ms --end -3ms --max-bytes 24K
	take --begin -1ms --continue
	take --since last --max-bytes 24K --events switch,fork,exit
	wait
}

beside perf bench sched pipe -l 20000
beside perf bench sched messaging -g 1 -l 200
beside sh -c 'for i in 1 2 3 4 5 6 7 8 9; do cat /proc/self/stat; done'
flightrec mark "an instant"
flightrec mark --begin --id 7 "a region"
beside sh -c 'for i in 1 2 3 4 5; do flightrec mark --begin "$i"; flightrec mark --end "$i"; done'
flightrec mark --end --id 7 "a region"
take --begin -2ms
(echo 0 >/sys/devices/system/cpu/cpu1/online; echo 1 >/sys/devices/system/cpu/cpu1/online)
take --begin -2ms
flightrec stop
take --begin -2ms
flightrec start
take --begin -20ms --max-bytes 24K
# A reader that stalls until its segments have been taken back.
perf bench sched pipe -l 100000 >/dev/null &
sleep 0.2
{ head -c 4096; sleep 4; cat; } </dev/flightrec >"$OUT/gaps.trace"
wait
ls -l "$OUT"
