// SPDX-License-Identifier: GPL-2.0-only
/* What went wrong, see complain.h. */
#include "complain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "request.h"

/* What an error means, and how the program then ends. */
static const struct outcome {
	int err;
	const char *text;
	enum exit_status status;
} outcomes[] = {
	{ -ENODEV, "there is no cache in this hypervisor", EXIT_NO_CACHE },
	{ -ESRCH, "no such client of the cache", EXIT_NO_CLIENT },
	{ -EACCES, "not allowed: be root, and in Xen's control domain",
	  EXIT_REFUSED },
	{ -EINVAL, "a value is out of range", EXIT_REFUSED },
	{ -ENOSPC, "more than the cache can promise, or give up",
	  EXIT_REFUSED },
	{ -ENOMEM, "the host has no more memory to spare now", EXIT_REFUSED },
	{ -EBUSY, "the cache is being resized already", EXIT_REFUSED },
	{ -EAGAIN, "the cache is busy; it goes on by itself", EXIT_REFUSED },
	{ -EPROTO, "the host's answer makes no sense", EXIT_REFUSED },
	{ -EPROTONOSUPPORT,
	  "the host's module and hecachectl are of versions "
	  "that do not fit",
	  EXIT_REFUSED },
	{ -EOPNOTSUPP, "not on this kind of host", EXIT_REFUSED },
};

int complain_failed(const char *what, int err)
{
	struct outcome outcome = { err, strerror(-err), EXIT_REFUSED };
	const char *reason = host_reason();
	size_t i;

	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (outcomes[i].err == err)
			outcome = outcomes[i];
	fprintf(stderr, "hecachectl: %s: %s\n", what,
		reason ? reason : outcome.text);
	return outcome.status;
}

int complain_wrong(const char *what, const char *word)
{
	fprintf(stderr, "hecachectl: %s: '%s'; see hecachectl --help\n", what,
		word);
	return EXIT_USAGE;
}
