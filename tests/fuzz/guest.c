/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fuzzes a guest's calls: two guests that may say anything.
 *
 * Each record of the input is a call or a write to a guest's memory.  Words are
 * drawn so that handles, frames and commands are often, but not always, good
 * ones, those of the other guest among them.  Every page of a guest bears its
 * mark; whatever a guest then has in its memory must bear that and no other.
 * A guest that numbers its calls and uses a number twice must be found out.
 */
#include <hecache/hecache.h>

#include "fuzz.h"

#define GUESTS 2
#define FRAMES 8
#define HANDLES 4
#define CHUNK_SHIFT 4
#define MARKS (HEC_PAGE_SIZE / 8)
#define DESCRIPTORS 0 /* the frame of batches: bears no mark, not put */
#define READ_ONLY 6
#define ABSENT 7

struct guest {
	uint64_t mark;
	uint64_t handle[HANDLES];
	uint32_t nr_handles;
	uint64_t features; /* granted */
	uint64_t number; /* of the last call that had one */
	bool lost; /* it has used one twice */
	int mapped;
	struct hec_client *client;
	uint64_t frame[FRAMES][MARKS] __attribute__((aligned(64)));
};

struct run {
	struct bytes bytes;
	struct hec_cache *cache;
	struct guest guest[GUESTS];
	uint8_t chunk[2][HEC_PAGE_SIZE << CHUNK_SHIFT]
		__attribute__((aligned(64)));
};

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	struct guest *guest = vcpu;

	if (gfn >= FRAMES || (write && gfn == READ_ONLY))
		return HEC_EFAULT;
	if (!write && (gfn == ABSENT || gfn == DESCRIPTORS))
		return HEC_EAGAIN;
	REQUIRE(guest->mapped++ < (int)HEC_GUEST_MAPS);
	page->va = guest->frame[gfn];
	return HEC_OK;
}

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	(void)vcpu, (void)client;
	return HEC_EPERM;
}

void hec_env_guest_unmap(void *vcpu, struct hec_env_guest_page *page)
{
	struct guest *guest = vcpu;

	REQUIRE(page->va >= (void *)guest->frame[0] &&
		page->va < (void *)guest->frame[FRAMES]);
	guest->mapped--;
}

/* Zeroes, as a page that needs no frame, or the guest's mark. */
static void write_page(struct guest *guest, uint32_t frame, bool zero)
{
	uint32_t i;

	for (i = 0; i < MARKS; i++)
		guest->frame[frame][i] = zero ? 0 : guest->mark;
}

static void check_pages(const struct guest *guest)
{
	uint32_t frame, i;

	REQUIRE(!guest->mapped);
	for (frame = DESCRIPTORS + 1; frame < FRAMES; frame++)
		for (i = 0; i < MARKS; i++)
			REQUIRE(guest->frame[frame][i] == guest->mark ||
				!guest->frame[frame][i]);
}

/* One of a guest's handles, its own as a rule, or any word. */
static uint64_t choose_handle(struct run *run, struct guest *guest)
{
	uint8_t byte = next_byte(&run->bytes);
	const struct guest *whose = guest;

	if (byte >= 250)
		return next_word(&run->bytes);
	if (byte >= 220)
		whose = &run->guest[byte % GUESTS];
	return whose->handle[byte % HANDLES];
}

static void note_handle(struct run *run, struct guest *guest, uint64_t handle)
{
	uint32_t i, k;

	for (i = 0; i < GUESTS; i++)
		for (k = 0; k < HANDLES; k++)
			REQUIRE(run->guest[i].handle[k] != handle);
	guest->handle[guest->nr_handles++ % HANDLES] = handle;
}

/*
 * Numbers a call, if its guest numbers them: the next number as a rule, else that
 * of the last call; then all are stale until the guest says HELLO.
 */
static void number_call(struct run *run, struct guest *guest, uint64_t arg[4])
{
	bool is_hello = arg[0] == HEC_CMD_HELLO;
	bool again;

	if (!((is_hello ? arg[2] : guest->features) & HEC_FEATURE_SEQUENCE))
		return;
	again = next_byte(&run->bytes) >= 250;
	guest->number += !again;
	guest->lost |= again && !is_hello;
	arg[0] |= guest->number << HEC_ABI_SEQ_SHIFT;
}

static uint64_t make_call(struct run *run, struct guest *guest, uint64_t arg[4])
{
	uint64_t result, before = guest->number;

	if (arg[0] <= HEC_ABI_CMD_MASK)
		number_call(run, guest, arg);
	result = hec_guest_call(run->cache, guest->client, guest, arg);
	if ((arg[0] & HEC_ABI_CMD_MASK) != HEC_CMD_HELLO) {
		REQUIRE(!guest->lost || arg[0] & HEC_ABI_RESERVED_MASK ||
			result == (uint64_t)HEC_ESTALE);
	} else if (hec_abi_is_err(result)) {
		guest->number = before;
	} else {
		guest->features = result;
		guest->number = arg[0] >> HEC_ABI_SEQ_SHIFT;
		guest->lost = false;
	}
	return result;
}

static void check_result(uint64_t command, uint64_t result)
{
	if (hec_abi_is_err(result))
		REQUIRE(!hec_abi_absent(result) && result != (uint64_t)HEC_EIO);
	else if (command != HEC_CMD_HELLO && command != HEC_CMD_POOL_NEW)
		REQUIRE(result == 0);
}

static void call(struct run *run, struct guest *guest)
{
	uint64_t arg[4] = { 0 }, command, result;

	arg[0] = choose_word(&run->bytes, HEC_CMD_BATCH_GET + 2);
	if (arg[0] == HEC_CMD_HELLO) {
		arg[1] = choose_word(&run->bytes, 2);
		arg[2] = choose_word(&run->bytes, 4);
	} else if (arg[0] == HEC_CMD_POOL_NEW) {
		arg[2] = choose_word(&run->bytes, 4);
	} else {
		arg[1] = choose_handle(run, guest);
		arg[2] = choose_word(&run->bytes, 40);
		arg[3] = choose_word(&run->bytes, FRAMES + 1);
	}
	command = arg[0];
	result = make_call(run, guest, arg);
	check_result(command, result);
	if (command == HEC_CMD_POOL_NEW && !hec_abi_is_err(result))
		note_handle(run, guest, result);
	/* The status words of a batch are no marks. */
	if (command >= HEC_CMD_BATCH_PUT && arg[2] < FRAMES)
		write_page(guest, (uint32_t)arg[2], true);
}

/* A batch of frames of its own, for its own pools, or whatever there is. */
static void batch(struct run *run, struct guest *guest)
{
	struct hec_abi_desc *desc = (void *)guest->frame[DESCRIPTORS];
	bool is_put = next_byte(&run->bytes) & 1;
	uint64_t nr = choose_word(&run->bytes, HEC_ABI_BATCH_MAX + 2), result;
	uint64_t arg[4] = { is_put ? HEC_CMD_BATCH_PUT : HEC_CMD_BATCH_GET,
			    choose_handle(run, guest), DESCRIPTORS, nr };
	uint32_t i;

	for (i = 0; i < nr && i < HEC_ABI_BATCH_MAX; i++) {
		desc[i].object = choose_word(&run->bytes, 3);
		desc[i].index = choose_word(&run->bytes, 40);
		desc[i].gfn =
			1 + choose_word(&run->bytes, FRAMES) % (1ull << 40);
		desc[i].reserved = next_byte(&run->bytes) == 255;
		desc[i].status = 1;
	}
	result = make_call(run, guest, arg);
	check_result(arg[0] & HEC_ABI_CMD_MASK, result);
	for (i = 0; i < nr && i < HEC_ABI_BATCH_MAX; i++)
		REQUIRE(result ? desc[i].status == 1 : desc[i].status <= 0);
}

static void step(struct run *run)
{
	uint8_t byte = next_byte(&run->bytes);
	struct guest *guest = &run->guest[byte % GUESTS];
	void *chunk;

	switch (byte / GUESTS % 8) {
	case 0:
		write_page(guest, 1 + byte % (FRAMES - 1), byte & 64);
		break;
	case 1:
		batch(run, guest);
		break;
	case 2:
		if (!hec_shrink(run->cache, &chunk))
			REQUIRE(!hec_grow(run->cache, chunk));
		break;
	default:
		call(run, guest);
	}
}

static void start_guest(struct run *run, struct guest *guest, uint64_t mark)
{
	struct hec_client_config config = { .guaranteed_pages = 4,
					    .max_pages = 20,
					    .max_pools = HANDLES };
	uint64_t hello[4] = { HEC_CMD_HELLO, HEC_ABI_VERSION,
			      HEC_FEATURE_BATCH };
	uint64_t new[4] = { HEC_CMD_POOL_NEW };
	uint32_t i;

	memset(guest->handle, 0, sizeof(guest->handle));
	guest->nr_handles = 0;
	guest->features = 0;
	guest->number = 0;
	guest->lost = false;
	guest->mark = mark;
	REQUIRE(!hec_client_create(run->cache, &config, &guest->client));
	memset(guest->frame[DESCRIPTORS], 0, HEC_PAGE_SIZE);
	for (i = 1; i < FRAMES; i++)
		write_page(guest, i, false);
	make_call(run, guest, hello);
	note_handle(run, guest, make_call(run, guest, new));
}

static void *start(struct run *run)
{
	struct hec_config config = {
		.max_chunks = 2,
		.chunk_shift = CHUNK_SHIFT,
		.max_clients = GUESTS,
		.max_pools = GUESTS * HANDLES,
		.nr_shards = 1,
		.seed = { 4, 5, 6 },
	};
	uint64_t len = hec_size(&config);
	void *mem = aligned_alloc(64, len);

	REQUIRE(mem && !hec_init(mem, len, &config, &run->cache));
	REQUIRE(!hec_grow(run->cache, run->chunk[0]));
	REQUIRE(!hec_grow(run->cache, run->chunk[1]));
	start_guest(run, &run->guest[0], 0x1111111111111111ull);
	start_guest(run, &run->guest[1], 0x2222222222222222ull);
	return mem;
}

static void end(struct run *run, void *mem)
{
	void *chunk;
	int i;

	for (i = 0; i < GUESTS; i++)
		REQUIRE(!hec_client_destroy(run->cache, run->guest[i].client,
					    0));
	for (i = 0; i < 2; i++)
		REQUIRE(!hec_shrink(run->cache, &chunk));
	hec_fini(run->cache);
	free(mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run run;
	void *mem;
	int i;

	run.bytes = (struct bytes){ data, size };
	mem = start(&run);
	while (run.bytes.size) {
		step(&run);
		for (i = 0; i < GUESTS; i++)
			check_pages(&run.guest[i]);
		REQUIRE(!hec_audit(run.cache));
	}
	end(&run, mem);
	return 0;
}
