// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's functions, found by their names.
 *
 * Newer kernels (7.2 and later) export what KVM offers to KVM's own modules alone.  So
 * nothing of KVM's is linked to.  A kprobe that is registered, never armed, and removed
 * tells a function's address, and the kernel's table of symbols tells where it begins,
 * and whose it is.
 *
 * They are called by static calls: the kernel writes a direct call into this module.  A
 * call by pointer would be wrong where indirect branches must land on a mark of their
 * own (IBT), for the kernel takes the marks off functions that nobody calls so; and it
 * is slower.
 *
 * What the loader checks of linked symbols is not checked here.  The kernel's version
 * is (vermagic), the types of these functions are those of the headers (compat.h), and
 * layout.c looks at KVM's structures.
 *
 * KVM is pinned: a module that is linked to it would be pinned, too.  It is found by its
 * name among the modules' objects in sysfs, which are there for as long as it is.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kobject.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/static_call.h>

#include "symbols.h"

/* A function, as the kernel's table of symbols has it. */
struct place {
	unsigned long start;
	char module[MODULE_NAME_LEN]; /* "": it is the kernel's own */
};

_Static_assert(MODULE_NAME_LEN > 55, "find() takes so much of a name");

static struct place hypercall, mark_dirty;
static struct module *pinned; /* NULL: KVM is no module */

/* They stand for KVM's until these are found. */
static int no_hypercall(struct kvm_vcpu *vcpu)
{
	return -ENOSYS;
}

static void no_mark_dirty(struct kvm *kvm, const struct kvm_memory_slot *slot,
			  gfn_t gfn)
{
}

DEFINE_STATIC_CALL(hec_kvm_symbols_hypercall_call, no_hypercall);
DEFINE_STATIC_CALL(hec_kvm_symbols_dirty_call, no_mark_dirty);

unsigned long hec_kvm_symbols_hypercall(void)
{
	return hypercall.start;
}

int hec_kvm_symbols_emulate(struct kvm_vcpu *vcpu)
{
	return static_call(hec_kvm_symbols_hypercall_call)(vcpu);
}

void hec_kvm_symbols_mark_dirty(struct kvm *kvm,
				const struct kvm_memory_slot *slot, gfn_t gfn)
{
	static_call(hec_kvm_symbols_dirty_call)(kvm, slot, gfn);
}

/* An address in the function, or 0. */
static unsigned long address_of(const char *name)
{
	struct kprobe probe = { .symbol_name = name,
				.flags = KPROBE_FLAG_DISABLED };
	unsigned long address;
	int err = register_kprobe(&probe);

	if (err) {
		pr_err("cannot find KVM's %s: %d%s\n", name, err,
		       err == -ENOENT ? " (is the module kvm loaded?)" : "");
		return 0;
	}
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

/*
 * The table of symbols has it as "name+0x4/0x123 [module]", or without a module if it
 * is the kernel's own.
 */
static int find(const char *name, struct place *place)
{
	unsigned long address = address_of(name), offset, size;
	char text[KSYM_SYMBOL_LEN];
	char *at;

	if (!address)
		return -ENOENT;
	sprint_symbol(text, address);
	at = strchr(text, '+');
	place->module[0] = '\0';
	if (!at ||
	    sscanf(at, "+%lx/%lx [%55s", &offset, &size, place->module) < 2) {
		pr_err("cannot find where KVM's %s begins: %s\n", name, text);
		return -ENOENT;
	}
	*strchrnul(place->module, ']') = '\0';
	place->start = address - offset;
	return 0;
}

/* A reference to the module of that name. */
static struct module *pin(const char *name)
{
	struct kobject *object =
		kset_find_obj(THIS_MODULE->mkobj.kobj.kset, name);
	struct module *module = NULL;

	if (!object)
		return NULL;
	module = container_of(object, struct module_kobject, kobj)->mod;
	if (module && !try_module_get(module))
		module = NULL;
	kobject_put(object);
	return module;
}

/* As it cannot go once it is pinned, it is looked at again then. */
static int find_all(void)
{
	int err = find("kvm_emulate_hypercall", &hypercall);

	return err ?: find("mark_page_dirty_in_slot", &mark_dirty);
}

static int pin_kvm(void)
{
	int err = find("kvm_emulate_hypercall", &hypercall);

	if (err || !hypercall.module[0])
		return err;
	pinned = pin(hypercall.module);
	if (!pinned)
		pr_err("cannot hold the module %s\n", hypercall.module);
	return pinned ? 0 : -ENODEV;
}

int hec_kvm_symbols_init(void)
{
	int err = pin_kvm() ?: find_all();

	if (!err && (strcmp(hypercall.module, mark_dirty.module) ||
		     (pinned && strcmp(hypercall.module, pinned->name)))) {
		pr_err("KVM's functions are in two modules\n");
		err = -ENOENT;
	}
	if (err) {
		hec_kvm_symbols_fini();
		return err;
	}
	static_call_update(hec_kvm_symbols_hypercall_call,
			   (int (*)(struct kvm_vcpu *))hypercall.start);
	static_call_update(hec_kvm_symbols_dirty_call,
			   (typeof(&mark_page_dirty_in_slot))mark_dirty.start);
	return 0;
}

void hec_kvm_symbols_fini(void)
{
	if (pinned)
		module_put(pinned);
	pinned = NULL;
}
