/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What count.c uses of the interface that QEMU has for plugins, in its version 1.  Debian
 * packages QEMU with the interface, but not the header that describes it.
 */
#ifndef HEC_BENCH_QEMU_H
#define HEC_BENCH_QEMU_H

#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_VERSION 1
#define QEMU_PLUGIN __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_info; /* of the machine */
struct qemu_plugin_tb; /* instructions that are translated together */
struct qemu_plugin_insn; /* one of them */

enum qemu_plugin_cb_flags {
	QEMU_PLUGIN_CB_NO_REGS
};
enum qemu_plugin_op {
	QEMU_PLUGIN_INLINE_ADD_U64
};

typedef void qemu_plugin_translated(qemu_plugin_id_t id,
				    struct qemu_plugin_tb *tb);
typedef void qemu_plugin_executed(unsigned int cpu, void *data);
typedef void qemu_plugin_ended(qemu_plugin_id_t id, void *data);

/* What a plugin has. */
extern QEMU_PLUGIN int qemu_plugin_version;
QEMU_PLUGIN int qemu_plugin_install(qemu_plugin_id_t id,
				    const struct qemu_info *info, int argc,
				    char **argv);

/* What QEMU has. */
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
					   qemu_plugin_translated *cb);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_ended *cb,
				    void *data);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb,
					  qemu_plugin_executed *cb,
					  enum qemu_plugin_cb_flags flags,
					  void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    qemu_plugin_executed *cb,
					    enum qemu_plugin_cb_flags flags,
					    void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						enum qemu_plugin_op op,
						void *counter, uint64_t add);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void *qemu_plugin_insn_haddr(const struct qemu_plugin_insn *insn);

#endif
