// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of others on targets' disks that have begun and not ended: by the
 * bio or the request, since that is all that is known of an operation when it ends.  What a bio
 * tells of its sectors is used up by then.
 *
 * They are noted where nothing may wait, so some are kept in reserve.
 */
#include "pending.h"

#include <linux/hash.h>
#include <linux/mempool.h>
#include <linux/spinlock.h>

#define CHAINS_SHIFT 8
#define NR_CHAINS (1u << CHAINS_SHIFT)
#define RESERVE 256

static struct {
	spinlock_t lock;
	struct hlist_head ops;
} chains[NR_CHAINS];

static atomic_t nr_ops; /* in all chains */
static mempool_t *reserve;

int hec_pending_init(void)
{
	u32 i;

	for (i = 0; i < NR_CHAINS; i++)
		spin_lock_init(&chains[i].lock);
	reserve = mempool_create_kmalloc_pool(RESERVE,
					      sizeof(struct hec_pending));
	return reserve ? 0 : -ENOMEM;
}

/* Nothing is pending any more. */
void hec_pending_fini(void)
{
	mempool_destroy(reserve);
}

/* NULL if there is no memory. */
struct hec_pending *hec_pending_new(const void *key, struct hec_target *t)
{
	struct hec_pending *op =
		mempool_alloc(reserve, GFP_NOWAIT | __GFP_NOWARN);

	if (op)
		*op = (struct hec_pending){ .key = key, .t = t };
	return op;
}

void hec_pending_free(struct hec_pending *op)
{
	mempool_free(op, reserve);
}

void hec_pending_add(struct hec_pending *op)
{
	u32 i = hash_ptr(op->key, CHAINS_SHIFT);
	unsigned long flags;

	atomic_inc(&nr_ops);
	spin_lock_irqsave(&chains[i].lock, flags);
	hlist_add_head(&op->node, &chains[i].ops);
	spin_unlock_irqrestore(&chains[i].lock, flags);
}

/* Whether any operation is noted. */
bool hec_pending_any(void)
{
	return atomic_read(&nr_ops);
}

static bool is_of(const struct hec_pending *op, const void *key,
		  const struct hec_target *t)
{
	return (!key || op->key == key) && (!t || op->t == t);
}

/* Whether one of this key is noted, on the target or, if that is NULL, on any. */
bool hec_pending_has(const void *key, const struct hec_target *t)
{
	u32 i = hash_ptr(key, CHAINS_SHIFT);
	struct hec_pending *op;
	unsigned long flags;
	bool has = false;

	if (!hec_pending_any())
		return false;
	spin_lock_irqsave(&chains[i].lock, flags);
	hlist_for_each_entry(op, &chains[i].ops, node)
		has = has || is_of(op, key, t);
	spin_unlock_irqrestore(&chains[i].lock, flags);
	return has;
}

/* Bytes are done of some in a chain; calls @end for each that is done now. */
static void chain_done(u32 i, const void *key, const struct hec_target *t,
		       u64 bytes, hec_pending_fn *end)
{
	struct hec_pending *op;
	struct hlist_node *next;
	HLIST_HEAD(done);
	unsigned long flags;

	spin_lock_irqsave(&chains[i].lock, flags);
	hlist_for_each_entry_safe(op, next, &chains[i].ops, node) {
		if (!is_of(op, key, t))
			continue;
		op->left -= min(op->left, bytes);
		if (op->left)
			continue;
		hlist_del(&op->node);
		hlist_add_head(&op->node, &done);
		atomic_dec(&nr_ops);
	}
	spin_unlock_irqrestore(&chains[i].lock, flags);
	hlist_for_each_entry_safe(op, next, &done, node)
		end(op);
}

/* Bytes are done of what is noted under the key. */
void hec_pending_done(const void *key, u64 bytes, hec_pending_fn *end)
{
	if (hec_pending_any())
		chain_done(hash_ptr(key, CHAINS_SHIFT), key, NULL, bytes, end);
}

/* All that is noted on the target, or on any if that is NULL, ends. */
void hec_pending_end(const struct hec_target *t, hec_pending_fn *end)
{
	u32 i;

	for (i = 0; i < NR_CHAINS; i++)
		chain_done(i, NULL, t, U64_MAX, end);
}
