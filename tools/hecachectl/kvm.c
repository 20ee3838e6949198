// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Linux KVM host: the requests of hecache_control.h, made to /dev/hecache.
 *
 * The module names a client by a number of its own; here it goes by the process id of
 * its VM's monitor, which people know.  A process may have several VMs: what is asked
 * for it is asked for each.
 */
#include "kvm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <hecache_control.h>

#include "cgroup.h"
#include "number.h"

#define DEVICE "/dev/hecache"
#define MODULE "/sys/module/hecache_kvm"

static const char *root = "";

static int make_path(char *path, size_t size, const char *file)
{
	int len = snprintf(path, size, "%s%s", root, file);

	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

static bool exists(const char *file)
{
	char path[4096];

	return !make_path(path, sizeof(path), file) && !access(path, F_OK);
}

static bool is_here(const char *dir)
{
	root = dir;
	return exists(DEVICE) || exists(MODULE);
}

/* Requests */

static int open_device(int flags)
{
	char path[4096];
	int fd, err = make_path(path, sizeof(path), DEVICE);

	if (err)
		return err;
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	err = -errno;
	if (err == -EACCES || err == -EPERM)
		host_because("%s may not be opened for %s: be root, or have "
			     "the node's owner let you",
			     path, flags == O_RDONLY ? "reading" : "writing");
	if (err == -ENOENT)
		host_because("hecache-kvm is loaded, but there is no %s", path);
	return err;
}

static int error_of(int err)
{
	if (err == ENOTTY || err == EPROTONOSUPPORT) {
		host_because("hecache-kvm does not speak version %u of " DEVICE
			     ", which hecachectl does",
			     HECACHE_CONTROL_VERSION);
		return -EPROTONOSUPPORT;
	}
	return -err;
}

/* Opens the device anew each time: a module is not held for longer than it takes. */
static int request(int flags, unsigned long number, void *op)
{
	int fd = open_device(flags), err = 0;

	if (fd < 0)
		return fd;
	if (ioctl(fd, number, op))
		err = error_of(errno);
	close(fd);
	return err;
}

static int look(unsigned long number, void *op)
{
	return request(O_RDONLY, number, op);
}

static int change(unsigned long number, void *op)
{
	return request(O_WRONLY, number, op);
}

/* Looking */

static int get_cache(struct cache *cache)
{
	struct hecache_control_info info = { .version =
						     HECACHE_CONTROL_VERSION };
	int err = look(HECACHE_INFO, &info);

	if (err)
		return err;
	if (info.idle_tax > MAX_TAX) {
		host_because("the cache: a tax of %u percent", info.idle_tax);
		return -EPROTO;
	}
	*cache = (struct cache){
		.by_name = info.admission != HECACHE_ADMISSION_OPEN,
		.is_kept = info.kept,
		.frames = info.frames,
		.frames_free = info.frames_free,
		.frames_max = info.frames_max,
		.metadata_bytes = info.metadata_bytes,
		.idle_tax = info.idle_tax,
		.count = HOST_COUNTS(&info.stats),
	};
	return 0;
}

/* @whose says whose terms these are, where they make no sense. */
static int terms_in(struct terms *terms,
		    const struct hecache_control_terms *from, const char *whose,
		    uint64_t id)
{
	if (from->policy >= HEC_NR_POLICIES) {
		host_because("%s %llu: policy %u is not known", whose,
			     (unsigned long long)id, from->policy);
		return -EPROTO;
	}
	*terms = (struct terms){
		.guaranteed_pages = from->guaranteed_pages,
		.max_pages = from->max_pages,
		.weight = from->weight,
		.policy = from->policy,
		.max_pools = from->max_pools,
		.frozen = from->frozen,
	};
	return 0;
}

/* The first client behind the one in @client; -ESRCH: that were all. */
static int next_client(struct hecache_control_client *client)
{
	uint64_t before = client->id;
	int err;

	client->version = HECACHE_CONTROL_VERSION;
	err = look(HECACHE_CLIENT, client);
	if (!err && client->id <= before) {
		host_because("client %llu follows client %llu",
			     (unsigned long long)client->id,
			     (unsigned long long)before);
		return -EPROTO;
	}
	return err;
}

static int add_client(struct client **clients, size_t *nr,
		      const struct hecache_control_client *from)
{
	struct client *client = host_add_row(clients, *nr, sizeof(**clients));

	if (!client)
		return -ENOMEM;
	++*nr;
	*client = (struct client){ .id = from->pid,
				   .cgroup = from->cgroup,
				   .frames = from->stats.frames,
				   .count = HOST_COUNTS(&from->stats) };
	return terms_in(&client->terms, &from->terms, "client", from->pid);
}

static int get_clients(struct client **clients, size_t *nr)
{
	struct hecache_control_client op = { 0 };
	int err;

	*clients = NULL;
	*nr = 0;
	while (!(err = next_client(&op))) {
		err = add_client(clients, nr, &op);
		if (err)
			break;
	}
	return host_rows_end(clients, nr, err);
}

static int add_pool(struct pool **pools, size_t *nr, uint32_t pid,
		    const struct hecache_control_pool *from)
{
	struct pool *pool;

	if (from->kind >= NR_POOL_KINDS) {
		host_because("client %u: a pool of kind %u is not known", pid,
			     from->kind);
		return -EPROTO;
	}
	pool = host_add_row(pools, *nr, sizeof(**pools));
	if (!pool)
		return -ENOMEM;
	++*nr;
	*pool = (struct pool){
		.client = pid,
		.id = from->pool,
		.kind = (enum pool_kind)from->kind,
		.pages = from->pages,
	};
	return 0;
}

/* A client that goes meanwhile has no pools. */
static int add_client_pools(struct pool **pools, size_t *nr,
			    const struct hecache_control_client *client)
{
	struct hecache_control_pool op = { .version = HECACHE_CONTROL_VERSION,
					   .client = client->id,
					   .pool = UINT64_MAX };
	int err;

	while (!(err = look(HECACHE_POOL, &op))) {
		err = add_pool(pools, nr, client->pid, &op);
		if (err)
			break;
	}
	return err == -ENOENT || err == -ESRCH ? 0 : err;
}

static int get_pools(struct pool **pools, size_t *nr)
{
	struct hecache_control_client client = { 0 };
	int err;

	*pools = NULL;
	*nr = 0;
	while (!(err = next_client(&client))) {
		err = add_client_pools(pools, nr, &client);
		if (err)
			break;
	}
	return host_rows_end(pools, nr, err);
}

/* Changing */

/* Makes a request, whose structure's @client is set, for each VM of a process. */
static int change_each(uint32_t pid, unsigned long number, void *op,
		       __u64 *client)
{
	struct hecache_control_client each = { 0 };
	int err, last = -ESRCH;

	while (!(err = next_client(&each))) {
		if (each.pid != pid)
			continue;
		*client = each.id;
		last = change(number, op);
		if (last && last != -ESRCH)
			return last;
	}
	return err == -ESRCH ? last : err;
}

static struct hecache_control_terms terms_out(const struct terms *terms)
{
	_Static_assert(TERM_GUARANTEED == HECACHE_TERM_GUARANTEED &&
			       TERM_MAX == HECACHE_TERM_MAX &&
			       TERM_WEIGHT == HECACHE_TERM_WEIGHT &&
			       TERM_POLICY == HECACHE_TERM_POLICY &&
			       TERM_FROZEN == HECACHE_TERM_FROZEN &&
			       TERM_POOLS == HECACHE_TERM_POOLS,
		       "the same bits");
	return (struct hecache_control_terms){
		.guaranteed_pages = terms->guaranteed_pages,
		.max_pages = terms->max_pages,
		.weight = terms->weight,
		.policy = terms->policy,
		.max_pools = terms->max_pools,
		.frozen = terms->frozen,
	};
}

static int set(uint32_t id, const struct terms *terms, unsigned int which)
{
	struct hecache_control_set op = { .version = HECACHE_CONTROL_VERSION,
					  .which = which,
					  .terms = terms_out(terms) };
	int err = change_each(id, HECACHE_SET, &op, &op.client);

	if (err == -EINVAL)
		host_because("the maximum would be below the guarantee");
	return err;
}

static int flush(uint32_t id)
{
	struct hecache_control_one op = { .version = HECACHE_CONTROL_VERSION };

	return change_each(id, HECACHE_FLUSH, &op, &op.client);
}

static int reset(uint32_t id)
{
	struct hecache_control_one op = { .version = HECACHE_CONTROL_VERSION };

	return change_each(id, HECACHE_RESET, &op, &op.client);
}

static int change_value(unsigned long number, uint32_t value)
{
	struct hecache_control_value op = { .version = HECACHE_CONTROL_VERSION,
					    .value = value };

	return change(number, &op);
}

static int resize(uint32_t mib)
{
	int err = change_value(HECACHE_RESIZE, mib);

	if (err == -EINVAL)
		host_because("more than the cache was made for (max_mb)");
	return err;
}

static int tax(uint32_t percent)
{
	return change_value(HECACHE_TAX, percent);
}

static int admission(bool by_name)
{
	return change_value(HECACHE_ADMISSION,
			    by_name ? HECACHE_ADMISSION_NAMED
				    : HECACHE_ADMISSION_OPEN);
}

static int abandon(bool yes)
{
	return change_value(HECACHE_ABANDON, yes);
}

/* Rules */

static int find_subject(const char *word, struct subject *subject)
{
	if (number_parse(word, INT32_MAX, &subject->id)) {
		subject->kind = SUBJECT_CLIENT;
		return 0;
	}
	subject->kind = SUBJECT_CGROUP;
	return cgroup_find(root, word, &subject->id);
}

static void name_subject(const struct subject *subject, char *word, size_t size)
{
	if (subject->kind == SUBJECT_CGROUP)
		cgroup_name(root, subject->id, word, size);
	else
		snprintf(word, size, "%llu", (unsigned long long)subject->id);
}

static struct hecache_control_rule rule_out(const struct subject *subject)
{
	_Static_assert(SUBJECT_CLIENT == HECACHE_RULE_PROCESS &&
			       SUBJECT_CGROUP == HECACHE_RULE_CGROUP,
		       "the same kinds");
	return (struct hecache_control_rule){
		.version = HECACHE_CONTROL_VERSION,
		.kind = subject->kind,
		.subject = subject->id,
	};
}

static int admit(const struct rule *rule)
{
	struct hecache_control_rule op = rule_out(&rule->subject);
	int err;

	op.which = rule->which;
	op.terms = terms_out(&rule->terms);
	err = change(HECACHE_ADMIT, &op);
	if (err == -ESRCH)
		host_because("no such process");
	if (err == -ENOSPC)
		host_because("there are as many rules as there can be");
	if (err == -EINVAL)
		host_because("the maximum would be below the guarantee");
	return err;
}

static int dismiss(const struct subject *subject)
{
	struct hecache_control_rule op = rule_out(subject);
	int err = change(HECACHE_DISMISS, &op);

	if (err == -ESRCH)
		host_because("it was not admitted");
	return err;
}

static int add_rule(struct rule **rules, size_t *nr,
		    const struct hecache_control_rule *from)
{
	struct rule *rule = host_add_row(rules, *nr, sizeof(**rules));

	if (!rule)
		return -ENOMEM;
	++*nr;
	rule->subject.kind = (enum subject_kind)from->kind;
	rule->subject.id = from->subject;
	rule->which = from->which;
	return terms_in(&rule->terms, &from->terms, "the rule of",
			from->subject);
}

/* -ESRCH: that were all. */
static int add_rules(struct rule **rules, size_t *nr, enum subject_kind kind)
{
	struct subject first = { .kind = kind };
	struct hecache_control_rule op = rule_out(&first);
	int err;

	while (!(err = look(HECACHE_RULE, &op))) {
		err = add_rule(rules, nr, &op);
		if (err || op.subject == UINT64_MAX)
			break;
		op.subject++;
	}
	return err;
}

static int get_rules(struct rule **rules, size_t *nr)
{
	int err;

	*rules = NULL;
	*nr = 0;
	err = add_rules(rules, nr, SUBJECT_CLIENT);
	if (err == -ESRCH)
		err = add_rules(rules, nr, SUBJECT_CGROUP);
	return host_rows_end(rules, nr, err);
}

/* Events */

static int tell_one(const struct hecache_control_event *from,
		    bool (*tell)(const struct event *event, void *arg),
		    void *arg, bool *more)
{
	struct event event = {
		.kind = (enum event_kind)from->kind,
		.client = from->pid,
		.time_ns = from->time_ns,
		.value = from->value,
	};

	_Static_assert(EVENT_CAME == HECACHE_EVENT_CAME &&
			       EVENT_WENT == HECACHE_EVENT_WENT &&
			       EVENT_REVERTED == HECACHE_EVENT_REVERTED &&
			       EVENT_GAVE == HECACHE_EVENT_GAVE &&
			       EVENT_REFUSED == HECACHE_EVENT_REFUSED &&
			       EVENT_LOST == HECACHE_EVENT_LOST,
		       "the same kinds");
	if (from->version != HECACHE_CONTROL_VERSION ||
	    from->kind >= NR_EVENTS) {
		host_because("an event of kind %u, version %u is not known",
			     from->kind, from->version);
		return -EPROTO;
	}
	*more = tell(&event, arg);
	return 0;
}

static int monitor(bool (*tell)(const struct event *event, void *arg),
		   void *arg)
{
	struct hecache_control_event events[64];
	int fd = open_device(O_RDONLY), err = fd < 0 ? fd : 0;
	bool more = true;

	while (!err && more) {
		ssize_t len = read(fd, events, sizeof(events));
		size_t i, nr = len > 0 ? (size_t)len / sizeof(events[0]) : 0;

		err = len < 0 ? -errno : 0;
		more = nr;
		for (i = 0; i < nr && !err && more; i++)
			err = tell_one(&events[i], tell, arg, &more);
	}
	if (fd >= 0)
		close(fd);
	return err;
}

const struct host kvm_host = {
	.name = "kvm",
	.client = "pid",
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
	.abandon = abandon,
	.monitor = monitor,
};
