/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's pages, for as long as a copy takes.
 *
 * A frame number is the guest's and may be anything.  Under PV it is a machine
 * frame: get_page() lets a domain have its own pages only.  Otherwise the p2m
 * is asked: a hole, MMIO, a grant or another domain's page is refused by its
 * type; one that is paged out or shared gives "not now".
 *
 * Before Xen writes to a page it must hold a reference of its type "writable":
 * a page that a PV guest uses as a page table or descriptor table cannot be
 * had.  Behind the write the log of dirty pages is told, for a migration.
 */
#include <xen/mm.h>
#include <xen/sched.h>

#include <asm/p2m.h>
#include <asm/paging.h>

#include <hecache/hecache.h>

static bool may_use(p2m_type_t type, bool write)
{
    return type == p2m_ram_rw || type == p2m_ram_logdirty ||
           (!write && type == p2m_ram_ro);
}

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
                      struct hec_env_guest_page *guest)
{
    struct domain *d = ((struct vcpu *)vcpu)->domain;
    struct page_info *page;
    p2m_type_t type;
    int rc;

    /* With those, a copy has two frames of the cache mapped. */
    BUILD_BUG_ON(HEC_GUEST_MAPS + 2 > MAPCACHE_VCPU_ENTRIES);

    /* Beyond all memory there is no struct page_info to even point at. */
    if ( !paging_mode_translate(d) && !mfn_valid(_mfn(gfn)) )
        return HEC_EFAULT;
    rc = check_get_page_from_gfn(d, _gfn(gfn), !write, &type, &page);
    if ( rc )
        return rc == -EAGAIN ? HEC_EAGAIN : HEC_EFAULT;
    if ( !may_use(type, write) ||
         (write && !get_page_type(page, PGT_writable_page)) )
    {
        put_page(page);
        return HEC_EFAULT;
    }
    guest->va = __map_domain_page(page);
    guest->page = page;
    guest->write = write;

    return HEC_OK;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *guest)
{
    unmap_domain_page(guest->va);
    if ( guest->write )
    {
        paging_mark_dirty(((struct vcpu *)vcpu)->domain,
                          page_to_mfn(guest->page));
        put_page_type(guest->page);
    }
    put_page(guest->page);
}
