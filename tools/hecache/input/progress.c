/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A progress bar, see progress.h.
 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#define BAR 40u

static void draw(const struct progress *progress)
{
	static const char full[] = "########################################";
	static const char empty[] = "........................................";
	unsigned int bars = progress->shown * BAR / 100;

	fprintf(stderr, "\r%-24.24s [%.*s%.*s] %3u %%", progress->what,
		(int)bars, full, (int)(BAR - bars), empty, progress->shown);
	fflush(stderr);
}

void progress_start(struct progress *progress, const char *what, uint64_t total)
{
	if (!progress)
		return;
	progress->what = what;
	progress->done = 0;
	progress->total = total;
	progress->shown = 0;
	progress->on = total && isatty(STDERR_FILENO);
	if (progress->on)
		draw(progress);
}

void progress_add(struct progress *progress, uint64_t more)
{
	unsigned int percent;

	if (!progress || !progress->on)
		return;
	progress->done += more;
	if (progress->done > progress->total)
		progress->done = progress->total;
	percent = (unsigned int)((double)progress->done * 100 /
				 (double)progress->total);
	if (percent == progress->shown)
		return;
	progress->shown = percent;
	draw(progress);
}

void progress_end(struct progress *progress)
{
	if (progress && progress->on)
		fprintf(stderr, "\r\033[K");
}
