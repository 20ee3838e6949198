// SPDX-License-Identifier: GPL-2.0-only
/*
 * A made-up hypervisor in the place of libxencall: domains 0 and 5 are clients with
 * two pools each.
 *
 *     HEC_XEN_FAIL=N   its N-th hypercall fails with EFAULT
 *     HEC_XEN_KIND=K   its pools are of kind K
 */
#include <errno.h>
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

static int answer_client(struct xen_hecache_client *client)
{
	if (client->domid > 5)
		return ENOENT;
	client->domid = client->domid ? 5 : 0;
	client->terms.weight = 100;
	client->stats.pools = 2;
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

static int answer(uint64_t command, void *op)
{
	static unsigned long calls;

	if (++calls == number_in("HEC_XEN_FAIL"))
		return EFAULT;
	if (command == XEN_HECACHE_CLIENT)
		return answer_client(op);
	if (command == XEN_HECACHE_POOL)
		return answer_pool(op);
	return 0;
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
