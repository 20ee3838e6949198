/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One cache, and everything that is measured on it.
 *
 *     fill | get all | fill, get all, until there are samples enough
 *          | the same in batches
 *          | fill, flush all
 *          | fill, put keys that were never there: each evicts a page
 *
 * The first fill is not measured: its frames lie one behind the other, those of
 * later ones in the random order in which gets have given them back.
 */
#include "scenario.h"

#include <time.h>

#include "report.h"
#include "sample.h"

#define SLICE 256u
#define SLICE_SHORT 2048u /* of operations that copy nothing */
#define MAX_SAMPLES 4096u
#define PATIENCE_SECONDS 5 /* for one kind of operation on a busy machine */

/* What is measured: an operation beside its primitive. */
struct subject {
	const char *name;
	bench_step *step, *primitive_step;
	enum bench_primitive primitive;
	uint32_t slice;
	struct bench_samples samples;
};

static const struct subject put = {
	.name = "put",
	.step = bench_put,
	.primitive_step = bench_copy_cold_cold,
	.primitive = BENCH_COLD_COLD,
	.slice = SLICE,
};

static const struct subject put_batch = {
	.name = "put_batch",
	.step = bench_put_batch,
	.primitive_step = bench_copy_cold_cold,
	.primitive = BENCH_COLD_COLD,
	.slice = SLICE,
};

static const struct subject put_evict = {
	.name = "put_evict",
	.step = bench_put,
	.primitive_step = bench_copy_cold_cold,
	.primitive = BENCH_COLD_COLD,
	.slice = SLICE,
};

static const struct subject flush = {
	.name = "flush",
	.step = bench_flush,
	.primitive_step = bench_copy_cold_cold,
	.primitive = BENCH_COLD_COLD,
	.slice = SLICE,
};

static const struct subject get = {
	.name = "get",
	.step = bench_get,
	.primitive_step = bench_copy_cold_hot,
	.primitive = BENCH_COLD_HOT,
	.slice = SLICE,
};

static const struct subject get_batch = {
	.name = "get_batch",
	.step = bench_get_batch,
	.primitive_step = bench_copy_cold_hot,
	.primitive = BENCH_COLD_HOT,
	.slice = SLICE,
};

static const struct subject get_miss = {
	.name = "get_miss",
	.step = bench_get_miss,
	.primitive_step = bench_copy_hot_hot,
	.primitive = BENCH_HOT_HOT,
	.slice = SLICE_SHORT,
};

static const struct subject load = {
	.name = "load",
	.step = bench_load,
	.primitive_step = bench_copy_hot_hot,
	.primitive = BENCH_HOT_HOT,
	.slice = SLICE_SHORT,
};

static struct subject start(const struct subject *model)
{
	struct subject subject = *model;

	bench_samples_init(&subject.samples, MAX_SAMPLES);
	return subject;
}

static void name_row(const struct bench_setup *setup, const char *name,
		     struct bench_row *row)
{
	static const char *const policy[] = {
		[HEC_POLICY_S3FIFO] = "",
		[HEC_POLICY_LRU] = "_lru",
		[HEC_POLICY_ARC] = "_arc",
	};

	snprintf(row->name, sizeof(row->name), "%s%s%s%s%s",
		 setup->content == HEC_CONTENT_NONE ? "index_" : "", name,
		 policy[setup->policy],
		 setup->content == HEC_CONTENT_PLAIN ? "_plain" : "",
		 setup->one_vm ? "_one_vm" : "");
}

static void end(struct bench_report *report, const struct bench_setup *setup,
		struct subject *subject)
{
	struct bench_row row = { .primitive = subject->primitive,
				 .threads = setup->threads,
				 .pages = setup->pages };

	name_row(setup, subject->name, &row);
	bench_samples_row(&subject->samples, &row);
	bench_report_add(report, &row);
	bench_samples_fini(&subject->samples);
}

/* Every worker starts its order of keys anew. */
static void rewind_keys(struct bench_bed *bed)
{
	uint32_t i;

	for (i = 0; i < bed->setup.threads; i++)
		bed->workers[i].next = 0;
}

/* One operation for each page, measured. */
static void sweep(struct bench_bed *bed, struct subject *subject)
{
	const struct bench_setup *setup = &bed->setup;

	rewind_keys(bed);
	bench_alternate(bed->workers, setup->threads, subject->primitive_step,
			subject->step, setup->pages / setup->threads,
			subject->slice, &subject->samples);
}

/* The same, not measured. */
static void all(struct bench_bed *bed, bench_step *step)
{
	const struct bench_setup *setup = &bed->setup;

	rewind_keys(bed);
	bench_alternate(bed->workers, setup->threads, NULL, step,
			setup->pages / setup->threads, SLICE, NULL);
}

static bool enough(const struct subject *subject, uint32_t wanted,
		   time_t started)
{
	return subject->samples.nr >= wanted ||
	       time(NULL) - started > PATIENCE_SECONDS;
}

/* Fills and drains an empty cache, until there are samples of both. */
static void fill_and_drain(struct bench_report *report, struct bench_bed *bed,
			   const struct subject *in, const struct subject *out,
			   uint32_t wanted)
{
	struct subject fill = start(in), drain = start(out);
	time_t started = time(NULL);

	do {
		sweep(bed, &fill);
		sweep(bed, &drain);
	} while (!enough(&fill, wanted, started) ||
		 !enough(&drain, wanted, started));
	end(report, &bed->setup, &fill);
	end(report, &bed->setup, &drain);
}

/* What changes nothing, of a full cache. */
static void only_look(struct bench_report *report, struct bench_bed *bed,
		      const struct subject *what, uint32_t wanted)
{
	struct subject subject = start(what);
	time_t started = time(NULL);

	if (bed->setup.pages / bed->setup.threads < subject.slice)
		subject.slice = bed->setup.pages / bed->setup.threads;
	do
		sweep(bed, &subject);
	while (!enough(&subject, wanted, started));
	end(report, &bed->setup, &subject);
}

static void fill_and_flush(struct bench_report *report, struct bench_bed *bed,
			   uint32_t wanted)
{
	struct subject subject = start(&flush);
	time_t started = time(NULL);

	do {
		all(bed, bench_put);
		sweep(bed, &subject);
	} while (!enough(&subject, wanted, started));
	end(report, &bed->setup, &subject);
}

static void evict(struct bench_report *report, struct bench_bed *bed,
		  uint32_t wanted)
{
	struct subject subject = start(&put_evict);
	time_t started = time(NULL);

	all(bed, bench_put);
	do {
		bed->first += bed->setup.pages;
		sweep(bed, &subject);
	} while (!enough(&subject, wanted, started));
	end(report, &bed->setup, &subject);
}

static void must_hold_all(const struct bench_bed *bed)
{
	struct hec_stats stats;

	hec_cache_stats(bed->cache, &stats);
	if (stats.pages != bed->setup.pages || stats.zero_pages) {
		fprintf(stderr, "hec-bench: the cache holds %llu pages\n",
			(unsigned long long)stats.pages);
		exit(1);
	}
}

void bench_scenario(struct bench_report *report, struct bench_memory *memory,
		    const struct bench_setup *setup, uint32_t samples)
{
	struct bench_bed bed;

	bench_bed_init(&bed, memory, setup);
	/* So that later no page is touched for the first time. */
	all(&bed, bench_copy_cold_cold);
	all(&bed, bench_put);
	must_hold_all(&bed);
	all(&bed, bench_get);
	fill_and_drain(report, &bed, &put, &get, samples);
	if (setup->content != HEC_CONTENT_PLAIN)
		fill_and_drain(report, &bed, &put_batch, &get_batch, samples);
	all(&bed, bench_put);
	only_look(report, &bed, &get_miss, samples);
	only_look(report, &bed, &load, samples);
	all(&bed, bench_flush);
	fill_and_flush(report, &bed, samples);
	evict(report, &bed, samples);
	must_hold_all(&bed);
	report->failed += bench_bed_failed(&bed);
	bench_bed_fini(&bed);
}
