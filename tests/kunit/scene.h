/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A CPU's ring with a pool behind it and a few threads, for the tests of the ring.
 */
#ifndef SCENE_H
#define SCENE_H

#include <kunit/test.h>

#include "../../kmod/ring.h"
#include "decode.h"
#include "fake.h"

#define SCENE_WORDS 8192

/**
 * struct scene - what a test of the ring works with
 * @pool: the pool
 * @ring: the ring of CPU 3
 * @words: the records of the segment that was read last
 * @nr: number of @words
 * @events: number of events that the recorder says are in them
 * @lost: events that it says were lost before them
 * @slot: slot of the segment that was read last, as it was then
 * @decoder: for @words
 * @event: the event decoded last
 */
struct scene {
	struct flightrec_pool pool;
	struct flightrec_ring ring;
	u64 words[SCENE_WORDS];
	u32 nr;
	u64 events;
	u64 lost;
	struct flightrec_slot slot;
	struct decoder decoder;
	struct event event;
};

/* For a suite's init and exit; test->priv is the scene. */
int scene_init(struct kunit *test);
void scene_exit(struct kunit *test);

struct scene *scene_of(struct kunit *test, u32 segments, u32 segment_bytes);
void scene_read(struct kunit *test, u64 seq);
bool scene_next(struct kunit *test);

/*
 * What the probes of kmod/events.c do: try the fast path, and take the slow one
 * if it refuses.
 */
void scene_switch(struct scene *scene, u64 now, struct fake_task *next, u32 state, u32 nr);
void scene_wake(struct scene *scene, u64 now, struct fake_task *task, u32 cpu, u32 context);
void scene_migrate(struct scene *scene, u64 now, struct fake_task *task, u32 from, u32 to);
void scene_append(struct scene *scene, u64 now, struct fake_task *task, u32 type, const u64 *more,
		  u32 nr_more);

#endif
