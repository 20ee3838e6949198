/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module under test, from its administrator's side: loading, parameters,
 * statistics.
 */
#ifndef VMCALL_HOST_H
#define VMCALL_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <hecache_control.h>

/* Where hecache-kvm.ko is. */
extern const char *host_module;

/* Loads it with @params; false if the kernel refuses, errno tells why. */
bool host_load(const char *params);
bool host_unload(void);
bool host_is_loaded(void);

/* Another module takes the hook that the module needs, or gives it back. */
bool host_take_hook(void);
bool host_free_hook(void);

/* Loads the one that was built for another KVM, in place of it. */
bool host_load_stale(void);

/* References to KVM's module. */
unsigned int host_kvm_users(void);

/* A number in the module's statistics; ends the program if there is none. */
uint64_t host_stat(const char *key);

/* Waits until that number has @value, for 20 seconds at most. */
bool host_stat_becomes(const char *key, uint64_t value);

/* /dev/hecache, opened with @flags; ends the program if it cannot be. */
int host_device(int flags);

/* A request to the module; false with errno if refused. */
bool host_ask(unsigned long number, void *op);

/* The client that came last of process @pid; false: it has none. */
bool host_client(pid_t pid, struct hecache_control_client *client);

/* Changes one of its terms, HECACHE_TERM_*; false with errno if refused. */
bool host_set_term(pid_t pid, uint32_t term, uint32_t value);

/* FLUSH or RESET of the same. */
bool host_ask_one(pid_t pid, unsigned long number);

/* A request that is of a single number. */
bool host_ask_value(unsigned long number, uint32_t value);

/* Writes a file in /sys or /proc; false with errno if refused. */
bool host_write(const char *path, const char *value);

/* Writes a parameter of the module. */
bool host_set(const char *param, unsigned int value);

#endif
