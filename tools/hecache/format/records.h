/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Binary traces: records one after the other, each checked to be there whole.
 */
#ifndef HECACHE_RECORDS_H
#define HECACHE_RECORDS_H

#include "reading.h"

/*
 * The next @bytes bytes, valid until the next call; NULL in *@record: there are
 * none.  They are the next record, unless they are @part_of the last one.
 */
bool records_next(struct reading *reading, size_t bytes, bool part_of,
		  const uint8_t **record);

#endif
