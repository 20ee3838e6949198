/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the words behind a command mean: clients, sizes, percentages, terms.
 *
 * Functions return true if the word is such a thing.
 */
#ifndef HECACHECTL_ARGUMENTS_H
#define HECACHECTL_ARGUMENTS_H

#include "host.h"

/* Terms, and bits that name some. */
struct change {
	struct terms terms;
	unsigned int which;
};

bool argument_client(const char *word, uint32_t *id);
bool argument_tax(const char *word, uint32_t *percent);

/* MiB, or a number with M, G or T. */
bool argument_size(const char *word, uint32_t *mib);

/* "KEY=VALUE", which @change has afterwards, besides what it had. */
bool argument_term(const char *word, struct change *change);

#endif
