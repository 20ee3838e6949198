// SPDX-License-Identifier: GPL-2.0-only
/* Who may use the cache: admission, admit, dismiss; and abandon. */
#include "admission.h"

#include <errno.h>
#include <string.h>

#include "arguments.h"
#include "complain.h"

/* Which of two words the first argument is: 0, 1, or -1. */
static int choice(const struct request *request, const char *no,
		  const char *yes)
{
	const char *word = request->argv[1];

	if (!strcmp(word, yes))
		return 1;
	return strcmp(word, no) ? -1 : 0;
}

int run_admission(const struct request *request)
{
	int by_name = choice(request, "open", "named");
	int err = -EOPNOTSUPP;

	if (by_name < 0)
		return complain_wrong("not open or named", request->argv[1]);
	if (request->host->admission)
		err = request->host->admission(by_name);
	return err ? complain_failed("admission", err) : EXIT_DONE;
}

int run_abandon(const struct request *request)
{
	int yes = choice(request, "no", "yes");
	int err = -EOPNOTSUPP;

	if (yes < 0)
		return complain_wrong("not yes or no", request->argv[1]);
	if (request->host->abandon)
		err = request->host->abandon(yes);
	return err ? complain_failed("abandon", err) : EXIT_DONE;
}

/* Whom the first argument names. */
static int subject(const struct request *request, struct subject *found)
{
	if (!request->host->find_subject)
		return -EOPNOTSUPP;
	return request->host->find_subject(request->argv[1], found);
}

int run_admit(const struct request *request)
{
	struct change change = { 0 };
	struct rule rule = { 0 };
	int i, err;

	for (i = 2; i < request->argc; i++)
		if (!argument_term(request->argv[i], &change))
			return complain_wrong("not a term", request->argv[i]);
	rule.terms = change.terms;
	rule.which = change.which;
	err = subject(request, &rule.subject);
	if (!err)
		err = request->host->admit(&rule);
	return err ? complain_failed(request->argv[1], err) : EXIT_DONE;
}

int run_dismiss(const struct request *request)
{
	struct subject whom;
	int err = subject(request, &whom);

	if (!err)
		err = request->host->dismiss(&whom);
	return err ? complain_failed(request->argv[1], err) : EXIT_DONE;
}
