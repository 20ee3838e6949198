/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes on tracepoints of the kernel, by their names.
 */
#ifndef HEC_PROBE_H
#define HEC_PROBE_H

#include <linux/types.h>

struct tracepoint;

struct hec_probe {
	const char *name; /* the tracepoint's */
	void *function; /* of the tracepoint's type */
	struct tracepoint *point;
	bool registered;
};

int hec_probes_register(struct hec_probe *probes, int nr);
void hec_probes_unregister(struct hec_probe *probes, int nr);

#endif
