// SPDX-License-Identifier: GPL-2.0-only
/* The load of one virtual CPU: a guest's behaviour and its model. */
#include <string.h>
#include <time.h>

#include "check.h"
#include "load.h"

/* Frames of its own, so that the CPUs of a VM do not disturb each other. */
static uint64_t source(const struct load *load)
{
	return VM_DATA + 2 * load->vcpu;
}

static uint64_t destination(const struct load *load)
{
	return source(load) + 1;
}

static uint64_t call(struct load *load, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3)
{
	const uint64_t arg[4] = { a0, a1, a2, a3 };

	return vcpu_hypercall(&load->vm->vcpu[load->vcpu], HEC_KVM_HYPERCALL,
			      arg);
}

static void pause_shortly(void)
{
	const struct timespec pause = { .tv_nsec = 1000 * 1000 };

	nanosleep(&pause, NULL);
}

/*
 * Gets a new, empty pool.  HELLO ends the pools of the VM's other CPUs, so it
 * is said only where there is no client.  Others may look at load->pool: it is 0 until
 * there is a pool.
 */
static void open_pool(struct load *load)
{
	uint64_t pool = call(load, HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);

	memset(load->model, 0, sizeof(load->model));
	if (!hec_abi_is_err(pool)) {
		__atomic_store_n(&load->pool, pool, __ATOMIC_RELAXED);
		load->sessions++;
	} else if (pool == VM_ABSENT) {
		load->absent++;
		pause_shortly();
	} else {
		EXPECT_EQ(pool, HEC_ESTALE);
		call(load, HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0);
	}
}

/* True if the cache, or the pool, is gone, and the model with it. */
static bool is_gone(struct load *load, uint64_t result)
{
	if (result != VM_ABSENT && result != (uint64_t)HEC_ESTALE)
		return false;
	load->pool = 0;
	return true;
}

static void put(struct load *load, unsigned int index)
{
	uint64_t result;

	check_fill(vm_page(load->vm, source(load)), ++load->tag);
	result = call(load, HEC_CMD_PUT, load->pool, index, source(load));
	if (is_gone(load, result))
		return;
	if (result != (uint64_t)HEC_ENOSPC)
		EXPECT_EQ(result, HEC_OK);
	load->model[index] = result ? 0 : load->tag;
	load->lost += !!result;
	load->puts += !result;
}

static void get(struct load *load, unsigned int index)
{
	void *page = vm_page(load->vm, destination(load));
	uint64_t result =
		call(load, HEC_CMD_GET, load->pool, index, destination(load));

	if (is_gone(load, result))
		return;
	if (result != (uint64_t)HEC_ENOENT) {
		EXPECT_EQ(result, HEC_OK);
		EXPECT(load->model[index]);
		EXPECT(check_filled(page, load->model[index]));
		load->hits++;
	} else if (load->model[index]) {
		load->lost++;
	}
	load->model[index] = 0;
}

static void flush(struct load *load, unsigned int index)
{
	uint64_t result = call(load, HEC_CMD_FLUSH, load->pool, index, 0);

	if (is_gone(load, result))
		return;
	EXPECT_EQ(result, HEC_OK);
	load->model[index] = 0;
}

static void *run(void *arg)
{
	struct load *load = arg;

	while (!__atomic_load_n(&load->stop, __ATOMIC_RELAXED)) {
		uint64_t random = check_random(&load->seed);
		unsigned int index = (random >> 8) % LOAD_INDICES;

		if (!load->pool)
			open_pool(load);
		else if (random % 16 < 8)
			put(load, index);
		else if (random % 16 < 15)
			get(load, index);
		else
			flush(load, index);
	}
	return NULL;
}

void load_start(struct load *load)
{
	load->tag = load->seed;
	if (pthread_create(&load->thread, NULL, run, load))
		die("pthread_create");
}

void load_stop(struct load *load)
{
	__atomic_store_n(&load->stop, true, __ATOMIC_RELAXED);
	pthread_join(load->thread, NULL);
}

static uint64_t pages_compared;

uint64_t load_pages_compared(void)
{
	return pages_compared;
}

void load_vms_start(struct load_vm *vms, unsigned int nr, uint64_t seed)
{
	unsigned int i, j;

	memset(vms, 0, nr * sizeof(*vms));
	for (i = 0; i < nr; i++) {
		vms[i].vm = vm_create();
		for (j = 0; j < VM_VCPUS; j++) {
			vms[i].load[j].vm = vms[i].vm;
			vms[i].load[j].vcpu = j;
			vms[i].load[j].seed = check_random(&seed);
			load_start(&vms[i].load[j]);
		}
	}
}

void load_vms_stop(struct load_vm *vms, unsigned int nr)
{
	unsigned int i, j;

	for (i = 0; i < nr; i++) {
		for (j = 0; j < VM_VCPUS; j++) {
			load_stop(&vms[i].load[j]);
			EXPECT(vms[i].load[j].puts > 0);
			EXPECT(vms[i].load[j].hits > 0);
			pages_compared += vms[i].load[j].hits;
		}
		vm_destroy(vms[i].vm);
	}
}
