/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The guest ABI: what a VM's kernel and the hypervisor say to each other.
 *
 * One header for both sides and for every hypervisor; docs/SPEC.md explains it
 * bit by bit.  The includer must have uint32_t, uint64_t and int32_t in scope.
 *
 * A call passes four 64-bit words, arg[0..3], and returns one.
 *
 *            63              16 15       8 7        0
 *           +------------------+----------+----------+
 *   arg[0]  | sequence number  | zero     | command  |
 *           +------------------+----------+----------+
 *   arg[1]    pool handle      (HELLO: ABI version)
 *   arg[2]    page index       (HELLO: features wanted, POOL_NEW: pool kind,
 *                               BATCH_*: guest frame of the descriptors)
 *   arg[3]    guest frame      (FLUSH_RANGE: pages, BATCH_*: descriptors)
 *
 * A word that a command does not use must be zero.  With HEC_FEATURE_SEQUENCE
 * each call has the next number of one counter of the VM.  Without it the sequence
 * number is zero.
 *
 * With HEC_FEATURE_UNASKED the high 16 bits of arg[3], in all calls but HELLO, count
 * pages that the guest read from its disk since its last call without asking for them,
 * because it knew that they are not here.  Statistics need that, and nothing else.
 *
 * The result is a value or an error.  An error is an enum hec_err in two's
 * complement: everything from (uint64_t)-4095 upwards is an error.  A hypervisor
 * without the cache answers with an error of its own (KVM: -1000, Xen: -38).
 * hec_abi_absent() tells it from ours.
 *
 * Single operations address object 0 of a pool; a block device needs no other.  A
 * batch descriptor names the object.
 */
#ifndef HECACHE_ABI_H
#define HECACHE_ABI_H

/* An #include, because compilers stop there.  After #error they print much more. */
#if defined(__SIZEOF_POINTER__) && __SIZEOF_POINTER__ < 8
#include "HECache needs a 64-bit target: see docs/EMBEDDING.md"
#endif

#ifdef __cplusplus
#define HEC_STATIC_ASSERT static_assert
extern "C" {
#else
#define HEC_STATIC_ASSERT _Static_assert
#endif

#define HEC_ABI_VERSION 1u

#define HEC_KVM_HYPERCALL 0x48454331u /* rax; arguments in rbx rcx rdx rsi */
#define HEC_XEN_HYPERCALL 55u /* __HYPERVISOR_arch_7 */

#define HEC_ABI_PAGE_SHIFT 12
#define HEC_ABI_PAGE_SIZE 4096u

/* Commands: bits 0-7 of arg[0].  Values never change. */
enum hec_abi_cmd {
	HEC_CMD_HELLO = 1, /* ends all older pools; value: features granted */
	HEC_CMD_POOL_NEW = 2, /* value: a pool handle */
	HEC_CMD_POOL_END = 3, /* drops the pool and its pages */
	HEC_CMD_PUT = 4, /* guest frame -> cache */
	HEC_CMD_GET = 5, /* cache -> guest frame */
	HEC_CMD_FLUSH = 6, /* drop one page */
	HEC_CMD_FLUSH_RANGE = 7, /* drop arg[3] pages from arg[2] on */
	HEC_CMD_FLUSH_POOL = 8, /* drop every page, keep the pool */
	HEC_CMD_BATCH_PUT = 9, /* one PUT for each descriptor; value: 0 */
	HEC_CMD_BATCH_GET = 10, /* one GET for each descriptor; value: 0 */
	HEC_CMD_LAST = HEC_CMD_BATCH_GET
};

#define HEC_ABI_CMD_MASK 0xffull
#define HEC_ABI_RESERVED_MASK 0xff00ull
#define HEC_ABI_SEQ_SHIFT 16

/* Feature bits of HELLO.  A bit that the host does not know is refused. */
#define HEC_FEATURE_BATCH (1ull << 0) /* BATCH_PUT, BATCH_GET */
#define HEC_FEATURE_SEQUENCE (1ull << 1) /* calls are numbered: rollback */
#define HEC_FEATURE_UNASKED (1ull << 2) /* arg[3] counts pages not asked for */
#define HEC_FEATURES_KNOWN \
	(HEC_FEATURE_BATCH | HEC_FEATURE_SEQUENCE | HEC_FEATURE_UNASKED)

#define HEC_ABI_UNASKED_SHIFT 48
#define HEC_ABI_UNASKED_MAX 0xffffull

/* Pool kinds: arg[2] of POOL_NEW. */
enum hec_pool_kind {
	HEC_POOL_EPHEMERAL = 0, /* get removes; may be dropped at any time */
	HEC_POOL_INCLUSIVE = 1, /* get keeps and promotes; may be dropped too */
	HEC_POOL_PERSISTENT = 2, /* get keeps; never evicted once accepted */
};

#define HEC_ABI_BATCH_MAX 64u /* descriptors of one BATCH_* call */
#define HEC_ABI_RANGE_MAX 4096u /* pages of one FLUSH_RANGE call */

/*
 * One entry of the page that BATCH_PUT and BATCH_GET name in arg[2].  The host reads
 * each field once.  It writes the status and nothing else.
 */
struct hec_abi_desc {
	uint64_t object;
	uint64_t index;
	uint64_t gfn;
	int32_t status; /* out: 0 or enum hec_err */
	uint32_t reserved; /* must be zero */
};

/*
 * Errors of the ABI and of libhecache.  Values never change.  Beside each stands what
 * the caller does next.
 */
enum hec_err {
	HEC_OK = 0,
	/* Expected in operation. */
	HEC_ENOENT = -2, /* miss: read the disk, whatever the frame has */
	HEC_ENOSPC = -3, /* no room, nothing is under the key: carry on */
	HEC_EAGAIN = -4, /* not now (page not resident, more to do): repeat */
	HEC_ESTALE = -5, /* nobody knows the pool: HELLO, start over empty */
	/* The caller's mistake. */
	HEC_EINVAL = -6, /* a field is out of range or not zero */
	HEC_EFAULT = -7, /* not a frame that the guest may use like that */
	HEC_ENOSYS = -8, /* no such command */
	HEC_EVERSION = -9, /* HELLO: no such version or feature */
	HEC_EPERM = -10, /* not allowed, now: ask again, seldom */
	/* Trouble. */
	HEC_ENOMEM = -11, /* the tables are full */
	HEC_EIO = -12, /* content lost or corrupt, and no disk behind it */
};

static inline int hec_abi_is_err(uint64_t result)
{
	return result >= (uint64_t)-4095;
}

/* True if the answer is an error that is not ours: there is no cache. */
static inline int hec_abi_absent(uint64_t result)
{
	return hec_abi_is_err(result) &&
	       (result < (uint64_t)HEC_EIO || result > (uint64_t)HEC_ENOENT);
}

HEC_STATIC_ASSERT(sizeof(struct hec_abi_desc) == 32, "descriptor layout");
HEC_STATIC_ASSERT(sizeof(struct hec_abi_desc) * HEC_ABI_BATCH_MAX <=
			  HEC_ABI_PAGE_SIZE,
		  "a batch fits a page");

#ifdef __cplusplus
}
#endif

#endif
