/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The example port, as the rest of its hypervisor sees it. */
#ifndef PORT_H
#define PORT_H

#include <hecache/hecache.h>

/* A VM of the example: its memory is one block, its frames count from zero. */
struct port_vm {
	char *memory;
	uint64_t nr_frames;
	uint64_t nr_rom_frames; /* the first ones cannot be written to */
	struct hec_client *client; /* NULL until its first HELLO */
};

/* Takes @bytes of memory for good, aligned to 64: tables first, then frames. */
int port_start(void *memory, uint64_t bytes, const uint8_t seed[32]);

/* A VM's kernel makes the hypercall. */
uint64_t port_hypercall(struct port_vm *vm, const uint64_t arg[4]);

/* The VM has stopped for good.  True: there is more to do, call again. */
bool port_vm_gone(struct port_vm *vm);

#endif
