#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What recording adds to a ping-pong (trips.c), in a guest that counts
# instructions.
#
#	trips.sh ROUNDS TRIPS
#
# Prints lines
#
#	trip KIND WITHOUT WITH			instructions, as trips.c tells
#	count KIND TRIPS EVENTS BYTES LOST	of the whole command

rounds=$1 trips=$2

count() {
	flightrec status --json >status.json
	sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" status.json
}

for _ in $(seq "$rounds"); do
	for kind in sleeping waking preempting; do
		without=$(./trips $kind "$trips") || exit
		insmod ./flightrec.ko max_bytes=16M || exit
		events=$(count events_written)
		bytes=$(count bytes_written)
		with=$(./trips $kind "$trips") || exit
		echo "trip $kind $without $with"
		echo "count $kind $trips $(($(count events_written) - events))" \
			"$(($(count bytes_written) - bytes)) $(count events_lost)"
		rmmod flightrec || exit
	done
done
