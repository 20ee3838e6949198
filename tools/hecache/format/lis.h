/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ARC paper's traces (Megiddo and Modha, FAST 2003).
 */
#ifndef HECACHE_LIS_H
#define HECACHE_LIS_H

#include "format.h"

extern const struct format format_lis;

#endif
