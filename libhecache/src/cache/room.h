/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Room: a frame for a page, at whose expense, and with which page.
 */
#ifndef HEC_ROOM_H
#define HEC_ROOM_H

#include "state.h"

/* A frame charged to @client, evicting if need be, or HEC_NO_RECORD. */
uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client);

/* Evicts one page of whoever is to pay; false if nobody has any. */
bool hec_room_make(struct hec_cache *cache);

/* A page of @client was got: its memory is not idle. [client] */
void hec_room_note_hit(struct hec_cache *cache, struct hec_client *client);

#endif
