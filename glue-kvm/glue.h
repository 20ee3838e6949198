/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of hecache-kvm.ko offer each other.
 *
 *     hook.c      redirects KVM's hypercalls of our number to call.c
 *     call.c      one hypercall: who may call, registers in, result out
 *     guestmem.c  the guest's pages, for the library
 *     clients.c   which VM is which client; ends clients of VMs that go
 *     memory.c    the cache itself, and its memory from the host
 *     stats.c     the folder in debugfs, the statistics
 *     control.c   single VMs, shown and changed in debugfs; the idle tax
 */
#ifndef HECACHE_KVM_GLUE_H
#define HECACHE_KVM_GLUE_H

#include <linux/kvm_host.h>

#include <hecache/hecache.h>

struct file_operations;
struct seq_file;

/* One hypercall on its way; the library hands it on as its "vcpu". */
struct hec_kvm_call {
	struct kvm_vcpu *vcpu;
	unsigned int nr_writes; /* pages mapped for writing so far */
};

/* memory.c: the machine's one cache; constant while the module is there. */
extern struct hec_cache *hec_kvm_cache;

int hec_kvm_memory_init(void);
/* Context: no clients, no calls. */
void hec_kvm_memory_fini(void);

/* hook.c.  After hec_kvm_hook_fini() no call is in flight and none comes. */
int hec_kvm_hook_init(void);
void hec_kvm_hook_fini(void);

/* call.c.  In place of kvm_emulate_hypercall(), for our number. */
int hec_kvm_call_emulate(struct kvm_vcpu *vcpu);
void hec_kvm_call_show(struct seq_file *m);

int hec_kvm_clients_init(void);
/* Ends every client.  Context: no calls. */
void hec_kvm_clients_fini(void);

/*
 * The client of @kvm, or NULL.  Context: a call of one of @kvm's vCPUs, for as
 * long as which it remains.
 */
struct hec_client *hec_kvm_client_find(struct kvm *kvm);

/*
 * The same, made now if need be: for a HELLO.  NULL: there is no memory or
 * max_clients are there.  Context: may sleep.
 */
struct hec_client *hec_kvm_client_get(struct kvm *kvm);

/* Calls @show for each client.  @show must not sleep. */
void hec_kvm_clients_for_each(void (*show)(struct hec_client *client, pid_t pid,
					   void *arg),
			      void *arg);

unsigned int hec_kvm_max_clients(void);

/* A policy's name, and the policy of that name or -EINVAL. */
const char *hec_kvm_policy_name(enum hec_policy_kind kind);
int hec_kvm_policy_kind(const char *name);

/* control.c */
extern const struct file_operations hec_kvm_clients_fops;
void hec_kvm_control_init(void);
void hec_kvm_control_fini(void);

void hec_kvm_stats_init(void);
void hec_kvm_stats_fini(void);

#endif
