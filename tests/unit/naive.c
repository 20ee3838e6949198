/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The policies, naively; see naive.h.
 */
#include "naive.h"

struct naive *naive_make(enum hec_policy_kind kind, uint32_t c)
{
	struct naive *n = test_memory(sizeof(*n));

	n->kind = kind;
	n->c = c;
	return n;
}

static void take(struct naive *n, uint32_t key)
{
	uint32_t *list = n->key[n->where[key]], *nr = &n->nr[n->where[key]], i;

	if (n->where[key] == NAIVE_NONE)
		return;
	for (i = 0; list[i] != key; i++)
		;
	--*nr;
	memmove(&list[i], &list[i + 1], (*nr - i) * sizeof(*list));
	n->where[key] = NAIVE_NONE;
}

static void move(struct naive *n, uint32_t key, enum naive_list to)
{
	take(n, key);
	n->key[to][n->nr[to]++] = key;
	n->where[key] = (uint8_t)to;
}

static void forget(struct naive *n, enum naive_list list)
{
	take(n, n->key[list][0]);
}

static uint32_t pages(const struct naive *n)
{
	return n->nr[NAIVE_Q0] + n->nr[NAIVE_Q1];
}

static void trim(struct naive *n)
{
	const uint32_t *nr = n->nr;

	while (nr[NAIVE_UP] + nr[NAIVE_OUT] + nr[NAIVE_OUT2] > n->c + n->c / 2)
		if (nr[NAIVE_OUT] + nr[NAIVE_OUT2] <= n->c / 2)
			forget(n, NAIVE_UP);
		else
			forget(n, nr[NAIVE_OUT] >= nr[NAIVE_OUT2] ? NAIVE_OUT
								  : NAIVE_OUT2);
}

/* max(1, a / b) */
static double step(uint32_t a, uint32_t b)
{
	return a <= b ? 1 : (double)a / b;
}

/* A ghost is missed. */
static void arc_learn(struct naive *n, enum naive_list was)
{
	uint32_t b1 = n->nr[NAIVE_OUT], b2 = n->nr[NAIVE_OUT2];

	if (was == NAIVE_OUT)
		n->p += step(b2, b1);
	else if (was == NAIVE_OUT2)
		n->p -= step(b1, b2);
	if (n->p > n->c)
		n->p = n->c;
	if (n->p < 0)
		n->p = 0;
}

bool naive_get(struct naive *n, uint32_t key)
{
	enum naive_list was = n->where[key];
	bool hit = was == NAIVE_Q0 || was == NAIVE_Q1;

	if (n->kind == HEC_POLICY_LRU) {
		take(n, key);
		return hit;
	}
	if (n->kind == HEC_POLICY_ARC)
		arc_learn(n, was);
	if (hit && n->uses[key] < 3)
		n->uses[key]++;
	if (was != NAIVE_NONE)
		move(n, key, NAIVE_UP);
	trim(n);
	return hit;
}

static void arc_evict(struct naive *n)
{
	const uint32_t *nr = n->nr;

	if (nr[NAIVE_Q0] && (nr[NAIVE_Q0] > n->p || !nr[NAIVE_Q1]))
		move(n, n->key[NAIVE_Q0][0], NAIVE_OUT);
	else
		move(n, n->key[NAIVE_Q1][0], NAIVE_OUT2);
}

static void arc_shorten(struct naive *n)
{
	while (n->nr[NAIVE_OUT] && n->nr[NAIVE_Q0] + n->nr[NAIVE_OUT] > n->c)
		forget(n, NAIVE_OUT);
	while (n->nr[NAIVE_OUT2] && n->nr[NAIVE_OUT] + n->nr[NAIVE_OUT2] > n->c)
		forget(n, NAIVE_OUT2);
}

/* The small queue's oldest, if it has more than a tenth; it may go to main. */
static void s3fifo_evict(struct naive *n)
{
	for (;;) {
		bool small =
			!n->nr[NAIVE_Q1] || n->nr[NAIVE_Q0] > pages(n) / 10;
		uint32_t key = n->key[small ? NAIVE_Q0 : NAIVE_Q1][0];

		if (n->uses[key] <= small) {
			n->uses[key] = 0;
			if (small)
				move(n, key, NAIVE_OUT);
			else
				take(n, key);
			break;
		}
		n->uses[key] = small ? 0 : n->uses[key] - 1;
		move(n, key, NAIVE_Q1);
	}
	while (n->nr[NAIVE_OUT] > n->c - n->c / 10)
		forget(n, NAIVE_OUT);
}

static void evict(struct naive *n)
{
	switch (n->kind) {
	case HEC_POLICY_LRU:
		forget(n, NAIVE_Q0);
		break;
	case HEC_POLICY_ARC:
		arc_evict(n);
		arc_shorten(n);
		break;
	case HEC_POLICY_S3FIFO:
		s3fifo_evict(n);
		break;
	}
	trim(n);
}

void naive_put(struct naive *n, uint32_t key)
{
	bool back;

	if (pages(n) == n->c)
		evict(n);
	back = n->where[key] == NAIVE_UP ||
	       (n->kind == HEC_POLICY_S3FIFO && n->where[key] == NAIVE_OUT);
	if (!back)
		n->uses[key] = 0;
	move(n, key, back ? NAIVE_Q1 : NAIVE_Q0);
	if (n->kind == HEC_POLICY_ARC)
		arc_shorten(n);
}
