// SPDX-License-Identifier: GPL-2.0-only
/*
 * hecachectl: control and statistics of the page cache of this host.
 *
 *     command_line   options, a command, its arguments
 *     commands       what each command does
 *     admission      who may use the cache
 *     monitor        what happens
 *     arguments      clients, sizes, terms
 *     complain       what went wrong
 *     show           tables and JSON
 *     host           a host, of either kind
 *     kvm            a KVM host's device
 *     cgroup         control groups by path and by number
 *     xen            Xen's control domain
 *
 * This file finds out which kind of host this is.
 */
#include <stdio.h>

#include "command_line.h"
#include "kvm.h"
#include "request.h"
#include "xen.h"

/* A KVM host may itself be a guest of Xen's. */
static const struct host *find_host(const char *root)
{
	if (kvm_host.is_here(root))
		return &kvm_host;
	return xen_host.is_here(root) ? &xen_host : NULL;
}

int main(int argc, char **argv)
{
	int status = command_line_run(argc, argv, find_host);

	if (fflush(stdout) || ferror(stdout)) {
		perror("hecachectl: standard output");
		status = EXIT_REFUSED;
	}
	return status;
}
