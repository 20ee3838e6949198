// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watching where functions of the kernel begin, for what no tracepoint tells.  The
 * arguments are in the registers then.
 */
#include "entry.h"

/* Fails where the kernel has no such function, or none that can be watched. */
int hec_entry_register(struct hec_entry *entry)
{
	int error;

	entry->probe = (struct kprobe){
		.symbol_name = entry->function,
		.pre_handler = entry->handler,
	};
	error = register_kprobe(&entry->probe);
	entry->registered = !error;
	return error;
}

/* Those that are registered.  No handler runs any more when it returns. */
void hec_entries_unregister(struct hec_entry *entries, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (entries[i].registered)
			unregister_kprobe(&entries[i].probe);
		entries[i].registered = false;
	}
}
