// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: which block a guest frame holds, and which frames hold a block (the
 * two maps of Lu and Shen, Virtual Machine Memory Access Tracing with
 * Hypervisor Exclusive Cache, USENIX ATC 2007).
 *
 *     frame:     0     1     2     3
 *             +-----+-----+-----+-----+--
 *     entry   |where|  0  |where|where|     where = slot of the target, block
 *             |seal |     |seal |seal |     seal  = the content (seal.c)
 *             +-----+-----+-----+-----+--
 *     next       |           |     |        the chain of frames whose where
 *     head[hash(where)]  ----+-----+        has the same hash
 *
 * A link says: "the block holds a content of this seal".  It dies when anyone
 * writes the block, whatever page the data come from (write.c).  It need not
 * die when the page is changed, freed, migrated or used otherwise, for it says
 * nothing about the page: that has the same content if its seal is the same.
 * This is the deviation from the paper, which drops a pair as soon as the page
 * may have been written, and one of two pairs of one block.
 *
 * A link is announced when a bio is submitted and confirmed when it completes:
 *  - a read: the content is the page's at completion.  The page is locked, or
 *    its buffer is, and it is not up to date: nobody else touches it (read.c);
 *  - a write: the content is the page's at submission, *provided that* nobody
 *    changes it before the device has fetched it.  Whoever changes the page
 *    dirties it, afterwards at the latest, and a page that is dirtied loses its
 *    link, announced or confirmed (evict.c).
 * Two bios that use one page at a time take each other's announcement away.  An
 * announcement dies with a write to the block like a confirmed link, so that
 * one that still stands at completion is true.
 *
 * Locking: a chain's lock protects the chain and the entries in it.  An entry
 * in no chain has where == 0, and whoever changes that to its own wins it.
 *
 * The table has an entry for each frame there was at its creation; frames that
 * are plugged in later have no links.  22 to 24 bytes a frame, 0.6 % of memory,
 * only while there is a hypervisor with a cache.
 */
#include "link.h"

#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#define UNCONFIRMED (1ull << 63)
#define NR_LOCKS 256
#define FRAMES_MAX (1ull << 32) /* a chain keeps frame + 1 in 32 bits */

struct link_table {
	unsigned long nr_frames;
	unsigned int head_bits;
	struct hec_link *entry; /* [chain lock] nr_frames */
	u32 *next; /* [chain lock] nr_frames, frame + 1 or 0 */
	u32 *head; /* [chain lock] 1 << head_bits, frame + 1 or 0 */
};

static struct link_table __rcu *table;
static struct link_table *retired; /* between retire and destroy */
static spinlock_t locks[NR_LOCKS] = {
	[0 ... NR_LOCKS - 1] = __SPIN_LOCK_UNLOCKED(locks),
};

static unsigned long count_frames(void)
{
	unsigned long end = 0;
	int nid;

	for_each_online_node(nid)
		end = max(end, node_end_pfn(nid));
	return min_t(u64, end, FRAMES_MAX - 1);
}

static void table_free(struct link_table *links)
{
	if (!links)
		return;
	vfree(links->head);
	vfree(links->next);
	vfree(links->entry);
	kfree(links);
}

static struct link_table *table_alloc(unsigned long nr_frames)
{
	struct link_table *links = kzalloc(sizeof(*links), GFP_KERNEL);

	if (!links)
		return NULL;
	links->nr_frames = nr_frames;
	links->head_bits = ilog2(nr_frames);
	links->entry = vzalloc(nr_frames * sizeof(*links->entry));
	links->next = vzalloc(nr_frames * sizeof(*links->next));
	links->head = vzalloc(sizeof(*links->head) << links->head_bits);
	if (links->entry && links->next && links->head)
		return links;
	table_free(links);
	return NULL;
}

int hec_links_create(void)
{
	struct link_table *links = table_alloc(count_frames());

	rcu_assign_pointer(table, links);
	return links ? 0 : -ENOMEM;
}

/* No link can be made or used once a grace period has passed. */
void hec_links_retire(void)
{
	retired = rcu_replace_pointer(table, NULL, true);
}

void hec_links_destroy(void)
{
	table_free(retired);
	retired = NULL;
}

static u32 hash_of(const struct link_table *links, u64 where)
{
	return hash_64(where, links->head_bits);
}

static spinlock_t *lock_of(u32 hash)
{
	return &locks[hash % NR_LOCKS];
}

/* The chain's lock is held for what follows. */

static void chain_add(struct link_table *links, u32 hash, unsigned long pfn)
{
	links->next[pfn] = links->head[hash];
	links->head[hash] = pfn + 1;
}

/* Takes the frame that *@at names out of its chain. */
static void chain_remove(struct link_table *links, u32 *at)
{
	unsigned long pfn = *at - 1;

	*at = links->next[pfn];
	smp_store_release(&links->entry[pfn].where, 0);
}

static void chain_remove_frame(struct link_table *links, u32 hash,
			       unsigned long pfn)
{
	u32 *at = &links->head[hash];

	while (*at != pfn + 1)
		at = &links->next[*at - 1];
	chain_remove(links, at);
}

static void chain_remove_where(struct link_table *links, u32 hash, u64 where)
{
	u32 *at = &links->head[hash];

	while (*at) {
		if ((links->entry[*at - 1].where & ~UNCONFIRMED) == where)
			chain_remove(links, at);
		else
			at = &links->next[*at - 1];
	}
}

/*
 * Locks the chain of a frame's link.  Returns the entry, or NULL and no lock
 * held if there is none.  A link that appears at the same time is not seen.
 */
static struct hec_link *entry_lock(struct link_table *links, unsigned long pfn,
				   u32 *hash, unsigned long *flags)
{
	struct hec_link *entry;
	u64 where;

	if (!links || pfn >= links->nr_frames)
		return NULL;
	entry = &links->entry[pfn];
	where = READ_ONCE(entry->where) & ~UNCONFIRMED;
	if (!where)
		return NULL;
	*hash = hash_of(links, where);
	spin_lock_irqsave(lock_of(*hash), *flags);
	if ((entry->where & ~UNCONFIRMED) == where)
		return entry;
	spin_unlock_irqrestore(lock_of(*hash), *flags);
	return NULL;
}

/*
 * Removes a frame's link, if it has one; false if it was unconfirmed.  When a
 * page is dirtied, its dirty bit was set before with a full barrier: the
 * announcer sees it if this does not see the announcement.
 */
static bool drop(struct link_table *links, unsigned long pfn)
{
	unsigned long flags;
	struct hec_link *entry;
	bool confirmed;
	u32 hash;

	entry = entry_lock(links, pfn, &hash, &flags);
	if (!entry)
		return true;
	confirmed = !(entry->where & UNCONFIRMED);
	chain_remove_frame(links, hash, pfn);
	spin_unlock_irqrestore(lock_of(hash), flags);
	return confirmed;
}

void hec_link_drop(unsigned long pfn)
{
	rcu_read_lock();
	drop(rcu_dereference(table), pfn);
	rcu_read_unlock();
}

/* Enters an unconfirmed link of a frame that has none. */
static bool enter(struct link_table *links, unsigned long pfn,
		  const struct hec_link *link)
{
	struct hec_link *entry = &links->entry[pfn];
	u32 hash = hash_of(links, link->where);
	unsigned long flags;
	bool won;

	spin_lock_irqsave(lock_of(hash), flags);
	won = !cmpxchg(&entry->where, 0, link->where | UNCONFIRMED);
	if (won) {
		entry->seal = link->seal;
		chain_add(links, hash, pfn);
	}
	spin_unlock_irqrestore(lock_of(hash), flags);
	return won;
}

/*
 * Announces a link, which counts for nothing before it is confirmed.  False if
 * the frame cannot have one now.  Implies a full barrier if true.
 */
bool hec_link_announce(unsigned long pfn, const struct hec_link *link)
{
	struct link_table *links;
	bool announced = false;

	rcu_read_lock();
	links = rcu_dereference(table);
	if (links && pfn < links->nr_frames && drop(links, pfn))
		announced = enter(links, pfn, link);
	rcu_read_unlock();
	smp_mb(); /* pairs with the one in hec_links_written() */
	return announced;
}

/* Confirms a link if it stands announced; @seal replaces its own if given. */
bool hec_link_confirm(unsigned long pfn, u64 where, const u64 *seal)
{
	struct hec_link *entry;
	unsigned long flags;
	bool stands = false;
	u32 hash;

	rcu_read_lock();
	entry = entry_lock(rcu_dereference(table), pfn, &hash, &flags);
	if (entry) {
		stands = entry->where == (where | UNCONFIRMED);
		if (stands && seal)
			entry->seal = *seal;
		if (stands)
			WRITE_ONCE(entry->where, where);
		spin_unlock_irqrestore(lock_of(hash), flags);
	}
	rcu_read_unlock();
	return stands;
}

/* Copies a frame's link, if it has one that is confirmed. */
bool hec_link_look(unsigned long pfn, struct hec_link *link)
{
	struct hec_link *entry;
	unsigned long flags;
	bool confirmed = false;
	u32 hash;

	rcu_read_lock();
	entry = entry_lock(rcu_dereference(table), pfn, &hash, &flags);
	if (entry) {
		*link = *entry;
		confirmed = !(entry->where & UNCONFIRMED);
		spin_unlock_irqrestore(lock_of(hash), flags);
	}
	rcu_read_unlock();
	return confirmed;
}

/* Removes a frame's link; true if it was still @link. */
bool hec_link_take(unsigned long pfn, const struct hec_link *link)
{
	struct hec_link now;
	bool same = hec_link_look(pfn, &now) && now.where == link->where &&
		    now.seal == link->seal;

	hec_link_drop(pfn);
	return same;
}

static void drop_block(struct link_table *links, u64 where)
{
	u32 hash = hash_of(links, where);
	unsigned long flags;

	if (!READ_ONCE(links->head[hash]))
		return;
	spin_lock_irqsave(lock_of(hash), flags);
	chain_remove_where(links, hash, where);
	spin_unlock_irqrestore(lock_of(hash), flags);
}

/* Drops the links to blocks from @first on, looking at each frame. */
static void drop_range(struct link_table *links, u64 first, u64 nr)
{
	unsigned long pfn;
	u64 where;

	for (pfn = 0; pfn < links->nr_frames; pfn++) {
		where = READ_ONCE(links->entry[pfn].where) & ~UNCONFIRMED;
		if (where && where - first < nr)
			drop(links, pfn);
	}
}

/*
 * The blocks are being written: no link to them stands.  An announcement that
 * appears at the same time is its maker's care (hec_blocks_quiet()).
 */
void hec_links_written(u64 first, u64 nr)
{
	struct link_table *links;
	u64 i;

	/*
	 * The write has entered its buckets and now looks for links, with no
	 * lock; the announcer has entered its link and then looks into the
	 * bucket: one of them sees the other.
	 */
	smp_mb();
	rcu_read_lock();
	links = rcu_dereference(table);
	if (links && nr >= links->nr_frames)
		drop_range(links, first, nr);
	else
		for (i = 0; links && i < nr; i++)
			drop_block(links, first + i);
	rcu_read_unlock();
}
