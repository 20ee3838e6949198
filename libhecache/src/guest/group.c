/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A group of descriptors of a guest's batch.  Their frames are mapped together, so
 * that the cache can copy several pages as one batch.  Descriptors take effect in
 * their order: if the frame of a put cannot be mapped, those before it are done first.
 *
 * This is a file of its own so that other calls do not need its part of the stack.
 */
#include "group.h"

#include "../cache/get.h"
#include "map.h"

/* item[] has all descriptors of the group at first.  Mapped ones move to its front. */
struct group {
	struct hec_batch_item item[HEC_GUEST_GROUP];
	struct hec_env_guest_page *page; /* of each that is mapped */
	uint8_t desc[HEC_GUEST_GROUP]; /* the number of each in the group */
	uint8_t nr; /* that are mapped */
};

static bool is_put(const struct hec_guest_call *call)
{
	return call->command == HEC_CMD_BATCH_PUT;
}

/*
 * Each field is read once, because the guest may change it at any time.  The number
 * of the frame is kept where the hash will be later.
 */
static void read_desc(const struct hec_abi_desc *desc,
		      struct hec_batch_item *item)
{
	item->object = hec_env_read_once(desc->object);
	item->index = hec_env_read_once(desc->index);
	item->own.hash = hec_env_read_once(desc->gfn);
	item->status = hec_env_read_once(desc->reserved) ? HEC_EINVAL : HEC_OK;
}

/* Does the items that are mapped, and unmaps them. */
static void finish_group(const struct hec_guest_call *call,
			 struct hec_abi_desc *desc, struct group *group)
{
	if (!group->nr)
		return;
	if (is_put(call))
		hec_put_batch(call->cache, call->client, call->pool,
			      group->item, group->nr);
	else
		hec_get_batch(call->cache, call->client, call->pool,
			      group->item, group->nr);
	while (group->nr) {
		uint32_t i = --group->nr;

		hec_env_guest_unmap(call->vcpu, &group->page[i]);
		hec_env_write_once(desc[group->desc[i]].status,
				   group->item[i].status);
	}
}

static int map_item(const struct hec_guest_call *call,
		    const struct hec_batch_item *item,
		    struct hec_env_guest_page *page)
{
	if (item->status || item->index > HEC_MAX_INDEX)
		return HEC_EINVAL;
	if (is_put(call))
		return hec_env_guest_map(call->vcpu, item->own.hash, false,
					 page);
	return hec_guest_map_hit(call, item->object, item->index,
				 item->own.hash, page);
}

/* Item @i's frame is mapped, as the next page. */
static void add_mapped(struct group *group, uint32_t i)
{
	struct hec_batch_item *item = &group->item[group->nr];

	item->object = group->item[i].object;
	item->index = group->item[i].index;
	item->page = group->page[group->nr].va;
	group->desc[group->nr++] = (uint8_t)i;
}

/* Puts before it are done first, because they may have the same key. */
static void do_unmapped(const struct hec_guest_call *call,
			struct hec_abi_desc *desc, struct group *group,
			uint32_t i, int err)
{
	if (is_put(call)) {
		finish_group(call, desc, group);
		hec_put_failed(call->cache, call->client, call->pool,
			       group->item[i].object, group->item[i].index);
	}
	hec_env_write_once(desc[i].status, err);
}

void hec_guest_group(const struct hec_guest_call *call,
		     struct hec_abi_desc *desc, uint32_t nr,
		     struct hec_env_guest_page page[HEC_GUEST_GROUP])
{
	struct group group;
	uint32_t i;

	for (i = 0; i < nr; i++) {
		read_desc(&desc[i], &group.item[i]);
		hec_look_ahead(call->cache, call->client, call->pool,
			       group.item[i].object, group.item[i].index);
	}
	group.page = page;
	group.nr = 0;
	for (i = 0; i < nr; i++) {
		int err = map_item(call, &group.item[i], &page[group.nr]);

		if (err)
			do_unmapped(call, desc, &group, i, err);
		else
			add_mapped(&group, i);
	}
	finish_group(call, desc, &group);
}
