// SPDX-License-Identifier: GPL-2.0-only
/*
 * hecachectl: control and statistics of the page cache of this host.
 *
 * This file reads the arguments, finds out which kind of host this is, and does
 * the command; docs/hecachectl.1 is the manual page.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "show.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1, /* by the host; or the output was not written */
	EXIT_USAGE = 2,
	EXIT_NO_CACHE = 3,
	EXIT_NO_CLIENT = 4,
};

/* What the arguments say. */
struct request {
	const struct host *host;
	bool json;
	int argc; /* of the command */
	char **argv;
};

struct command {
	const char *name;
	const char *arguments;
	const char *purpose;
	int min_args;
	int max_args;
	int (*run)(const struct request *request);
};

#define ANY_NUMBER 1000000

/* A message that ends with what the host, or the system, has to say. */
static int failed(const struct request *request, const char *what, int err)
{
	static const struct {
		int err;
		const char *text;
		enum exit_status status;
	} known[] = {
		{ -ENODEV, "there is no cache in this hypervisor",
		  EXIT_NO_CACHE },
		{ -ESRCH, "no such client of the cache", EXIT_NO_CLIENT },
		{ -EACCES, "not allowed: be root, and in Xen's control domain",
		  EXIT_REFUSED },
		{ -EINVAL, "a value is out of range", EXIT_REFUSED },
		{ -ENOSPC, "more than the cache can promise, or give up",
		  EXIT_REFUSED },
		{ -ENOMEM, "the host has no more memory to spare now",
		  EXIT_REFUSED },
		{ -EBUSY, "the cache is being resized already", EXIT_REFUSED },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].err != err)
			continue;
		fprintf(stderr, "hecachectl: %s: %s\n", what, known[i].text);
		return known[i].status;
	}
	fprintf(stderr, "hecachectl: %s: %s\n", what, strerror(-err));
	if (err == -ENOENT && request->host == &kvm_host)
		fputs("hecachectl: is debugfs mounted?\n", stderr);
	return EXIT_REFUSED;
}

static int wrong(const char *what, const char *word)
{
	fprintf(stderr, "hecachectl: %s: '%s'; see hecachectl --help\n", what,
		word);
	return EXIT_USAGE;
}

static bool parse_number(const char *word, uint64_t most, const char **end,
			 uint64_t *number)
{
	char *after;

	if (*word < '0' || *word > '9')
		return false;
	errno = 0;
	*number = strtoull(word, &after, 10);
	*end = after;
	return !errno && *number <= most;
}

static bool parse_plain(const char *word, uint32_t most, uint32_t *number)
{
	const char *end;
	uint64_t value;

	if (!parse_number(word, most, &end, &value) || *end)
		return false;
	*number = (uint32_t)value;
	return true;
}

/* MiB, or a number with M, G or T. */
static bool parse_mib(const char *word, uint32_t *mib)
{
	static const char units[] = "MGT";
	const char *end, *unit;
	uint64_t value;

	if (!parse_number(word, MAX_MIB, &end, &value))
		return false;
	if (*end) {
		unit = strchr(units, *end);
		if (!unit || end[1])
			return false;
		value <<= 10 * (unit - units);
	}
	*mib = (uint32_t)value;
	return value <= MAX_MIB;
}

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

		if (!parse_plain(request->argv[i], UINT32_MAX, &id))
			return wrong("not a client", request->argv[i]);
		client = find(clients, *nr, id);
		if (!client)
			return failed(request, request->argv[i], -ESRCH);
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
	if (err)
		status = failed(request, "cannot read the statistics", err);
	else
		status =
			select_clients(request, view.clients, &view.nr_clients);
	if (!status)
		(request->json ? show_json : show_table)(&view);
	free(view.clients);
	free(view.pools);
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
		return failed(request, "cannot read the clients", err);
	for (i = 0; i < nr && (!err || err == -ESRCH); i++)
		err = act(request->host, clients[i].id, arg);
	free(clients);
	return err && err != -ESRCH ? failed(request, "all", err) : EXIT_DONE;
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
	if (!parse_plain(name, UINT32_MAX, &id))
		return wrong("not a client", name);
	err = act(request->host, id, arg);
	return err ? failed(request, name, err) : EXIT_DONE;
}

/* Terms, and bits that name some. */
struct change {
	struct terms terms;
	unsigned int which;
};

static int set(const struct host *host, uint32_t id, const void *arg)
{
	const struct change *change = arg;

	return host->set(id, &change->terms, change->which);
}

static bool parse_max(const char *value, uint32_t *mib)
{
	if (!strcmp(value, "none")) {
		*mib = 0;
		return true;
	}
	/* None at all would be taken for no limit. */
	return parse_mib(value, mib) && *mib;
}

/* "KEY=VALUE" */
static bool parse_term(const char *word, struct change *change)
{
	const char *value = strchr(word, '=');
	size_t len = value ? (size_t)(value++ - word) : 0;
	struct terms *terms = &change->terms;
	uint32_t mib;

	if (len == 10 && !strncmp(word, "guaranteed", len)) {
		if (!parse_mib(value, &mib))
			return false;
		terms->guaranteed_pages = mib * PAGES_OF_MIB;
		change->which |= TERM_GUARANTEED;
	} else if (len == 3 && !strncmp(word, "max", len)) {
		if (!parse_max(value, &mib))
			return false;
		terms->max_pages = mib * PAGES_OF_MIB;
		change->which |= TERM_MAX;
	} else if (len == 6 && !strncmp(word, "weight", len)) {
		change->which |= TERM_WEIGHT;
		return parse_plain(value, 65535, &terms->weight) &&
		       terms->weight;
	} else if (len == 6 && !strncmp(word, "policy", len)) {
		change->which |= TERM_POLICY;
		return policy_find(value, &terms->policy);
	} else {
		return false;
	}
	return true;
}

static int run_set(const struct request *request)
{
	struct change change = { 0 };
	int i;

	for (i = 2; i < request->argc; i++)
		if (!parse_term(request->argv[i], &change))
			return wrong("not a term", request->argv[i]);
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

	if (!parse_mib(request->argv[1], &mib))
		return wrong("not a size", request->argv[1]);
	err = request->host->resize(mib);
	return err ? failed(request, "resize", err) : EXIT_DONE;
}

static int run_tax(const struct request *request)
{
	uint32_t percent;
	int err;

	if (!parse_plain(request->argv[1], 95, &percent))
		return wrong("not a tax (0 to 95 percent)", request->argv[1]);
	err = request->host->tax(percent);
	return err ? failed(request, "tax", err) : EXIT_DONE;
}

static const struct command commands[] = {
	{ "show", "[CLIENT]...", "the cache, and all clients or those named", 0,
	  ANY_NUMBER, run_show },
	{ "set", "CLIENT TERM=VALUE...",
	  "guaranteed=SIZE max=SIZE|none weight=N policy=NAME", 2, ANY_NUMBER,
	  run_set },
	{ "freeze", "CLIENT", "refuse its puts from now on", 1, 1, run_freeze },
	{ "thaw", "CLIENT", "accept its puts again", 1, 1, run_thaw },
	{ "flush", "CLIENT", "drop its pages, but persistent ones", 1, 1,
	  run_flush },
	{ "reset", "CLIENT", "set its counts to zero", 1, 1, run_reset },
	{ "resize", "SIZE", "give the cache so much memory", 1, 1, run_resize },
	{ "tax", "PERCENT", "tax idle memory, 0 to 95", 1, 1, run_tax },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	size_t i;

	fputs("Usage: hecachectl [OPTION]... COMMAND [ARGUMENT]...\n"
	      "Control and statistics of the page cache of this host.\n\n",
	      to);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-6s %-21s %s\n", commands[i].name,
			commands[i].arguments, commands[i].purpose);
	fputs("\nCLIENT: the process id of a VM's monitor (KVM), the number of "
	      "a domain (Xen),\nor `all' where something is changed.  SIZE: in "
	      "MiB, or with M, G or T.\nPolicies: s3fifo, lru, arc.\n\n"
	      "  -j, --json      show prints one JSON object\n"
	      "  -r, --root=DIR  look for a KVM host's files below DIR\n"
	      "  -h, --help      print this\n"
	      "  -V, --version   print the version\n\n"
	      "Exit status: 0 done; 1 refused by the host; 2 wrong arguments; "
	      "3 no cache\non this host; 4 no such client.\n",
	      to);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/* A KVM host may itself be a guest of Xen's. */
static const struct host *find_host(const char *root)
{
	if (kvm_host.is_here(root))
		return &kvm_host;
	return xen_host.is_here(root) ? &xen_host : NULL;
}

static int run(struct request *request, const char *root)
{
	const struct command *command = find_command(request->argv[0]);

	if (!command)
		return wrong("no such command", request->argv[0]);
	if (request->argc - 1 < command->min_args ||
	    request->argc - 1 > command->max_args) {
		fprintf(stderr, "usage: hecachectl %s %s\n", command->name,
			command->arguments);
		return EXIT_USAGE;
	}
	request->host = find_host(root);
	if (!request->host) {
		fputs("hecachectl: no cache on this host: hecache-kvm is not "
		      "loaded, and this is not Xen\n",
		      stderr);
		return EXIT_NO_CACHE;
	}
	return command->run(request);
}

static int do_request(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	struct request request = { 0 };
	const char *root = "";
	int option;

	while ((option = getopt_long(argc, argv, "jr:hV", options, NULL)) >=
	       0) {
		switch (option) {
		case 'j':
			request.json = true;
			break;
		case 'r':
			root = optarg;
			break;
		case 'h':
			print_help(stdout);
			return EXIT_DONE;
		case 'V':
			puts("hecachectl " HECACHE_VERSION);
			return EXIT_DONE;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	request.argc = argc - optind;
	request.argv = argv + optind;
	return run(&request, root);
}

int main(int argc, char **argv)
{
	int status = do_request(argc, argv);

	if (fflush(stdout) || ferror(stdout)) {
		perror("hecachectl: standard output");
		status = EXIT_REFUSED;
	}
	return status;
}
