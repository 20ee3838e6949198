// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes on tracepoints.  The kernel does not export these to modules by symbol,
 * so they are looked up by name.  A probe is typed by the kernel it was taken from.
 */
#include "probe.h"

#include "guest.h"

#include <linux/tracepoint.h>

static void match(struct tracepoint *point, void *data)
{
	struct hec_probe *probe = data;

	if (!strcmp(point->name, probe->name))
		probe->point = point;
}

static int probe_register(struct hec_probe *probe)
{
	int error;

	if (!probe->point)
		for_each_kernel_tracepoint(match, probe);
	if (!probe->point)
		return -ENOENT;
	error = tracepoint_probe_register(probe->point, probe->function, NULL);
	probe->registered = !error;
	return error;
}

/* All of them, or none. */
int hec_probes_register(struct hec_probe *probes, int nr)
{
	int i, error;

	for (i = 0; i < nr; i++) {
		error = probe_register(&probes[i]);
		if (error) {
			pr_err("cannot watch %s: %d\n", probes[i].name, error);
			hec_probes_unregister(probes, nr);
			return error;
		}
	}
	return 0;
}

/* No probe runs any more when it returns. */
void hec_probes_unregister(struct hec_probe *probes, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!probes[i].registered)
			continue;
		tracepoint_probe_unregister(probes[i].point, probes[i].function,
					    NULL);
		probes[i].registered = false;
	}
	tracepoint_synchronize_unregister();
}
