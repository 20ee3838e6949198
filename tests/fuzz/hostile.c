/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fuzzes for work: programs of hostile VMs, with a counter of what their calls cost.
 *
 * An input is a row of steps of six bytes: what is done, by whom, with what, where and
 * how often.  One step makes up to 4096 calls, so that a short input can fill all there
 * is.  Each guest has two vCPUs: a RIVAL step lets the second one of some guest, or the
 * host, do the step after it wherever the calls of the next steps let go of their
 * locks, again and again.
 *
 * After each call its work must be within its bound (tests/bounds/limits.h), and the
 * same for each holding of a lock.  Clang leaves other blocks of the core than GCC, with
 * the sanitizers' checks among them, so that half as much again is allowed.
 *
 * An input has so much fuel for the first vCPUs and for rivals, one for each call, that
 * the former can fill what there is, and that a loop which the latter keep alive costs
 * more than its bound before they run out of it.
 */
#include <hecache/hecache.h>

#include "fuzz.h"

#include "../bounds/limits.h"
#include "../bounds/work.h"

#define SLACK_PERCENT 150
#define FUEL 6000u
#define RIVALS_FUEL 20000u
#define GUESTS 3
#define MAX_CLIENTS 4
#define VCPUS 2
#define HANDLES 8
#define CHUNKS 64 /* lent at the most; the tables are for many more */
#define MAX_CHUNKS 2048
#define CHUNK_SHIFT 4

enum frame {
	FRAME_DESCRIPTORS,
	FRAME_ZEROES,
	FRAME_DATA,
	FRAME_SCRATCH, /* gets write to it */
	FRAME_HOLE,
	NR_FRAMES
};

enum what {
	PUT,
	PUT_ZEROES,
	GET,
	HAND_UP, /* put and get */
	FLUSH,
	FLUSH_RANGE,
	FLUSH_POOL,
	POOL_NEW,
	POOL_END,
	HELLO,
	BATCH_PUT,
	BATCH_GET,
	RIVAL, /* @often times, from the @where-th unlock on */
	SHRINK,
	GROW,
	TERMS,
	HOST_FLUSH,
	DESTROY,
	NR_WHAT
};

struct step {
	uint8_t what, who, with;
	uint8_t where; /* the first page, in 256ths of what is used */
	uint16_t often;
};

struct guest;

struct vcpu {
	struct guest *guest;
	int mapped;
};

struct guest {
	struct hec_client *client; /* NULL: no HELLO yet */
	struct vcpu vcpu[VCPUS];
	uint64_t handle[HANDLES];
	uint64_t features, number; /* of HELLO; of the last numbered call */
	uint32_t nr_handles;
	uint32_t hellos; /* begun and ended; odd: one is running */
};

struct run {
	struct bytes bytes;
	struct hec_cache *cache;
	struct guest guest[GUESTS];
	uint32_t fuel[VCPUS];
	bool shrinking, lent[CHUNKS];
	struct step rival; /* what it does */
	uint32_t rival_waits, rival_left;
};

static struct run run;
static uint8_t frames[NR_FRAMES][HEC_PAGE_SIZE] __attribute__((aligned(64)));
static uint8_t chunk[CHUNKS][HEC_PAGE_SIZE << CHUNK_SHIFT]
	__attribute__((aligned(64)));

int hec_env_guest_map(void *cpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	struct vcpu *vcpu = cpu;

	if (gfn >= FRAME_HOLE)
		return HEC_EFAULT;
	if (write && gfn != FRAME_DESCRIPTORS)
		gfn = FRAME_SCRATCH;
	REQUIRE(vcpu->mapped++ < (int)HEC_GUEST_MAPS);
	page->va = frames[gfn];
	return HEC_OK;
}

void hec_env_guest_unmap(void *cpu, struct hec_env_guest_page *page)
{
	struct vcpu *vcpu = cpu;

	(void)page;
	REQUIRE(vcpu->mapped-- > 0);
}

int hec_env_guest_admit(void *cpu, struct hec_client **client)
{
	struct vcpu *vcpu = cpu;
	struct hec_client_config terms = { 0 };

	if (vcpu->guest->client)
		*client = vcpu->guest->client;
	else if (hec_client_create(run.cache, &terms, client))
		return HEC_EPERM;
	vcpu->guest->client = *client;
	return HEC_OK;
}

/*
 * The verdict on a call, which has skipped numbers or not.  A call that was @stale may
 * have found its VM reverted: then it went on with what HELLO does.
 */
static void check(const struct work *work, enum bounded call, bool stale,
		  bool skipped)
{
	const struct limit *limit = &limits[call];
	uint64_t most = limit->call + limit->each_client * MAX_CLIENTS;
	uint64_t held = limit->held;

	if (stale) {
		most += limits[BOUND_HELLO].call;
		if (held < limits[BOUND_HELLO].held)
			held = limits[BOUND_HELLO].held;
	}
	if (skipped) {
		most += limits[BOUND_SKIP].call;
		held = limits[BOUND_SKIP].held;
	}
	most = most * SLACK_PERCENT / 100;
	held = held * SLACK_PERCENT / 100;
	if (work->call > most || work->held > held)
		fprintf(stderr, "%s: %llu blocks, %llu under a lock\n",
			limit->name, (unsigned long long)work->call,
			(unsigned long long)work->held);
	REQUIRE(work->call <= most);
	REQUIRE(work->held <= held);
}

static const enum bounded bounds[] = {
	[HEC_CMD_HELLO] = BOUND_HELLO,
	[HEC_CMD_POOL_NEW] = BOUND_POOL_NEW,
	[HEC_CMD_POOL_END] = BOUND_POOL_END,
	[HEC_CMD_PUT] = BOUND_PUT,
	[HEC_CMD_GET] = BOUND_GET,
	[HEC_CMD_FLUSH] = BOUND_FLUSH,
	[HEC_CMD_FLUSH_RANGE] = BOUND_FLUSH_RANGE,
	[HEC_CMD_FLUSH_POOL] = BOUND_FLUSH_POOL,
	[HEC_CMD_BATCH_PUT] = BOUND_BATCH,
	[HEC_CMD_BATCH_GET] = BOUND_BATCH,
};

/* Fuel that is left to this vCPU, and such that have its number. */
static uint32_t *fuel_of(const struct vcpu *vcpu)
{
	return &run.fuel[vcpu - vcpu->guest->vcpu];
}

static void burn(const struct vcpu *vcpu)
{
	*fuel_of(vcpu) -= *fuel_of(vcpu) != 0;
}

/* True if a HELLO was running beside a call that began when @before were counted. */
static bool began_anew(const struct guest *guest, uint32_t before)
{
	return before % 2 || guest->hellos != before;
}

/*
 * A numbered call of a guest that numbers them; @skips numbers are left out.  So are
 * some where the other vCPU's HELLO makes numbers begin anew: this one is far ahead.
 */
static uint64_t call(struct vcpu *vcpu, uint64_t command, uint64_t a1,
		     uint64_t a2, uint64_t a3, uint32_t skips)
{
	struct guest *guest = vcpu->guest;
	uint64_t arg[4] = { command, a1, a2, a3 }, result;
	uint32_t hellos = guest->hellos;
	struct work work = { 0 };

	if (command != HEC_CMD_HELLO &&
	    (guest->features & HEC_FEATURE_SEQUENCE)) {
		guest->number += 1 + skips;
		arg[0] |= guest->number << HEC_ABI_SEQ_SHIFT;
	}
	burn(vcpu);
	work_begin(&work);
	result = hec_guest_call(run.cache, guest->client, vcpu, arg);
	work_end(&work);
	check(&work, bounds[command], result == (uint64_t)HEC_ESTALE,
	      skips || (command != HEC_CMD_HELLO && began_anew(guest, hellos)));
	return result;
}

static uint64_t handle_of(const struct guest *guest, const struct step *step)
{
	return guest->handle[step->with % HANDLES];
}

/* Single pages: from the first on, each the next one. */
static void pages(struct vcpu *vcpu, const struct step *step)
{
	uint64_t handle = handle_of(vcpu->guest, step);
	uint64_t first = (uint64_t)step->where << 8, i;
	uint32_t skips = step->with & 128 ? 4095 : 0;

	for (i = 0; i < step->often % 4096u + 1 && *fuel_of(vcpu); i++) {
		if (step->what == FLUSH)
			call(vcpu, HEC_CMD_FLUSH, handle, first + i, 0, skips);
		if (step->what == PUT_ZEROES)
			call(vcpu, HEC_CMD_PUT, handle, first + i, FRAME_ZEROES,
			     skips);
		if (step->what == PUT || step->what == HAND_UP)
			call(vcpu, HEC_CMD_PUT, handle, first + i,
			     step->with & 64 ? FRAME_HOLE : FRAME_DATA, skips);
		if (step->what == GET || step->what == HAND_UP)
			call(vcpu, HEC_CMD_GET, handle, first + i,
			     FRAME_SCRATCH, skips);
	}
}

/* Each descriptor a page of an object of its own, or all of one. */
static void batch(struct vcpu *vcpu, const struct step *step, uint64_t command)
{
	struct hec_abi_desc *desc = (void *)frames[FRAME_DESCRIPTORS];
	uint64_t handle = handle_of(vcpu->guest, step), i;
	uint32_t nr = 1 + step->often % HEC_ABI_BATCH_MAX;

	for (i = 0; i < HEC_ABI_BATCH_MAX; i++) {
		desc[i].object = step->with & 64 ? 1 : step->where * 64ull + i;
		desc[i].index = step->where * 64ull + i;
		desc[i].gfn = step->with & 32 ? FRAME_ZEROES : FRAME_DATA;
		desc[i].gfn = i % 16 == 15 ? FRAME_HOLE : desc[i].gfn;
		desc[i].reserved = 0;
	}
	call(vcpu, command, handle, FRAME_DESCRIPTORS, nr, 0);
}

static void pool_new(struct vcpu *vcpu, const struct step *step)
{
	struct guest *guest = vcpu->guest;
	uint32_t i;

	for (i = 0; i < step->often % 1024u + 1 && *fuel_of(vcpu); i++) {
		uint64_t handle =
			call(vcpu, HEC_CMD_POOL_NEW, 0, step->with % 4, 0, 0);

		if (hec_abi_is_err(handle))
			break;
		guest->handle[guest->nr_handles++ % HANDLES] = handle;
	}
}

static void hello(struct vcpu *vcpu, const struct step *step)
{
	uint64_t features = step->with % (HEC_FEATURES_KNOWN + 1);
	uint64_t result;

	vcpu->guest->hellos++;
	result = call(vcpu, HEC_CMD_HELLO, HEC_ABI_VERSION, features, 0, 0);
	vcpu->guest->hellos++;
	if (hec_abi_is_err(result))
		return;
	vcpu->guest->features = result;
	vcpu->guest->number = 0;
}

static void guest_step(struct vcpu *vcpu, const struct step *step)
{
	uint64_t handle = handle_of(vcpu->guest, step);

	switch (step->what) {
	case FLUSH_RANGE:
		call(vcpu, HEC_CMD_FLUSH_RANGE, handle, step->where << 8,
		     step->often % (HEC_ABI_RANGE_MAX + 1), 0);
		break;
	case FLUSH_POOL:
		call(vcpu, HEC_CMD_FLUSH_POOL, handle, 0, 0, 0);
		break;
	case POOL_END:
		call(vcpu, HEC_CMD_POOL_END, handle, 0, 0, 0);
		break;
	case POOL_NEW:
		pool_new(vcpu, step);
		break;
	case HELLO:
		hello(vcpu, step);
		break;
	case BATCH_PUT:
		batch(vcpu, step, HEC_CMD_BATCH_PUT);
		break;
	case BATCH_GET:
		batch(vcpu, step, HEC_CMD_BATCH_GET);
		break;
	default:
		pages(vcpu, step);
	}
}

/* The host's */

static void shrink(void)
{
	struct work work = { 0 };
	void *base;
	int err;

	if (run.shrinking)
		return;
	run.shrinking = true;
	work_begin(&work);
	err = hec_shrink(run.cache, &base);
	work_end(&work);
	run.shrinking = false;
	check(&work, BOUND_SHRINK, false, false);
	if (!err)
		run.lent[((uint8_t *)base - chunk[0]) / sizeof(chunk[0])] =
			false;
}

static void grow(void)
{
	uint32_t i;

	for (i = 0; i < CHUNKS && run.lent[i]; i++)
		;
	if (i == CHUNKS)
		return;
	REQUIRE(!hec_grow(run.cache, chunk[i]));
	run.lent[i] = true;
}

static void set_terms(struct guest *guest, const struct step *step)
{
	struct hec_client_config terms = {
		.guaranteed_pages = step->where,
		.max_pages = step->with & 8 ? 255 + step->often % 512u : 0,
		.weight = step->often % 500u,
		.max_pools = step->with & 16 ? 4096 : 0,
		.policy = (enum hec_policy_kind)(step->with % 4),
	};
	struct work work = { 0 };

	REQUIRE(!hec_set_idle_tax(run.cache,
				  step->often % (HEC_MAX_IDLE_TAX + 1)));
	if (!guest->client)
		return;
	work_begin(&work);
	hec_client_set(run.cache, guest->client, &terms);
	work_end(&work);
	check(&work, BOUND_CREATE, false, false);
}

static void host_flush(struct guest *guest, const struct step *step)
{
	struct work work = { 0 };

	if (!guest->client)
		return;
	work_begin(&work);
	hec_client_flush(run.cache, guest->client, step->often % 4096u + 1);
	work_end(&work);
	check(&work, BOUND_DESTROY, false, false);
}

/* Nobody else may have a call for the client, so there is no rival. */
static void destroy(struct guest *guest, uint32_t budget)
{
	struct work work = { 0 };
	int err;

	run.rival_left = 0;
	if (!guest->client)
		return;
	do {
		work_begin(&work);
		err = hec_client_destroy(run.cache, guest->client, budget);
		work_end(&work);
	} while (err);
	check(&work, BOUND_DESTROY, false, false);
	guest->client = NULL;
	guest->features = 0;
}

static void do_step(const struct step *step, uint32_t cpu)
{
	struct guest *guest = &run.guest[step->who % GUESTS];

	switch (step->what) {
	case SHRINK:
		shrink();
		break;
	case GROW:
		grow();
		break;
	case TERMS:
		set_terms(guest, step);
		break;
	case HOST_FLUSH:
		host_flush(guest, step);
		break;
	case DESTROY:
		if (!cpu)
			destroy(guest, step->often % 4096u + 1);
		break;
	default:
		guest_step(&guest->vcpu[cpu], step);
	}
}

static bool rival(void *arg)
{
	(void)arg;
	if (run.rival_waits) {
		run.rival_waits--;
		return true;
	}
	if (!run.rival_left || !run.fuel[1])
		return false;
	run.rival_left--;
	run.fuel[1]--;
	do_step(&run.rival, 1);
	return true;
}

static struct step next_step(void)
{
	struct step step;

	step.what = next_byte(&run.bytes) % NR_WHAT;
	step.who = next_byte(&run.bytes);
	step.with = next_byte(&run.bytes);
	step.where = next_byte(&run.bytes);
	step.often = next_byte(&run.bytes);
	step.often |= (uint16_t)(next_byte(&run.bytes) << 8);
	return step;
}

static void next(void)
{
	struct step step = next_step();

	if (step.what != RIVAL) {
		do_step(&step, 0);
		return;
	}
	run.rival = next_step();
	run.rival_waits = step.where;
	run.rival_left = step.often;
	work_against(rival, NULL);
}

static void *start(void)
{
	struct hec_config config = {
		.max_chunks = MAX_CHUNKS,
		.chunk_shift = CHUNK_SHIFT,
		.max_clients = MAX_CLIENTS,
		.max_pools = 4096,
		.content = HEC_CONTENT_PLAIN,
		.seed = { 7, 7, 7 },
	};
	const struct step pool = { .often = 0 }, greeting = { .with = 1 };
	uint64_t len = hec_size(&config);
	void *mem = aligned_alloc(64, len);
	uint32_t i;

	REQUIRE(mem && !hec_init(mem, len, &config, &run.cache));
	frames[FRAME_DATA][0] = 1;
	for (i = 0; i < CHUNKS / 2; i++)
		grow();
	for (i = 0; i < GUESTS; i++) {
		run.guest[i].vcpu[0].guest = &run.guest[i];
		run.guest[i].vcpu[1].guest = &run.guest[i];
		hello(&run.guest[i].vcpu[0], &greeting);
		pool_new(&run.guest[i].vcpu[0], &pool);
	}
	return mem;
}

static void end(void *mem)
{
	struct hec_cache_info info;
	int i;

	work_against(NULL, NULL);
	REQUIRE(!work_locks_held());
	REQUIRE(!hec_audit(run.cache));
	for (i = 0; i < GUESTS; i++)
		destroy(&run.guest[i], 4096);
	do {
		shrink();
		hec_cache_info(run.cache, &info);
	} while (info.chunks);
	hec_fini(run.cache);
	free(mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *mem;

	memset(&run, 0, sizeof(run));
	run.fuel[0] = FUEL;
	run.fuel[1] = RIVALS_FUEL;
	mem = start();
	run.bytes = (struct bytes){ data, size };
	while (run.bytes.size && run.fuel[0])
		next();
	end(mem);
	return 0;
}
