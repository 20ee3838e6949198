/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Room: finding a frame for a page.  Who pays for it, and which page goes.
 */
#ifndef HEC_ROOM_H
#define HEC_ROOM_H

#include "state.h"

/*
 * Limits for one frame: how many pages are evicted, how often all clients are looked
 * at, and how many pages are looked at for the first victim.  (For each further victim
 * it is 32.)  256 pages cost up to 0.2 points of hits on P6, 4096 gain no more.
 */
#define HEC_ROOM_EVICTIONS 32u
#define HEC_ROOM_LOOKS 4u
#define HEC_ROOM_STEPS 1024u

/*
 * A frame, charged to @client.  Evicts if need be.  HEC_NO_RECORD: there is none.
 * Context: no locks held.
 */
uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client);

/* The client that pays when the host wants memory.  NULL: nobody can. */
struct hec_client *hec_room_payer(struct hec_cache *cache);

/*
 * Evicts a page of @payer.  False: it has none.  If the page had a frame, that is
 * free then, or a get has it and will free it.  Context: no locks held.
 */
bool hec_room_make(struct hec_cache *cache, struct hec_client *payer);

/* A page of @client was got: its memory is not idle. [client] */
void hec_room_note_hit(struct hec_cache *cache, struct hec_client *client);

#endif
