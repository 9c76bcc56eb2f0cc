// SPDX-License-Identifier: GPL-2.0
/*
 * Mutations of snapshots.
 *
 * Nothing gets behind a checksum by chance, so that every block is sealed again
 * after it was changed, but for a few. Half of the changes are libFuzzer's own, of
 * any bytes; the others know where blocks, fields and records are.
 */
#include <stdbool.h>
#include <string.h>
#include <xxhash.h>

#include "flightrec_format.h"
#include "fuzz.h"

#define WORD	   sizeof(uint64_t)
#define BLOCKS_MAX 64

/* Provided by libFuzzer. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
				 size_t second_size, uint8_t *out, size_t max_size,
				 unsigned int seed);

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
	dice->state = dice->state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(dice->state >> 33) % sides;
}

/* What lies at @at, at whatever address. */
static uint64_t load(const uint8_t *at)
{
	uint64_t word;

	memcpy(&word, at, WORD);
	return word;
}

static void store(uint8_t *at, uint64_t word)
{
	memcpy(at, &word, WORD);
}

struct file {
	uint8_t *data;
	size_t size;
	size_t room;
	size_t blocks[BLOCKS_MAX];
	uint32_t count;
};

static struct flightrec_block block_at(const struct file *file, size_t offset)
{
	struct flightrec_block block;

	memcpy(&block, file->data + offset, sizeof(block));
	return block;
}

/* Finds the blocks, as far as one leads to the next. */
static void find_blocks(struct file *file)
{
	size_t offset = 0;

	file->count = 0;
	while (offset + sizeof(struct flightrec_block) <= file->size && file->count < BLOCKS_MAX) {
		struct flightrec_block block = block_at(file, offset);

		if (block.magic != FLIGHTREC_BLOCK_MAGIC) {
			offset += WORD;
			continue;
		}
		file->blocks[file->count++] = offset;
		if (block.bytes >= sizeof(block) && block.bytes <= file->size - offset)
			offset += block.bytes / WORD * WORD;
		else
			offset += WORD;
	}
}

static void seal(struct file *file, struct dice *dice)
{
	const size_t at = offsetof(struct flightrec_block, checksum);

	find_blocks(file);
	for (uint32_t i = 0; i < file->count; i++) {
		size_t offset = file->blocks[i];
		struct flightrec_block block = block_at(file, offset);
		size_t left = file->size - offset;

		/* What reaches beyond the file mostly is made to end with it. */
		if (block.bytes > left && roll(dice, 8)) {
			block.bytes = left / WORD * WORD;
			memcpy(file->data + offset, &block, sizeof(block));
		}
		if (block.bytes > left || block.bytes < sizeof(block) || !roll(dice, 64))
			continue;
		store(file->data + offset + at, 0);
		store(file->data + offset + at, XXH64(file->data + offset, block.bytes, 0));
	}
}

/* A number that programs get wrong. */
static uint64_t odd_number(struct dice *dice)
{
	uint64_t number = 1ULL << roll(dice, 64);

	switch (roll(dice, 6)) {
	case 0:
		return roll(dice, 16);
	case 1:
		return number - 1;
	case 2:
		return number;
	case 3:
		return number + 1;
	case 4:
		return -(uint64_t)roll(dice, 16);
	default:
		return (uint64_t)roll(dice, UINT32_MAX) << roll(dice, 33);
	}
}

/* The first word of a record, mostly about one of a few threads. */
static uint64_t some_record(struct dice *dice)
{
	uint64_t tid = roll(dice, 8) ? roll(dice, 12) : roll(dice, 1 << FLIGHTREC_TID_BITS);
	uint64_t word = tid << FLIGHTREC_TID_SHIFT | (uint64_t)roll(dice, 1 << FLIGHTREC_TIME_BITS)
							     << FLIGHTREC_TIME_SHIFT;
	uint64_t type = roll(dice, 2) ? 1 + roll(dice, 4) : 15 + roll(dice, 9);
	uint64_t words = roll(dice, 4) ? 1 + roll(dice, 6) : roll(dice, 256);

	switch (roll(dice, 4)) {
	case 0:
		return word | FLIGHTREC_TAG_SWITCH |
		       (uint64_t)roll(dice, 11) << FLIGHTREC_SWITCH_STATE_SHIFT |
		       (uint64_t)roll(dice, 300) << FLIGHTREC_SWITCH_NR_SHIFT;
	case 1:
		return word | FLIGHTREC_TAG_WAKING |
		       (uint64_t)roll(dice, 4) << FLIGHTREC_WAKING_CPU_SHIFT |
		       (uint64_t)roll(dice, 4) << FLIGHTREC_WAKING_CONTEXT_SHIFT;
	case 2:
		return word | FLIGHTREC_TAG_LONG | type << FLIGHTREC_LONG_TYPE_SHIFT |
		       words << FLIGHTREC_LONG_WORDS_SHIFT;
	default:
		return word | roll(dice, 4) | odd_number(dice) << 24;
	}
}

/* Changes one word of a block: a field of its header, or a record. */
static void change_word(const struct file *file, size_t offset, size_t bytes, struct dice *dice)
{
	uint8_t *at = file->data + offset + roll(dice, bytes / WORD) * WORD;
	uint64_t word = load(at);
	uint32_t number;

	switch (roll(dice, 8)) {
	case 0:
		word ^= 1ULL << roll(dice, 64);
		break;
	case 1:
		word = odd_number(dice);
		break;
	case 2:
		word += (uint64_t)roll(dice, 64) - 32;
		break;
	case 3:
		word = load(file->data + roll(dice, file->size / WORD) * WORD);
		break;
	case 4:
		number = (uint32_t)odd_number(dice);
		memcpy((uint8_t *)&word + roll(dice, 2) * sizeof(number), &number, sizeof(number));
		break;
	case 5:
		/* Its time, or a clock's upper bits. */
		word += odd_number(dice) << FLIGHTREC_TIME_SHIFT;
		break;
	default:
		word = some_record(dice);
		break;
	}
	store(at, word);
}

/* Sets a block's size, and that of a segment's data, as if it had grown or shrunk. */
static void resize_block(const struct file *file, size_t offset, int64_t by)
{
	struct flightrec_block block = block_at(file, offset);
	const size_t at = offset + offsetof(struct flightrec_segment, data_bytes);
	uint32_t data_bytes;

	block.bytes += by;
	memcpy(file->data + offset, &block, sizeof(block));
	if (block.type != FLIGHTREC_BLOCK_SEGMENT || at + sizeof(data_bytes) > file->size)
		return;
	memcpy(&data_bytes, file->data + at, sizeof(data_bytes));
	data_bytes += (uint32_t)by;
	memcpy(file->data + at, &data_bytes, sizeof(data_bytes));
}

/* Makes room for @bytes at @at, or takes them away if they're negative. */
static bool shift(struct file *file, size_t at, int64_t bytes)
{
	if (bytes > 0 && file->size + bytes > file->room)
		return false;
	if (bytes < 0 && at + -bytes > file->size)
		return false;
	if (bytes > 0)
		memmove(file->data + at + bytes, file->data + at, file->size - at);
	else
		memmove(file->data + at, file->data + at - bytes, file->size - at + bytes);
	file->size += bytes;
	return true;
}

/* One of the places in a block behind its header, which may be its end. */
static size_t place_in(const struct file *file, size_t offset, struct dice *dice)
{
	struct flightrec_block block = block_at(file, offset);
	size_t end = block.bytes < file->size - offset ? block.bytes : file->size - offset;
	size_t start = block.header_bytes < end ? block.header_bytes : end;

	return offset + start / WORD * WORD + roll(dice, (end - start) / WORD + 1) * WORD;
}

static void insert_records(struct file *file, size_t offset, struct dice *dice)
{
	size_t at = place_in(file, offset, dice);
	uint32_t words = 1 + roll(dice, 7);

	if (!shift(file, at, words * WORD))
		return;
	for (uint32_t i = 0; i < words; i++)
		store(file->data + at + i * WORD, some_record(dice));
	resize_block(file, offset, words * WORD);
}

static void remove_words(struct file *file, size_t offset, struct dice *dice)
{
	size_t at = place_in(file, offset, dice);
	int64_t bytes = (roll(dice, 8) ? 1 + roll(dice, 8) : roll(dice, 200)) * WORD;

	if (shift(file, at, -bytes))
		resize_block(file, offset, -bytes);
}

/* Part of the file once more, behind a block: all of another block, or words. */
static void copy_part(struct file *file, size_t from, size_t bytes, size_t to, size_t grows)
{
	uint8_t part[4096];

	if (bytes > sizeof(part) || from + bytes > file->size || to > file->size)
		return;
	memcpy(part, file->data + from, bytes);
	if (!shift(file, to, bytes))
		return;
	memcpy(file->data + to, part, bytes);
	if (grows != SIZE_MAX)
		resize_block(file, grows, bytes);
}

static void copy_block(struct file *file, size_t offset, struct dice *dice)
{
	size_t to = roll(dice, 4) ? file->blocks[roll(dice, file->count)]
				  : file->size / WORD * WORD;

	copy_part(file, offset, block_at(file, offset).bytes, to, SIZE_MAX);
}

static void copy_words(struct file *file, size_t offset, struct dice *dice)
{
	size_t other = file->blocks[roll(dice, file->count)];
	size_t from = place_in(file, other, dice);
	size_t bytes = (1 + roll(dice, 12)) * WORD;

	copy_part(file, from, bytes, place_in(file, offset, dice), offset);
}

static void remove_block(struct file *file, size_t offset)
{
	uint64_t bytes = block_at(file, offset).bytes;

	if (bytes <= file->size - offset)
		shift(file, offset, -(int64_t)bytes);
}

/* The fields of a segment that others depend on. */
static void change_segment(const struct file *file, size_t offset, struct dice *dice)
{
	struct flightrec_segment segment;
	size_t bytes = sizeof(segment);

	if (bytes > file->size - offset)
		return;
	memcpy(&segment, file->data + offset, bytes);
	if (segment.block.type == FLIGHTREC_BLOCK_HEADER)
		return;
	switch (roll(dice, 9)) {
	case 0:
		segment.cpu = roll(dice, 4) ? roll(dice, 4) : (uint32_t)odd_number(dice);
		break;
	case 1:
		segment.flags = roll(dice, 8);
		break;
	case 2:
		segment.seq = roll(dice, 4) ? 1 + roll(dice, 6) : odd_number(dice);
		break;
	case 3:
		segment.start_clock += (uint64_t)roll(dice, 1 << 20) - (1 << 19);
		break;
	case 4:
		segment.end_clock = segment.start_clock + roll(dice, 1 << 24);
		break;
	case 5:
		segment.start_tid = roll(dice, 12);
		break;
	case 6:
		segment.lost = roll(dice, 2) ? roll(dice, 3) : odd_number(dice);
		break;
	case 7:
		segment.block.type = 1 + roll(dice, 7);
		break;
	default:
		segment.pair_clock += odd_number(dice);
		break;
	}
	memcpy(file->data + offset, &segment, bytes);
}

static void change_block(struct file *file, struct dice *dice)
{
	size_t offset = file->blocks[roll(dice, file->count)];
	uint64_t bytes = block_at(file, offset).bytes;

	if (bytes > file->size - offset)
		bytes = file->size - offset;
	switch (roll(dice, 12)) {
	case 0:
	case 1:
		insert_records(file, offset, dice);
		break;
	case 2:
		remove_words(file, offset, dice);
		break;
	case 3:
		copy_words(file, offset, dice);
		break;
	case 4:
		copy_block(file, offset, dice);
		break;
	case 5:
		remove_block(file, offset);
		break;
	case 6:
	case 7:
		change_segment(file, offset, dice);
		break;
	default:
		if (bytes >= WORD)
			change_word(file, offset, bytes, dice);
		break;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	struct file file = { .data = data, .size = size, .room = max_size };
	struct dice dice = { .state = seed };
	uint32_t changes = 1 + roll(&dice, 4);

	find_blocks(&file);
	if (!file.count || !roll(&dice, 3))
		file.size = LLVMFuzzerMutate(data, size, max_size);
	else
		for (; changes && file.count; changes--) {
			change_block(&file, &dice);
			find_blocks(&file);
		}
	seal(&file, &dice);
	return file.size;
}

/* A block of the second one before one of the first, or in its place. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
				 size_t second_size, uint8_t *out, size_t max_size,
				 unsigned int seed)
{
	struct file file = { .data = out, .room = max_size };
	struct file other = { .data = (uint8_t *)second, .size = second_size };
	struct dice dice = { .state = seed };
	size_t from, to, bytes;

	file.size = first_size < max_size ? first_size : max_size;
	memcpy(out, first, file.size);
	find_blocks(&file);
	find_blocks(&other);
	if (!file.count || !other.count)
		return file.size;
	from = other.blocks[roll(&dice, other.count)];
	to = file.blocks[roll(&dice, file.count)];
	bytes = block_at(&other, from).bytes;
	if (bytes > second_size - from)
		return file.size;
	if (roll(&dice, 2))
		remove_block(&file, to);
	if (to <= file.size && shift(&file, to, bytes))
		memcpy(out + to, second + from, bytes);
	seal(&file, &dice);
	return file.size;
}
