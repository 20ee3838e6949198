// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links: which block a guest frame holds, and which frames hold a block (the
 * two maps of Lu and Shen, Virtual Machine Memory Access Tracing with
 * Hypervisor Exclusive Cache, USENIX ATC 2007).
 *
 *     frame:     0     1     2     3
 *             +-----+-----+-----+-----+--
 *     entry   |where|  0  |where|where|     where = slot of the target, place
 *             |seal |     |seal |seal |     seal  = the content (seal.c)
 *             |next |     |next |next |     next  = the chain of frames whose
 *             +-----+-----+-----+-----+--           where has the same hash
 *     head[hash(where)]  ----+-----+
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
 * Ranges.  A discard may be of millions of blocks, few of which have links.  So
 * links are counted by region, on two levels: regions of 2^16 places, and of 2^6.
 * A count is kept under the hash of the region's number, with others', which makes
 * it too large but never too small.  Whoever drops the links of a range passes over
 * regions that have none.
 *
 * Entries are in pages of 170, made when a frame of theirs has its first link.  So
 * holes in the frames' numbers cost nothing, and frames that are plugged in later
 * have links as others.  Nothing waits for such a page; without it there is no link.  It
 * is not of the kernel's last reserves, though the kernel swaps pages out with them.  It is
 * 24 bytes a linked frame, and at most 5 for each frame of the machine, only while
 * there is a hypervisor with a cache.
 */
#include "link.h"

#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#define UNCONFIRMED (1ull << 63)
#define NR_LOCKS 256
#define FRAMES_MAX U32_MAX /* a chain keeps frame + 1 in 32 bits */

#define NR_LEVELS 2

static const unsigned int region_shift[NR_LEVELS] = { 16, 6 };

#define SMALL_REGION (1ull << 6)

struct entry {
	struct hec_link link; /* [chain lock] */
	u32 next; /* [chain lock] frame + 1 or 0 */
};

#define PAGE_ENTRIES (PAGE_SIZE / sizeof(struct entry))

struct link_table {
	unsigned int head_bits;
	unsigned int region_bits;
	u32 *head; /* [chain lock] 1 << head_bits, frame + 1 or 0 */
	atomic_t *region; /* 1 << region_bits, links in them */
	struct xarray pages; /* of entries, by frame / PAGE_ENTRIES */
};

static struct link_table __rcu *table;
static struct link_table *retired; /* between retire and destroy */
static spinlock_t locks[NR_LOCKS] = {
	[0 ... NR_LOCKS - 1] = __SPIN_LOCK_UNLOCKED(locks),
};

static void table_free(struct link_table *links)
{
	unsigned long i;
	void *page;

	if (!links)
		return;
	xa_for_each(&links->pages, i, page) {
		free_page((unsigned long)page);
		cond_resched();
	}
	xa_destroy(&links->pages);
	vfree(links->region);
	vfree(links->head);
	kfree(links);
}

static struct link_table *table_alloc(unsigned long nr_frames)
{
	struct link_table *links = kzalloc(sizeof(*links), GFP_KERNEL);

	if (!links)
		return NULL;
	xa_init_flags(&links->pages, XA_FLAGS_LOCK_IRQ);
	links->head_bits = ilog2(nr_frames);
	links->region_bits = links->head_bits - 3;
	links->head = vzalloc(sizeof(*links->head) << links->head_bits);
	links->region = vzalloc(sizeof(*links->region) << links->region_bits);
	if (links->head && links->region)
		return links;
	table_free(links);
	return NULL;
}

int hec_links_create(void)
{
	struct link_table *links = table_alloc(totalram_pages());

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

/* A frame's entry, or NULL: it never had a link. */
static struct entry *entry_of(struct link_table *links, unsigned long pfn)
{
	struct entry *page = xa_load(&links->pages, pfn / PAGE_ENTRIES);

	return page ? &page[pfn % PAGE_ENTRIES] : NULL;
}

/* Makes the page of a frame's entry; does not wait for memory. */
static void make_entry(struct link_table *links, unsigned long pfn)
{
	const gfp_t gfp =
		GFP_NOWAIT | __GFP_NOWARN | __GFP_HIGH | __GFP_NOMEMALLOC;
	unsigned long page = __get_free_page(gfp | __GFP_ZERO);
	unsigned long flags;
	void *other;

	if (!page)
		return;
	xa_lock_irqsave(&links->pages, flags);
	other = __xa_cmpxchg(&links->pages, pfn / PAGE_ENTRIES, NULL,
			     (void *)page, gfp);
	xa_unlock_irqrestore(&links->pages, flags);
	if (other)
		free_page(page); /* another was faster, or no memory */
}

/* The same, made if there is none; NULL: no memory. */
static struct entry *entry_made(struct link_table *links, unsigned long pfn)
{
	struct entry *entry = entry_of(links, pfn);

	if (entry || pfn >= FRAMES_MAX)
		return entry;
	make_entry(links, pfn);
	return entry_of(links, pfn);
}

static atomic_t *region_of(struct link_table *links, u64 where, u32 level)
{
	u64 region = where >> region_shift[level];

	return &links->region[hash_64(region * NR_LEVELS + level,
				      links->region_bits)];
}

static void count_link(struct link_table *links, u64 where, int by)
{
	u32 level;

	for (level = 0; level < NR_LEVELS; level++)
		atomic_add(by, region_of(links, where, level));
}

/* The chain's lock is held for what follows. */

static void chain_add(struct link_table *links, u32 hash, unsigned long pfn,
		      struct entry *entry)
{
	count_link(links, entry->link.where & ~UNCONFIRMED, 1);
	entry->next = links->head[hash];
	links->head[hash] = pfn + 1;
}

/* Takes the entry of the frame that *@at names out of its chain. */
static void chain_remove(struct link_table *links, u32 *at, struct entry *entry)
{
	*at = entry->next;
	count_link(links, entry->link.where & ~UNCONFIRMED, -1);
	smp_store_release(&entry->link.where, 0);
}

static void chain_remove_frame(struct link_table *links, u32 hash,
			       unsigned long pfn, struct entry *entry)
{
	u32 *at = &links->head[hash];

	while (*at != pfn + 1)
		at = &entry_of(links, *at - 1)->next;
	chain_remove(links, at, entry);
}

static void chain_remove_where(struct link_table *links, u32 hash, u64 where)
{
	u32 *at = &links->head[hash];
	struct entry *entry;

	while (*at) {
		entry = entry_of(links, *at - 1);
		if ((entry->link.where & ~UNCONFIRMED) == where)
			chain_remove(links, at, entry);
		else
			at = &entry->next;
	}
}

/*
 * Locks the chain of an entry's link.  False, and no lock held, if it has none.  A link
 * that appears at the same time is not seen.
 */
static bool entry_lock(struct link_table *links, struct entry *entry, u32 *hash,
		       unsigned long *flags)
{
	u64 where = READ_ONCE(entry->link.where) & ~UNCONFIRMED;

	if (!where)
		return false;
	*hash = hash_of(links, where);
	spin_lock_irqsave(lock_of(*hash), *flags);
	if ((entry->link.where & ~UNCONFIRMED) == where)
		return true;
	spin_unlock_irqrestore(lock_of(*hash), *flags);
	return false;
}

/* The same of a frame; returns its entry, or NULL. */
static struct entry *frame_lock(struct link_table *links, unsigned long pfn,
				u32 *hash, unsigned long *flags)
{
	struct entry *entry = links ? entry_of(links, pfn) : NULL;

	return entry && entry_lock(links, entry, hash, flags) ? entry : NULL;
}

/*
 * Removes a frame's link, if its entry has one; false if it was unconfirmed.  When a
 * page is dirtied, its dirty bit was set before with a full barrier: the
 * announcer sees it if this does not see the announcement.
 */
static bool drop(struct link_table *links, unsigned long pfn,
		 struct entry *entry)
{
	unsigned long flags;
	bool confirmed;
	u32 hash;

	if (!entry_lock(links, entry, &hash, &flags))
		return true;
	confirmed = !(entry->link.where & UNCONFIRMED);
	chain_remove_frame(links, hash, pfn, entry);
	spin_unlock_irqrestore(lock_of(hash), flags);
	return confirmed;
}

void hec_link_drop(unsigned long pfn)
{
	hec_links_drop(pfn, 1);
}

/* The same of @nr frames: most of those that have no link cost one look. */
void hec_links_drop(unsigned long pfn, unsigned long nr)
{
	unsigned long end = pfn + nr;
	struct link_table *links;
	struct entry *entry;

	rcu_read_lock();
	links = rcu_dereference(table);
	for (entry = NULL; links && pfn < end; pfn++) {
		entry = pfn % PAGE_ENTRIES && entry ? entry + 1
						    : entry_of(links, pfn);
		if (!entry)
			pfn += PAGE_ENTRIES - 1 - pfn % PAGE_ENTRIES;
		else if (READ_ONCE(entry->link.where))
			drop(links, pfn, entry);
	}
	rcu_read_unlock();
}

/* Enters an unconfirmed link of a frame that has none. */
static bool enter(struct link_table *links, unsigned long pfn,
		  struct entry *entry, const struct hec_link *link)
{
	u32 hash = hash_of(links, link->where);
	unsigned long flags;
	bool won;

	spin_lock_irqsave(lock_of(hash), flags);
	won = !cmpxchg(&entry->link.where, 0, link->where | UNCONFIRMED);
	if (won) {
		entry->link.seal = link->seal;
		chain_add(links, hash, pfn, entry);
	}
	spin_unlock_irqrestore(lock_of(hash), flags);
	return won;
}

/* From here on writes look for links in the link's plane, too. */
static void open_plane(struct hec_target *t, u64 where)
{
	u32 plane = hec_place_plane(hec_where_place(where));

	if (!test_bit(plane, &t->planes))
		set_bit(plane, &t->planes);
}

/*
 * Announces a link, which counts for nothing before it is confirmed.  False if
 * the frame cannot have one now.  Implies a full barrier if true.
 */
bool hec_link_announce(struct hec_target *t, unsigned long pfn,
		       const struct hec_link *link)
{
	struct link_table *links;
	struct entry *entry;
	bool announced = false;

	open_plane(t, link->where);
	rcu_read_lock();
	links = rcu_dereference(table);
	entry = links ? entry_made(links, pfn) : NULL;
	if (entry && drop(links, pfn, entry))
		announced = enter(links, pfn, entry, link);
	rcu_read_unlock();
	smp_mb(); /* pairs with the one in hec_links_written() */
	return announced;
}

/* Confirms a link if it stands announced; @seal replaces its own if given. */
bool hec_link_confirm(unsigned long pfn, u64 where, const u64 *seal)
{
	struct entry *entry;
	unsigned long flags;
	bool stands = false;
	u32 hash;

	rcu_read_lock();
	entry = frame_lock(rcu_dereference(table), pfn, &hash, &flags);
	if (entry) {
		stands = entry->link.where == (where | UNCONFIRMED);
		if (stands && seal)
			entry->link.seal = *seal;
		if (stands)
			WRITE_ONCE(entry->link.where, where);
		spin_unlock_irqrestore(lock_of(hash), flags);
	}
	rcu_read_unlock();
	return stands;
}

/* Copies a frame's link, if it has one that is confirmed. */
bool hec_link_look(unsigned long pfn, struct hec_link *link)
{
	struct entry *entry;
	unsigned long flags;
	bool confirmed = false;
	u32 hash;

	rcu_read_lock();
	entry = frame_lock(rcu_dereference(table), pfn, &hash, &flags);
	if (entry) {
		*link = entry->link;
		confirmed = !(entry->link.where & UNCONFIRMED);
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

static void drop_place(struct link_table *links, u64 where)
{
	u32 hash = hash_of(links, where);
	unsigned long flags;

	if (!READ_ONCE(links->head[hash]))
		return;
	spin_lock_irqsave(lock_of(hash), flags);
	chain_remove_where(links, hash, where);
	spin_unlock_irqrestore(lock_of(hash), flags);
}

/*
 * The first place from @where up to @end whose region has links, or @end.  Counts
 * what it looked at.
 */
static u64 next_linked(struct link_table *links, u64 where, u64 end, u64 *looks)
{
	u32 level = 0;

	while (where < end && level < NR_LEVELS) {
		++*looks;
		if (atomic_read(region_of(links, where, level))) {
			level++;
			continue;
		}
		where = round_up(where + 1, 1ull << region_shift[level]);
		level = 0;
	}
	return min(where, end);
}

/* Drops the links to places from @where up to @end. */
static u64 drop_span(struct link_table *links, u64 where, u64 end)
{
	u64 stop, looks = 0;

	while ((where = next_linked(links, where, end, &looks)) < end) {
		stop = min(end, round_up(where + 1, SMALL_REGION));
		looks += stop - where;
		for (; where < stop; where++)
			drop_place(links, where);
	}
	return looks;
}

/*
 * The sectors are being written: no link to a page that has a part in them stands.
 * An announcement that appears at the same time is its maker's care
 * (hec_blocks_quiet()).  Returns how many looks it took.
 */
u64 hec_links_written(struct hec_target *t, sector_t first, u64 nr)
{
	struct link_table *links;
	struct hec_span span;
	u64 looks = 0;
	u32 plane;

	/*
	 * The write has entered its buckets and now looks for links, with no
	 * lock; the announcer has entered its link and then looks into the
	 * bucket: one of them sees the other.
	 */
	smp_mb();
	rcu_read_lock();
	links = rcu_dereference(table);
	for_each_set_bit(plane, &t->planes, HEC_PLANES) {
		span = hec_span(plane, first, nr);
		if (links)
			looks += drop_span(links, hec_where(t, span.first),
					   hec_where(t, span.end));
	}
	rcu_read_unlock();
	return looks;
}
