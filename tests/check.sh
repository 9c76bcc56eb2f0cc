# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A test script's result lines. It sources this, in a guest as ./check.sh, which its starter
# brings there with --add; and ends with [ $failures = 0 ].

failures=0
# What a checked command says, in a file without a name, of which nothing can be left behind
check_log=$(mktemp) && exec {check_file}<>"$check_log" && rm "$check_log" || exit
check_log=/proc/self/fd/$check_file

# check NAME COMMAND...: passes if the command does, which may be a function. What it says is
# shown if it fails; otherwise figures only, lines that begin with #.
# wanted: if it's set, only tests whose names hold it
check() {
	local name=$1
	shift
	[[ $name == *${wanted-}* ]] || return 0
	if "$@" >"$check_log" 2>&1; then
		sed -n '/^#/p' "$check_log"
		echo "ok - $name"
	else
		cat "$check_log"
		on_failure
		echo "not ok - $name"
		failures=$((failures + 1))
	fi
}

# passes NAME COMMAND...: one result more for a command that has its own, as a guest
passes() {
	local name=$1
	shift
	if "$@"; then
		echo "ok - $name"
	else
		echo "not ok - $name: status $?"
		failures=$((failures + 1))
	fi
}

# What else is shown, or done, after a failure; a script may have another.
on_failure() { cat "${scratch:-.}/out" "${scratch:-.}/err" 2>/dev/null; }

# gives STATUS COMMAND...: what it says is in `out` and `err`, in $scratch if there is one
gives() {
	local expected=$1 status=0
	shift
	"$@" >"${scratch:-.}/out" 2>"${scratch:-.}/err" || status=$?
	[ "$status" = "$expected" ] && return
	echo "exit status $status, not $expected, of: $*"
	return 1
}

# value NAME: of a number or a truth value in the JSON that is in `out`
value() {
	sed -n "s/^ *\"$1\": *\([^,]*\),\{0,1\}$/\1/p" "${scratch:-.}/out" | head -n 1
}

# status_value NAME: of one in the recorder's status, which is in `out` then
status_value() {
	flightrec status --json >"${scratch:-.}/out" && value "$1"
}

# kB that the kernel has allocated, for the module's pool and else
kernel_memory() {
	awk '/^(Slab|VmallocUsed|KernelStack):/ { sum += $2 } END { print sum }' /proc/meminfo
}
