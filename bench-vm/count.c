// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin of QEMU's, for an emulated KVM host with one guest: counts what a sample,
 * between two marks of the guest's (mark.h), costs on either side.
 *
 *     -plugin count.so,out=FILE
 *
 * FILE gets a line "row" at each mark of that name, and a line
 *
 *     GUEST-INSTRUCTIONS HOST-INSTRUCTIONS EXITS GUEST-BYTES HOST-BYTES CALLS
 *
 * a sample; and a line "off WHICH GUEST-INSTRUCTIONS" for each call of the guest's that
 * has interrupts off and is marked, WHICH from 1 as in mark.h.  The guest's side is what
 * is executed from a VMRUN to the instruction after it, where the host goes on.  BYTES
 * are those that string instructions copied (rep movs): QEMU executes these one step at a
 * time, and a step is no instruction.
 *
 * An instruction that is begun again, after a fault or an exit, counts again.  That an
 * exit takes a processor hundreds of cycles itself is not in these figures.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"
#include "qemu.h"

QEMU_PLUGIN int qemu_plugin_version = QEMU_PLUGIN_VERSION;

enum side {
	GUEST,
	HOST,
	NR_SIDES
};

struct counts {
	uint64_t instructions[NR_SIDES];
	uint64_t bytes[NR_SIDES];
	uint64_t exits;
	uint64_t calls; /* hypercalls; ticks cause the other exits */
};

/* Added to by translated code, wherever it is executed. */
static uint64_t instructions, bytes, calls;

static struct counts counts; /* up to when the side changed last */
static struct counts before; /* when the sample began */
static uint64_t off_before; /* the guest's instructions, when they went off */
static enum side side = HOST;
static FILE *out;

/* Where the host goes on after an exit, in QEMU's own memory. */
#define LANDINGS_MAX 8
static const uint8_t *landings[LANDINGS_MAX];
static unsigned int nr_landings;

static void settle(void)
{
	counts.instructions[side] += instructions;
	counts.bytes[side] += bytes;
	counts.calls += calls;
	calls = 0;
	instructions = 0;
	bytes = 0;
}

static void on_enter(unsigned int cpu, void *data)
{
	settle();
	side = GUEST;
}

static void on_exit_to_host(unsigned int cpu, void *data)
{
	if (side == HOST)
		return;
	settle();
	side = HOST;
	counts.exits++;
}

static void on_row(unsigned int cpu, void *data)
{
	fputs("row\n", out);
}

static void on_begin(unsigned int cpu, void *data)
{
	settle();
	before = counts;
}

static void on_end(unsigned int cpu, void *data)
{
	settle();
#define SINCE(what) (unsigned long long)(counts.what - before.what)
	fprintf(out, "%llu %llu %llu %llu %llu %llu\n",
		SINCE(instructions[GUEST]), SINCE(instructions[HOST]),
		SINCE(exits), SINCE(bytes[GUEST]), SINCE(bytes[HOST]),
		SINCE(calls));
#undef SINCE
}

static void on_off_begin(unsigned int cpu, void *data)
{
	settle();
	off_before = counts.instructions[GUEST];
}

static void on_off_end(unsigned int cpu, void *which)
{
	settle();
	fprintf(out, "off %u %llu\n", (unsigned int)(uintptr_t)which,
		(unsigned long long)(counts.instructions[GUEST] - off_before));
}

static void on_instruction(struct qemu_plugin_insn *insn,
			   qemu_plugin_executed *fn, uintptr_t data)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS,
					       (void *)data);
}

static void landing_add(const uint8_t *at)
{
	unsigned int i;

	for (i = 0; i < nr_landings; i++)
		if (landings[i] == at)
			return;
	if (nr_landings == LANDINGS_MAX)
		errx(1, "count: too many places with a VMRUN");
	landings[nr_landings++] = at;
}

static bool is_landing(const uint8_t *at)
{
	unsigned int i;

	for (i = 0; i < nr_landings; i++)
		if (landings[i] == at)
			return true;
	return false;
}

static bool is_vmrun(const uint8_t *code, size_t size)
{
	return size >= 3 && !memcmp(code + size - 3, "\x0f\x01\xd8", 3);
}

/* VMCALL and VMMCALL */
static bool is_call(const uint8_t *code, size_t size)
{
	return size == 3 && (!memcmp(code, "\x0f\x01\xc1", 3) ||
			     !memcmp(code, "\x0f\x01\xd9", 3));
}

static uint32_t mark_of(const uint8_t *code, size_t size)
{
	uint32_t mark = 0;

	if (size == 7 && !memcmp(code, "\x0f\x1f\x80", 3))
		memcpy(&mark, code + 3, sizeof(mark));
	return mark;
}

/*
 * How many bytes a step of a repeated string instruction copies; 0: it only stores or
 * compares; -1: it is another instruction.
 */
static int string_step(const uint8_t *code, size_t size)
{
	bool repeated = false, wide = false, narrow = false;
	size_t i;

	for (i = 0; i + 1 < size; i++) {
		repeated = repeated || code[i] == 0xf2 || code[i] == 0xf3;
		narrow = narrow || code[i] == 0x66;
		wide = wide || (code[i] & 0xf8) == 0x48;
	}
	if (!repeated)
		return -1;
	switch (code[size - 1]) {
	case 0xa4:
		return 1;
	case 0xa5:
		return wide ? 8 : narrow ? 2 : 4;
	case 0xa6:
	case 0xa7:
	case 0xaa:
	case 0xab:
	case 0xae:
	case 0xaf:
		return size <= 4 ? 0 : -1;
	}
	return -1;
}

static void watch_mark(struct qemu_plugin_insn *insn, uint32_t mark)
{
	switch (mark) {
	case HEC_MARK_ROW:
		on_instruction(insn, on_row, 0);
		break;
	case HEC_MARK_BEGIN:
		on_instruction(insn, on_begin, 0);
		break;
	case HEC_MARK_END:
		on_instruction(insn, on_end, 0);
		break;
	case HEC_MARK_OFF_BEGIN:
		on_instruction(insn, on_off_begin, 0);
		break;
	case HEC_MARK_OFF_NOTHING ... HEC_MARK_OFF_LAST:
		on_instruction(insn, on_off_end, mark - HEC_MARK_OFF_BEGIN);
		break;
	}
}

static void watch(struct qemu_plugin_insn *insn)
{
	size_t size = qemu_plugin_insn_size(insn);
	const uint8_t *code = qemu_plugin_insn_data(insn);
	int step = string_step(code, size);

	if (step < 0)
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, QEMU_PLUGIN_INLINE_ADD_U64, &instructions, 1);
	else if (step)
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, QEMU_PLUGIN_INLINE_ADD_U64, &bytes, step);
	if (is_vmrun(code, size)) {
		landing_add((uint8_t *)qemu_plugin_insn_haddr(insn) + size);
		on_instruction(insn, on_enter, 0);
	}
	if (is_call(code, size))
		qemu_plugin_register_vcpu_insn_exec_inline(
			insn, QEMU_PLUGIN_INLINE_ADD_U64, &calls, 1);
	watch_mark(insn, mark_of(code, size));
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
	size_t i, nr = qemu_plugin_tb_n_insns(tb);

	if (is_landing(qemu_plugin_insn_haddr(first)))
		qemu_plugin_register_vcpu_tb_exec_cb(
			tb, on_exit_to_host, QEMU_PLUGIN_CB_NO_REGS, NULL);
	for (i = 0; i < nr; i++)
		watch(qemu_plugin_tb_get_insn(tb, i));
}

static void ended(qemu_plugin_id_t id, void *data)
{
	if (fclose(out))
		warn("count: the file");
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info,
			int argc, char **argv)
{
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		warnx("count: expected out=FILE");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		warn("count: %s", argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
