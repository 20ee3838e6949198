/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbering blocks by a hash table, see dense.h.
 */
#include "dense.h"

#include <stdlib.h>

#define FIRST_SLOTS 64u

static uint64_t hash(uint64_t block)
{
	block *= 0x9e3779b97f4a7c15ull;
	block = (block ^ block >> 32) * 0xd6e8feb86659fd93ull;
	return block ^ block >> 32;
}

/* Where @block is, or the free slot where it belongs. */
static uint64_t find(const struct dense *dense, uint64_t block)
{
	uint64_t i = hash(block) & dense->mask;

	while (dense->numbers[i] && dense->blocks[i] != block)
		i = (i + 1) & dense->mask;
	return i;
}

static void move_all(const struct dense *from, struct dense *to)
{
	uint64_t i, slot;

	for (i = 0; from->numbers && i <= from->mask; i++) {
		if (!from->numbers[i])
			continue;
		slot = find(to, from->blocks[i]);
		to->blocks[slot] = from->blocks[i];
		to->numbers[slot] = from->numbers[i];
	}
}

static bool grow(struct dense *dense)
{
	uint64_t slots = dense->numbers ? (dense->mask + 1) * 2 : FIRST_SLOTS;
	struct dense bigger = { .mask = slots - 1, .nr = dense->nr };

	bigger.blocks = malloc(slots * sizeof(*bigger.blocks));
	bigger.numbers = calloc(slots, sizeof(*bigger.numbers));
	if (!bigger.blocks || !bigger.numbers) {
		dense_fini(&bigger);
		return false;
	}
	move_all(dense, &bigger);
	dense_fini(dense);
	*dense = bigger;
	return true;
}

bool dense_number(struct dense *dense, uint64_t block, uint32_t *number)
{
	uint64_t slot;

	if (!dense->numbers || dense->nr > dense->mask / 2)
		if (!grow(dense))
			return false;
	slot = find(dense, block);
	if (!dense->numbers[slot]) {
		if (dense->nr == DENSE_MAX)
			return false;
		dense->blocks[slot] = block;
		dense->numbers[slot] = ++dense->nr;
	}
	*number = dense->numbers[slot] - 1;
	return true;
}

void dense_fini(struct dense *dense)
{
	free(dense->blocks);
	free(dense->numbers);
}
