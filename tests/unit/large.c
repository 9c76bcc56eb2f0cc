// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a large snapshot to standard output, to measure readers with:
 *
 *	large CPUS EVENTS
 *
 * A hundred threads are woken and run on CPUs of a machine whose counter has 2 GHz;
 * each CPU has an event every 2 us.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "writer.h"

#define THREADS	       100
#define SEGMENT_EVENTS 16000
#define EVENT_UNITS    4000
#define START	       2000000000ULL

struct cpu {
	uint64_t clock;
	uint32_t running;
	bool named[THREADS];
};

static void name_thread(struct writer *writer, struct cpu *cpu, uint32_t number)
{
	char comm[16];

	if (cpu->named[number])
		return;
	cpu->named[number] = true;
	snprintf(comm, sizeof(comm), "worker-%u", number % THREADS);
	writer_task(writer, 1000 + number, 1000, comm);
}

static void write_event(struct writer *writer, struct cpu *cpu, uint32_t i)
{
	uint32_t number = rand() % THREADS;
	uint64_t now = cpu->clock + EVENT_UNITS / 2 + rand() % EVENT_UNITS;

	name_thread(writer, cpu, number);
	if (now >> 25 != cpu->clock >> 25)
		writer_time(writer, now);
	cpu->clock = now;
	if (i % 2) {
		cpu->running = i % 8 == 7 ? 0 : 1000 + number;
		writer_switch(writer, now, cpu->running, 1, 202);
	} else {
		writer_waking(writer, now, 1000 + number, 0, 0);
	}
}

static void write_segment(struct writer *writer, uint32_t number, uint64_t seq, struct cpu *cpu)
{
	writer_segment(writer, number, seq, cpu->clock, cpu->running);
	writer_segment_pair(writer, cpu->clock, cpu->clock / 2);
	memset(cpu->named, 0, sizeof(cpu->named));
	if (cpu->running)
		name_thread(writer, cpu, cpu->running - 1000);
	for (uint32_t i = 0; i < SEGMENT_EVENTS; i++)
		write_event(writer, cpu, i);
}

int main(int argc, char **argv)
{
	struct writer_header header = writer_header_defaults();
	struct writer writer = { 0 };
	uint64_t segments;
	struct cpu *cpus;

	if (argc != 3)
		return 2;
	header.cpus = atoi(argv[1]);
	segments = strtoull(argv[2], NULL, 10) / SEGMENT_EVENTS / header.cpus;
	cpus = calloc(header.cpus, sizeof(*cpus));
	if (!cpus)
		return EXIT_FAILURE;
	header.clock = 2;
	header.clock_khz = 2000000;
	header.origin_clock = 1000000000;
	header.origin_ns = 500000000;
	header.window_start = START;
	header.cut_clock = START + (segments * SEGMENT_EVENTS + 10000) * EVENT_UNITS * 2;
	header.cut_ns = header.cut_clock / 2;
	writer_header(&writer, &header);
	for (uint64_t seq = 1; seq <= segments; seq++) {
		for (uint32_t i = 0; i < header.cpus; i++) {
			if (seq == 1)
				cpus[i].clock = START + 900 * i;
			write_segment(&writer, i, seq, &cpus[i]);
		}
	}
	writer_end(&writer);
	free(cpus);
	return fwrite(writer.data, 1, writer.bytes, stdout) == writer.bytes && !fflush(stdout)
		       ? EXIT_SUCCESS
		       : EXIT_FAILURE;
}
