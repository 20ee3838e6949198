/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A complete port: memory, guests' pages, the hypercall, VMs that go. */
#include "port.h"

#define CHUNK_BYTES (HEC_PAGE_SIZE << 9)

static struct hec_cache *cache;

int port_start(void *memory, uint64_t bytes, const uint8_t seed[32])
{
	struct hec_config config = { .chunk_shift = 9,
				     .max_clients = 16,
				     .max_pools = 64 };
	uint64_t used;
	int err;

	config.max_chunks = (uint32_t)(bytes / CHUNK_BYTES);
	memcpy(config.seed, seed, sizeof(config.seed));
	err = hec_init(memory, bytes, &config, &cache);
	used = hec_size(&config) + HEC_PAGE_SIZE - 1;
	used -= used % HEC_PAGE_SIZE;
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

int hec_env_guest_admit(void *vcpu, struct hec_client **client)
{
	static const struct hec_client_config config;
	struct port_vm *vm = vcpu;

	if (hec_client_create(cache, &config, &vm->client))
		return HEC_ENOMEM;
	*client = vm->client;
	return HEC_OK;
}

uint64_t port_hypercall(struct port_vm *vm, const uint64_t arg[4])
{
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
