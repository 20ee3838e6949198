/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading records, see records.h.
 */
#include "records.h"

bool records_next(struct reading *reading, size_t bytes, bool part_of,
		  const uint8_t **record)
{
	struct input *input = reading->input;
	size_t available;

	*record = NULL;
	input->line += !part_of;
	if (!input_need(input, bytes, &available))
		return false;
	if (!available && !part_of)
		return true;
	if (available < bytes)
		return input_fail(input,
				  "the last record is truncated: %zu bytes of "
				  "%zu",
				  available, bytes);
	*record = input->data + input->start;
	input->start += bytes;
	return true;
}
