// SPDX-License-Identifier: GPL-2.0
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "scene.h"

int scene_init(struct kunit *test)
{
	struct scene *scene = kunit_kzalloc(test, sizeof(*scene), GFP_KERNEL);

	if (!scene)
		return -ENOMEM;
	test->priv = scene;
	fake_allocations = -1;
	fake_interruption = NULL;
	flightrec_pool_init(&scene->pool);
	flightrec_ring_init(&scene->ring, &scene->pool, 3);
	return 0;
}

void scene_exit(struct kunit *test)
{
	struct scene *scene = test->priv;

	flightrec_ring_close(&scene->ring);
	flightrec_pool_resize(&scene->pool, 0, 0);
}

struct scene *scene_of(struct kunit *test, u32 segments, u32 segment_bytes)
{
	struct scene *scene = test->priv;

	KUNIT_ASSERT_LE(test, segment_bytes, sizeof(scene->words));
	KUNIT_ASSERT_EQ(test, flightrec_pool_resize(&scene->pool, segments, segment_bytes), 0);
	return scene;
}

/* Finds the ring's segment, and what there is to read of it, as a snapshot does. */
static bool find_segment(struct scene *scene, u64 seq, u32 *index)
{
	struct flightrec_pool *pool = &scene->pool;
	struct flightrec_ring_written written;

	for (*index = 0; *index < pool->capacity; (*index)++) {
		const struct flightrec_slot *slot = &pool->slots[*index];

		if (slot->seq != seq)
			continue;
		scene->slot = *slot;
		scene->nr = slot->used / 8;
		scene->events = slot->events;
		scene->lost = slot->lost;
		if (flightrec_pool_slot_closed(pool, *index))
			return true;
		if (!flightrec_pool_slot_open(pool, *index) ||
		    !flightrec_ring_written(&scene->ring, *index, &written))
			continue;
		scene->nr = written.used / 8;
		scene->events = written.events;
		scene->lost = written.lost;
		return true;
	}
	return false;
}

/* Reads the segment with number @seq, and begins to decode it. */
void scene_read(struct kunit *test, u64 seq)
{
	struct scene *scene = test->priv;
	bool found;
	u32 index;

	raw_spin_lock(&scene->pool.lock);
	found = find_segment(scene, seq, &index);
	raw_spin_unlock(&scene->pool.lock);
	KUNIT_ASSERT_TRUE(test, found);
	KUNIT_ASSERT_LE(test, scene->nr, SCENE_WORDS);
	KUNIT_ASSERT_TRUE(test, flightrec_pool_copy(&scene->pool, index, scene->slot.generation,
						    scene->words, scene->nr * 8));
	decode_start(&scene->decoder, scene->words, scene->nr, scene->slot.start,
		     scene->slot.start_tid);
}

/* The next event of the segment. At its end the counts are checked. */
bool scene_next(struct kunit *test)
{
	struct scene *scene = test->priv;
	struct decoder *decoder = &scene->decoder;

	if (decode_next(decoder, &scene->event))
		return true;
	KUNIT_ASSERT_STREQ(test, decoder->error ?: "no error", "no error");
	KUNIT_EXPECT_EQ(test, scene->events, decoder->nr - decoder->annotations);
	return false;
}

static bool try(struct scene *scene, u64 now, u64 word, const struct fake_task *task)
{
	return flightrec_ring_try(&scene->ring, now, now >> 25, word, fake_key(task));
}

/* As switch_fast() and switch_slow(). */
void scene_switch(struct scene *scene, u64 now, struct fake_task *next, u32 state, u32 nr)
{
	u64 word = flightrec_word_switch(next->tid, state, nr);
	struct flightrec_ring *ring = &scene->ring;
	struct fake_task *prev = fake_running;

	if (ring->running_priority != prev->priority || !try(scene, now, word, next)) {
		if (ring->running_priority != prev->priority)
			flightrec_ring_name(ring, now, fake_key(prev), fake_task(prev));
		flightrec_ring_append_slow(ring, now, word, NULL, fake_key(next), fake_task(next));
	}
	ring->running_priority = next->priority;
	fake_running = next;
}

/* As waking_fast() and waking_slow(). */
void scene_wake(struct scene *scene, u64 now, struct fake_task *task, u32 cpu, u32 context)
{
	u64 word = flightrec_word_waking(task->tid, cpu, context);

	if (!try(scene, now, word, task))
		flightrec_ring_append_slow(&scene->ring, now, word, NULL, fake_key(task),
					   fake_task(task));
}

/* As probe_migrate(). */
void scene_migrate(struct scene *scene, u64 now, struct fake_task *task, u32 from, u32 to)
{
	u64 cpus = from | (u64)to << 32;

	scene_append(scene, now, task, MIGRATE, &cpus, 1);
}

void scene_append(struct scene *scene, u64 now, struct fake_task *task, u32 type, const u64 *more,
		  u32 nr_more)
{
	flightrec_ring_append_slow(&scene->ring, now,
				   flightrec_word_long(type, task->tid, 1 + nr_more), more,
				   fake_key(task), fake_task(task));
}
