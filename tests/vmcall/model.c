// SPDX-License-Identifier: GPL-2.0-only
/* Random calls of VMs that behave, against a model of what they put. */
#include <time.h>

#include "check.h"
#include "load.h"

#define VMS 2

static void model(void)
{
	static struct load_vm vms[VMS];
	const struct timespec pause = { .tv_sec = 4 };

	load_vms_start(vms, VMS, check_seed);
	nanosleep(&pause, NULL);
	load_vms_stop(vms, VMS);
}

const struct check model_checks[] = {
	{ "model", model },
	{},
};
