// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xen's control domain: the operations of <public/hecache.h>, made through
 * libxencall.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xencall.h>

#include <hecache/abi.h>
#include <public/hecache.h>

#include "host.h"

/* Any operation's structure. */
union op {
	struct xen_hecache_info info;
	struct xen_hecache_client client;
	struct xen_hecache_resize resize;
	struct xen_hecache_set set;
	struct xen_hecache_flush flush;
	struct xen_hecache_reset reset;
	struct xen_hecache_tax tax;
	struct xen_hecache_pool pool;
};

static bool is_here(const char *root)
{
	char path[4096], type[4] = "";
	ssize_t len = -1;
	int fd;

	snprintf(path, sizeof(path), "%s/sys/hypervisor/type", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, type, sizeof(type));
		close(fd);
	}
	return len >= 3 && !memcmp(type, "xen", 3);
}

static int error_of(int err)
{
	switch (err) {
	case ENOSYS:
		return -ENODEV;
	case EPERM:
		return -EACCES;
	case ENOENT:
		return -ESRCH;
	default:
		return -err;
	}
}

/* Xen reads and writes @op in memory that stays where it is. */
static int call(xencall_handle *xen, unsigned long command, union op *op)
{
	union op *buffer = xencall_alloc_buffer(xen, sizeof(*op));
	int err = 0;

	if (!buffer)
		return -ENOMEM;
	*buffer = *op;
	if (xencall2(xen, HEC_XEN_HYPERCALL, command, (uint64_t)buffer) < 0)
		err = error_of(errno);
	*op = *buffer;
	xencall_free_buffer(xen, buffer);
	return err;
}

static int control(unsigned long command, union op *op)
{
	xencall_handle *xen = xencall_open(NULL, 0);
	int err;

	if (!xen)
		return errno == ENOENT ? -ENODEV : error_of(errno);
	err = call(xen, command, op);
	xencall_close(xen);
	return err;
}

static void counts_in(uint64_t count[NR_COUNTS],
		      const struct xen_hecache_stats *stats)
{
	count[COUNT_PUTS] = stats->puts;
	count[COUNT_PUTS_REFUSED] = stats->puts_refused;
	count[COUNT_HITS] = stats->hits;
	count[COUNT_MISSES] = stats->misses;
	count[COUNT_FLUSHES] = stats->flushes;
	count[COUNT_EVICTIONS] = stats->evictions;
	count[COUNT_CORRUPT] = stats->corrupt;
	count[COUNT_ROLLBACKS] = stats->rollbacks;
	count[COUNT_PAGES] = stats->pages;
	count[COUNT_ZERO_PAGES] = stats->zero_pages;
	count[COUNT_PERSISTENT_PAGES] = stats->persistent_pages;
	count[COUNT_POOLS] = stats->pools;
}

static int get_cache(struct cache *cache)
{
	union op op = { 0 };
	int err = control(XEN_HECACHE_INFO, &op);

	if (err)
		return err;
	*cache = (struct cache){
		.frames = op.info.frames,
		.frames_free = op.info.frames_free,
		.frames_max = op.info.frames_max,
		.metadata_bytes = op.info.metadata_bytes,
		.idle_tax = op.info.idle_tax,
	};
	counts_in(cache->count, &op.info.stats);
	return 0;
}

static int client_in(struct client *client,
		     const struct xen_hecache_client *from)
{
	if (from->terms.policy >= NR_POLICIES)
		return -EPROTO;
	*client = (struct client){
		.id = from->domid,
		.frames = from->stats.frames,
		.terms.guaranteed_pages = from->terms.guaranteed_pages,
		.terms.max_pages = from->terms.max_pages,
		.terms.weight = from->terms.weight,
		.terms.policy = (enum policy)from->terms.policy,
		.terms.frozen = from->terms.frozen,
	};
	counts_in(client->count, &from->stats);
	return 0;
}

static int add_client(struct client **clients, size_t *nr,
		      const struct xen_hecache_client *from)
{
	struct client *more = realloc(*clients, (*nr + 1) * sizeof(**clients));

	if (!more)
		return -ENOMEM;
	*clients = more;
	return client_in(&more[(*nr)++], from);
}

static int get_clients(struct client **clients, size_t *nr)
{
	union op op = { 0 };
	int err;

	*clients = NULL;
	*nr = 0;
	while (!(err = control(XEN_HECACHE_CLIENT, &op))) {
		err = add_client(clients, nr, &op.client);
		if (err)
			break;
		op.client.domid++;
	}
	if (err == -ESRCH)
		return 0;
	free(*clients);
	*clients = NULL;
	return err;
}

static int add_pool(struct pool **pools, size_t *nr,
		    const struct xen_hecache_pool *from)
{
	struct pool *more;

	if (from->kind >= NR_POOL_KINDS)
		return -EPROTO;
	more = realloc(*pools, (*nr + 1) * sizeof(**pools));
	if (!more)
		return -ENOMEM;
	*pools = more;
	more[(*nr)++] = (struct pool){
		.client = from->domid,
		.id = from->pool,
		.kind = (enum pool_kind)from->kind,
		.pages = from->pages,
	};
	return 0;
}

/* -ESRCH: that were all. */
static int add_client_pools(struct pool **pools, size_t *nr, uint32_t id)
{
	union op op = { .pool = { .domid = id, .pool = UINT64_MAX } };
	int err;

	while (!(err = control(XEN_HECACHE_POOL, &op))) {
		err = add_pool(pools, nr, &op.pool);
		if (err)
			break;
		op.pool.kind = 0;
	}
	return err;
}

static int get_pools(struct pool **pools, size_t *nr)
{
	struct client *clients;
	size_t nr_clients, i;
	int err = get_clients(&clients, &nr_clients);

	*pools = NULL;
	*nr = 0;
	if (err)
		return err;
	err = -ESRCH;
	for (i = 0; i < nr_clients && err == -ESRCH; i++)
		err = add_client_pools(pools, nr, clients[i].id);
	free(clients);
	if (err == -ESRCH)
		return 0;
	free(*pools);
	*pools = NULL;
	return err;
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	union op op = { .set = {
				.domid = id,
				.terms.guaranteed_pages =
					terms->guaranteed_pages,
				.terms.max_pages = terms->max_pages,
				.terms.weight = terms->weight,
				.terms.policy = terms->policy,
				.terms.frozen = terms->frozen,
				.which = which,
			} };

	_Static_assert(TERM_GUARANTEED == XEN_HECACHE_SET_GUARANTEED &&
			       TERM_MAX == XEN_HECACHE_SET_MAX &&
			       TERM_WEIGHT == XEN_HECACHE_SET_WEIGHT &&
			       TERM_POLICY == XEN_HECACHE_SET_POLICY &&
			       TERM_FROZEN == XEN_HECACHE_SET_FROZEN,
		       "the same bits");
	return control(XEN_HECACHE_SET, &op);
}

static int flush(uint32_t id)
{
	union op op = { .flush = { .domid = id, .pages = UINT64_MAX } };

	return control(XEN_HECACHE_FLUSH, &op);
}

static int reset(uint32_t id)
{
	union op op = { .reset = { .domid = id } };

	return control(XEN_HECACHE_RESET, &op);
}

static int resize(uint32_t mib)
{
	union op op = { .resize = { .frames = (uint64_t)mib * PAGES_OF_MIB } };

	return control(XEN_HECACHE_RESIZE, &op);
}

static int tax(uint32_t percent)
{
	union op op = { .tax = { .percent = percent } };

	return control(XEN_HECACHE_TAX, &op);
}

const struct host xen_host = {
	.name = "xen",
	.client = "domid",
	.is_here = is_here,
	.get_cache = get_cache,
	.get_clients = get_clients,
	.get_pools = get_pools,
	.set = set,
	.flush = flush,
	.reset = reset,
	.resize = resize,
	.tax = tax,
};
