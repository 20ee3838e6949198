// SPDX-License-Identifier: GPL-2.0-only
/* The device: versions, reserved fields, who may do what; and events. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"

#define KEPT 256 /* events */
#define VMS 150 /* with two events each */

/* True if a request is refused with @err. */
static bool refused(int fd, unsigned long number, void *op, int err)
{
	return ioctl(fd, number, op) < 0 && errno == err;
}

static const unsigned long looks[] = { HECACHE_INFO, HECACHE_CLIENT,
				       HECACHE_POOL, HECACHE_RULE };
static const unsigned long changes[] = {
	HECACHE_SET,	 HECACHE_FLUSH, HECACHE_RESET,
	HECACHE_RESIZE,	 HECACHE_TAX,	HECACHE_ADMISSION,
	HECACHE_ABANDON, HECACHE_ADMIT, HECACHE_DISMISS,
};

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* Before anything else is looked at. */
static void versions(void)
{
	struct vm *vm = vm_create();
	uint32_t op[64], version;
	int fd = host_device(O_RDWR);
	unsigned int i;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	memset(op, 0xff, sizeof(op));
	for (version = 0; version < 4; version++) {
		op[0] = version == 1 ? 0xffffffff : version;
		for (i = 0; i < NR(looks); i++)
			EXPECT(refused(fd, looks[i], op, EPROTONOSUPPORT));
		for (i = 0; i < NR(changes); i++)
			EXPECT(refused(fd, changes[i], op, EPROTONOSUPPORT));
	}
	close(fd);
	vm_destroy(vm);
}

/* No such number, another size, another direction; no memory there. */
static void no_requests(void)
{
	struct vm *vm = vm_create();
	uint32_t op[64] = { HECACHE_CONTROL_VERSION };
	int fd = host_device(O_RDWR);
	unsigned int i;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	for (i = 0; i < 256; i++)
		EXPECT(refused(fd, _IO(HECACHE_CONTROL_TYPE, i), op, ENOTTY));
	EXPECT(refused(fd, HECACHE_INFO ^ (1 << _IOC_SIZESHIFT), op, ENOTTY));
	EXPECT(refused(fd, HECACHE_INFO ^ (1u << _IOC_DIRSHIFT), op, ENOTTY));
	EXPECT(refused(fd, HECACHE_INFO ^ (1 << _IOC_TYPESHIFT), op, ENOTTY));
	EXPECT(refused(fd, HECACHE_INFO, NULL, EFAULT));
	EXPECT(refused(fd, HECACHE_TAX, (void *)-8l, EFAULT));
	close(fd);
	vm_destroy(vm);
}

static void reserved_fields(void)
{
	struct hecache_control_info info = { .version = 1, .reserved = 1 };
	struct hecache_control_one one = { .version = 1, .reserved = 1 };
	struct hecache_control_rule rule = { .version = 1,
					     .kind = HECACHE_RULE_CGROUP,
					     .subject = 1,
					     .reserved = 1 };
	struct hecache_control_client client;
	struct vm *vm = vm_create();
	int fd = host_device(O_RDWR);

	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_client(getpid(), &client));
	one.client = client.id;
	EXPECT(refused(fd, HECACHE_INFO, &info, EINVAL));
	EXPECT(refused(fd, HECACHE_FLUSH, &one, EINVAL));
	EXPECT(refused(fd, HECACHE_RESET, &one, EINVAL));
	EXPECT(refused(fd, HECACHE_RULE, &rule, EINVAL));
	EXPECT(refused(fd, HECACHE_ADMIT, &rule, EINVAL));
	EXPECT(refused(fd, HECACHE_DISMISS, &rule, EINVAL));
	EXPECT(!host_ask_value(HECACHE_ABANDON, 2) && errno == EINVAL);
	EXPECT(!host_ask_value(HECACHE_ADMISSION, 2) && errno == EINVAL);
	close(fd);
	vm_destroy(vm);
}

/* Reading is looking, writing is changing, whoever it is. */
static void permissions(void)
{
	uint32_t op[64] = { HECACHE_CONTROL_VERSION };
	struct vm *vm = vm_create();
	int look = host_device(O_RDONLY), change = host_device(O_WRONLY);
	unsigned int i;

	EXPECT_EQ(vm_hello(vm, 0), 0);
	for (i = 0; i < NR(changes); i++)
		EXPECT(refused(look, changes[i], op, EACCES));
	for (i = 0; i < NR(looks); i++)
		EXPECT(refused(change, looks[i], op, EACCES));
	EXPECT(read(change, op, sizeof(op)) < 0 && errno == EBADF);
	EXPECT(!ioctl(look, HECACHE_INFO, op));
	close(look);
	close(change);
	vm_destroy(vm);
}

/* Events */

static struct hecache_control_event next_event(int fd)
{
	struct hecache_control_event event = { 0 };
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	EXPECT_EQ(poll(&ready, 1, 20000), 1);
	EXPECT_EQ(read(fd, &event, sizeof(event)), sizeof(event));
	EXPECT_EQ(event.version, HECACHE_CONTROL_VERSION);
	return event;
}

static void expect_event(int fd, uint32_t kind, uint64_t client, uint64_t value)
{
	struct hecache_control_event event = next_event(fd);

	EXPECT_EQ(event.kind, kind);
	EXPECT_EQ(event.client, client);
	EXPECT_EQ(event.pid, getpid());
	EXPECT_EQ(event.value, value);
}

static bool is_silent(int fd)
{
	struct hecache_control_event event;
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	return !poll(&ready, 1, 0) && read(fd, &event, sizeof(event)) < 0 &&
	       errno == EAGAIN;
}

static void call_out_of_order(struct vm *vm)
{
	uint64_t flush = HEC_CMD_FLUSH | 5ull << HEC_ABI_SEQ_SHIFT;
	uint64_t pool;

	EXPECT_EQ(vm_hello(vm, HEC_FEATURE_SEQUENCE), HEC_FEATURE_SEQUENCE);
	pool = vm_call(vm, HEC_CMD_POOL_NEW | 1ull << HEC_ABI_SEQ_SHIFT, 0,
		       HEC_POOL_EPHEMERAL, 0);
	EXPECT_EQ(vm_call(vm, flush, pool, 1, 0), HEC_OK);
	EXPECT_EQ(vm_call(vm, flush, pool, 1, 0), HEC_ESTALE);
}

static void a_vms_life(void)
{
	struct hecache_control_client client = { 0 };
	struct vm *vm;
	char byte;
	int fd;

	/* Of VMs before it everything has been told. */
	EXPECT(host_stat_becomes("clients", 0));
	fd = host_device(O_RDONLY | O_NONBLOCK);
	vm = vm_create();
	EXPECT(is_silent(fd));
	EXPECT(read(fd, &byte, 1) < 0 && errno == EINVAL);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(host_client(getpid(), &client));
	expect_event(fd, HECACHE_EVENT_CAME, client.id, 0);
	EXPECT_EQ(vm_hello(vm, 0), 0);
	EXPECT(is_silent(fd));
	call_out_of_order(vm);
	expect_event(fd, HECACHE_EVENT_REVERTED, client.id, 1);
	/* Once a second is enough: a guest can pretend it. */
	call_out_of_order(vm);
	EXPECT(is_silent(fd));
	vm_destroy(vm);
	expect_event(fd, HECACHE_EVENT_WENT, client.id, 0);
	EXPECT(is_silent(fd));
	close(fd);
}

/* The ring is bounded; who does not read is told what it has missed. */
static void lost_events(void)
{
	int idle = host_device(O_RDONLY | O_NONBLOCK);
	struct hecache_control_event event;
	unsigned int vms, seen = 0;

	for (vms = 0; vms < VMS; vms++) {
		struct vm *vm = vm_create_bare();

		vm_start(vm);
		EXPECT_EQ(vm_hello(vm, 0), 0);
		vm_destroy(vm);
	}
	EXPECT(host_stat_becomes("clients", 0));
	event = next_event(idle);
	EXPECT_EQ(event.kind, HECACHE_EVENT_LOST);
	EXPECT(event.value >= 2 * VMS - KEPT);
	while (read(idle, &event, sizeof(event)) == sizeof(event))
		seen++;
	EXPECT_EQ(seen, KEPT);
	EXPECT(is_silent(idle));
	close(idle);
}

const struct check device_checks[] = {
	{ "versions", versions },
	{ "no_requests", no_requests },
	{ "reserved_fields", reserved_fields },
	{ "permissions", permissions },
	{ "a_vms_life", a_vms_life },
	{ "lost_events", lost_events },
	{},
};
