/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens, as it happens: see monitor.c. */
#ifndef HECACHECTL_MONITOR_H
#define HECACHECTL_MONITOR_H

#include "request.h"

int run_monitor(const struct request *request);

#endif
