// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device-mapper target `hecache`: its table, status and messages.
 *
 *     0 <sectors> hecache <device> [<first sector>] [persistent_swap]
 *
 * It maps a disk, or a part of one, as the target `linear` does, and serves
 * reads from the hypervisor's cache where it can.
 *
 * ioctls are not passed on (no prepare_ioctl): SCSI commands could write to the
 * disk unseen.  Nor is inline encryption: the pages would be sealed as cipher
 * text and never be put.
 */
#include "target.h"

#include <linux/module.h>
#include <linux/slab.h>

#include "beside.h"
#include "bio.h"
#include "block.h"
#include "io.h"
#include "keep.h"
#include "live.h"
#include "place.h"
#include "session.h"
#include "why.h"

static const char *const stat_names[HEC_NR_STATS] = {
	[HEC_STAT_HITS] = "hits",
	[HEC_STAT_MISSES] = "misses",
	[HEC_STAT_PUTS] = "puts",
	[HEC_STAT_PUTS_REFUSED] = "puts_refused",
	[HEC_STAT_FLUSHES] = "flushes",
	[HEC_STAT_LINKS] = "links",
	[HEC_STAT_CHANGED] = "changed",
	[HEC_STAT_OVERTAKEN] = "overtaken",
	[HEC_STAT_SKIPPED] = "skipped",
	[HEC_STAT_GETS_FAILED] = "gets_failed",
	[HEC_STAT_PIECES] = "pieces",
	[HEC_STAT_FOREIGN] = "foreign",
	[HEC_STAT_BESIDE] = "beside",
	[HEC_STAT_LOOKS] = "looks",
};

static u64 stat_sum(struct hec_target *t, enum hec_stat stat)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(t->stats, cpu)->count[stat]);
	return sum;
}

/* What is counted at this moment on another processor may be lost. */
static void stats_reset(struct hec_target *t)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(t->stats, cpu), 0, sizeof(*t->stats));
}

static int parse(struct hec_target *t, struct dm_target *ti, unsigned int argc,
		 char **argv)
{
	if (argc > 1 && !strcmp(argv[argc - 1], "persistent_swap")) {
		t->persistent = true;
		argc--;
	}
	if (argc < 1 || argc > 2) {
		ti->error =
			"Expected: <device> [<first sector>] [persistent_swap]";
		return -EINVAL;
	}
	if (argc == 2 && kstrtoull(argv[1], 10, &t->start)) {
		ti->error = "Invalid first sector";
		return -EINVAL;
	}
	t->len = ti->len;
	t->nr_blocks = ti->len >> HEC_BLOCK_SECTORS_SHIFT;
	if (t->nr_blocks >> HEC_PLACE_SHIFT) {
		ti->error = "Too large";
		return -EINVAL;
	}
	return 0;
}

static int open_device(struct hec_target *t, struct dm_target *ti, char *path)
{
	int error =
		dm_get_device(ti, path, dm_table_get_mode(ti->table), &t->dev);

	if (error)
		ti->error = "Device lookup failed";
	return error;
}

static void target_free(struct hec_target *t)
{
	hec_keep_fini(t);
	hec_blocks_fini(t);
	free_percpu(t->stats);
	kfree(t);
}

static struct hec_target *target_alloc(struct dm_target *ti, unsigned int argc,
				       char **argv)
{
	struct hec_target *t = kzalloc(sizeof(*t), GFP_KERNEL);
	int error;

	if (!t)
		return ERR_PTR(-ENOMEM);
	xa_init_flags(&t->kept, XA_FLAGS_LOCK_IRQ);
	error = parse(t, ti, argc, argv);
	if (error)
		goto fail;
	t->stats = alloc_percpu(struct hec_stats);
	error = hec_blocks_init(t) ?: hec_keep_init(t);
	if (!error && t->stats)
		return t;
	error = -ENOMEM;
	ti->error = "Out of memory";
fail:
	target_free(t);
	return ERR_PTR(error);
}

static int hec_ctr(struct dm_target *ti, unsigned int argc, char **argv)
{
	struct hec_target *t = target_alloc(ti, argc, argv);
	int error;

	if (IS_ERR(t))
		return PTR_ERR(t);
	error = open_device(t, ti, argv[0]);
	if (error)
		goto fail_device;
	error = hec_session_add(t);
	if (error) {
		ti->error = "Too many targets";
		goto fail_session;
	}
	ti->num_flush_bios = 1;
	ti->num_discard_bios = 1;
	ti->num_secure_erase_bios = 1;
	ti->num_write_zeroes_bios = 1;
	ti->per_io_data_size = sizeof(struct hec_io);
	ti->private = t;
	return 0;

fail_session:
	dm_put_device(ti, t->dev);
fail_device:
	target_free(t);
	return error;
}

static void hec_dtr(struct dm_target *ti)
{
	struct hec_target *t = ti->private;

	hec_session_remove(t);
	dm_put_device(ti, t->dev);
	target_free(t);
}

static int hec_preresume(struct dm_target *ti)
{
	int error;

	hec_beside_settle(ti->private);
	error = hec_session_resume(ti->private);
	if (error == -EBUSY)
		pr_err("%s: another hecache target uses this part of the disk\n",
		       dm_table_device_name(ti->table));
	return error;
}

static void hec_postsuspend(struct dm_target *ti)
{
	hec_session_suspend(ti->private);
}

static bool is_caching(const struct hec_target *t)
{
	bool caching;

	rcu_read_lock();
	caching = hec_caching(t);
	rcu_read_unlock();
	return caching;
}

/* The mode, the counters and, last, why nothing is cached, if that is so. */
static void status_info(struct hec_target *t, char *result, unsigned int maxlen)
{
	bool caching = is_caching(t);
	struct hec_stats sum;
	unsigned int sz = 0;
	const char *why;
	int i;

	DMEMIT("mode=%s", caching ? "cache" : "passthrough");
	for (i = 0; i < HEC_NR_STATS; i++) {
		sum.count[i] = stat_sum(t, i);
		DMEMIT(" %s=%llu", stat_names[i], sum.count[i]);
	}
	if (t->persistent)
		DMEMIT(" kept=%llu", hec_keep_count(t));
	if (hec_beside_is_stacked(t))
		DMEMIT(" below=unseen");
	why = caching ? hec_why_counted(&sum) : hec_session_why(t);
	if (why)
		DMEMIT(" why=\"%s\"", why);
}

static void hec_status(struct dm_target *ti, status_type_t type,
		       unsigned int flags, char *result, unsigned int maxlen)
{
	struct hec_target *t = ti->private;
	unsigned int sz = 0;

	switch (type) {
	case STATUSTYPE_INFO:
		status_info(t, result, maxlen);
		break;
	case STATUSTYPE_TABLE:
		DMEMIT("%s", t->dev->name);
		if (t->start)
			DMEMIT(" %llu", (u64)t->start);
		if (t->persistent)
			DMEMIT(" persistent_swap");
		break;
	case STATUSTYPE_IMA:
		DMEMIT_TARGET_NAME_VERSION(ti->type);
		DMEMIT(",device_name=%s,start=%llu;", t->dev->name,
		       (u64)t->start);
		break;
	}
}

/*
 * drop: empty the cache; off, on: stop and start caching; reset: set the
 * counters to zero.
 */
static int hec_message(struct dm_target *ti, unsigned int argc, char **argv,
		       char *result, unsigned int maxlen)
{
	struct hec_target *t = ti->private;

	if (argc != 1)
		return -EINVAL;
	if (!strcasecmp(argv[0], "drop"))
		hec_session_renew_pool(t);
	else if (!strcasecmp(argv[0], "off"))
		hec_session_want(t, false);
	else if (!strcasecmp(argv[0], "on"))
		hec_session_want(t, true);
	else if (!strcasecmp(argv[0], "reset"))
		stats_reset(t);
	else
		return -EINVAL;
	return 0;
}

static int hec_iterate_devices(struct dm_target *ti,
			       iterate_devices_callout_fn fn, void *data)
{
	struct hec_target *t = ti->private;

	return fn(ti, t->dev, t->start, ti->len, data);
}

struct target_type hec_target_type = {
	.name = "hecache",
	.version = { 1, 0, 0 },
	.features = DM_TARGET_NOWAIT,
	.module = THIS_MODULE,
	.ctr = hec_ctr,
	.dtr = hec_dtr,
	.map = hec_map,
	.end_io = hec_end_io,
	.preresume = hec_preresume,
	.postsuspend = hec_postsuspend,
	.status = hec_status,
	.message = hec_message,
	.iterate_devices = hec_iterate_devices,
};
