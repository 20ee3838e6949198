/* SPDX-License-Identifier: GPL-2.0-only */
/* See kvm.c. */
#ifndef HECACHECTL_KVM_H
#define HECACHECTL_KVM_H

#include "host.h"

extern const struct host kvm_host;

#endif
