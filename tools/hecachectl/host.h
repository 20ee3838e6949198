/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A host with a cache, whichever hypervisor it runs: what it shows of itself and
 * what can be changed.  kvm.c and xen.c are the two kinds.
 *
 * Functions return 0 or a negative errno; beyond what the system has to say:
 *
 *     -ENODEV  there is no cache here
 *     -EACCES  not for this user, or not from this domain
 *     -ESRCH   no such client, or no such rule
 *     -EINVAL  a value is out of range
 *     -ENOSPC  more than the cache can promise, or take away
 *     -EPROTO  what the host says makes no sense: host_because() says why
 */
#ifndef HECACHECTL_HOST_H
#define HECACHECTL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hecache/policies.h>

#define PAGES_OF_MIB 256u
#define MAX_MIB (4u << 20)
#define MAX_WEIGHT 65535u
#define MAX_TAX 95u /* percent */
#define MAX_POOLS 1024u

/* Counts, and from PAGES on levels. */
enum count {
	COUNT_PUTS,
	COUNT_PUTS_REFUSED,
	COUNT_HITS,
	COUNT_MISSES,
	COUNT_FLUSHES,
	COUNT_EVICTIONS,
	COUNT_CORRUPT,
	COUNT_ROLLBACKS,
	COUNT_UNASKED,
	COUNT_PAGES,
	COUNT_ZERO_PAGES,
	COUNT_PERSISTENT_PAGES,
	COUNT_POOLS,
	NR_COUNTS
};

extern const char *const count_name[NR_COUNTS];

/* What a client is promised and allowed; and bits that name some of it. */
struct terms {
	uint32_t guaranteed_pages;
	uint32_t max_pages; /* 0: no limit */
	uint32_t weight;
	unsigned int policy; /* enum hec_policy_kind */
	uint32_t max_pools;
	bool frozen;
};

#define TERM_GUARANTEED 1u
#define TERM_MAX 2u
#define TERM_WEIGHT 4u
#define TERM_POOLS 8u
#define TERM_POLICY 16u
#define TERM_FROZEN 32u

struct client {
	uint32_t id; /* a process, or a domain */
	uint64_t cgroup; /* the process's, when it came; 0: it has none */
	uint64_t frames;
	struct terms terms;
	uint64_t count[NR_COUNTS];
};

enum pool_kind {
	POOL_EPHEMERAL, /* a get removes */
	POOL_INCLUSIVE, /* a get keeps */
	POOL_PERSISTENT, /* nothing is dropped */
	NR_POOL_KINDS
};

extern const char *const pool_kind_name[NR_POOL_KINDS];

struct pool {
	uint32_t client; /* its id */
	uint64_t id; /* never used again */
	enum pool_kind kind;
	uint64_t pages;
};

/* Whom a rule of admission is about. */
enum subject_kind {
	SUBJECT_CLIENT, /* a process or a domain, as a client's id */
	SUBJECT_CGROUP, /* all processes of a control group */
};

struct subject {
	enum subject_kind kind;
	uint64_t id;
};

/* Admits its subject, with the terms that @which names. */
struct rule {
	struct subject subject;
	struct terms terms;
	unsigned int which;
};

enum event_kind {
	EVENT_CAME, /* a VM uses the cache from now on */
	EVENT_WENT, /* a VM has gone, and its pages */
	EVENT_REVERTED, /* to a snapshot; value: times so far */
	EVENT_GAVE, /* memory to the host, under pressure; value: pages */
	EVENT_REFUSED, /* a VM that is not admitted */
	EVENT_LOST, /* value: events that nobody read in time */
	NR_EVENTS
};

extern const char *const event_name[NR_EVENTS];

struct event {
	enum event_kind kind;
	uint32_t client; /* its id, where there is one */
	uint64_t time_ns; /* since the host was started */
	uint64_t value;
};

struct cache {
	bool by_name; /* only those are admitted whom a rule names */
	bool is_kept; /* persistent pages keep the module loaded */
	uint64_t frames;
	uint64_t frames_free;
	uint64_t frames_max;
	uint64_t metadata_bytes;
	uint32_t idle_tax; /* percent */
	uint64_t count[NR_COUNTS]; /* of clients that are gone, too */
};

struct host {
	const char *name;
	const char *client; /* what a client's id is of */

	/* True if this machine is such a host.  @root goes before its files. */
	bool (*is_here)(const char *root);

	int (*get_cache)(struct cache *cache);

	/* All of them, in memory that is the caller's to free; NULL on errors. */
	int (*get_clients)(struct client **clients, size_t *nr);

	/* Those of all clients; the same. */
	int (*get_pools)(struct pool **pools, size_t *nr);

	/* Those of @terms that @which names, all or none. */
	int (*set)(uint32_t id, const struct terms *terms, unsigned int which);
	int (*flush)(uint32_t id);
	int (*reset)(uint32_t id);
	int (*resize)(uint32_t mib); /* MAX_MIB at the most */
	int (*tax)(uint32_t percent);

	/* All from here on may be NULL: not on this kind of host. */

	/* What a word of the command line names, and the word for it. */
	int (*find_subject)(const char *word, struct subject *subject);
	void (*name_subject)(const struct subject *subject, char *word,
			     size_t size);

	int (*get_rules)(struct rule **rules, size_t *nr);
	int (*admit)(const struct rule *rule); /* instead of an older one */
	int (*dismiss)(const struct subject *subject);
	int (*admission)(bool by_name);

	/* Persistent pages do not keep the module loaded, if @yes. */
	int (*abandon)(bool yes);

	/* Calls @tell for each event to come, until that returns false. */
	int (*monitor)(bool (*tell)(const struct event *event, void *arg),
		       void *arg);
};

/*
 * Says why the error that is returned next is one; host_reason() is what was said
 * last, or NULL, and forgets it.
 */
void host_because(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
const char *host_reason(void);

/*
 * Adds a row of zeroes behind the @nr in the array whose address is at @rows (a
 * pointer to the pointer); NULL: no memory, the array is as it was.
 */
void *host_add_row(void *rows, size_t nr, size_t size);

/*
 * The end of a list: -ESRCH was that of a host's, and no error.  After one *@rows is
 * freed.  Returns the error, or 0.
 */
int host_rows_end(void *rows, size_t *nr, int err);

/* Counts out of a structure of statistics of either host's. */
#define HOST_COUNTS(stats)                                                      \
	{                                                                       \
		[COUNT_PUTS] = (stats)->puts,                                   \
		[COUNT_PUTS_REFUSED] = (stats)->puts_refused,                   \
		[COUNT_HITS] = (stats)->hits, [COUNT_MISSES] = (stats)->misses, \
		[COUNT_FLUSHES] = (stats)->flushes,                             \
		[COUNT_EVICTIONS] = (stats)->evictions,                         \
		[COUNT_CORRUPT] = (stats)->corrupt,                             \
		[COUNT_ROLLBACKS] = (stats)->rollbacks,                         \
		[COUNT_UNASKED] = (stats)->unasked,                             \
		[COUNT_PAGES] = (stats)->pages,                                 \
		[COUNT_ZERO_PAGES] = (stats)->zero_pages,                       \
		[COUNT_PERSISTENT_PAGES] = (stats)->persistent_pages,           \
		[COUNT_POOLS] = (stats)->pools,                                 \
	}

#endif
