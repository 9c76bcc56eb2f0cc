# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the suites of models share: SPIN makes a program of a model, which goes through
# all of its states. To be sourced.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# explore MODEL OPTION...: writes what was found to $scratch/out
explore() {
	local model=$1
	shift
	(
		cd "$scratch" && rm -f pan* &&
			spin -a "$@" "$here/$model.pml" && gcc -O1 -w -DSAFETY -DCOLLAPSE -DMEMLIM=8000 \
			-o pan pan.c && ./pan -m2000000
	) >"$scratch/out" 2>&1
}

# Whether all states were seen. Any other end, and a search that was too deep, is none.
complete() {
	grep -q '^State-vector .* errors: [0-9]*$' "$scratch/out" &&
		! grep -qE 'max search depth too small|Search not completed|out of memory' "$scratch/out"
}

# holds NAME MODEL OPTION...: nothing is wrong in any state
holds() {
	local name=$1 states
	shift
	explore "$@"
	states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$scratch/out")
	if complete && grep -q 'errors: 0$' "$scratch/out"; then
		echo "# $name: $states states"
		echo "ok - $name"
	else
		cat "$scratch/out"
		echo "not ok - $name"
		failures=$((failures + 1))
	fi
}

# breaks NAME RULE MODEL OPTION...: without that rule, an error is found
breaks() {
	local name=$1 rule=$2 model=$3
	shift 3
	explore "$model" "-DBREAK_$rule" "$@"
	if grep -qE '^pan:1: (assertion violated|invalid end state)' "$scratch/out"; then
		echo "# BREAK_$rule: $(grep -m 1 '^pan:1:' "$scratch/out" | cut -c 8-90)"
		echo "ok - $name"
	else
		tail -n 30 "$scratch/out"
		echo "not ok - $name"
		failures=$((failures + 1))
	fi
}

# One CPU, with its stores in buffers, and a reader; one CPU and three readers of one
# segment each; two CPUs, whose segments are cut; one, and changes of the pool's size.
buffered=(-DWRITERS=1 -DREADERS=1 -DSTALLED=0 -DSEGMENTS=2 -DTURNS=3)
released=(-DWRITERS=1 -DREADERS=3 -DSTALLED=1 -DSEGMENTS=2 -DTURNS=3 -DBUFFERED=0 -DWHOLE=0)
two_cpus=(-DWRITERS=2 -DREADERS=1 -DSTALLED=0 -DSEGMENTS=3 -DTURNS=2 -DBUFFERED=0)
resized=(-DWRITERS=1 -DREADERS=1 -DSTALLED=0 -DSEGMENTS=3 -DTURNS=3 -DBUFFERED=0 -DRESIZES=1)
crowded=(-DWRITERS=2 -DREADERS=2 -DSTALLED=1 -DSEGMENTS=3 -DTURNS=2 -DBUFFERED=0 -DWHOLE=0)
