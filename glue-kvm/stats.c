// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statistics: /sys/class/misc/hecache/stats, a file for each.  README.md says what
 * they mean.  Root alone may read them: they tell of all VMs, and each look goes through
 * all clients.
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "call.h"
#include "chunk.h"
#include "events.h"
#include "memory.h"
#include "stats.h"

#define SHOW_STAT(name)                                                     \
	static ssize_t name##_show(struct device *device,                   \
				   struct device_attribute *attr, char *to) \
	{                                                                   \
		struct hec_stats stats;                                     \
                                                                            \
		hec_cache_stats(hec_kvm_cache, &stats);                     \
		return sysfs_emit(to, "%llu\n", stats.name);                \
	}                                                                   \
	static DEVICE_ATTR_ADMIN_RO(name)

SHOW_STAT(puts);
SHOW_STAT(puts_refused);
SHOW_STAT(hits);
SHOW_STAT(misses);
SHOW_STAT(flushes);
SHOW_STAT(evictions);
SHOW_STAT(corrupt);
SHOW_STAT(rollbacks);
SHOW_STAT(unasked);
SHOW_STAT(pages);
SHOW_STAT(zero_pages);
SHOW_STAT(persistent_pages);
SHOW_STAT(pools);

#define SHOW_INFO(name, field)                                              \
	static ssize_t name##_show(struct device *device,                   \
				   struct device_attribute *attr, char *to) \
	{                                                                   \
		struct hec_cache_info info;                                 \
                                                                            \
		hec_cache_info(hec_kvm_cache, &info);                       \
		return sysfs_emit(to, "%llu\n", (u64)info.field);           \
	}                                                                   \
	static DEVICE_ATTR_ADMIN_RO(name)

SHOW_INFO(frames, frames);
SHOW_INFO(frames_free, frames_free);
SHOW_INFO(metadata_bytes, metadata_bytes);
SHOW_INFO(clients, clients);
SHOW_INFO(chunks, chunks);
SHOW_INFO(idle_tax, idle_tax);

/* Frames in use. */
static ssize_t frames_charged_show(struct device *device,
				   struct device_attribute *attr, char *to)
{
	struct hec_stats stats;

	hec_cache_stats(hec_kvm_cache, &stats);
	return sysfs_emit(to, "%llu\n", stats.frames);
}
static DEVICE_ATTR_ADMIN_RO(frames_charged);

/* In the words of /proc/PID/numa_maps. */
static ssize_t frames_of_nodes_show(struct device *device,
				    struct device_attribute *attr, char *to)
{
	int node, len = 0;

	for_each_node_state(node, N_MEMORY)
		len += sysfs_emit_at(to, len, "%sN%d=%llu", len ? " " : "",
				     node, hec_kvm_chunk_pages(node));
	return len + sysfs_emit_at(to, len, "\n");
}
static DEVICE_ATTR_ADMIN_RO(frames_of_nodes);

static ssize_t hellos_refused_show(struct device *device,
				   struct device_attribute *attr, char *to)
{
	return sysfs_emit(to, "%llu\n", hec_kvm_events_refused());
}
static DEVICE_ATTR_ADMIN_RO(hellos_refused);

#define SHOW_CALLS(name, error)                                             \
	static ssize_t name##_show(struct device *device,                   \
				   struct device_attribute *attr, char *to) \
	{                                                                   \
		return sysfs_emit(to, "%llu\n", hec_kvm_calls(error));      \
	}                                                                   \
	static DEVICE_ATTR_ADMIN_RO(name)

SHOW_CALLS(calls, HEC_OK);
SHOW_CALLS(error_enoent, HEC_ENOENT);
SHOW_CALLS(error_enospc, HEC_ENOSPC);
SHOW_CALLS(error_eagain, HEC_EAGAIN);
SHOW_CALLS(error_estale, HEC_ESTALE);
SHOW_CALLS(error_einval, HEC_EINVAL);
SHOW_CALLS(error_efault, HEC_EFAULT);
SHOW_CALLS(error_enosys, HEC_ENOSYS);
SHOW_CALLS(error_eversion, HEC_EVERSION);
SHOW_CALLS(error_eperm, HEC_EPERM);
SHOW_CALLS(error_enomem, HEC_ENOMEM);
SHOW_CALLS(error_eio, HEC_EIO);

static struct attribute *stats_attrs[] = {
	&dev_attr_puts.attr,
	&dev_attr_puts_refused.attr,
	&dev_attr_hits.attr,
	&dev_attr_misses.attr,
	&dev_attr_flushes.attr,
	&dev_attr_evictions.attr,
	&dev_attr_corrupt.attr,
	&dev_attr_rollbacks.attr,
	&dev_attr_unasked.attr,
	&dev_attr_pages.attr,
	&dev_attr_zero_pages.attr,
	&dev_attr_persistent_pages.attr,
	&dev_attr_pools.attr,
	&dev_attr_frames.attr,
	&dev_attr_frames_free.attr,
	&dev_attr_frames_charged.attr,
	&dev_attr_frames_of_nodes.attr,
	&dev_attr_metadata_bytes.attr,
	&dev_attr_clients.attr,
	&dev_attr_chunks.attr,
	&dev_attr_idle_tax.attr,
	&dev_attr_hellos_refused.attr,
	&dev_attr_calls.attr,
	&dev_attr_error_enoent.attr,
	&dev_attr_error_enospc.attr,
	&dev_attr_error_eagain.attr,
	&dev_attr_error_estale.attr,
	&dev_attr_error_einval.attr,
	&dev_attr_error_efault.attr,
	&dev_attr_error_enosys.attr,
	&dev_attr_error_eversion.attr,
	&dev_attr_error_eperm.attr,
	&dev_attr_error_enomem.attr,
	&dev_attr_error_eio.attr,
	NULL,
};

static const struct attribute_group stats_group = {
	.name = "stats",
	.attrs = stats_attrs,
};

const struct attribute_group *hec_kvm_stats_groups[] = {
	&stats_group,
	NULL,
};
