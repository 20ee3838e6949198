/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernels that the module is built for: what one of them lacks is refused here, and
 * what they call differently has one name.  No other file asks for a version.
 *
 * PREEMPT_RT.  The kernel tells of an evicted page where interrupts are off; the locks
 * that are taken then would sleep.
 */
#ifndef HEC_COMPAT_H
#define HEC_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "hecache does not work on PREEMPT_RT: evicted pages are told of where its locks would sleep"
#endif

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "hecache needs Linux 6.1 or later: the tracepoints pass folios"
#endif

/* Of struct address_space. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define hec_private_lock private_lock
#else
#define hec_private_lock i_private_lock
#endif

#endif
