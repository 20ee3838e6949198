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

/* Where hecache-kvm.ko is. */
extern const char *host_module;

/* Loads it with @params; false if the kernel refuses, errno tells why. */
bool host_load(const char *params);
bool host_unload(void);
bool host_is_loaded(void);

/* Another module takes the hook that the module needs, or gives it back. */
bool host_take_hook(void);
bool host_free_hook(void);

/* A line of hecache/stats; ends the program if there is none of that name. */
uint64_t host_stat(const char *key);

/* Waits until that line has @value, for 20 seconds at most. */
bool host_stat_becomes(const char *key, uint64_t value);

/* True if hecache/clients has a line for @pid. */
bool host_has_client(pid_t pid);

/*
 * The word of @pid's line there in the column of that heading; good until the
 * next call.  Ends the program if there is none.
 */
const char *host_client_value(pid_t pid, const char *key);

/* Writes a line there about @pid; false with errno if refused. */
bool host_tell_client(pid_t pid, const char *what);

/* Changes what the client of @pid is promised; false with errno if refused. */
bool host_set_client(pid_t pid, const char *key, unsigned int value);

/* Writes a file in /sys or /proc; false with errno if refused. */
bool host_write(const char *path, const char *value);

/* Writes a parameter of the module. */
bool host_set(const char *param, unsigned int value);

#endif
