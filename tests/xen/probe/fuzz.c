// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random calls, most of them malformed.  A get must never be told a frame of
 * ours that is in use, so frames are our own buffers or far from all memory.
 */
#include "probe.h"

#include <linux/prandom.h>
#include <linux/sched.h>

#define NR_BUFFERS 8

struct fuzz {
	struct rnd_state random;
	u64 *buffers[NR_BUFFERS];
	struct hec_abi_desc *descs; /* no get goes here */
	u64 pool;
	u64 refused, accepted, strange;
};

static u64 random64(struct fuzz *fuzz)
{
	return (u64)prandom_u32_state(&fuzz->random) << 32 |
	       prandom_u32_state(&fuzz->random);
}

static u64 random_frame(struct fuzz *fuzz)
{
	u64 r = random64(fuzz);

	return r & 3 ? probe_frame(fuzz->buffers[r >> 2 & (NR_BUFFERS - 1)])
		     : r | 1ull << 40;
}

static u64 random_word(struct fuzz *fuzz)
{
	u64 r = random64(fuzz);

	switch (r & 7) {
	case 0:
		return random64(fuzz);
	case 1:
		return 1ull << (r >> 3 & 63);
	case 2:
		return ~0ull - (r >> 3 & 15);
	default:
		return r >> 3 & 63;
	}
}

/* Descriptors of a batch, and the frames they name. */
static void random_batch(struct fuzz *fuzz)
{
	unsigned int i;

	for (i = 0; i < HEC_ABI_BATCH_MAX; i++)
		fuzz->descs[i] = (struct hec_abi_desc){
			.object = random_word(fuzz),
			.index = random_word(fuzz),
			.gfn = random_frame(fuzz),
			.reserved = (random64(fuzz) & 15) == 0,
		};
}

static void random_call(struct fuzz *fuzz)
{
	u64 cmd = random64(fuzz) & 15, r = random64(fuzz), result;
	u64 pool = r & 7 ? fuzz->pool : random_word(fuzz);
	u64 a2 = random_word(fuzz), a3 = random_word(fuzz);

	if (cmd == HEC_CMD_HELLO && (r & 0xff0))
		cmd = HEC_CMD_PUT;
	if (cmd == HEC_CMD_HELLO && (r & 0x1000))
		pool = HEC_ABI_VERSION;
	if (cmd == HEC_CMD_PUT || cmd == HEC_CMD_GET)
		a3 = random_frame(fuzz);
	if (cmd == HEC_CMD_BATCH_PUT || cmd == HEC_CMD_BATCH_GET) {
		random_batch(fuzz);
		a2 = r & 0x6000 ? probe_frame(fuzz->descs) : r | 1ull << 40;
	}
	if ((r & 0xf00000) == 0)
		cmd |= random_word(fuzz) << 8;
	result = probe_call(cmd, pool, a2, a3);
	if (!hec_abi_is_err(result))
		fuzz->accepted++;
	else if (!hec_abi_absent(result) || result == (u64)-EPERM)
		fuzz->refused++;
	else
		fuzz->strange++;
	if (result == (u64)HEC_ESTALE && (r & 0x30000) == 0)
		fuzz->pool = probe_pool(HEC_FEATURE_BATCH);
}

void probe_fuzz(void)
{
	struct fuzz fuzz = { .pool = probe_pool(HEC_FEATURE_BATCH),
			     .descs = probe_page() };
	unsigned int i;

	prandom_seed_state(&fuzz.random, probe_seed);
	for (i = 0; i < NR_BUFFERS; i++)
		fuzz.buffers[i] = probe_page();
	for (i = 0; i < probe_count; i++) {
		random_call(&fuzz);
		cond_resched();
	}
	for (i = 0; i < NR_BUFFERS; i++)
		free_page((unsigned long)fuzz.buffers[i]);
	free_page((unsigned long)fuzz.descs);
	pr_info("hecprobe: seed %lu: %llu accepted, %llu refused\n", probe_seed,
		fuzz.accepted, fuzz.refused);
	probe_verdict(fuzz.accepted > 0 && fuzz.refused > 0,
		      "random calls, some accepted, some refused");
	probe_verdict(fuzz.strange == 0, "no error but those of the ABI");
}
