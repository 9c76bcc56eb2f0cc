// SPDX-License-Identifier: GPL-2.0
/*
 * A page is a time, the number of bytes in use, and events. An event is a word with its
 * type and the time since the one before, and data; the kernel's events/header_page and
 * events/header_event say so, and Documentation/trace/ring-buffer-design.rst.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ftrace.h"

#define PAGE_BYTES     4096
#define PAGE_HEADER    16
#define COMMIT_MASK    0xfffff
#define COMMIT_MISSED  (3U << 30) /* events were lost before this page */

/* type_len of an event in the buffer */
#define TYPE_DATA_LONG 0 /* the length is in the next word */
#define TYPE_PADDING   29
#define TYPE_EXTEND    30
#define TYPE_STAMP     31
#define DELTA_BITS     27
#define STAMP_BITS     59

/* common_flags of enum trace_flag_type */
#define FLAG_HARDIRQ   0x08
#define FLAG_SOFTIRQ   0x10
#define FLAG_NMI       0x40

#define FIELDS	       8

struct field {
	uint32_t offset;
	uint32_t size;
	bool is_signed;
	bool dynamic; /* its place and length are in its place */
};

struct ftrace_format {
	uint32_t type;
	struct field fields[FIELDS];
};

enum switch_field {
	PREV_COMM,
	PREV_PID,
	PREV_PRIO,
	PREV_STATE,
	NEXT_COMM,
	NEXT_PID,
	NEXT_PRIO,
};

/* The fields of each event that are compared, in the order in which fill() takes them. */
static const char *const field_names[FLIGHTREC_EVENTS][FIELDS] = {
	[FLIGHTREC_EVENT_SWITCH] = { "prev_comm", "prev_pid", "prev_prio", "prev_state",
				     "next_comm", "next_pid", "next_prio" },
	[FLIGHTREC_EVENT_WAKING] = { "comm", "pid", "prio", "target_cpu" },
	[FLIGHTREC_EVENT_WAKEUP_NEW] = { "comm", "pid", "prio", "target_cpu" },
	[FLIGHTREC_EVENT_MIGRATE] = { "comm", "pid", "prio", "orig_cpu", "dest_cpu" },
	[FLIGHTREC_EVENT_FORK] = { "parent_comm", "parent_pid", "child_comm", "child_pid" },
	[FLIGHTREC_EVENT_EXEC] = { "filename", "pid", "old_pid" },
	[FLIGHTREC_EVENT_EXIT] = { "comm", "pid", "prio" },
	[FLIGHTREC_EVENT_RENAME] = { "oldcomm", "pid", "newcomm", "oom_score_adj" },
};

static void take_field(struct ftrace_format *format, const char *line)
{
	const char *const *names = field_names[format->type];
	char declaration[128];
	struct field field = { 0 };
	unsigned int sign;
	char *name;

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u; signed:%u;", declaration,
		   &field.offset, &field.size, &sign) != 4)
		return;
	field.is_signed = sign;
	field.dynamic = strstr(declaration, "__data_loc") != NULL;
	name = strrchr(declaration, ' ');
	if (!name)
		return;
	name[1 + strcspn(name + 1, "[")] = '\0';
	for (int i = 0; i < FIELDS && names[i]; i++)
		if (!strcmp(name + 1, names[i]))
			format->fields[i] = field;
}

static void read_format(struct ftrace *ftrace, const char *folder, uint32_t type)
{
	struct ftrace_format *format = calloc(1, sizeof(*format));
	unsigned int id = 0;
	char path[512], line[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/format-%s", folder, event_names[type]);
	file = fopen(path, "r");
	if (!file || !format)
		err(2, "%s", path);
	format->type = type;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "ID: %u", &id);
		take_field(format, line);
	}
	fclose(file);
	if (!id || id > UINT16_MAX)
		errx(2, "%s: has no ID", path);
	for (int i = 0; i < FIELDS && field_names[type][i]; i++)
		if (!format->fields[i].size)
			errx(2, "%s: has no field %s", path, field_names[type][i]);
	ftrace->formats[id] = format;
}

static void map_pages(struct ftrace_cpu *cpu, const char *folder)
{
	struct stat status;
	char path[512];
	void *pages;
	int fd;

	snprintf(path, sizeof(path), "%s/cpu%u", folder, cpu->cpu);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status))
		err(2, "%s", path);
	if (status.st_size % PAGE_BYTES)
		errx(2, "%s: is not whole pages", path);
	if (status.st_size) {
		pages = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (pages == MAP_FAILED)
			err(2, "%s", path);
		cpu->pages = pages;
		cpu->count = status.st_size / PAGE_BYTES;
	}
	close(fd);
}

struct ftrace *ftrace_open(const char *folder, uint32_t cpus)
{
	struct ftrace *ftrace = calloc(1, sizeof(*ftrace));

	if (!ftrace)
		err(2, "memory");
	ftrace->cpus = cpus;
	ftrace->cpu = calloc(cpus, sizeof(*ftrace->cpu));
	if (!ftrace->cpu)
		err(2, "memory");
	for (uint32_t type = 0; type < FLIGHTREC_EVENTS; type++)
		if (event_names[type])
			read_format(ftrace, folder, type);
	for (uint32_t i = 0; i < cpus; i++) {
		ftrace->cpu[i].cpu = i;
		map_pages(&ftrace->cpu[i], folder);
		ftrace_seek(ftrace, i, 0);
	}
	return ftrace;
}

static uint64_t load(const uint8_t *at, uint32_t size)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	return value;
}

static int64_t number(const struct ftrace_format *format, int index, const uint8_t *data)
{
	const struct field *field = &format->fields[index];
	uint64_t value = load(data + field->offset, field->size);
	unsigned int spare = 64 - 8 * field->size;

	return field->is_signed ? (int64_t)(value << spare) >> spare : (int64_t)value;
}

static void name(char *comm, const struct ftrace_format *format, int index, const uint8_t *data)
{
	const struct field *field = &format->fields[index];
	uint32_t place = load(data + field->offset, 4);
	const uint8_t *at = data + (field->dynamic ? place & 0xffff : field->offset);
	uint32_t room = field->dynamic ? place >> 16 : field->size;

	if (room > COMM_BYTES)
		room = COMM_BYTES;
	memset(comm, 0, COMM_BYTES);
	memcpy(comm, at, strnlen((const char *)at, room));
}

static void thread(struct event_thread *thread, const struct ftrace_format *format, int comm,
		   int tid, int priority, const uint8_t *data)
{
	name(thread->comm, format, comm, data);
	thread->named = true;
	thread->tid = number(format, tid, data);
	thread->priority = priority < 0 ? NO_PRIORITY : number(format, priority, data);
}

/* A bit of TASK_REPORT, or one more for a thread that was preempted: none is running. */
static uint32_t state_of(uint64_t mask)
{
	return mask ? 1 + __builtin_ctzll(mask) : FLIGHTREC_STATE_RUNNING;
}

static uint32_t context_of(uint8_t flags)
{
	if (flags & FLAG_NMI)
		return FLIGHTREC_CONTEXT_NMI;
	if (flags & FLAG_HARDIRQ)
		return FLIGHTREC_CONTEXT_HARDIRQ;
	return flags & FLAG_SOFTIRQ ? FLIGHTREC_CONTEXT_SOFTIRQ : FLIGHTREC_CONTEXT_THREAD;
}

static void fill(struct ftrace_cpu *cpu, const struct ftrace_format *format, const uint8_t *data)
{
	struct event *event = &cpu->next;
	uint32_t place;

	memset(event, 0, sizeof(*event));
	event->time = cpu->clock;
	event->type = format->type;
	event->cpu = cpu->cpu;
	event->context = context_of(data[2]);
	event->running = load(data + 4, 4);
	event->thread.priority = NO_PRIORITY;
	event->other.priority = NO_PRIORITY;
	switch (format->type) {
	case FLIGHTREC_EVENT_SWITCH:
		thread(&event->other, format, PREV_COMM, PREV_PID, PREV_PRIO, data);
		thread(&event->thread, format, NEXT_COMM, NEXT_PID, NEXT_PRIO, data);
		event->state = state_of(number(format, PREV_STATE, data));
		break;
	case FLIGHTREC_EVENT_MIGRATE:
		event->cpus[1] = number(format, 4, data);
		/* fall through */
	case FLIGHTREC_EVENT_WAKING:
	case FLIGHTREC_EVENT_WAKEUP_NEW:
		event->cpus[0] = number(format, 3, data);
		/* fall through */
	case FLIGHTREC_EVENT_EXIT:
		thread(&event->thread, format, 0, 1, 2, data);
		break;
	case FLIGHTREC_EVENT_FORK:
		thread(&event->other, format, 0, 1, -1, data);
		thread(&event->thread, format, 2, 3, -1, data);
		break;
	case FLIGHTREC_EVENT_EXEC:
		event->thread.tid = number(format, 1, data);
		event->number = number(format, 2, data);
		place = number(format, 0, data);
		snprintf(cpu->text, sizeof(cpu->text), "%.*s", (int)(place >> 16),
			 (const char *)data + (place & 0xffff));
		event->text = cpu->text;
		break;
	default:
		event->thread.tid = number(format, 1, data);
		event->number = number(format, 3, data);
		name(event->from, format, 0, data);
		name(event->to, format, 2, data);
		break;
	}
}

static void enter_page(struct ftrace_cpu *cpu)
{
	const uint8_t *page = cpu->pages + cpu->page * PAGE_BYTES;

	if (load(page + 8, 4) & COMMIT_MISSED)
		errx(2, "CPU %u: ftrace lost events", cpu->cpu);
	cpu->clock = load(page, 8);
	cpu->pos = 0;
}

/* Takes what is at the present place; false if it is no event that is compared. */
static bool take(const struct ftrace *ftrace, struct ftrace_cpu *cpu)
{
	const uint8_t *at = cpu->pages + cpu->page * PAGE_BYTES + PAGE_HEADER + cpu->pos;
	uint32_t word = load(at, 4), extra = load(at + 4, 4);
	uint32_t type = word & 31, delta = word >> 5;
	const struct ftrace_format *format;
	uint64_t stamp;

	switch (type) {
	case TYPE_EXTEND:
		cpu->clock += delta + ((uint64_t)extra << DELTA_BITS);
		cpu->pos += 8;
		return false;
	case TYPE_STAMP:
		stamp = delta + ((uint64_t)extra << DELTA_BITS);
		cpu->clock = (cpu->clock >> STAMP_BITS << STAMP_BITS) | stamp;
		cpu->pos += 8;
		return false;
	case TYPE_PADDING:
		if (!delta) {
			cpu->pos = PAGE_BYTES;
		} else {
			cpu->clock += delta;
			cpu->pos += 4 + extra;
		}
		return false;
	case TYPE_DATA_LONG:
		at += 8;
		cpu->pos += 4 + extra;
		break;
	default:
		at += 4;
		cpu->pos += 4 + 4 * type;
		break;
	}
	cpu->clock += delta;
	format = ftrace->formats[load(at, 2)];
	if (!format)
		return false;
	fill(cpu, format, at);
	return true;
}

void ftrace_step(struct ftrace *ftrace, uint32_t number)
{
	struct ftrace_cpu *cpu = &ftrace->cpu[number];

	if (cpu->there) {
		cpu->before[1] = cpu->before[0];
		cpu->before[0] = cpu->next.time;
	}
	cpu->there = false;
	while (cpu->page < cpu->count) {
		const uint8_t *page = cpu->pages + cpu->page * PAGE_BYTES;

		while (cpu->pos < (load(page + 8, 4) & COMMIT_MASK))
			if (take(ftrace, cpu)) {
				cpu->there = true;
				return;
			}
		cpu->page++;
		if (cpu->page < cpu->count)
			enter_page(cpu);
	}
}

/* Begins a page early, to have the events before. */
void ftrace_seek(struct ftrace *ftrace, uint32_t number, uint64_t time)
{
	struct ftrace_cpu *cpu = &ftrace->cpu[number];
	size_t low = 0, high = cpu->count;

	cpu->there = false;
	cpu->before[0] = cpu->before[1] = 0;
	if (!cpu->count)
		return;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (load(cpu->pages + middle * PAGE_BYTES, 8) < time)
			low = middle;
		else
			high = middle;
	}
	cpu->page = low ? low - 1 : 0;
	enter_page(cpu);
	ftrace_step(ftrace, number);
	while (cpu->there && cpu->next.time < time)
		ftrace_step(ftrace, number);
}
