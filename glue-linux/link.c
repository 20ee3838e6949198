// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: which block a guest frame holds (the map page -> location of Lu and
 * Shen, Virtual Machine Memory Access Tracing with Hypervisor Exclusive Cache,
 * USENIX ATC 2007).
 *
 *     frame:     0     1     2     3
 *             +-----+-----+-----+-----+--
 *             |where|  0  |where|     |     where = slot of the target, block
 *             |stamp|     |stamp|     |     stamp = when the block held it
 *             |seal |     |seal |     |     seal  = the content (seal.c)
 *             +-----+-----+-----+-----+--
 *
 * A link says: "at the time `stamp` the block held a content of this seal".
 * That is a fact about the past; it stays true whatever happens to the frame.
 * So a link that outlives its page (freed, migrated, used otherwise) is no
 * danger: the put compares the content and the block's last write.  Deviation 1
 * from the paper, which removes a pair when the page may have been written: the
 * seal takes the place of that.  Deviation 2: the map location -> page is not
 * kept, the writes to each block are remembered instead (block.c).
 *
 * A link is announced when a bio is submitted and confirmed when it completes:
 *  - a read: the content is the page's at completion.  The page is locked, or
 *    its buffer is, and it is not up to date: nobody else touches it (read.c);
 *  - a write: the content is the page's at submission, *provided that* nobody
 *    changes it before the device has fetched it.  Whoever changes the page
 *    dirties it, afterwards at the latest, and a page that is dirtied loses its
 *    link, announced or confirmed (write.c, evict.c).
 * Two bios that use one page at a time take each other's announcement away.
 *
 * The table has an entry for each frame there was at its creation; frames that
 * are plugged in later have no links.  24 bytes a frame, 0.6 % of memory, only
 * while there is a hypervisor with a cache.
 */
#include "guest.h"

#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>

#define UNCONFIRMED (1ull << 63)
#define NR_LOCKS 256

struct link_table {
	unsigned long nr_frames;
	struct hec_link link[]; /* [lock of the frame] */
};

static struct link_table __rcu *table;
static struct link_table *retired; /* between retire and destroy */
static spinlock_t locks[NR_LOCKS] = {
	[0 ... NR_LOCKS - 1] = __SPIN_LOCK_UNLOCKED(locks),
};

static spinlock_t *lock_of(unsigned long pfn)
{
	return &locks[pfn % NR_LOCKS];
}

static unsigned long nr_frames(void)
{
	unsigned long end = 0;
	int nid;

	for_each_online_node (nid)
		end = max(end, node_end_pfn(nid));
	return end;
}

int hec_links_create(void)
{
	unsigned long nr = nr_frames();
	struct link_table *new = vzalloc(struct_size(new, link, nr));

	if (!new)
		return -ENOMEM;
	new->nr_frames = nr;
	rcu_assign_pointer(table, new);
	return 0;
}

/* No link can be made or used once a grace period has passed. */
void hec_links_retire(void)
{
	retired = rcu_replace_pointer(table, NULL, true);
}

void hec_links_destroy(void)
{
	vfree(retired);
	retired = NULL;
}

/* The entry of a frame, or NULL.  The caller is in an RCU read section. */
static struct hec_link *entry_of(unsigned long pfn)
{
	struct link_table *links = rcu_dereference_sched(table);

	return links && pfn < links->nr_frames ? &links->link[pfn] : NULL;
}

/*
 * Announces a link, which counts for nothing before it is confirmed.  False if
 * the frame cannot have one now.
 */
bool hec_link_announce(unsigned long pfn, const struct hec_link *link)
{
	struct hec_link *entry;
	unsigned long flags;
	bool alone;

	spin_lock_irqsave(lock_of(pfn), flags);
	entry = entry_of(pfn);
	alone = entry && !(entry->where & UNCONFIRMED);
	if (alone)
		*entry = *link;
	if (entry)
		entry->where = alone ? link->where | UNCONFIRMED : 0;
	spin_unlock_irqrestore(lock_of(pfn), flags);
	return alone;
}

/* @seal replaces the announced one if it is not NULL. */
static bool confirm(unsigned long pfn, u64 where, u64 before, u64 after,
		    const u64 *seal)
{
	struct hec_link *entry;
	unsigned long flags;
	bool stands;

	spin_lock_irqsave(lock_of(pfn), flags);
	entry = entry_of(pfn);
	stands = entry && entry->where == (where | UNCONFIRMED) &&
		 entry->stamp == before;
	if (stands) {
		entry->where = where;
		entry->stamp = after;
		entry->seal = seal ? *seal : entry->seal;
	}
	spin_unlock_irqrestore(lock_of(pfn), flags);
	return stands;
}

/* The announced link stands, with the seal that is known by now. */
bool hec_link_confirm_read(unsigned long pfn, const struct hec_link *link)
{
	return confirm(pfn, link->where, link->stamp, link->stamp, &link->seal);
}

/* The link announced at @before stands, as of @after. */
bool hec_link_confirm_write(unsigned long pfn, u64 where, u64 before, u64 after)
{
	return confirm(pfn, where, before, after, NULL);
}

/* Removes a frame's link, and returns it if it was valid. */
bool hec_link_take(unsigned long pfn, struct hec_link *link)
{
	struct hec_link *entry;
	unsigned long flags;

	link->where = 0;
	spin_lock_irqsave(lock_of(pfn), flags);
	entry = entry_of(pfn);
	if (entry) {
		*link = *entry;
		entry->where = 0;
	}
	spin_unlock_irqrestore(lock_of(pfn), flags);
	return link->where && !(link->where & UNCONFIRMED);
}

/*
 * Removes a frame's link, if it has one: most have none, so that is looked at
 * with no lock.  When a page is dirtied, its dirty bit was set before with a
 * full barrier; the announcer sees it if this does not see the announcement.
 */
void hec_link_drop(unsigned long pfn)
{
	struct hec_link *entry, link;
	bool linked;

	rcu_read_lock_sched();
	entry = entry_of(pfn);
	linked = entry && READ_ONCE(entry->where);
	rcu_read_unlock_sched();
	if (linked)
		hec_link_take(pfn, &link);
}

static void forget_one(struct hec_link *entry, unsigned long pfn, u32 slot)
{
	unsigned long flags;

	if (hec_where_slot(READ_ONCE(entry->where) & ~UNCONFIRMED) != slot)
		return;
	spin_lock_irqsave(lock_of(pfn), flags);
	if (hec_where_slot(entry->where & ~UNCONFIRMED) == slot)
		entry->where = 0;
	spin_unlock_irqrestore(lock_of(pfn), flags);
}

/* Forgets all links to a target.  The caller keeps the table from retiring. */
void hec_links_forget(u32 slot)
{
	struct link_table *links = rcu_dereference_protected(table, true);
	unsigned long pfn;

	for (pfn = 0; links && pfn < links->nr_frames; pfn++) {
		forget_one(&links->link[pfn], pfn, slot);
		if (!(pfn % 65536))
			cond_resched();
	}
}
