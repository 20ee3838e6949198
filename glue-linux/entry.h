/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions of the kernel, by their names: a handler is called where they begin.
 */
#ifndef HEC_ENTRY_H
#define HEC_ENTRY_H

#include <linux/kprobes.h>

struct hec_entry {
	const char *function;
	kprobe_pre_handler_t handler;
	struct kprobe probe;
	bool registered;
};

int hec_entry_register(struct hec_entry *entry);
void hec_entries_unregister(struct hec_entry *entries, int nr);

#endif
