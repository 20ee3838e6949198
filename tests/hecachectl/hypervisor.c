// SPDX-License-Identifier: GPL-2.0-only
/*
 * A made-up hypervisor in the place of libxencall: domains 0 and 5 are clients with
 * two pools each, domain 7 is named and has not called.
 *
 *     HEC_XEN_FAIL=N     its N-th hypercall fails with EFAULT
 *     HEC_XEN_ERROR=E    each that changes something fails with errno E
 *     HEC_XEN_VERSION=V  its control interface has version V
 *     HEC_XEN_KIND=K     its pools are of kind K
 *     HEC_XEN_POLICY=P   its clients' policy is P
 *     HEC_XEN_LOG=FILE   what is changed is said there
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xencall.h>

#include <public/hecache.h>

struct xencall_handle {
	char nothing;
};

static unsigned long number_in(const char *name)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 10) : 0;
}

static int answer_info(struct xen_hecache_info *info)
{
	info->version = getenv("HEC_XEN_VERSION")
				? (uint32_t)number_in("HEC_XEN_VERSION")
				: XEN_HECACHE_VERSION;
	info->by_name = 1;
	info->client_pools = 64;
	return 0;
}

static int answer_client(struct xen_hecache_client *client)
{
	if (client->domid > 7)
		return ENOENT;
	client->domid = !client->domid ? 0 : client->domid > 5 ? 7 : 5;
	client->has_called = client->domid != 7;
	client->terms.weight = 100;
	client->terms.max_pools = client->domid == 7 ? 3 : 64;
	client->terms.policy = (uint32_t)number_in("HEC_XEN_POLICY");
	client->stats.pools = client->has_called ? 2 : 0;
	return 0;
}

/* Pools 2 and 1. */
static int answer_pool(struct xen_hecache_pool *pool)
{
	if (pool->kind)
		return EINVAL;
	if (pool->pool <= 1)
		return ENOENT;
	pool->pool = pool->pool > 2 ? 2 : 1;
	pool->kind = (uint32_t)number_in("HEC_XEN_KIND");
	pool->pages = 10 * pool->domid + pool->pool;
	return 0;
}

static void log_set(FILE *log, const struct xen_hecache_set *set)
{
	const struct xen_hecache_terms *terms = &set->terms;

	fprintf(log, "domain %" PRIu32 ":", set->domid);
	if (set->which & XEN_HECACHE_SET_GUARANTEED)
		fprintf(log, " guaranteed %" PRIu32, terms->guaranteed_pages);
	if (set->which & XEN_HECACHE_SET_MAX)
		fprintf(log, " max %" PRIu32, terms->max_pages);
	if (set->which & XEN_HECACHE_SET_WEIGHT)
		fprintf(log, " weight %" PRIu32, terms->weight);
	if (set->which & XEN_HECACHE_SET_POOLS)
		fprintf(log, " pools %" PRIu32, terms->max_pools);
	if (set->which & XEN_HECACHE_SET_POLICY)
		fprintf(log, " policy %" PRIu32, terms->policy);
	if (set->which & XEN_HECACHE_SET_FROZEN)
		fprintf(log, " frozen %" PRIu32, terms->frozen);
	fprintf(log, " of 0x%" PRIx32 "\n", set->which);
}

static int answer_change(uint64_t command, const void *op)
{
	const char *name = getenv("HEC_XEN_LOG");
	FILE *log = name ? fopen(name, "a") : NULL;
	uint32_t word;

	if (log) {
		memcpy(&word, op, sizeof(word));
		fprintf(log, "0x%" PRIx64 " ", command);
		if (command == XEN_HECACHE_SET || command == XEN_HECACHE_ADMIT)
			log_set(log, op);
		else
			fprintf(log, "%" PRIu32 "\n", word);
		fclose(log);
	}
	return (int)number_in("HEC_XEN_ERROR");
}

static int answer(uint64_t command, void *op)
{
	static unsigned long calls;

	if (++calls == number_in("HEC_XEN_FAIL"))
		return EFAULT;
	if (command == XEN_HECACHE_INFO)
		return answer_info(op);
	if (command == XEN_HECACHE_CLIENT)
		return answer_client(op);
	if (command == XEN_HECACHE_POOL)
		return answer_pool(op);
	return answer_change(command, op);
}

int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1,
	     uint64_t arg2)
{
	(void)xcall;
	(void)op;
	errno = answer(arg1, (void *)arg2);
	return errno ? -1 : 0;
}

xencall_handle *xencall_open(struct xentoollog_logger *logger,
			     unsigned int open_flags)
{
	(void)logger;
	(void)open_flags;
	return calloc(1, sizeof(xencall_handle));
}

int xencall_close(xencall_handle *xcall)
{
	free(xcall);
	return 0;
}

void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
	(void)xcall;
	return calloc(1, size);
}

void xencall_free_buffer(xencall_handle *xcall, void *buffer)
{
	(void)xcall;
	free(buffer);
}
