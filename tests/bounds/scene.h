/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the tests of bounds share: a cache of any size, of which only what is used
 * takes memory; VMs, whose calls are counted; and a verdict on what was counted.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "../unit/fixture.h"

#include "limits.h"
#include "work.h"

#define FRAMES_OF_GIB (1u << 18)

struct scene {
	struct hec_config config;
	struct hec_cache *cache;
	void *mem; /* the cache's */
	uint64_t mem_bytes;
	char *frames; /* of all chunks; never touched where nothing is kept */
	uint64_t frames_bytes;
};

/* Chunks of 512 frames for @frames of them, of which nothing is kept. */
struct hec_config scene_config(uint32_t frames);

/* A cache with the first @chunks of its chunks. */
void scene_start(struct scene *s, const struct hec_config *config,
		 uint32_t chunks);

/* Lends the chunk number @n. */
void scene_grow(struct scene *s, uint32_t n);

/* Audits, unless that would take long, and gives all back. */
void scene_end(struct scene *s);

/* One vCPU of a VM, and a pool of the VM. */
struct vm {
	struct scene *s;
	struct hec_client *client;
	struct guest *guest;
	uint64_t handle, pool; /* the same pool, by its handle and its id */
};

#define FRAME_OF_ZEROES 1
#define FRAME_OF_DATA 2
#define FRAME_OF_DESCRIPTORS 3
#define FRAME_OF_RIVAL 4 /* of data, too */

/* A new client that has said HELLO and has a pool of @kind. */
struct vm vm_start(struct scene *s, const struct hec_client_config *config,
		   enum hec_pool_kind kind);
void vm_end(struct vm *vm);

/* Another pool, whose handle is the result; it may be an error. */
uint64_t vm_pool_new(struct vm *vm, enum hec_pool_kind kind);

uint64_t vm_call(struct vm *vm, uint64_t command, uint64_t a1, uint64_t a2,
		 uint64_t a3);

/* Calls of which the worst is kept in @work. */
uint64_t vm_count(struct vm *vm, struct work *work, uint64_t command,
		  uint64_t a1, uint64_t a2, uint64_t a3);

/* Puts @nr pages from @first on, gets them back, or puts and gets each; not counted. */
void vm_put_many(struct vm *vm, uint64_t first, uint64_t nr, uint32_t frame);
void vm_get_many(struct vm *vm, uint64_t first, uint64_t nr);
void vm_hand_up(struct vm *vm, uint64_t first, uint64_t nr);

/*
 * Fills the frame of descriptors for a batch of the most pages, from object and index
 * @first on, each of an object of its own; all have their content in frame @gfn.
 */
void vm_describe(struct vm *vm, uint64_t first, uint64_t gfn);

/* @nr more clients, each with a pool and @pages pages of data, that do nothing more. */
void crowd(struct scene *s, uint32_t nr, const struct hec_client_config *terms,
	   uint32_t pages);

struct hec_stats vm_stats(struct vm *vm);

/* Prints what was counted, and fails if it is beyond the bound. */
void verdict(const struct scene *s, const char *what, const struct work *work,
	     enum bounded call);

/* All sizes are tried, the largest too. */
extern bool bounds_full;

#endif
