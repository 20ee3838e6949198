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

#include "glue.h"

long do_hecache_op(unsigned long cmd, unsigned long arg1, unsigned long arg2,
                   unsigned long arg3)
{
    const uint64_t arg[4] = { cmd, arg1, arg2, arg3 };
    bool is_hello = (cmd & HEC_ABI_CMD_MASK) == HEC_CMD_HELLO;
    struct vcpu *curr = current;
    struct hec_client *client;

    if ( !hecache )
        return -ENOSYS;
    if ( cmd & XEN_HECACHE_CONTROL_MASK )
        return hecache_control(arg);

    client = hecache_client_find(curr->domain);
    if ( !client )
    {
        if ( !is_hello )
            return HEC_ESTALE;
        client = hecache_client_get(curr->domain);
        if ( !client )
            return HEC_ENOMEM;
    }

    return hec_guest_call(hecache, client, curr, arg);
}
