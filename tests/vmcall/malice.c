// SPDX-License-Identifier: GPL-2.0-only
/* Making up calls of each kind, and judging what came of them. */
#include <string.h>

#include "check.h"
#include "malice.h"

#define KEYS 300u /* indices that most calls share */

const char *const malice_name[NR_MALICE_KINDS] = {
	[MALICE_ANYTHING] = "random",
	[MALICE_MALFORMED] = "malformed",
	[MALICE_REPLAYED] = "replayed",
	[MALICE_STALE_HANDLE] = "stale handle",
	[MALICE_FOREIGN_HANDLE] = "foreign handle",
	[MALICE_HOLE] = "hole",
	[MALICE_READ_ONLY_SLOT] = "read-only slot",
	[MALICE_DEVICE_MEMORY] = "device memory",
	[MALICE_FLEETING_SLOT] = "fleeting slot",
	[MALICE_BATCH] = "batch",
	[MALICE_OTHER_NUMBER] = "other number",
	[MALICE_GREED] = "greedy",
	[MALICE_SESSION] = "session",
};

static uint64_t draw(struct malice *m, uint64_t n)
{
	return check_random(&m->random) % n;
}

/* A value near a border, or any. */
static uint64_t odd_value(struct malice *m)
{
	static const uint64_t borders[] = {
		0,
		1,
		HEC_ABI_BATCH_MAX,
		HEC_ABI_RANGE_MAX,
		VM_RAM_PAGES,
		1ull << 31,
		1ull << 32,
		1ull << 48,
		1ull << 52,
		1ull << 63,
	};

	if (!draw(m, 4))
		return check_random(&m->random);
	return borders[draw(m, sizeof(borders) / sizeof(*borders))] +
	       draw(m, 3) - 1;
}

/* No memory is there, whatever the slots are at the moment. */
static uint64_t hole(struct malice *m)
{
	static const uint64_t holes[] = {
		VM_RAM_PAGES, MALICE_READ_ONLY - 1, MALICE_DEVICE + 1, 0xfee00,
		0xfffff,      1ull << 36,	    1ull << 52,	       ~0ull,
		~0ull >> 12,
	};

	/* A frame of RAM, with a bit too many. */
	if (!draw(m, 4))
		return VM_DATA | 1ull << (20 + draw(m, 44));
	return holes[draw(m, sizeof(holes) / sizeof(*holes))];
}

static uint64_t target(struct malice *m)
{
	return VM_DATA + draw(m, MALICE_TARGETS);
}

static uint64_t frame(struct malice *m)
{
	switch (draw(m, 8)) {
	case 0:
		return hole(m);
	case 1:
		return MALICE_READ_ONLY;
	case 2:
		return MALICE_FLEETING + draw(m, MALICE_FLEETING_PAGES);
	default:
		return target(m);
	}
}

/*
 * A guest that has its own program overwritten makes no more calls.  So no HELLO asks
 * for UNASKED, either: with it the upper bits of a frame count something else, and
 * frames that are none become the program's.
 */
static uint64_t outside_program(uint64_t gfn)
{
	if (gfn < VM_RAM_PAGES && gfn - VM_DATA >= MALICE_TARGETS)
		return gfn + VM_RAM_PAGES;
	return gfn;
}

static uint64_t index_of(struct malice *m)
{
	return draw(m, 8) ? draw(m, KEYS) : odd_value(m);
}

static uint64_t dead_handle(struct malice *m)
{
	return m->stale[draw(m, m->nr_stale)];
}

static void set(struct flood_call *call, uint64_t cmd, uint64_t a1, uint64_t a2,
		uint64_t a3)
{
	call->arg[0] = cmd;
	call->arg[1] = a1;
	call->arg[2] = a2;
	call->arg[3] = a3;
}

static void make_anything(struct malice *m, struct flood_call *call)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		call->arg[i] = check_random(&m->random);
	/* A random word is a command of ours once in a blue moon. */
	if (draw(m, 2))
		call->arg[0] = draw(m, HEC_CMD_LAST + 2);
}

static void make_malformed(struct malice *m, struct flood_call *call)
{
	set(call, draw(m, HEC_CMD_LAST + 2), m->pool, index_of(m), frame(m));
	call->arg[draw(m, 4)] = odd_value(m);
	if ((call->arg[0] & HEC_ABI_CMD_MASK) == HEC_CMD_HELLO)
		call->arg[2] &= ~HEC_FEATURE_UNASKED;
	else if ((call->arg[0] & HEC_ABI_CMD_MASK) >= HEC_CMD_BATCH_PUT)
		call->arg[2] = outside_program(call->arg[2]);
	else
		call->arg[3] = outside_program(call->arg[3]);
}

static void make_replayed(struct malice *m, struct flood_call *call)
{
	*call = m->history[draw(m, MALICE_HISTORY)];
}

/* Right in all but the handle. */
static void make_with_handle(struct malice *m, struct flood_call *call,
			     uint64_t handle)
{
	uint64_t cmd = HEC_CMD_POOL_END + draw(m, 6);

	set(call, cmd, handle, 0, 0);
	if (cmd == HEC_CMD_PUT || cmd == HEC_CMD_GET)
		set(call, cmd, handle, draw(m, KEYS), target(m));
	if (cmd == HEC_CMD_FLUSH || cmd == HEC_CMD_FLUSH_RANGE)
		call->arg[2] = draw(m, KEYS);
}

static uint64_t foreign_handle(struct malice *m)
{
	return draw(m, 2) ? m->foreign : m->foreign ^ 1ull << draw(m, 64);
}

/* Right in all but the frame. */
static void make_with_frame(struct malice *m, struct flood_call *call,
			    uint64_t gfn)
{
	uint64_t cmd = draw(m, 2) ? HEC_CMD_PUT : HEC_CMD_GET;

	set(call, cmd, m->pool, draw(m, KEYS), gfn);
}

/* Descriptors of all sorts in a target frame; gets may overwrite them. */
static void make_batch(struct malice *m, struct flood_call *call)
{
	uint64_t gfn = target(m), i;
	struct hec_abi_desc *desc = vm_page(m->vm, gfn);

	for (i = 0; i < 4; i++) {
		desc[i].object = draw(m, 5);
		desc[i].index = index_of(m);
		desc[i].gfn = frame(m);
		desc[i].reserved = !draw(m, 16);
	}
	set(call, draw(m, 2) ? HEC_CMD_BATCH_PUT : HEC_CMD_BATCH_GET, m->pool,
	    draw(m, 4) ? gfn : frame(m),
	    draw(m, 8) ? 1 + draw(m, 8) : draw(m, 66));
}

static void make_greedy(struct malice *m, struct flood_call *call)
{
	uint64_t cmd = draw(m, 8) ? HEC_CMD_PUT : HEC_CMD_GET;

	set(call, cmd, m->pool, draw(m, 1 << 20), target(m));
}

/* A HELLO ends all that the calls beside it need, so there are few. */
static void make_session(struct malice *m, struct flood_call *call)
{
	if (!draw(m, 64))
		set(call, HEC_CMD_HELLO, HEC_ABI_VERSION,
		    draw(m, HEC_FEATURE_UNASKED), 0);
	else
		set(call, HEC_CMD_POOL_NEW, 0, draw(m, 4), 0);
}

static void make_other_number(struct malice *m, struct flood_call *call)
{
	make_with_frame(m, call, target(m));
	call->nr ^= 1ull << draw(m, 64);
}

static void make(struct malice *m, struct flood_call *call,
		 enum malice_kind kind)
{
	call->nr = HEC_KVM_HYPERCALL;
	switch (kind) {
	case MALICE_ANYTHING:
		return make_anything(m, call);
	case MALICE_MALFORMED:
		return make_malformed(m, call);
	case MALICE_REPLAYED:
		return make_replayed(m, call);
	case MALICE_STALE_HANDLE:
		return make_with_handle(m, call, dead_handle(m));
	case MALICE_FOREIGN_HANDLE:
		return make_with_handle(m, call, foreign_handle(m));
	case MALICE_HOLE:
		return make_with_frame(m, call, hole(m));
	case MALICE_READ_ONLY_SLOT:
		return make_with_frame(m, call, MALICE_READ_ONLY);
	case MALICE_DEVICE_MEMORY:
		return make_with_frame(m, call, MALICE_DEVICE);
	case MALICE_FLEETING_SLOT:
		return make_with_frame(m, call,
				       MALICE_FLEETING +
					       draw(m, MALICE_FLEETING_PAGES));
	case MALICE_BATCH:
		return make_batch(m, call);
	case MALICE_OTHER_NUMBER:
		return make_other_number(m, call);
	case MALICE_GREED:
		return make_greedy(m, call);
	default:
		return make_session(m, call);
	}
}

/* How often each kind is drawn, of 64. */
static const uint8_t share[NR_MALICE_KINDS] = {
	[MALICE_ANYTHING] = 5,	     [MALICE_MALFORMED] = 7,
	[MALICE_REPLAYED] = 5,	     [MALICE_STALE_HANDLE] = 3,
	[MALICE_FOREIGN_HANDLE] = 3, [MALICE_HOLE] = 4,
	[MALICE_READ_ONLY_SLOT] = 4, [MALICE_DEVICE_MEMORY] = 3,
	[MALICE_FLEETING_SLOT] = 5,  [MALICE_BATCH] = 6,
	[MALICE_OTHER_NUMBER] = 2,   [MALICE_GREED] = 16,
	[MALICE_SESSION] = 1,
};

/* Calls of these kinds have any number. */
static bool is_any_number(enum malice_kind kind)
{
	return kind == MALICE_ANYTHING || kind == MALICE_MALFORMED ||
	       kind == MALICE_REPLAYED;
}

/* A wrong number ends a session whose calls have numbers: there, few are wrong. */
static enum malice_kind draw_kind(struct malice *m)
{
	unsigned int at, kind;

	do {
		at = draw(m, 64);
		for (kind = 0; at >= share[kind]; kind++)
			at -= share[kind];
	} while (m->numbered && is_any_number(kind) && draw(m, 1024));
	return kind;
}

/* The CPUs' numbers alternate, nearly as those of a guest that behaves do. */
static void give_number(struct malice *m, struct flood_call *call,
			enum malice_kind kind)
{
	if (m->numbered && !is_any_number(kind))
		call->arg[0] |= ++m->sequence << HEC_ABI_SEQ_SHIFT;
}

void malice_forget(struct malice *m, uint64_t handle)
{
	m->stale[m->nr_stale < MALICE_STALE ? m->nr_stale++
					    : draw(m, MALICE_STALE)] = handle;
}

void malice_prepare(struct malice *m)
{
	unsigned int i, j;

	for (i = 0; i < FLOOD_CALLS; i++) {
		for (j = 0; j < VM_VCPUS; j++) {
			enum malice_kind kind = draw_kind(m);
			struct flood_call call = { 0 };

			make(m, &call, kind);
			give_number(m, &call, kind);
			m->kind[j][i] = kind;
			m->asked[j][i] = call;
			m->history[draw(m, MALICE_HISTORY)] = call;
		}
	}
	for (j = 0; j < VM_VCPUS; j++)
		memcpy(flood_table(m->vm, j), m->asked[j], sizeof(m->asked[j]));
}

/* What every call of the cache's may be answered: an error of its own, 0, or a value. */
static bool is_sane(const struct flood_call *call)
{
	uint64_t cmd = call->arg[0] & HEC_ABI_CMD_MASK, got = call->result;

	if (hec_abi_is_err(got))
		return !hec_abi_absent(got);
	return !got || cmd == HEC_CMD_HELLO || cmd == HEC_CMD_POOL_NEW;
}

static bool is_one_of(uint64_t got, int64_t a, int64_t b, int64_t c)
{
	return got == (uint64_t)a || got == (uint64_t)b || got == (uint64_t)c;
}

/* A put or get whose frame cannot be written, nor read unless @readable. */
static bool is_kept_out(const struct flood_call *call, bool readable)
{
	if ((call->arg[0] & HEC_ABI_CMD_MASK) == HEC_CMD_GET)
		return is_one_of(call->result, HEC_ENOENT, HEC_EFAULT,
				 HEC_ESTALE);
	return readable ? is_sane(call)
			: is_one_of(call->result, HEC_EFAULT, HEC_EAGAIN,
				    HEC_ESTALE);
}

static bool is_right(const struct malice *m, const struct flood_call *call,
		     enum malice_kind kind)
{
	if (call->nr != HEC_KVM_HYPERCALL)
		return call->result == (m->user ? VM_EPERM : VM_ABSENT);
	if (m->user)
		return call->result == VM_EPERM;
	switch (kind) {
	case MALICE_STALE_HANDLE:
	case MALICE_FOREIGN_HANDLE:
		return call->result == (uint64_t)HEC_ESTALE;
	case MALICE_HOLE:
	case MALICE_DEVICE_MEMORY:
		return is_kept_out(call, false);
	case MALICE_READ_ONLY_SLOT:
		return is_kept_out(call, true);
	default:
		return is_sane(call);
	}
}

/* All that it asked is in the table as it was, and each answer beside it is right. */
static void judge(struct malice *m, unsigned int vcpu, unsigned int i)
{
	struct flood_call asked = m->asked[vcpu][i];
	const struct flood_call *call = &flood_table(m->vm, vcpu)[i];
	enum malice_kind kind = m->kind[vcpu][i];

	asked.result = call->result;
	EXPECT(!memcmp(&asked, call, sizeof(asked)));
	if (!is_right(m, call, kind))
		check_failed(malice_name[kind], (int)(call->arg[0] & 0xff),
			     "the answer", call->result, HEC_ESTALE);
	m->made[kind]++;
	if (kind == MALICE_SESSION && !hec_abi_is_err(call->result) &&
	    (call->arg[0] & HEC_ABI_CMD_MASK) == HEC_CMD_POOL_NEW)
		malice_forget(m, call->result);
}

void malice_judge(struct malice *m)
{
	unsigned int i, j;

	for (j = 0; j < VM_VCPUS; j++)
		for (i = 0; i < FLOOD_CALLS; i++)
			judge(m, j, i);
}
