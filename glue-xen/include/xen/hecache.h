/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of Xen sees of the page cache.
 */
#ifdef CONFIG_HECACHE

#ifndef XEN_HECACHE_H
#define XEN_HECACHE_H

struct domain;

#define __HYPERVISOR_hecache_op __HYPERVISOR_arch_7

/*
 * Drops all that a dying domain has in the cache.  -ERESTART: other work waits:
 * call again.  Context: domain_kill(): no vCPU of @d will run again.
 */
int hecache_destroy(struct domain *d);

#endif /* XEN_HECACHE_H */

#else /* !CONFIG_HECACHE */

#define hecache_destroy(d) 0

#endif /* CONFIG_HECACHE */
