/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may use the cache: the commands of that, which return exit statuses. */
#ifndef HECACHECTL_ADMISSION_H
#define HECACHECTL_ADMISSION_H

#include "request.h"

int run_admission(const struct request *request);
int run_admit(const struct request *request);
int run_dismiss(const struct request *request);
int run_abandon(const struct request *request);

#endif
