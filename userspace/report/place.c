// SPDX-License-Identifier: GPL-2.0
/* Where a thread waits. */
#include <string.h>

#include "place.h"

static const struct {
	const char *name;
	enum place place;
} classes[] = {
	{ "nanosleep", PLACE_SLEEP },
	{ "clock_nanosleep", PLACE_SLEEP },
	{ "clock_nanosleep_time64", PLACE_SLEEP },
	{ "pause", PLACE_SLEEP },
	{ "rt_sigsuspend", PLACE_SLEEP },
	{ "rt_sigtimedwait", PLACE_SLEEP },
	{ "rt_sigtimedwait_time64", PLACE_SLEEP },
	{ "poll", PLACE_POLL },
	{ "ppoll", PLACE_POLL },
	{ "ppoll_time64", PLACE_POLL },
	{ "select", PLACE_POLL },
	{ "_newselect", PLACE_POLL },
	{ "pselect6", PLACE_POLL },
	{ "pselect6_time64", PLACE_POLL },
	{ "epoll_wait", PLACE_POLL },
	{ "epoll_pwait", PLACE_POLL },
	{ "epoll_pwait2", PLACE_POLL },
	{ "io_getevents", PLACE_POLL },
	{ "io_pgetevents", PLACE_POLL },
	{ "io_uring_enter", PLACE_POLL },
	{ "accept", PLACE_ACCEPT },
	{ "accept4", PLACE_ACCEPT },
	{ "read", PLACE_RECEIVE },
	{ "readv", PLACE_RECEIVE },
	{ "recvfrom", PLACE_RECEIVE },
	{ "recvmsg", PLACE_RECEIVE },
	{ "recvmmsg", PLACE_RECEIVE },
	{ "recvmmsg_time64", PLACE_RECEIVE },
	{ "recv", PLACE_RECEIVE },
	{ "socketcall", PLACE_RECEIVE },
	{ "splice", PLACE_RECEIVE },
	{ "msgrcv", PLACE_RECEIVE },
	{ "mq_timedreceive", PLACE_RECEIVE },
	{ "wait4", PLACE_CHILD },
	{ "waitid", PLACE_CHILD },
	{ "waitpid", PLACE_CHILD },
	{ "vfork", PLACE_CHILD },
	{ "clone", PLACE_CHILD },
	{ "clone3", PLACE_CHILD },
	{ "futex", PLACE_LOCK },
	{ "futex_time64", PLACE_LOCK },
	{ "futex_wait", PLACE_LOCK },
	{ "futex_waitv", PLACE_LOCK },
	{ "semop", PLACE_LOCK },
	{ "semtimedop", PLACE_LOCK },
	{ "semtimedop_time64", PLACE_LOCK },
	{ "flock", PLACE_LOCK },
};

static enum place class_of(const char *name)
{
	size_t i;

	if (!name)
		return PLACE_OTHER;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!strcmp(classes[i].name, name))
			return classes[i].place;
	}
	return PLACE_OTHER;
}

enum place place_of(struct places *places, uint16_t nr, uint16_t thread_flags)
{
	uint8_t *known = thread_flags & FLIGHTREC_TASK_COMPAT ? places->compat : places->native;

	if (nr == FLIGHTREC_NR_NONE)
		return PLACE_NONE;
	if (known[nr] == PLACE_UNSET)
		known[nr] = (uint8_t)class_of(place_name(places, nr, thread_flags));
	return known[nr];
}

const char *place_name(struct places *places, uint16_t nr, uint16_t thread_flags)
{
	return flightrec_trace_syscall_name(places->trace, nr, thread_flags);
}

bool place_has_socket(enum place place)
{
	return place == PLACE_POLL || place == PLACE_ACCEPT || place == PLACE_RECEIVE ||
	       place == PLACE_OTHER;
}

bool place_has_timeout(enum place place)
{
	return place == PLACE_SLEEP || place == PLACE_POLL || place == PLACE_LOCK;
}
