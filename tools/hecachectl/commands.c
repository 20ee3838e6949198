// SPDX-License-Identifier: GPL-2.0-only
/* The commands, see commands.h. */
#include "commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "arguments.h"
#include "complain.h"
#include "monitor.h"
#include "show.h"

#define ANY_NUMBER 1000000

/* Show */

static struct client *find(struct client *clients, size_t nr, uint32_t id)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (clients[i].id == id)
			return &clients[i];
	return NULL;
}

/* Leaves, in their order, only the clients that the arguments name. */
static int select_clients(const struct request *request, struct client *clients,
			  size_t *nr)
{
	size_t kept = 0;
	int i;

	for (i = 1; i < request->argc; i++) {
		struct client *client, swapped;
		uint32_t id;

		if (!argument_client(request->argv[i], &id))
			return complain_wrong("not a client", request->argv[i]);
		client = find(clients, *nr, id);
		if (!client)
			return complain_failed(request->argv[i], -ESRCH);
		if (client < clients + kept)
			continue; /* named twice */
		swapped = clients[kept];
		clients[kept++] = *client;
		*client = swapped;
	}
	if (request->argc > 1)
		*nr = kept;
	return EXIT_DONE;
}

static int run_show(const struct request *request)
{
	const struct host *host = request->host;
	struct view view = { .host = host };
	int status, err;

	err = host->get_cache(&view.cache);
	if (!err)
		err = host->get_clients(&view.clients, &view.nr_clients);
	if (!err)
		err = host->get_pools(&view.pools, &view.nr_pools);
	if (!err && host->get_rules)
		err = host->get_rules(&view.rules, &view.nr_rules);
	if (err)
		status = complain_failed("cannot read the statistics", err);
	else
		status =
			select_clients(request, view.clients, &view.nr_clients);
	if (!status)
		(request->json ? show_json : show_table)(&view);
	free(view.clients);
	free(view.pools);
	free(view.rules);
	return status;
}

/* Commands on clients */

typedef int (*client_action)(const struct host *host, uint32_t id,
			     const void *arg);

/* Clients that go meanwhile are none to complain about. */
static int for_all(const struct request *request, client_action act,
		   const void *arg)
{
	struct client *clients;
	size_t nr, i;
	int err = request->host->get_clients(&clients, &nr);

	if (err)
		return complain_failed("cannot read the clients", err);
	for (i = 0; i < nr && (!err || err == -ESRCH); i++)
		err = act(request->host, clients[i].id, arg);
	free(clients);
	return err && err != -ESRCH ? complain_failed("all", err) : EXIT_DONE;
}

/* Acts on the client that the first argument names, or on all. */
static int for_named(const struct request *request, client_action act,
		     const void *arg)
{
	const char *name = request->argv[1];
	uint32_t id;
	int err;

	if (!strcmp(name, "all"))
		return for_all(request, act, arg);
	if (!argument_client(name, &id))
		return complain_wrong("not a client", name);
	err = act(request->host, id, arg);
	return err ? complain_failed(name, err) : EXIT_DONE;
}

static int set(const struct host *host, uint32_t id, const void *arg)
{
	const struct change *change = arg;

	return host->set(id, &change->terms, change->which);
}

static int run_set(const struct request *request)
{
	struct change change = { 0 };
	int i;

	for (i = 2; i < request->argc; i++)
		if (!argument_term(request->argv[i], &change))
			return complain_wrong("not a term", request->argv[i]);
	return for_named(request, set, &change);
}

static int run_freeze(const struct request *request)
{
	const struct change change = { .terms.frozen = true,
				       .which = TERM_FROZEN };

	return for_named(request, set, &change);
}

static int run_thaw(const struct request *request)
{
	const struct change change = { .which = TERM_FROZEN };

	return for_named(request, set, &change);
}

static int flush(const struct host *host, uint32_t id, const void *arg)
{
	(void)arg;
	return host->flush(id);
}

static int run_flush(const struct request *request)
{
	return for_named(request, flush, NULL);
}

static int reset(const struct host *host, uint32_t id, const void *arg)
{
	(void)arg;
	return host->reset(id);
}

static int run_reset(const struct request *request)
{
	return for_named(request, reset, NULL);
}

/* Commands on the cache */

static int run_resize(const struct request *request)
{
	uint32_t mib;
	int err;

	if (!argument_size(request->argv[1], &mib))
		return complain_wrong("not a size", request->argv[1]);
	err = request->host->resize(mib);
	return err ? complain_failed("resize", err) : EXIT_DONE;
}

static int run_tax(const struct request *request)
{
	uint32_t percent;
	int err;

	if (!argument_tax(request->argv[1], &percent))
		return complain_wrong("not a tax (0 to 95 percent)",
				      request->argv[1]);
	err = request->host->tax(percent);
	return err ? complain_failed("tax", err) : EXIT_DONE;
}

const struct command commands[] = {
	{ "show", "[CLIENT]...", "the cache, and all clients or those named", 0,
	  ANY_NUMBER, run_show },
	{ "set", "CLIENT TERM=VALUE...",
	  "guaranteed=SIZE max=SIZE|none weight=N policy=NAME pools=N", 2,
	  ANY_NUMBER, run_set },
	{ "freeze", "CLIENT", "refuse its puts from now on", 1, 1, run_freeze },
	{ "thaw", "CLIENT", "accept its puts again", 1, 1, run_thaw },
	{ "flush", "CLIENT", "drop its pages, but persistent ones", 1, 1,
	  run_flush },
	{ "reset", "CLIENT", "set its counts to zero", 1, 1, run_reset },
	{ "resize", "SIZE", "give the cache so much memory", 1, 1, run_resize },
	{ "tax", "PERCENT", "tax idle memory, 0 to 95", 1, 1, run_tax },
	{ "admission", "open|named", "who may come: all, or those admitted", 1,
	  1, run_admission },
	{ "admit", "WHOM [TERM=VALUE]...", "name a VM, and its terms", 1,
	  ANY_NUMBER, run_admit },
	{ "dismiss", "WHOM", "the end of that, for VMs to come", 1, 1,
	  run_dismiss },
	{ "abandon", "yes|no", "let the module go though pages are persistent",
	  1, 1, run_abandon },
	{ "monitor", "", "tell what happens, until it is stopped", 0, 0,
	  run_monitor },
};

const size_t nr_commands = sizeof(commands) / sizeof(commands[0]);
