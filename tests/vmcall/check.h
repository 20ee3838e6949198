/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks: what is expected, who failed, and what they share.
 *
 * A check that made no hypercall proved nothing, and fails.
 */
#ifndef VMCALL_CHECK_H
#define VMCALL_CHECK_H

#include "host.h"
#include "vm.h"

struct check {
	const char *name;
	void (*run)(void);
};

/* Ended by an entry with no name. */
extern const struct check protocol_checks[];
extern const struct check secrecy_checks[];
extern const struct check fault_checks[];
extern const struct check mode_checks[];
extern const struct check dirty_checks[];
extern const struct check teardown_checks[];
extern const struct check memory_checks[];
extern const struct check control_checks[];
extern const struct check device_checks[];
extern const struct check admission_checks[];
extern const struct check signs_checks[];
extern const struct check model_checks[];
extern const struct check hostile_checks[];
extern const struct check unload_checks[];

/* Parameters of all checks that load the module by themselves. */
#define CHECK_PARAMS "size_mb=64 max_mb=256"

/* What the fuzzers draw from; printed, and given again to repeat a run. */
extern uint64_t check_seed;

void check_failed(const char *file, int line, const char *what, uint64_t got,
		  uint64_t wanted);

/* Both go on after a failure, so that one run tells all. */
#define EXPECT(cond)                                                   \
	do {                                                           \
		if (!(cond))                                           \
			check_failed(__FILE__, __LINE__, #cond, 0, 1); \
	} while (0)

#define EXPECT_EQ(expr, value)                                        \
	do {                                                          \
		uint64_t got_ = (uint64_t)(expr);                     \
		uint64_t wanted_ = (uint64_t)(value);                 \
		if (got_ != wanted_)                                  \
			check_failed(__FILE__, __LINE__, #expr, got_, \
				     wanted_);                        \
	} while (0)

/* splitmix64: the next number of a sequence. */
uint64_t check_random(uint64_t *state);

/* Fills a page with what only @tag has, and checks that it has. */
void check_fill(void *page, uint64_t tag);
bool check_filled(const void *page, uint64_t tag);

/* A VM that has said HELLO, and a pool of it. */
struct vm *check_vm(uint64_t features, uint64_t *pool);

/* No client is there any more, or soon none; no page, and every frame is free. */
void check_nothing_left(void);

#endif
