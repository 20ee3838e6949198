/* SPDX-License-Identifier: GPL-2.0-only */
/* Content that programs in VMs can make again: the page's number and a seed, mixed. */
#ifndef TESTBED_MIX_H
#define TESTBED_MIX_H

#include <stdint.h>

/* The mixing function of splitmix64 (Steele, Lea, Flood, OOPSLA 2014). */
static inline uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

#endif
