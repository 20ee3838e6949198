// SPDX-License-Identifier: GPL-2.0-only
/*
 * A made-up KVM host's kernel, in the place of ioctl(): processes 1234 and 77 have a
 * VM each; a process and a control group are admitted.
 *
 *     HEC_KVM_LOG=FILE        what it is asked to change goes there
 *     HEC_KVM_FAIL=N          its N-th request fails with errno HEC_KVM_ERRNO
 *     HEC_KVM_POLICY=K        its clients' policy is K
 *     HEC_KVM_KIND=K          its pools are of kind K
 *     HEC_KVM_TAX=N           its tax
 *     HEC_KVM_LOOP=1          each client is followed by itself
 *     HEC_KVM_BY_NAME, HEC_KVM_KEPT   what INFO says
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include <hecache_control.h>

static unsigned int number_in(const char *name)
{
	const char *value = getenv(name);

	return value ? (unsigned int)strtoul(value, NULL, 10) : 0;
}

/* Looking */

static const struct hecache_control_stats cache_stats = {
	.puts = 1000,
	.puts_refused = 7,
	.hits = 300,
	.misses = 100,
	.flushes = 5,
	.evictions = 6,
	.rollbacks = 1,
	.unasked = 200,
	.pages = 512,
	.zero_pages = 2,
	.persistent_pages = 256,
	.frames = 510,
	.pools = 3,
};

static const struct hecache_control_client clients[] = {
	{ .version = 1,
	  .pid = 1234,
	  .id = 3,
	  .cgroup = 9,
	  .terms = { 1024, 2048, 200, HECACHE_POLICY_ARC, 64, 1 },
	  .stats = { 900, 7, 300, 50, 5, 6, 0, 1, 250, 500, 2, 256, 498, 2 } },
	{ .version = 1,
	  .pid = 77,
	  .id = 5,
	  .terms = { .weight = 100, .max_pools = 3 },
	  .stats = { .puts = 100,
		     .misses = 50,
		     .pages = 12,
		     .frames = 20,
		     .pools = 1 } },
};

#define NR_CLIENTS (sizeof(clients) / sizeof(clients[0]))

/* Newest first. */
static const struct hecache_control_pool pools[] = {
	{ 1, HECACHE_POOL_EPHEMERAL, 3, 49153, 244 },
	{ 1, HECACHE_POOL_INCLUSIVE, 5, 32769, 12 },
	{ 1, HECACHE_POOL_PERSISTENT, 3, 16384, 256 },
};

static const struct hecache_control_rule rules[] = {
	{ .version = 1,
	  .kind = HECACHE_RULE_PROCESS,
	  .subject = 1234,
	  .which = HECACHE_TERM_GUARANTEED | HECACHE_TERM_POOLS,
	  .terms = { .guaranteed_pages = 1024, .max_pools = 9 } },
	{ .version = 1, .kind = HECACHE_RULE_CGROUP, .subject = 1ull << 63 },
};

static int look_info(struct hecache_control_info *info)
{
	if (info->reserved)
		return EINVAL;
	*info = (struct hecache_control_info){
		.version = 1,
		.frames = 65536,
		.frames_free = 65026,
		.frames_max = 131072,
		.metadata_bytes = 8388608,
		.clients = 2,
		.chunks = 128,
		.idle_tax =
			getenv("HEC_KVM_TAX") ? number_in("HEC_KVM_TAX") : 25,
		.admission = number_in("HEC_KVM_BY_NAME"),
		.kept = number_in("HEC_KVM_KEPT"),
		.stats = cache_stats,
	};
	return 0;
}

static int look_client(struct hecache_control_client *client)
{
	uint64_t after = client->id;
	unsigned int i;

	for (i = 0; i < NR_CLIENTS; i++) {
		if (clients[i].id <= after)
			continue;
		*client = clients[i];
		if (!client->cgroup)
			client->cgroup = number_in("HEC_KVM_GROUP");
		if (number_in("HEC_KVM_LOOP"))
			client->id = after;
		if (getenv("HEC_KVM_POLICY"))
			client->terms.policy = number_in("HEC_KVM_POLICY");
		return 0;
	}
	return ESRCH;
}

static int look_pool(struct hecache_control_pool *pool)
{
	unsigned int i;

	for (i = 0; i < sizeof(pools) / sizeof(pools[0]); i++) {
		if (pools[i].client != pool->client ||
		    pools[i].pool >= pool->pool)
			continue;
		*pool = pools[i];
		if (getenv("HEC_KVM_KIND"))
			pool->kind = number_in("HEC_KVM_KIND");
		return 0;
	}
	return ENOENT;
}

static int look_rule(struct hecache_control_rule *rule)
{
	unsigned int i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].kind == rule->kind &&
		    rules[i].subject >= rule->subject) {
			*rule = rules[i];
			return 0;
		}
	}
	return ESRCH;
}

/* Changing: what is asked, in words. */

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	const char *name = getenv("HEC_KVM_LOG");
	FILE *log = name ? fopen(name, "ae") : NULL;
	va_list args;

	if (!log)
		return;
	va_start(args, format);
	vfprintf(log, format, args);
	va_end(args);
	fputc('\n', log);
	fclose(log);
}

static int is_client(uint64_t id)
{
	return id == clients[0].id || id == clients[1].id;
}

/* Terms: those that @which names, in the order of the structure. */
static const char *words(const struct hecache_control_terms *terms,
			 uint32_t which)
{
	static char text[256];
	char *end = text;

	*end = '\0';
	if (which & HECACHE_TERM_GUARANTEED)
		end += sprintf(end, " guaranteed %u", terms->guaranteed_pages);
	if (which & HECACHE_TERM_MAX)
		end += sprintf(end, " max %u", terms->max_pages);
	if (which & HECACHE_TERM_WEIGHT)
		end += sprintf(end, " weight %u", terms->weight);
	if (which & HECACHE_TERM_POLICY)
		end += sprintf(end, " policy %u", terms->policy);
	if (which & HECACHE_TERM_POOLS)
		end += sprintf(end, " pools %u", terms->max_pools);
	if (which & HECACHE_TERM_FROZEN)
		end += sprintf(end, " frozen %u", terms->frozen);
	return text;
}

static int change_one(const char *what, const struct hecache_control_one *one)
{
	if (one->reserved)
		return EINVAL;
	if (!is_client(one->client))
		return ESRCH;
	say("%s %llu", what, one->client);
	return 0;
}

static int change_terms(const struct hecache_control_set *set)
{
	if (!set->which)
		return EINVAL;
	if (!is_client(set->client))
		return ESRCH;
	say("set %llu%s", set->client, words(&set->terms, set->which));
	return 0;
}

static int change_rule(const char *what,
		       const struct hecache_control_rule *rule)
{
	if (rule->reserved)
		return EINVAL;
	if (rule->kind == HECACHE_RULE_PROCESS && rule->subject == 4321)
		return ESRCH;
	say("%s %s %llu%s", what,
	    rule->kind == HECACHE_RULE_CGROUP ? "group" : "process",
	    rule->subject, words(&rule->terms, rule->which));
	return 0;
}

static int change_value(const char *what,
			const struct hecache_control_value *op)
{
	say("%s %u", what, op->value);
	return 0;
}

static int answer(unsigned long number, void *op)
{
	switch (number) {
	case HECACHE_INFO:
		return look_info(op);
	case HECACHE_CLIENT:
		return look_client(op);
	case HECACHE_POOL:
		return look_pool(op);
	case HECACHE_RULE:
		return look_rule(op);
	case HECACHE_SET:
		return change_terms(op);
	case HECACHE_FLUSH:
		return change_one("flush", op);
	case HECACHE_RESET:
		return change_one("reset", op);
	case HECACHE_RESIZE:
		return change_value("resize", op);
	case HECACHE_TAX:
		return change_value("tax", op);
	case HECACHE_ADMISSION:
		return change_value("admission", op);
	case HECACHE_ABANDON:
		return change_value("abandon", op);
	case HECACHE_ADMIT:
		return change_rule("admit", op);
	case HECACHE_DISMISS:
		return change_rule("dismiss", op);
	default:
		return ENOTTY;
	}
}

int ioctl(int fd, unsigned long number, ...)
{
	static unsigned int requests;
	va_list args;
	uint32_t *op;

	(void)fd;
	va_start(args, number);
	op = va_arg(args, uint32_t *);
	va_end(args);
	if (++requests == number_in("HEC_KVM_FAIL"))
		errno = (int)number_in("HEC_KVM_ERRNO");
	else if (*op != HECACHE_CONTROL_VERSION)
		errno = EPROTONOSUPPORT;
	else
		errno = answer(number, op);
	return errno ? -1 : 0;
}

/* Folders below a made-up host's root are control groups. */
int statfs(const char *path, struct statfs *fs)
{
	(void)path;
	*fs = (struct statfs){ .f_type = 0x63677270 };
	return 0;
}
