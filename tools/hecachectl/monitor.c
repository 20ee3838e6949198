// SPDX-License-Identifier: GPL-2.0-only
/* What happens, as it happens: a line for each event. */
#include "monitor.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "complain.h"

/* Whether an event is one client's, and whether its value says something. */
static bool has_client(enum event_kind kind)
{
	return kind != EVENT_GAVE && kind != EVENT_LOST;
}

static bool has_value(enum event_kind kind)
{
	return kind == EVENT_GAVE || kind == EVENT_LOST ||
	       kind == EVENT_REVERTED;
}

static void tell_line(const struct event *event)
{
	printf("%12.6f %-9s", (double)event->time_ns / 1e9,
	       event_name[event->kind]);
	if (has_client(event->kind))
		printf(" %" PRIu32, event->client);
	if (has_value(event->kind))
		printf(" %" PRIu64, event->value);
	putchar('\n');
}

static void tell_json(const struct event *event)
{
	printf("{\"time_ns\":%" PRIu64 ",\"event\":\"%s\"", event->time_ns,
	       event_name[event->kind]);
	if (has_client(event->kind))
		printf(",\"id\":%" PRIu32, event->client);
	if (has_value(event->kind))
		printf(",\"value\":%" PRIu64, event->value);
	puts("}");
}

/* Who reads the lines must not wait for them. */
static bool tell(const struct event *event, void *arg)
{
	const struct request *request = arg;

	(request->json ? tell_json : tell_line)(event);
	return !fflush(stdout);
}

int run_monitor(const struct request *request)
{
	struct request copy = *request;
	int err = -EOPNOTSUPP;

	if (request->host->monitor)
		err = request->host->monitor(tell, &copy);
	return err ? complain_failed("monitor", err) : EXIT_DONE;
}
