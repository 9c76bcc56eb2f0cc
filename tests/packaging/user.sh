#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a user does with the packages, in a guest that was booted with them.
#
# shellcheck disable=SC2317 # check() calls them

# shellcheck source=tests/check.sh
. ./check.sh || exit

is_loaded() { grep -q '^flightrec ' /proc/modules; }

runs_from_boot_on() {
	[ "$(systemctl is-enabled flightrec)" = enabled ] && systemctl is-active flightrec &&
		is_loaded && [ "$(systemctl is-system-running)" = running ] &&
		flightrec status --json | grep -q '"recording": *true'
}

starts_and_stops() {
	systemctl stop flightrec && ! is_loaded && [ ! -e /dev/flightrec ] &&
		systemctl start flightrec && is_loaded && [ -c /dev/flightrec ]
}

reads_a_snapshot() {
	sleep 1
	flightrec snapshot -o x.trace && flightrec report x.trace && flightrec info x.trace &&
		flightrec report x.trace | grep -q '^Window: '
}

obeys_its_settings() {
	sed -i 's/^#max_bytes=.*/max_bytes=8M/; s/^#min_age_ms=.*/min_age_ms=2500/' /etc/flightrec.conf
	systemctl restart flightrec && flightrec status --json | tee status &&
		grep -q '"max_bytes": *8388608' status && grep -q '"min_age_ns": *2500000000' status
}

tells_why_it_does_not_start() {
	echo max_bytes=1K >>/etc/flightrec.conf
	systemctl stop flightrec && ! systemctl start flightrec && ! is_loaded &&
		journalctl -u flightrec | tee journal &&
		grep -q 'the kernel says: max_bytes=1024: .* must be' journal
	local result=$?
	sed -i '$d' /etc/flightrec.conf
	systemctl reset-failed flightrec
	systemctl start flightrec && return $result
}

tells_who_keeps_it() {
	setpriv --reuid 65534 sleep 1000 </dev/flightrec &
	local result
	sleep 0.5
	systemctl stop flightrec
	is_loaded && journalctl -u flightrec | tee journal &&
		grep -q "unload: is in use by sleep (pid $!)" journal
	result=$?
	kill $! && wait $! 2>/dev/null
	flightrec unload && systemctl reset-failed flightrec
	systemctl start flightrec && return $result
}

# service GROUP CAPABILITIES COMMAND...: as one that is not root
service() {
	setpriv --reuid 65534 --regid 65534 --groups "$1" --inh-caps="$2" --ambient-caps="$2" \
		--bounding-set="$2" "${@:3}"
}

lets_a_service_take_snapshots() {
	local group
	group=$(getent group flightrec | cut -d: -f3)
	udevadm settle
	[ "$(stat -c '%a %U:%G' /dev/flightrec)" = "660 root:flightrec" ] &&
		service "$group" -all,+perfmon flightrec snapshot -o - >service.trace &&
		flightrec info service.trace &&
		! service "$group" -all flightrec snapshot -o - >none.trace &&
		! service 65534 -all,+perfmon flightrec snapshot -o - >none.trace &&
		! service "$group" -all,+perfmon flightrec stop
}

has_its_page_and_completion() {
	[ -s /usr/share/man/man1/flightrec.1.gz ] &&
		[ -s /usr/share/bash-completion/completions/flightrec ] &&
		[ -s /usr/share/zsh/vendor-completions/_flightrec ] &&
		[ "$(command -v flightrec)" = /usr/bin/flightrec ]
}

builds_programs() {
	echo '#include <flightrec.h>
	int main(void) { return flightrec_trace_open(&(struct flightrec_trace *){ 0 }, "/none"); }' >x.c
	gcc -o x x.c -lflightrec && ./x
	[ $? = 254 ]
}

# The settings that were changed stay until the purge.
removes_itself() {
	apt-get remove -y flightrec flightrec-dkms && ! is_loaded && [ ! -e /usr/bin/flightrec ] &&
		[ -e /etc/flightrec.conf ] && [ -z "$(find /lib/modules -name 'flightrec*')" ]
}

leaves_nothing() {
	dpkg --purge flightrec flightrec-dkms libflightrec-dev libflightrec0 &&
		/root/files >after && diff /root/before after
}

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
cd "$(mktemp -d)" || exit
check the_service_runs_from_boot_on runs_from_boot_on
check the_service_starts_and_stops starts_and_stops
check a_snapshot_is_taken_and_read reads_a_snapshot
check the_service_obeys_etc_flightrec_conf obeys_its_settings
check the_service_tells_why_it_does_not_start tells_why_it_does_not_start
check the_service_tells_who_keeps_the_module tells_who_keeps_it
check a_service_takes_snapshots_with_the_group_and_one_capability lets_a_service_take_snapshots
check programs_are_built_with_the_library builds_programs
check page_and_completion_are_there has_its_page_and_completion
check the_packages_are_removed_cleanly removes_itself
check a_purge_leaves_nothing_behind leaves_nothing
[ $failures = 0 ]
