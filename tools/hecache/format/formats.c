/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of formats, see formats.h.
 */
#include "formats.h"

#include <stdio.h>
#include <string.h>

#include "blkparse.h"
#include "blktrace.h"
#include "blocks.h"
#include "lis.h"
#include "oracle.h"
#include "table.h"
#include "vscsi.h"

static const struct format *const formats[] = {
	&format_lis,	  &format_blocks,  &format_csv,	   &format_msr,
	&format_alibaba,  &format_tencent, &format_spc,	   &format_blkparse,
	&format_blktrace, &format_vscsi,   &format_oracle,
};

const struct format *format_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void formats_list(char *text, size_t bytes)
{
	size_t used = 0, i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (used < bytes)
			used += (size_t)snprintf(text + used, bytes - used,
						 "%s%s", i ? ", " : "",
						 formats[i]->name);
}
