/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One hypercall: four words of a guest's, one word back.
 *
 * Xen lets only a guest's kernel make hypercalls, and the table sends only
 * 64-bit callers here.  The library bounds the work of a call and has the guest
 * repeat what is left, so that no continuation is needed.
 */
#include <xen/hypercall.h>

#include <public/hecache.h>

#include "client.h"
#include "control.h"
#include "memory.h"

long do_hecache_op(unsigned long cmd, unsigned long arg1, unsigned long arg2,
                   unsigned long arg3)
{
    const uint64_t arg[4] = { cmd, arg1, arg2, arg3 };
    struct vcpu *curr = current;

    if ( !hecache )
        return -ENOSYS;
    if ( cmd & XEN_HECACHE_CONTROL_MASK )
        return hecache_control(arg);

    return hec_guest_call(hecache, hecache_client_find(curr->domain), curr,
                          arg);
}
