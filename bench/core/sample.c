/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slices and medians.
 *
 *     thread 0   | memcpy | put | memcpy | put | ...
 *     thread 1   | memcpy | put | memcpy | put | ...
 *                ^        ^ all start together
 *
 * A slice is dropped, with its neighbour, if a thread was preempted in it or
 * they did not start together.  The time of a slice on several threads is that
 * of one page at the rate of all of them together.
 */
#define _GNU_SOURCE /* RUSAGE_THREAD */
#include "sample.h"

#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

/* Of a slice: how far apart its threads may start. */
#define MAX_SKEW 0.1

struct slice {
	double start, end; /* ns */
	bool preempted;
};

struct team {
	struct bench_worker *workers;
	uint32_t threads, nr, slice;
	bench_step *step[2];
	struct bench_samples *samples;
	struct slice slices[BENCH_MAX_THREADS][2];
	pthread_barrier_t barrier;
	uint32_t arrived; /* at the spinning barrier, in all its uses */
};

struct member {
	struct team *team;
	uint32_t number;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

/*
 * Waits for the other threads, the @use-th time: spins, so that all go on at
 * once.  Before a pair of slices they sleep until all have come: on a busy
 * machine who sleeps is soon let run.
 */
static void meet(struct team *team, uint32_t *use)
{
	uint32_t all = ++*use * team->threads;

	__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&team->arrived, __ATOMIC_ACQUIRE) < all)
		hec_env_relax();
}

static void run_slice(struct team *team, uint32_t number, int which,
		      uint32_t nr)
{
	struct slice *slice = &team->slices[number][which];
	long before = preemptions();

	slice->start = now();
	team->step[which](&team->workers[number], nr);
	slice->end = now();
	slice->preempted = preemptions() != before;
}

/* Time for one page, or 0 if the slice is to be dropped. */
static double slice_ns(const struct team *team, int which, uint32_t nr)
{
	double first = team->slices[0][which].start, last = first, rate = 0;
	uint32_t i;

	for (i = 0; i < team->threads; i++) {
		const struct slice *slice = &team->slices[i][which];

		if (slice->preempted)
			return 0;
		first = slice->start < first ? slice->start : first;
		last = slice->start > last ? slice->start : last;
		rate += nr / (slice->end - slice->start);
	}
	if (last - first > MAX_SKEW * nr * team->threads / rate)
		return 0;
	return 1 / rate;
}

static void keep_sample(struct team *team, uint32_t nr)
{
	struct bench_samples *samples = team->samples;
	double primitive = slice_ns(team, 0, nr), ns = slice_ns(team, 1, nr);

	if (primitive == 0 || ns == 0) {
		samples->dropped++;
	} else if (samples->nr < samples->max) {
		samples->ns[0][samples->nr] = primitive;
		samples->ns[1][samples->nr++] = ns;
	}
}

/* When there is no room for samples, the rest is done without the primitive. */
static void measure(struct team *team, uint32_t number)
{
	uint32_t left, nr, use = 0;

	for (left = team->nr; left; left -= nr) {
		nr = left < team->slice ? left : team->slice;
		pthread_barrier_wait(&team->barrier);
		if (team->samples->nr == team->samples->max) {
			team->step[1](&team->workers[number], left);
			break;
		}
		meet(team, &use);
		run_slice(team, number, 0, nr);
		meet(team, &use);
		run_slice(team, number, 1, nr);
		meet(team, &use);
		if (number == 0 && nr == team->slice)
			keep_sample(team, nr);
	}
}

static void *work(void *arg)
{
	struct member *member = arg;
	struct team *team = member->team;

	if (team->step[0])
		measure(team, member->number);
	else
		team->step[1](&team->workers[member->number], team->nr);
	return NULL;
}

void bench_alternate(struct bench_worker *workers, uint32_t threads,
		     bench_step *primitive, bench_step *step, uint32_t nr,
		     uint32_t slice, struct bench_samples *samples)
{
	struct team team = {
		.workers = workers,
		.threads = threads,
		.nr = nr,
		.slice = slice,
		.step = { primitive, step },
		.samples = samples,
	};
	struct member members[BENCH_MAX_THREADS];
	pthread_t ids[BENCH_MAX_THREADS];
	uint32_t i;

	pthread_barrier_init(&team.barrier, NULL, threads);
	for (i = 0; i < threads; i++)
		members[i] = (struct member){ &team, i };
	for (i = 1; i < threads; i++) {
		if (pthread_create(&ids[i], NULL, work, &members[i])) {
			fprintf(stderr, "hec-bench: cannot start a thread\n");
			exit(1);
		}
	}
	work(&members[0]);
	for (i = 1; i < threads; i++)
		pthread_join(ids[i], NULL);
	pthread_barrier_destroy(&team.barrier);
}

static double *take_doubles(uint32_t nr)
{
	double *doubles = calloc(nr, sizeof(*doubles));

	if (!doubles) {
		fprintf(stderr, "hec-bench: no memory for samples\n");
		exit(1);
	}
	return doubles;
}

void bench_samples_init(struct bench_samples *samples, uint32_t max)
{
	samples->ns[0] = take_doubles(max);
	samples->ns[1] = take_doubles(max);
	samples->nr = 0;
	samples->max = max;
	samples->dropped = 0;
}

void bench_samples_fini(struct bench_samples *samples)
{
	free(samples->ns[0]);
	free(samples->ns[1]);
}

static int compare(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

static double median(double *values, uint32_t nr)
{
	if (!nr)
		return 0;
	qsort(values, nr, sizeof(*values), compare);
	return nr % 2 ? values[nr / 2]
		      : (values[nr / 2 - 1] + values[nr / 2]) / 2;
}

void bench_samples_row(struct bench_samples *samples, struct bench_row *row)
{
	double *ratios = take_doubles(samples->nr + 1);
	uint32_t i;

	for (i = 0; i < samples->nr; i++)
		ratios[i] = samples->ns[1][i] / samples->ns[0][i];
	row->samples = samples->nr;
	row->dropped = samples->dropped;
	row->ratio = median(ratios, samples->nr);
	row->primitive_ns = median(samples->ns[0], samples->nr);
	row->ns = median(samples->ns[1], samples->nr);
	free(ratios);
}
