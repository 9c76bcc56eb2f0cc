// SPDX-License-Identifier: GPL-2.0
/*
 * Marks: what userspace itself wants recorded, among the events.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include <flightrec_format.h>
#include "events.h"
#include "mark.h"

#define TEXT_WORDS (FLIGHTREC_MARK_TEXT_MAX / sizeof(u64))

/* Words of the record behind the first, for a text of @bytes. */
static u32 words_for(u32 fields, u32 bytes)
{
	return fields + DIV_ROUND_UP(bytes, sizeof(u64));
}

/**
 * flightrec_mark_text() - record a text
 * @text: all of it
 *
 * Return: its length, or -EMSGSIZE, -EFAULT, -ENODATA or -ENOSPC.
 */
int flightrec_mark_text(struct iov_iter *text)
{
	size_t bytes = iov_iter_count(text);
	u64 more[1 + TEXT_WORDS];
	u32 words;
	int err;

	if (bytes > FLIGHTREC_MARK_TEXT_MAX)
		return -EMSGSIZE;
	words = words_for(1, bytes);
	more[words - 1] = 0;
	more[0] = bytes | FLIGHTREC_MARK_SHORT;
	if (copy_from_iter(more + 1, bytes, text) != bytes)
		return -EFAULT;
	err = flightrec_events_mark(more, words);
	return err ?: bytes;
}

/**
 * flightrec_mark_region() - record what FLIGHTREC_MARK says
 * @mark: as userspace gave it
 *
 * Return: 0, or -EINVAL, -EMSGSIZE, -EFAULT, -ENODATA or -ENOSPC.
 */
int flightrec_mark_region(const struct flightrec_mark *mark)
{
	u64 more[3 + TEXT_WORDS];
	u32 words;

	BUILD_BUG_ON(1 + ARRAY_SIZE(more) >= 1 << FLIGHTREC_LONG_WORDS_BITS);
	if (mark->kind > FLIGHTREC_MARK_END || mark->reserved)
		return -EINVAL;
	if (mark->text_bytes > FLIGHTREC_MARK_TEXT_MAX)
		return -EMSGSIZE;
	words = words_for(3, mark->text_bytes);
	more[words - 1] = 0;
	more[0] = mark->text_bytes | mark->kind << FLIGHTREC_MARK_KIND_SHIFT;
	more[1] = mark->id;
	more[2] = mark->parent;
	if (copy_from_user(more + 3, u64_to_user_ptr(mark->text), mark->text_bytes))
		return -EFAULT;
	return flightrec_events_mark(more, words);
}
