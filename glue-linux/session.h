/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The session with the hypervisor, and each target's pool in it.
 */
#ifndef HEC_SESSION_H
#define HEC_SESSION_H

#include "guest.h"

int hec_session_add(struct hec_target *t);
void hec_session_remove(struct hec_target *t);
int hec_session_resume(struct hec_target *t);
void hec_session_suspend(struct hec_target *t);
void hec_session_want(struct hec_target *t, bool wanted);
void hec_session_renew_pool(struct hec_target *t);
const char *hec_session_why(const struct hec_target *t);
int hec_session_init(void);
void hec_session_fini(void);

#endif
