// SPDX-License-Identifier: GPL-2.0
/*
 * The recorder: its settings, and whether it is on.
 *
 * Lock order, outermost first:
 *
 *	control			start, stop, configure: one at a time; may sleep
 *	  flightrec_pool.resize	(pool.h)
 *	    flightrec_pool.lock	(pool.h) raw, interrupts off; taken in probes
 *	state_lock		what the others read of it; nests with none
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/ktime.h>

#include "clock.h"
#include "cost.h"
#include "events.h"
#include "recorder.h"
#include "ring.h"

struct flightrec_pool flightrec_pool;

static DEFINE_MUTEX(control);

static DEFINE_SPINLOCK(state_lock);
static struct flightrec_config config; /* state_lock, written with control too */
static bool recording; /* the same */
static struct flightrec_instant since; /* the same */
static struct flightrec_instant stopped; /* the same */

/* The suspend that is going on, or was the last. With control. */
static struct flightrec_pair suspended;
static bool resume;

static atomic_t snapshots = ATOMIC_INIT(0);

static void read_clocks(struct flightrec_instant *now)
{
	struct flightrec_pair pair;
	s64 past;

	flightrec_clock_pair(&pair);
	now->clock = pair.clock;
	now->monotonic_ns = pair.monotonic_ns;
	/* These take locks; the little that has passed is taken off again. */
	now->realtime_ns = ktime_get_real_ns();
	now->boottime_ns = ktime_get_boottime_ns();
	past = ktime_get_ns() - pair.monotonic_ns;
	now->realtime_ns -= past;
	now->boottime_ns -= past;
}

/* Each CPU has an open segment, and needs others behind it. */
static u32 segments_min(void)
{
	return 2 * num_possible_cpus() + 2;
}

/* Memory that doesn't depend on the number of segments. */
static u64 fixed_bytes(void)
{
	return (u64)num_possible_cpus() * sizeof(struct flightrec_ring);
}

static u32 segments_of(const struct flightrec_pool *pool, const struct flightrec_config *want)
{
	u64 bytes = want->max_bytes - min_t(u64, want->max_bytes, fixed_bytes());

	return flightrec_pool_fit(pool, bytes, want->segment_bytes);
}

/*
 * A 256th of the pool is small enough that the segments which CPUs have open
 * don't matter, and large enough for names to be few among the events. With
 * many CPUs the former counts for more.
 */
static u32 default_segment_bytes(u64 max_bytes)
{
	u64 bytes = div_u64(max_bytes, max(256U, 16 * num_possible_cpus()));

	bytes = clamp_t(u64, bytes, FLIGHTREC_SEGMENT_BYTES_MIN, FLIGHTREC_SEGMENT_BYTES_MAX);
	return rounddown_pow_of_two(bytes);
}

/* Puts defaults in the place of zeros, and refuses what can't be. */
static int check_config(struct flightrec_config *want)
{
	u64 most = (u64)totalram_pages() << PAGE_SHIFT >> 1;
	u64 least;

	if (!want->max_bytes)
		want->max_bytes = min(FLIGHTREC_DEFAULT_MAX_BYTES, most);
	if (!want->min_age_ns)
		want->min_age_ns = FLIGHTREC_DEFAULT_MIN_AGE_NS;
	if (!want->events)
		want->events = FLIGHTREC_EVENTS_ALL;
	if (!want->segment_bytes)
		want->segment_bytes = default_segment_bytes(want->max_bytes);

	if (!flightrec_events_valid(want->events)) {
		pr_err("events=%#llx: must be of %#llx, with bit %u, sched_switch, set\n",
		       want->events, FLIGHTREC_EVENTS_ALL, FLIGHTREC_EVENT_SWITCH);
		return -EINVAL;
	}
	if (!is_power_of_2(want->segment_bytes) ||
	    want->segment_bytes < FLIGHTREC_SEGMENT_BYTES_MIN ||
	    want->segment_bytes > FLIGHTREC_SEGMENT_BYTES_MAX) {
		pr_err("segment_bytes=%u: must be a power of two from %u to %u\n",
		       want->segment_bytes, FLIGHTREC_SEGMENT_BYTES_MIN,
		       FLIGHTREC_SEGMENT_BYTES_MAX);
		return -EINVAL;
	}
	least = fixed_bytes() + flightrec_pool_bytes(segments_min(), want->segment_bytes);
	most = min(most, fixed_bytes() +
				 flightrec_pool_bytes(FLIGHTREC_SEGMENTS_MAX, want->segment_bytes));
	if (want->max_bytes < least || want->max_bytes > most) {
		pr_err("max_bytes=%llu: with segment_bytes=%u and %u possible CPUs must be %llu to %llu\n",
		       want->max_bytes, want->segment_bytes, num_possible_cpus(), least, most);
		return -EINVAL;
	}
	return 0;
}

static void set_recording(bool on)
{
	struct flightrec_instant now;
	unsigned long flags;

	read_clocks(&now);
	if (on) {
		raw_spin_lock_irqsave(&flightrec_pool.lock, flags);
		flightrec_pool.complete_since = max(flightrec_pool.complete_since, now.clock);
		raw_spin_unlock_irqrestore(&flightrec_pool.lock, flags);
	}
	spin_lock(&state_lock);
	recording = on;
	if (on)
		since = now;
	else
		stopped = now;
	spin_unlock(&state_lock);
}

static int start(u64 events)
{
	int err;

	lockdep_assert_held(&control);
	if (recording)
		return 0;
	err = flightrec_events_set(events);
	if (err)
		flightrec_events_close_rings();
	else
		set_recording(true);
	return err;
}

static void stop(void)
{
	lockdep_assert_held(&control);
	if (!recording)
		return;
	flightrec_events_set(0);
	flightrec_events_close_rings();
	set_recording(false);
}

static void adopt(const struct flightrec_config *want)
{
	spin_lock(&state_lock);
	config = *want;
	spin_unlock(&state_lock);
}

/*
 * Segments of another size. Those are got before the old ones go, so that nothing is
 * lost if there is no memory for them; for that moment there are both. What happens
 * between the closing of the last old segment and the opening of a new one is counted
 * as lost. The settings follow the segments, before any is used.
 */
static int replace_segments(const struct flightrec_config *want)
{
	struct flightrec_pool other;
	int err;

	flightrec_pool_init(&other);
	err = flightrec_pool_resize(&other, segments_of(&other, want), want->segment_bytes);
	if (!err && recording)
		err = flightrec_events_set(want->events);
	if (!err) {
		flightrec_pool_shut(&flightrec_pool, true);
		flightrec_events_close_rings();
		flightrec_pool_replace(&flightrec_pool, &other);
		adopt(want);
		flightrec_pool_shut(&flightrec_pool, false);
	}
	flightrec_pool_resize(&other, 0, other.segment_bytes);
	return err;
}

/* Return: 0, or -errno and nothing has changed. */
static int change(const struct flightrec_config *want)
{
	u32 segments = segments_of(&flightrec_pool, want);
	u32 before = flightrec_pool.segments;
	int err = 0;

	/* Of a pool that was much larger, the table of slots may not fit. */
	if (want->segment_bytes != config.segment_bytes || segments < segments_min())
		return replace_segments(want);
	if (want->max_bytes == config.max_bytes)
		segments = before;
	/* More memory may not be had, and then nothing may have changed; less always is. */
	if (segments > before)
		err = flightrec_pool_resize(&flightrec_pool, segments, want->segment_bytes);
	if (!err && recording)
		err = flightrec_events_set(want->events);
	flightrec_pool_resize(&flightrec_pool, err ? before : segments, want->segment_bytes);
	return err;
}

/**
 * flightrec_recorder_configure() - change the settings
 * @new: as user space gave it
 *
 * Return: 0, or -errno (see struct flightrec_config) and nothing has changed.
 */
int flightrec_recorder_configure(const struct flightrec_config *new)
{
	struct flightrec_config want = *new;
	int err;

	err = check_config(&want);
	if (err)
		return err;
	if (mutex_lock_interruptible(&control))
		return -EINTR;
	err = change(&want);
	if (!err)
		adopt(&want);
	mutex_unlock(&control);
	return err;
}

/**
 * flightrec_recorder_start() - record, from now on
 *
 * Return: 0, also if it is on already, or -errno.
 */
int flightrec_recorder_start(void)
{
	int err;

	if (mutex_lock_interruptible(&control))
		return -EINTR;
	err = start(config.events);
	mutex_unlock(&control);
	return err;
}

/**
 * flightrec_recorder_stop() - stop recording; what is recorded stays
 *
 * Return: 0, also if it is off already, or -EINTR.
 */
int flightrec_recorder_stop(void)
{
	if (mutex_lock_interruptible(&control))
		return -EINTR;
	stop();
	mutex_unlock(&control);
	return 0;
}

/**
 * flightrec_recorder_suspend() - stop until flightrec_recorder_resume()
 *
 * The clock is not to be relied on in between.
 */
void flightrec_recorder_suspend(void)
{
	mutex_lock(&control);
	resume = recording;
	stop();
	flightrec_clock_pair(&suspended);
	mutex_unlock(&control);
}

/**
 * flightrec_recorder_resume() - go on, if the recorder was on
 */
void flightrec_recorder_resume(void)
{
	mutex_lock(&control);
	/* Who started it meanwhile, has it start with the right clock now. */
	resume |= recording;
	stop();
	flightrec_clock_resume(&suspended);
	if (resume && start(config.events))
		pr_err("can't go on recording after the suspend: recording is off\n");
	mutex_unlock(&control);
}

/* Has later snapshots leave out what there is. */
void flightrec_recorder_clear(void)
{
	flightrec_pool_clear(&flightrec_pool, flightrec_clock());
}

/* What a snapshot taken now has to know. */
void flightrec_recorder_state(struct flightrec_state *state)
{
	spin_lock(&state_lock);
	state->config = config;
	state->recording = recording;
	state->since = since;
	state->now = stopped;
	spin_unlock(&state_lock);
	if (state->recording)
		read_clocks(&state->now);
}

/* Counts the open snapshots, for the status. */
void flightrec_recorder_count_snapshots(int change)
{
	atomic_add(change, &snapshots);
}

static void sum_rings(struct flightrec_status *status)
{
	struct flightrec_ring_stats stats;
	int cpu;

	for_each_possible_cpu(cpu) {
		flightrec_ring_stats(flightrec_events_ring(cpu), &stats);
		status->events_written += stats.events;
		status->events_lost += stats.lost;
		status->bytes_written += stats.bytes;
	}
}

/* MaxBytes that would hold MinAge, if the present window is typical. */
static u64 bytes_for_min_age(const struct flightrec_status *status, u64 window_ns)
{
	u64 used = flightrec_pool_bytes(status->segments - status->segments_free,
					status->segment_bytes);

	if (window_ns < NSEC_PER_MSEC)
		return 0;
	/* x86's division traps if the quotient does not fit. */
	if (status->min_age_ns >> 20 >= window_ns)
		return U64_MAX;
	used += used / 16; /* the reserve, see pool.c */
	used = mul_u64_u64_div_u64(used, status->min_age_ns, window_ns);
	return fixed_bytes() +
	       max(used, flightrec_pool_bytes(segments_min(), status->segment_bytes));
}

/**
 * flightrec_recorder_status() - all that STATUS tells
 * @status: out, but for its size
 */
void flightrec_recorder_status(struct flightrec_status *status)
{
	struct flightrec_pool *pool = &flightrec_pool;
	struct flightrec_state state;
	u64 complete_since, window_ns;

	flightrec_recorder_state(&state);
	complete_since = READ_ONCE(pool->complete_since);
	status->clock = flightrec_clock_id();
	status->clock_khz = flightrec_clock_khz();
	status->events = flightrec_events_recorded();
	status->events_wanted = state.config.events;
	status->event_cost_ps = flightrec_cost_ps();
	status->cpus = num_possible_cpus();
	status->events_missing = flightrec_events_missing();
	status->now_ns = state.now.monotonic_ns;
	status->recording_since_ns = state.since.monotonic_ns;
	status->complete_since_ns =
		flightrec_clock_to_ns(max(complete_since, READ_ONCE(pool->cleared)));
	status->max_bytes = state.config.max_bytes;
	status->min_age_ns = state.config.min_age_ns;
	status->segment_bytes = state.config.segment_bytes;
	status->segments = READ_ONCE(pool->segments);
	status->segments_free = READ_ONCE(pool->free);
	status->segments_open = READ_ONCE(pool->open);
	status->segments_held = READ_ONCE(pool->held);
	status->pool_bytes = fixed_bytes() + flightrec_pool_taken(pool);
	status->events_overwritten = READ_ONCE(pool->overwritten);
	status->segments_taken_back = READ_ONCE(pool->taken_back);
	status->snapshots = atomic_read(&snapshots);
	sum_rings(status);

	window_ns = state.now.monotonic_ns -
		    min_t(u64, status->complete_since_ns, state.now.monotonic_ns);
	if (state.recording)
		status->flags |= FLIGHTREC_STATUS_RECORDING;
	if (state.since.clock && window_ns >= state.config.min_age_ns)
		status->flags |= FLIGHTREC_STATUS_MIN_AGE_MET;
	/* What was cleared has been recorded all the same. */
	window_ns = state.now.monotonic_ns -
		    min(flightrec_clock_to_ns(complete_since), state.now.monotonic_ns);
	if (state.since.clock)
		status->min_age_bytes = bytes_for_min_age(status, window_ns);
}

/**
 * flightrec_recorder_cpu_status() - what CPU_STATUS tells
 * @status: of the first CPU from @cpu on
 *
 * Return: 0, or -ENXIO if there is none.
 */
int flightrec_recorder_cpu_status(struct flightrec_cpu_status *status)
{
	struct flightrec_ring_stats stats;
	u32 cpu = status->cpu;

	if (cpu < nr_cpu_ids && !cpu_possible(cpu))
		cpu = cpumask_next(cpu, cpu_possible_mask);
	if (cpu >= nr_cpu_ids)
		return -ENXIO;
	flightrec_ring_stats(flightrec_events_ring(cpu), &stats);
	status->cpu = cpu;
	status->flags = cpu_online(cpu) ? FLIGHTREC_CPU_ONLINE : 0;
	status->events_written = stats.events;
	status->events_overwritten = stats.overwritten;
	status->events_lost = stats.lost;
	status->bytes_written = stats.bytes;
	return 0;
}

/**
 * flightrec_recorder_init() - get the memory, and start unless told not to
 * @wanted: the settings
 * @on: whether to start
 *
 * Return: 0 or -errno.
 */
int __init flightrec_recorder_init(const struct flightrec_config *wanted, bool on)
{
	int err;

	config = *wanted;
	err = check_config(&config);
	if (err)
		return err;
	flightrec_clock_init();
	flightrec_cost_measure();
	flightrec_pool_init(&flightrec_pool);
	err = flightrec_pool_resize(&flightrec_pool, segments_of(&flightrec_pool, &config),
				    config.segment_bytes);
	if (err) {
		pr_err("no memory for max_bytes=%llu\n", config.max_bytes);
		return err;
	}
	err = flightrec_events_init(&flightrec_pool);
	if (err)
		goto free_pool;
	read_clocks(&stopped);
	if (on)
		err = flightrec_recorder_start();
	if (err)
		goto free_pool;
	return 0;

free_pool:
	flightrec_pool_resize(&flightrec_pool, 0, config.segment_bytes);
	flightrec_events_exit();
	return err;
}

/* Only when nothing can call the recorder any more. */
void flightrec_recorder_exit(void)
{
	mutex_lock(&control);
	stop();
	mutex_unlock(&control);
	/* What is in segments counts in the rings. */
	flightrec_pool_resize(&flightrec_pool, 0, config.segment_bytes);
	flightrec_events_exit();
}
