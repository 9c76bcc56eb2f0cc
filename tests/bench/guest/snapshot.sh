#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Snapshots of a full pool, while the last CPU records as fast as it can.
#
#	snapshot.sh ROUNDS POOLS READERS
#
# Prints, for each pool and number of readers,
#
#	snapshot POOL READERS IOCTL_MEDIAN IOCTL_MAX SEGMENTS BYTES READ MEMCPY GAP_ALONE GAP
#
# times in ns, READ and MEMCPY in bytes per second; a gap is the longest time that
# recording one event took, without and with the readers.

rounds=$1 pools=$2 readers=$3
writer=/sys/module/flightrec_fill/parameters/wakings

# In a shell of its own: recorded are wakings of its parent.
write() { bash -c "echo $1 >$writer; exit 0"; }

cpu=2
[ "$(nproc)" -gt 1 ] || cpu=1
insmod ./flightrec_fill.ko
for pool in $pools; do
	insmod ./flightrec.ko max_bytes="$pool" min_age_ms=3600000
	taskset -p "$cpu" $$ >/dev/null
	write $((${pool%M} * 140000))
	for n in $readers; do
		echo "# pool $pool, $n readers"
		write 2000000
		read -r _ alone <$writer
		taskset 1 ./snapshot time "$n" "$rounds" >times.txt &
		gap=0
		while kill -0 $! 2>/dev/null; do
			write 200000
			read -r _ longest <$writer
			[ "$longest" -le "$gap" ] || gap=$longest
		done
		echo "snapshot $pool $n $(awk '/ioctl/ { print $2, $3, $4, $5 }
			/read|memcpy/ { print $2 }' times.txt | xargs) $alone $gap"
	done
	rmmod flightrec
done
