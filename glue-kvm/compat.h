/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernels that the module is built for: what one of them lacks is refused here, and
 * what they call differently has one name.  No other file asks for a version.
 */
#ifndef HECACHE_KVM_COMPAT_H
#define HECACHE_KVM_COMPAT_H

#ifdef CONFIG_PREEMPT_RT
#error "hecache-kvm has not been tried on PREEMPT_RT, and is refused there"
#endif

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "hecache-kvm needs Linux 6.1 or later"
#endif

#if !defined(CONFIG_X86_64) || !defined(CONFIG_KPROBES) || \
	!defined(CONFIG_DYNAMIC_FTRACE_WITH_REGS)
#error "hecache-kvm needs x86-64 with CONFIG_KPROBES and CONFIG_FUNCTION_TRACER"
#endif

#include <linux/kvm_host.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

/* Not in a public header any more from 7.2 on; in others, compared with theirs. */
int kvm_emulate_hypercall(struct kvm_vcpu *vcpu);

/*
 * Pages of this slot may be in a file of KVM's own, where the VMM's process does not
 * see them.
 */
static inline bool hec_kvm_is_hidden(const struct kvm_memory_slot *slot)
{
#ifdef KVM_MEM_GUEST_MEMFD
	return slot->flags & KVM_MEM_GUEST_MEMFD;
#else
	return false;
#endif
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static inline struct shrinker *hec_kvm_shrinker_alloc(const char *name)
{
	return kzalloc(sizeof(struct shrinker), GFP_KERNEL);
}

static inline int hec_kvm_shrinker_register(struct shrinker *shrinker,
					    const char *name)
{
	return register_shrinker(shrinker, "%s", name);
}

/* One that was never registered is only freed. */
static inline void hec_kvm_shrinker_free(struct shrinker *shrinker)
{
	if (!shrinker)
		return;
	unregister_shrinker(shrinker);
	kfree(shrinker);
}
#else
static inline struct shrinker *hec_kvm_shrinker_alloc(const char *name)
{
	return shrinker_alloc(0, "%s", name);
}

static inline int hec_kvm_shrinker_register(struct shrinker *shrinker,
					    const char *name)
{
	shrinker_register(shrinker);
	return 0;
}

static inline void hec_kvm_shrinker_free(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}
#endif

#endif
