/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Room: a frame for a page, at whose expense, and with which page.
 */
#ifndef HEC_ROOM_H
#define HEC_ROOM_H

#include "state.h"

/*
 * For one frame, at the most: pages evicted; looks at all clients; pages looked at
 * for the first victim (for each of the others, an eighth).
 */
#define HEC_ROOM_EVICTIONS 32u
#define HEC_ROOM_LOOKS 4u
#define HEC_ROOM_STEPS 256u

/*
 * A frame charged to @client, evicting if need be, or HEC_NO_RECORD.
 * Context: no locks held.
 */
uint32_t hec_room_take(struct hec_cache *cache, struct hec_client *client);

/* Who is to pay when the host wants memory; NULL: nobody has anything. */
struct hec_client *hec_room_payer(struct hec_cache *cache);

/*
 * Evicts a page of @payer; false: it has none.  Its frame is free then, if it had
 * one and no get has it.  Context: no locks held.
 */
bool hec_room_make(struct hec_cache *cache, struct hec_client *payer);

/* A page of @client was got: its memory is not idle. [client] */
void hec_room_note_hit(struct hec_cache *cache, struct hec_client *client);

#endif
