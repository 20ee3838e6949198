// SPDX-License-Identifier: GPL-2.0-only
/* The command line, see command_line.h. */
#include "command_line.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "complain.h"

static void print_help(FILE *to)
{
	size_t i;

	fputs("Usage: hecachectl [OPTION]... COMMAND [ARGUMENT]...\n"
	      "Control and statistics of the page cache of this host.\n\n",
	      to);
	for (i = 0; i < nr_commands; i++)
		fprintf(to, "  %-9s %-21s %s\n", commands[i].name,
			commands[i].arguments, commands[i].purpose);
	fputs("\nCLIENT: the process id of a VM's monitor (KVM), the number of "
	      "a domain (Xen),\nor `all' where something is changed.  WHOM: a "
	      "CLIENT, or a control group's path\n(KVM).  SIZE: in MiB, or with "
	      "M, G or T.  Policies: s3fifo, lru, arc.\n\n"
	      "  -j, --json      show prints one JSON object, monitor one an "
	      "event\n"
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

	for (i = 0; i < nr_commands; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int run(struct request *request, const char *root,
	       host_finder *find_host)
{
	const struct command *command = find_command(request->argv[0]);

	if (!command)
		return complain_wrong("no such command", request->argv[0]);
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

int command_line_run(int argc, char **argv, host_finder *find_host)
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

	optind = 0; /* forgets what an earlier call left undone */
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
	return run(&request, root, find_host);
}
