# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the fuzzing suites share: builds the fuzzers. To be sourced.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$here/../../build/fuzz
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
fuzzers=(decode report dump info words)

# A file of a few KiB takes milliseconds; but the machine may be busy with other things.
limits=(-timeout=25 -rss_limit_mb=512 -malloc_limit_mb=64)
# Stacks of allocations, and memory that lies idle, are what costs most.
export ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=64
export UBSAN_OPTIONS=print_stacktrace=1

# tell NAME STATUS: a result line, with the log if it is a failure
tell() {
	if [ "$2" = 0 ]; then
		echo "ok - $1"
	else
		tail -n 60 "$scratch/log"
		echo "not ok - $1"
		failures=1
	fi
}

# The corpus that a fuzzer starts from.
seeds_of() {
	[ "$1" = words ] && echo "$here/corpus/words" || echo "$here/corpus/snapshots"
}

if ! make -s -C "$here" O="$build" >&2; then
	echo "not ok - the fuzzers are built"
	exit 1
fi
