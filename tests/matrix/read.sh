#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All that the flightrec command says of a snapshot, in files; run where it was recorded,
# and on a machine of another architecture.
#
#	read.sh FLIGHTREC SNAPSHOT FOLDER
set -e

export LC_ALL=C TZ=UTC
mkdir -p "$3"
"$1" info "$2" >"$3/info.text"
"$1" info --json "$2" >"$3/info.json"
"$1" report "$2" >"$3/report.text"
"$1" report --json "$2" >"$3/report.json"
for format in text json ftrace; do
	"$1" dump --format $format "$2" >"$3/dump.$format"
done
