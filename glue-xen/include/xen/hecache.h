/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of Xen sees of the page cache.
 */
#ifdef CONFIG_HECACHE

#ifndef XEN_HECACHE_H
#define XEN_HECACHE_H

#include <xsm/xsm.h>

#define __HYPERVISOR_hecache_op __HYPERVISOR_arch_7

/*
 * Drops all that a dying domain has in the cache.  -ERESTART: other work waits:
 * call again.  Context: domain_kill(): no vCPU of @d will run again.
 */
int hecache_destroy(struct domain *d);

/*
 * The security module's hooks: may @d use the cache, and may the caller control
 * it?  Without CONFIG_XSM <xsm/dummy.h> answers.
 */
#if defined(CONFIG_XSM) && !defined(XSM_NO_WRAPPERS)

static inline int xsm_hecache_use(xsm_default_t def, struct domain *d)
{
    return alternative_call(xsm_ops.hecache_use, d);
}

static inline int xsm_hecache_control(xsm_default_t def)
{
    return alternative_call(xsm_ops.hecache_control);
}

#endif

#endif /* XEN_HECACHE_H */

#else /* !CONFIG_HECACHE */

#define hecache_destroy(d) 0

#endif /* CONFIG_HECACHE */
