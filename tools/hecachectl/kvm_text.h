/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of hecache-kvm.ko hold, and the lines that are written there;
 * glue-kvm/README.md describes both.  Columns of tables and keys of `stats` go by
 * their names, so that a module with more of them is understood.
 *
 * Functions return 0, or a negative errno: -EPROTO for text that makes no sense,
 * such as numbers that the library's limits rule out.
 */
#ifndef HECACHECTL_KVM_TEXT_H
#define HECACHECTL_KVM_TEXT_H

#include <stdio.h>

#include "host.h"

/* One number and no more, @most at the most. */
int kvm_text_number(FILE *file, uint64_t most, uint64_t *number);

/* Sets what the keys of `stats` name, and nothing else. */
int kvm_text_cache(FILE *file, struct cache *cache);

/* *@clients and *@pools are the caller's to free. */
int kvm_text_clients(FILE *file, struct client **clients, size_t *nr);
int kvm_text_pools(FILE *file, struct pool **pools, size_t *nr);

/* What the module takes in one write. */
#define KVM_LINE_SIZE 128

/* The line that changes those of @terms that @which names. */
void kvm_text_terms(char line[KVM_LINE_SIZE], uint32_t id,
		    const struct terms *terms, unsigned int which);

#endif
