// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading.  The device mapper holds a reference to the module for
 * each target, so there is none left when it is unloaded.
 */
#include <linux/module.h>

#include "later.h"
#include "pending.h"
#include "put.h"
#include "read.h"
#include "seal.h"
#include "session.h"
#include "target.h"

static int __init hecache_init(void)
{
	int error;

	hec_seal_init();
	hec_later_init();
	error = hec_read_init();
	if (error)
		goto fail_memory;
	error = hec_put_init();
	if (error)
		goto fail_memory;
	error = hec_pending_init();
	if (error)
		goto fail_memory;
	error = hec_session_init();
	if (error)
		goto fail_session;
	error = dm_register_target(&hec_target_type);
	if (error)
		goto fail_target;
	return 0;

fail_target:
	hec_session_fini();
fail_session:
	hec_pending_fini();
fail_memory:
	hec_put_fini();
	hec_read_fini();
	return error;
}

static void __exit hecache_exit(void)
{
	dm_unregister_target(&hec_target_type);
	hec_later_fini();
	hec_session_fini();
	hec_pending_fini();
	hec_put_fini();
	hec_read_fini();
}

module_init(hecache_init);
module_exit(hecache_exit);

MODULE_DESCRIPTION("Device-mapper target that caches in the hypervisor");
MODULE_LICENSE("GPL");
MODULE_VERSION(HECACHE_VERSION);
/* So that making a target loads it. */
MODULE_ALIAS("dm-hecache");
