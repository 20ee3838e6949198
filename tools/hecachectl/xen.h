/* SPDX-License-Identifier: GPL-2.0-only */
/* See xen.c. */
#ifndef HECACHECTL_XEN_H
#define HECACHECTL_XEN_H

#include "host.h"

extern const struct host xen_host;

#endif
