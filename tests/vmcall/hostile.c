// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile guest, beside one that behaves: floods of bad calls from all of its
 * processors (malice.h), while its monitor takes a slot of its memory away and gives it
 * back.  The answers are errors; what the guest has outside the frames that it named
 * stays as it was; so does what its host says in its log: nothing.  The guest that
 * behaves is promised room for all that it caches, and loses not one page.
 *
 * HOSTILE_CALLS says how many calls are made, at least.
 *
 * There is no hostile module for a guest's Linux beside this.  All that a guest hands
 * over are the registers of a call and the memory that they name, and both are chosen
 * freely here; a kernel between would only take care and time.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "load.h"
#include "malice.h"

#define CALLS 50000u
#define CANARY 1024u /* frames from here on, which no call may name */
#define CANARIES 64u
#define CACHE_MB 6u
#define CACHE_FRAMES (CACHE_MB << 8)
#define PROMISED (VM_VCPUS * LOAD_INDICES + 64u)

/* A slot that comes and goes, is written to or not, as long as it is let. */
struct fleeting {
	struct vm *vm;
	pthread_t thread;
	void *mem;
	unsigned int slot;
	uint64_t changes;
	bool stop;
};

static void *change_slot(void *arg)
{
	static const uint32_t flags[] = { 0, 0, KVM_MEM_LOG_DIRTY_PAGES };
	const struct timespec pause = { .tv_nsec = 2 * 1000 * 1000 };
	struct fleeting *f = arg;

	while (!__atomic_load_n(&f->stop, __ATOMIC_RELAXED)) {
		vm_set_slot(f->vm, f->slot, MALICE_FLEETING, f->mem,
			    MALICE_FLEETING_PAGES * PAGE,
			    flags[f->changes % 3]);
		nanosleep(&pause, NULL);
		vm_set_slot(f->vm, f->slot, MALICE_FLEETING, f->mem, 0, 0);
		f->changes++;
	}
	return NULL;
}

static void *map_memory(size_t len)
{
	void *mem = mmap(NULL, len, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		die("mmap");
	memset(mem, 1, len);
	return mem;
}

/* A device's registers, as passed through to a VM: the VGA window will do. */
static void *map_device(void)
{
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	void *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 0xa0000);

	if (fd < 0 || mem == MAP_FAILED)
		die("/dev/mem");
	close(fd);
	return mem;
}

static void fleeting_begin(struct fleeting *f, struct vm *vm)
{
	f->vm = vm;
	f->mem = map_memory(MALICE_FLEETING_PAGES * PAGE);
	f->slot = vm_add_slot(vm, MALICE_FLEETING, f->mem,
			      MALICE_FLEETING_PAGES * PAGE, 0);
	if (pthread_create(&f->thread, NULL, change_slot, f))
		die("pthread_create");
}

static void fleeting_end(struct fleeting *f)
{
	__atomic_store_n(&f->stop, true, __ATOMIC_RELAXED);
	pthread_join(f->thread, NULL);
	EXPECT(f->changes > 0);
}

/* A session in which most calls could be right. */
static void begin_session(struct malice *m)
{
	uint64_t features = HEC_FEATURE_BATCH, number = 0;

	if (m->numbered) {
		features |= HEC_FEATURE_SEQUENCE;
		number = ++m->sequence << HEC_ABI_SEQ_SHIFT;
	}
	if (m->pool)
		malice_forget(m, m->pool);
	EXPECT_EQ(vm_call(m->vm, HEC_CMD_HELLO | number, HEC_ABI_VERSION,
			  features, 0),
		  features);
	if (m->numbered)
		number = ++m->sequence << HEC_ABI_SEQ_SHIFT;
	m->pool = vm_call(m->vm, HEC_CMD_POOL_NEW | number, 0,
			  HEC_POOL_EPHEMERAL, 0);
	EXPECT(!hec_abi_is_err(m->pool));
}

/* All its CPUs' tables once: of eight, two with numbered calls, one in user mode. */
static void flood(struct malice *m, unsigned int round)
{
	m->numbered = round % 4 == 1;
	m->user = round % 8 == 7;
	begin_session(m);
	malice_prepare(m);
	vm_set_mode(m->vm, m->user ? VM_USER : VM_KERNEL);
	flood_run(m->vm, FLOOD_CALLS);
	vm_set_mode(m->vm, VM_KERNEL);
	malice_judge(m);
}

/* Puts more than the cache has room for: somebody's pages must go. */
static void overfill(struct malice *m)
{
	unsigned int i;
	uint64_t result;

	m->numbered = false;
	m->user = false;
	begin_session(m);
	for (i = 0; i < 2 * CACHE_FRAMES; i++) {
		check_fill(vm_page(m->vm, VM_DATA), i);
		result = vm_put(m->vm, m->pool, i, VM_DATA);
		if (result != (uint64_t)HEC_ENOSPC)
			EXPECT_EQ(result, HEC_OK);
	}
}

/* A call with a number of long ago, as of a VM that was reverted. */
static void roll_back(struct malice *m)
{
	m->numbered = true;
	m->user = false;
	begin_session(m);
	EXPECT(hec_abi_is_err(vm_call(m->vm,
				      HEC_CMD_FLUSH | 1ull << HEC_ABI_SEQ_SHIFT,
				      m->pool, 1, 0)));
}

static unsigned int rounds(void)
{
	const char *calls = getenv("HOSTILE_CALLS");
	uint64_t nr = calls ? strtoull(calls, NULL, 0) : CALLS;

	return nr / (VM_VCPUS * FLOOD_CALLS) + 1;
}

static void fill_frames(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < MALICE_TARGETS; i++)
		check_fill(vm_page(vm, VM_DATA + i), i);
	for (i = 0; i < CANARIES; i++)
		check_fill(vm_page(vm, CANARY + i), i);
}

static void expect_canaries(struct vm *vm)
{
	unsigned int i;

	for (i = 0; i < CANARIES; i++)
		EXPECT(check_filled(vm_page(vm, CANARY + i), i));
}

static void tell(const struct malice *m, const struct load_vm *honest)
{
	uint64_t sum = 0, lost = 0;
	unsigned int i;

	for (i = 0; i < NR_MALICE_KINDS; i++)
		sum += m->made[i];
	printf("# hostile: %" PRIu64 " calls:", sum);
	for (i = 0; i < NR_MALICE_KINDS; i++) {
		EXPECT(m->made[i] > 0);
		printf(" %s %" PRIu64 "%s", malice_name[i], m->made[i],
		       i + 1 < NR_MALICE_KINDS ? "," : "\n");
	}
	for (i = 0, sum = 0; i < VM_VCPUS; i++) {
		sum += honest->load[i].hits;
		lost += honest->load[i].lost;
	}
	printf("# beside it: %" PRIu64 " pages read back right, %" PRIu64
	       " lost\n",
	       sum, lost);
}

static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		die("/dev/kmsg");
	return fd;
}

/*
 * A guest that can make its host say something can fill its log.  An emulated host has
 * words of its own, about its clock.
 */
static void expect_no_word(int fd)
{
	char line[2048];
	ssize_t len;

	while ((len = read(fd, line, sizeof(line) - 1)) > 0) {
		line[len] = 0;
		printf("# the host says: %s", line);
		EXPECT(!strstr(line, "hecache") && !strstr(line, "kvm"));
	}
	close(fd);
}

/* A pool of the guest that behaves; its CPUs' HELLOs may have ended the first one. */
static uint64_t honest_pool(const struct load_vm *honest)
{
	uint64_t pool;

	while (!(pool = __atomic_load_n(&honest->load[0].pool,
					__ATOMIC_RELAXED)))
		usleep(1000);
	return pool;
}

static void honest_begin(struct load_vm *honest)
{
	load_vms_start(honest, 1, check_seed + 1);
	honest_pool(honest);
	/* Of this process' clients it is the one that came last. */
	EXPECT(host_set_term(getpid(), HECACHE_TERM_GUARANTEED, PROMISED));
}

static void honest_end(struct load_vm *honest)
{
	unsigned int i;

	load_vms_stop(honest, 1);
	for (i = 0; i < VM_VCPUS; i++)
		EXPECT_EQ(honest->load[i].lost, 0);
}

static void hostile(void)
{
	static struct load_vm honest;
	static struct malice m;
	struct fleeting fleeting = { 0 };
	uint8_t *read_only = map_memory(PAGE), *device = map_device();
	uint64_t evictions = host_stat("evictions"),
		 rollbacks = host_stat("rollbacks");
	int log = log_open();
	unsigned int i, nr = rounds();

	m = (struct malice){ .random = check_seed };
	EXPECT(host_set("size_mb", CACHE_MB));
	m.vm = check_vm(0, &m.pool);
	vm_add_slot(m.vm, MALICE_READ_ONLY, read_only, PAGE, KVM_MEM_READONLY);
	vm_add_slot(m.vm, MALICE_DEVICE, device, PAGE, 0);
	fill_frames(m.vm);
	honest_begin(&honest);
	fleeting_begin(&fleeting, m.vm);
	for (i = 0; i < nr; i++) {
		m.foreign = honest_pool(&honest);
		flood(&m, i);
	}
	overfill(&m);
	roll_back(&m);
	fleeting_end(&fleeting);
	honest_end(&honest);
	expect_canaries(m.vm);
	for (i = 0; i < PAGE; i++)
		EXPECT(read_only[i] == 1);
	vm_destroy(m.vm);
	expect_no_word(log);
	EXPECT(host_stat("evictions") > evictions);
	EXPECT(host_stat("rollbacks") > rollbacks);
	check_nothing_left();
	EXPECT_EQ(host_stat("corrupt"), 0);
	EXPECT(host_set("size_mb", 64));
	tell(&m, &honest);
	munmap(fleeting.mem, MALICE_FLEETING_PAGES * PAGE);
	munmap(read_only, PAGE);
	munmap(device, PAGE);
}

const struct check hostile_checks[] = {
	{ "hostile", hostile },
	{},
};
