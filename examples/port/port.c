/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A complete port: memory, guests' pages, the hypercall, VMs that go.
 */
#include "port.h"

#define CHUNK_BYTES (HEC_PAGE_SIZE << 9)

static struct hec_cache *cache;

int port_start(void *memory, uint64_t bytes, const uint8_t seed[32])
{
	struct hec_config config = { .chunk_shift = 9,
				     .max_clients = 16,
				     .max_pools = 64 };
	uint64_t used, size;
	int err;

	config.max_chunks = (uint32_t)(bytes / CHUNK_BYTES);
	size = hec_size(&config);
	memcpy(config.seed, seed, sizeof(config.seed));
	err = hec_init(memory, bytes, &config, &cache);
	used = (size + HEC_PAGE_SIZE - 1) / HEC_PAGE_SIZE * HEC_PAGE_SIZE;
	for (; !err && used + CHUNK_BYTES <= bytes; used += CHUNK_BYTES)
		err = hec_grow(cache, (char *)memory + used);
	return err;
}

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      struct hec_env_guest_page *page)
{
	struct port_vm *vm = vcpu;

	if (gfn >= vm->nr_frames || (write && gfn < vm->nr_rom_frames))
		return HEC_EFAULT;
	page->va = vm->memory + gfn * HEC_PAGE_SIZE;
	return HEC_OK;
}

uint64_t port_hypercall(struct port_vm *vm, const uint64_t arg[4])
{
	static const struct hec_client_config config;

	if (!vm->client) {
		if ((arg[0] & HEC_ABI_CMD_MASK) != HEC_CMD_HELLO)
			return (uint64_t)HEC_ESTALE;
		if (hec_client_create(cache, &config, &vm->client))
			return (uint64_t)HEC_ENOMEM;
	}
	return hec_guest_call(cache, vm->client, vm, arg);
}

bool port_vm_gone(struct port_vm *vm)
{
	/* Others get the CPU after 256 pages. */
	if (vm->client && hec_client_destroy(cache, vm->client, 256))
		return true;
	vm->client = NULL;
	return false;
}
