// SPDX-License-Identifier: GPL-2.0-only
/*
 * Xen's control domain: the operations of <public/hecache.h>, made through
 * libxencall.
 */
#include "xen.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xencall.h>

#include <hecache/abi.h>
#include <public/hecache.h>

#include "number.h"

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
	struct xen_hecache_dismiss dismiss;
	struct xen_hecache_admission admission;
};

static xencall_handle *xen; /* from the first operation on */

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
static int call(unsigned long command, union op *op)
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

/* What follows is only understood if both sides mean the same by it. */
static int check_version(void)
{
	union op op = { 0 };
	int err = call(XEN_HECACHE_INFO, &op);

	if (err || op.info.version == XEN_HECACHE_VERSION)
		return err;
	host_because("the hypervisor's control interface has version %" PRIu32
		     ", this hecachectl needs version %d",
		     op.info.version, XEN_HECACHE_VERSION);
	return -EPROTONOSUPPORT;
}

static int control(unsigned long command, union op *op)
{
	int err;

	if (xen)
		return call(command, op);
	xen = xencall_open(NULL, 0);
	if (!xen)
		return errno == ENOENT ? -ENODEV : error_of(errno);
	err = check_version();
	if (!err)
		return call(command, op);
	xencall_close(xen);
	xen = NULL;
	return err;
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
		.by_name = op.info.by_name,
		.count = HOST_COUNTS(&op.info.stats),
	};
	return 0;
}

static int terms_in(struct terms *terms, const struct xen_hecache_client *from)
{
	if (!hec_policy_name(from->terms.policy)) {
		host_because("domain %" PRIu32 ": policy %" PRIu32
			     " is not known",
			     from->domid, from->terms.policy);
		return -EPROTO;
	}
	*terms = (struct terms){
		.guaranteed_pages = from->terms.guaranteed_pages,
		.max_pages = from->terms.max_pages,
		.weight = from->terms.weight,
		.policy = from->terms.policy,
		.max_pools = from->terms.max_pools,
		.frozen = from->terms.frozen,
	};
	return 0;
}

/* Clients that have called, and those that have only been named. */
struct lists {
	struct client *clients;
	struct rule *rules;
	size_t nr_clients, nr_rules;
};

static int add_client(struct lists *lists,
		      const struct xen_hecache_client *from)
{
	struct client *client = host_add_row(&lists->clients, lists->nr_clients,
					     sizeof(*client));

	if (!client)
		return -ENOMEM;
	lists->nr_clients++;
	*client = (struct client){
		.id = from->domid,
		.frames = from->stats.frames,
		.count = HOST_COUNTS(&from->stats),
	};
	return terms_in(&client->terms, from);
}

static int add_rule(struct lists *lists, const struct xen_hecache_client *from)
{
	struct rule *rule =
		host_add_row(&lists->rules, lists->nr_rules, sizeof(*rule));

	if (!rule)
		return -ENOMEM;
	lists->nr_rules++;
	rule->subject.kind = SUBJECT_CLIENT;
	rule->subject.id = from->domid;
	rule->which = TERM_GUARANTEED | TERM_MAX | TERM_WEIGHT | TERM_POLICY |
		      TERM_POOLS;
	return terms_in(&rule->terms, from);
}

static int get_lists(struct lists *lists)
{
	union op op = { 0 };
	int err;

	*lists = (struct lists){ 0 };
	while (!(err = control(XEN_HECACHE_CLIENT, &op))) {
		err = (op.client.has_called ? add_client
					    : add_rule)(lists, &op.client);
		if (err)
			break;
		op.client.domid++;
	}
	host_rows_end(&lists->rules, &lists->nr_rules, err);
	return host_rows_end(&lists->clients, &lists->nr_clients, err);
}

static int get_clients(struct client **clients, size_t *nr)
{
	struct lists lists;
	int err = get_lists(&lists);

	free(lists.rules);
	*clients = lists.clients;
	*nr = lists.nr_clients;
	return err;
}

static int get_rules(struct rule **rules, size_t *nr)
{
	struct lists lists;
	int err = get_lists(&lists);

	free(lists.clients);
	*rules = lists.rules;
	*nr = lists.nr_rules;
	return err;
}

static int add_pool(struct pool **pools, size_t *nr,
		    const struct xen_hecache_pool *from)
{
	struct pool *pool;

	if (from->kind >= NR_POOL_KINDS) {
		host_because("domain %" PRIu32 ", pool %" PRIu64
			     ": kind %" PRIu32 " is not known",
			     from->domid, from->pool, from->kind);
		return -EPROTO;
	}
	pool = host_add_row(pools, *nr, sizeof(*pool));
	if (!pool)
		return -ENOMEM;
	++*nr;
	*pool = (struct pool){
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
	return host_rows_end(pools, nr, err);
}

_Static_assert(TERM_GUARANTEED == XEN_HECACHE_SET_GUARANTEED &&
		       TERM_MAX == XEN_HECACHE_SET_MAX &&
		       TERM_WEIGHT == XEN_HECACHE_SET_WEIGHT &&
		       TERM_POOLS == XEN_HECACHE_SET_POOLS &&
		       TERM_POLICY == XEN_HECACHE_SET_POLICY &&
		       TERM_FROZEN == XEN_HECACHE_SET_FROZEN,
	       "the same bits");

/* A number of pools that no domain can have is not just out of range. */
static int check_pools(uint32_t max_pools)
{
	union op op = { 0 };
	int err = control(XEN_HECACHE_INFO, &op);

	if (err || max_pools <= op.info.client_pools)
		return err;
	host_because("a domain can have %" PRIu32 " pools at the most",
		     op.info.client_pools);
	return -EINVAL;
}

/* SET or ADMIT. */
static int set_terms(unsigned long command, uint32_t id,
		     const struct terms *terms, unsigned int which)
{
	union op op = { .set = {
				.domid = id,
				.terms.guaranteed_pages =
					terms->guaranteed_pages,
				.terms.max_pages = terms->max_pages,
				.terms.weight = terms->weight,
				.terms.max_pools = terms->max_pools,
				.terms.policy = terms->policy,
				.terms.frozen = terms->frozen,
				.which = which,
			} };
	int err = which & TERM_POOLS ? check_pools(terms->max_pools) : 0;

	return err ? err : control(command, &op);
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	return set_terms(XEN_HECACHE_SET, id, terms, which);
}

static int admit(const struct rule *rule)
{
	uint32_t id = (uint32_t)rule->subject.id;
	int err = set_terms(XEN_HECACHE_ADMIT, id, &rule->terms, rule->which);

	if (err == -ESRCH)
		host_because("there is no such domain");
	if (err == -ENOMEM)
		host_because("the cache has no place for another client");
	return err;
}

static int dismiss(const struct subject *subject)
{
	union op op = { .dismiss = { .domid = (uint32_t)subject->id } };
	int err = control(XEN_HECACHE_DISMISS, &op);

	if (err == -EBUSY)
		host_because("it has persistent pages, which would be lost");
	if (err == -EINVAL)
		host_because("it is this domain");
	return err;
}

static int admission(bool by_name)
{
	union op op = { .admission = { .by_name = by_name } };

	return control(XEN_HECACHE_ADMISSION, &op);
}

static int find_subject(const char *word, struct subject *subject)
{
	uint32_t id;

	if (!number_parse32(word, UINT32_MAX, &id)) {
		host_because("a domain goes by its number");
		return -EINVAL;
	}
	*subject = (struct subject){ .kind = SUBJECT_CLIENT, .id = id };
	return 0;
}

static void name_subject(const struct subject *subject, char *word, size_t size)
{
	snprintf(word, size, "%" PRIu64, subject->id);
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
	int err;

	err = control(XEN_HECACHE_RESIZE, &op);
	if (err == -EAGAIN)
		host_because("the guests take what is freed; "
			     "the cache has the size that it got to");
	return err;
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
	.find_subject = find_subject,
	.name_subject = name_subject,
	.get_rules = get_rules,
	.admit = admit,
	.dismiss = dismiss,
	.admission = admission,
};
