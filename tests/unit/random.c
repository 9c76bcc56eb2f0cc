// SPDX-License-Identifier: GPL-2.0
/*
 * Traces of random events on random CPUs, in segments of random length: what comes
 * out must be what was written, event for event.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "flightrec.h"
#include "writer.h"

#define NONE	2047
#define CPUS	9
#define THREADS 40
#define EVENTS	4000

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
	dice->state = dice->state * 6364136223846793005 + 1442695040888963407;
	return (dice->state >> 33) % sides;
}

/* An event as it happened. Names are a letter and a number. */
struct happening {
	uint64_t time;
	uint32_t type, cpu, tid, running, detail;
	char comm[16], running_comm[16];
};

struct world {
	struct dice dice;
	uint64_t time;
	char comm[THREADS + 1][16];
	uint32_t running[CPUS];
	struct happening happenings[EVENTS];
};

static void name_thread(struct world *world, uint32_t tid)
{
	char *comm = world->comm[tid];

	memset(comm, 0, 16);
	comm[0] = 'a' + roll(&world->dice, 26);
	comm[1] = 'A' + roll(&world->dice, 26);
}

/* Lets one thing happen. */
static void happen(struct world *world, struct happening *happening)
{
	uint32_t cpu = roll(&world->dice, CPUS);
	uint32_t tid = 1 + roll(&world->dice, THREADS);

	/* Mostly close together, at times at the same time, at times far apart. */
	world->time += roll(&world->dice, 4) ? roll(&world->dice, 500) : 0;
	if (!roll(&world->dice, 50))
		world->time += 1ULL << roll(&world->dice, 40);
	memset(happening, 0, sizeof(*happening));
	happening->time = world->time;
	happening->cpu = cpu;
	happening->running = world->running[cpu];
	memcpy(happening->running_comm, world->comm[happening->running], 16);
	switch (roll(&world->dice, 10)) {
	case 0:
		happening->type = FLIGHTREC_EVENT_MIGRATE;
		happening->detail = roll(&world->dice, 8192);
		break;
	case 1:
		happening->type = FLIGHTREC_EVENT_RENAME;
		name_thread(world, tid);
		break;
	case 2:
	case 3:
	case 4:
		happening->type = FLIGHTREC_EVENT_WAKING;
		happening->detail = roll(&world->dice, 8192);
		break;
	default:
		happening->type = FLIGHTREC_EVENT_SWITCH;
		/* Idle threads have no system calls. */
		happening->detail = happening->running ? roll(&world->dice, 2047) : 2047;
		if (!roll(&world->dice, 3))
			tid = 0;
		world->running[cpu] = tid;
		break;
	}
	happening->tid = tid;
	memcpy(happening->comm, world->comm[tid], 16);
	if (happening->type == FLIGHTREC_EVENT_RENAME && happening->running == tid)
		memcpy(happening->running_comm, world->comm[tid], 16);
}

static void pass_time(struct writer *writer, uint64_t at)
{
	if (at >> 25 != writer->clock >> 25)
		writer_time(writer, at);
}

/*
 * One CPU's stream: as the kernel does, a segment names every thread at its first
 * mention, and again after any renaming on any CPU.
 */
static void write_stream(struct writer *writer, struct world *world, uint32_t cpu,
			 char comm[THREADS + 1][16])
{
	uint64_t seq = 0, named = 0;
	uint32_t left = 0;

	for (uint32_t i = 0; i < EVENTS; i++) {
		const struct happening *now = &world->happenings[i];
		bool rename = now->type == FLIGHTREC_EVENT_RENAME;
		char old[16];

		memcpy(old, comm[now->tid], 16);
		if (now->cpu == cpu) {
			if (!left--) {
				writer_segment(writer, cpu, ++seq, now->time, now->running);
				left = roll(&world->dice, 60);
				named = 1;
				if (now->running) {
					writer_task(writer, now->running, now->running,
						    comm[now->running]);
					named |= 1ULL << now->running;
				}
			}
			if (!(named >> now->tid & 1))
				writer_task(writer, now->tid, now->tid, comm[now->tid]);
			named |= 1ULL << now->tid;
			pass_time(writer, now->time);
			if (rename)
				writer_rename(writer, now->time, now->tid, old, now->comm);
			else if (now->type == FLIGHTREC_EVENT_SWITCH)
				writer_switch(writer, now->time, now->tid, 1, now->detail);
			else if (now->type == FLIGHTREC_EVENT_WAKING)
				writer_waking(writer, now->time, now->tid, now->detail, 1);
			else
				writer_migrate(writer, now->time, now->tid, now->detail, cpu);
		}
		if (rename) {
			named &= ~(1ULL << now->tid);
			memcpy(comm[now->tid], now->comm, 16);
		}
	}
}

static uint32_t detail_of(const struct flightrec_event *event)
{
	switch (event->type) {
	case FLIGHTREC_EVENT_SWITCH:
		return event->sw.nr;
	case FLIGHTREC_EVENT_WAKING:
		return event->waking.target_cpu;
	case FLIGHTREC_EVENT_MIGRATE:
		return event->migrate.from_cpu;
	default:
		return 0;
	}
}

static void compare(const struct happening *expected, const struct flightrec_event *event,
		    bool from_the_start)
{
	CHECK_EQUAL(event->time_ns, expected->time);
	CHECK_EQUAL(event->cpu, expected->cpu);
	CHECK_EQUAL(event->type, expected->type);
	CHECK_EQUAL(event->thread->tid, expected->tid);
	CHECK_EQUAL(event->running->tid, expected->running);
	CHECK_EQUAL(detail_of(event), expected->detail);
	if (expected->tid)
		CHECK_TEXT(event->thread->comm, expected->comm);
	/* A seek may miss that somebody on another CPU renamed who is running. */
	if (expected->running && from_the_start)
		CHECK_TEXT(event->running->comm, expected->running_comm);
}

/* At the same time, by CPU: as the iteration promises. Stable. */
static int happening_compare(const void *a, const void *b)
{
	const struct happening *left = *(const struct happening *const *)a;
	const struct happening *right = *(const struct happening *const *)b;

	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	if (left->cpu != right->cpu)
		return left->cpu < right->cpu ? -1 : 1;
	return left < right ? -1 : left > right;
}

static struct world *make_world(uint64_t seed)
{
	struct world *world = calloc(1, sizeof(*world));

	CHECK(world);
	world->dice.state = seed;
	world->time = 1000;
	for (uint32_t tid = 1; tid <= THREADS; tid++)
		name_thread(world, tid);
	return world;
}

static void write_world(struct writer *writer, struct world *world, uint64_t seed)
{
	struct writer_header header = writer_header_defaults();
	struct world *first = make_world(seed);
	char comm[THREADS + 1][16];

	for (uint32_t i = 0; i < EVENTS; i++) {
		happen(world, &world->happenings[i]);
		/*
		 * Names differ with the order of what happens at the same time, which
		 * is the CPUs' here: a rename has a time of its own.
		 */
		if (world->happenings[i].type == FLIGHTREC_EVENT_RENAME) {
			world->time += 1000;
			world->happenings[i].time = world->time;
			world->time += 1000;
		}
	}
	header.cut_clock = header.cut_ns = 1ULL << 60;
	writer_header(writer, &header);
	for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
		memcpy(comm, first->comm, sizeof(comm));
		write_stream(writer, world, cpu, comm);
	}
	writer_end(writer);
	free(first);
}

static void check_world(uint64_t seed)
{
	static const struct happening *order[EVENTS];
	struct world *world = make_world(seed);
	const struct flightrec_event *event;
	struct flightrec_trace *trace;
	struct writer writer = { 0 };
	uint32_t i = 0;

	write_world(&writer, world, seed);
	for (i = 0; i < EVENTS; i++)
		order[i] = &world->happenings[i];
	qsort(order, EVENTS, sizeof(order[0]), happening_compare);

	trace = check_open(&writer);
	CHECK_EQUAL(flightrec_trace_get_info(trace)->events, EVENTS);
	i = 0;
	while (!flightrec_trace_next(trace, &event) && event) {
		if (event->type >= FLIGHTREC_STREAM_BEGIN)
			continue;
		CHECK(i < EVENTS);
		compare(order[i++], event, true);
	}
	CHECK_EQUAL(i, EVENTS);

	/* From any moment on, the rest is the same. */
	i = roll(&world->dice, EVENTS);
	while (i && order[i - 1]->time == order[i]->time)
		i--;
	CHECK_EQUAL(flightrec_trace_seek(trace, order[i]->time), 0);
	while (!flightrec_trace_next(trace, &event) && event)
		if (event->type < FLIGHTREC_STREAM_BEGIN)
			compare(order[i++], event, false);
	CHECK_EQUAL(i, EVENTS);
	flightrec_trace_close(trace);
	writer_free(&writer);
	free(world);
}

static void random_traces_come_out_as_they_were_written(void)
{
	for (uint64_t seed = 1; seed <= 200; seed++)
		check_world(seed);
}

const struct test random_tests[] = {
	TEST(random_traces_come_out_as_they_were_written),
	{ NULL, NULL },
};
