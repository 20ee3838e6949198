/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control domain's operations: <public/hecache.h>.
 */
#ifndef HECACHE_CONTROL_H
#define HECACHE_CONTROL_H

#include <xen/types.h>

/* The four words of a call.  Context: any caller: checks who it is. */
long hecache_control(const uint64_t arg[4]);

#endif /* HECACHE_CONTROL_H */
