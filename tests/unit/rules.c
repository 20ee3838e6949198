/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A policy alone, for truth tables; see rules.h.  A key's letter is the number of
 * its page's record, and of the bucket its ghost is in.
 */
#include "rules.h"

#include <stdarg.h>

#include "../../libhecache/src/cache/room.h"
#include "../../libhecache/src/policy/policy.h"

#define KEYS 128u /* characters */

struct bench {
	struct hec_record records[KEYS + HEC_NR_QUEUES];
	bool cached[KEYS];
	struct hec_frames frames;
	struct hec_ghost_bucket buckets[KEYS];
	struct hec_shard shard;
	struct hec_ghosts ghosts;
	struct hec_policy policy;
	struct hec_env_lock lock; /* the client's, held all the time */
};

static uint64_t hash_of(uint32_t key)
{
	return (uint64_t)key << 48 | (uint64_t)key << 25;
}

static struct bench *bench_make(enum hec_policy_kind kind,
				const struct rule *rule)
{
	struct bench *b = test_memory(sizeof(*b));

	b->frames.nr_free = rule->frames;
	b->ghosts.buckets = b->buckets;
	b->ghosts.shards = &b->shard;
	b->ghosts.nr_shards = 1;
	b->ghosts.shard_buckets = KEYS;
	hec_ghosts_init(&b->ghosts);
	b->policy.records = b->records;
	b->policy.ghosts = &b->ghosts;
	b->policy.frames = &b->frames;
	b->policy.end = KEYS;
	b->policy.past.lock = &b->lock;
	hec_env_lock_init(&b->lock);
	hec_env_lock(&b->lock);
	hec_policy_init(&b->policy, kind, 5);
	return b;
}

static void bench_free(struct bench *b)
{
	hec_env_unlock(&b->lock);
	hec_env_lock_fini(&b->lock);
	hec_ghosts_fini(&b->ghosts);
	free(b);
}

static void leave(struct bench *b, uint32_t key, enum hec_leave why)
{
	hec_policy_leave(&b->policy, key, hash_of(key), why);
	b->cached[key] = false;
	b->frames.nr_free++;
}

static void evict(struct bench *b)
{
	uint32_t victim = hec_policy_victim(&b->policy, HEC_ROOM_STEPS);

	if (victim != HEC_NO_RECORD)
		leave(b, victim, HEC_LEAVE_EVICTED);
}

/* A frame for a page that is not cached. */
static void take_frame(struct bench *b, uint32_t key)
{
	const struct hec_policy *policy = &b->policy;

	ck_assert(!b->cached[key]);
	if (!b->frames.nr_free ||
	    (policy->most && hec_policy_pages(policy) >= policy->most))
		evict(b);
	b->frames.nr_free--;
	b->cached[key] = true;
}

static void miss(struct bench *b, uint32_t key)
{
	if (hec_policy_remembers(&b->policy, hash_of(key)))
		hec_policy_miss(&b->policy, hash_of(key));
}

static void cached_page_meets(struct bench *b, char sign, uint32_t key)
{
	if (sign == '-')
		leave(b, key, HEC_LEAVE_HANDED_UP);
	else if (sign == '=')
		hec_policy_use(&b->policy, key);
	else if (sign == '!')
		leave(b, key, HEC_LEAVE_DROPPED);
	else
		ck_abort_msg("%c of a page that is cached", sign);
}

static void other_key_meets(struct bench *b, char sign, uint32_t key)
{
	if (sign == '+' || sign == '#')
		take_frame(b, key);
	if (sign == '+')
		hec_policy_admit(&b->policy, key, hash_of(key));
	else if (sign == '#')
		hec_policy_keep(&b->policy, key);
	else if (sign == '!')
		hec_policy_forget(&b->policy, hash_of(key));
	else
		miss(b, key);
}

static enum hec_policy_kind kind_called(const char *name)
{
	if (!strncmp(name, "lru", 3))
		return HEC_POLICY_LRU;
	return strncmp(name, "arc", 3) ? HEC_POLICY_S3FIFO : HEC_POLICY_ARC;
}

static void play_word(struct bench *b, const char *word)
{
	char sign = *word++;

	if (sign == '>') {
		hec_policy_switch(&b->policy, kind_called(word));
		return;
	}
	if (sign == '<') {
		b->policy.most = (uint32_t)atoi(word);
		return;
	}
	if (sign == '.')
		evict(b);
	ck_assert_ptr_nonnull(strchr("+-=!#.", sign));
	for (; *word && *word != ' '; word++)
		if (sign == '.')
			evict(b);
		else if (b->cached[(uint8_t)*word % KEYS])
			cached_page_meets(b, sign, (uint8_t)*word % KEYS);
		else
			other_key_meets(b, sign, (uint8_t)*word % KEYS);
}

static void play(struct bench *b, const char *events)
{
	while (*events) {
		play_word(b, events);
		events += strcspn(events, " ");
		events += *events == ' ';
	}
}

struct text {
	char at[256];
	size_t length;
};

static void __attribute__((format(printf, 2, 3)))
say(struct text *text, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = vsnprintf(text->at + text->length,
			   sizeof(text->at) - text->length, format, list);
	va_end(list);
	text->length += (size_t)length;
	ck_assert_uint_lt(text->length, sizeof(text->at));
}

static void say_name(struct text *text, const char *name)
{
	say(text, "%s%s:", text->length ? " " : "", name);
}

static void say_key(struct text *text, const struct bench *b, uint32_t key,
		    uint32_t uses)
{
	say(text, "%c", (int)key);
	if (uses && b->policy.kind != HEC_POLICY_ARC)
		say(text, "%u", uses);
}

static void say_queue(struct text *text, const struct bench *b, uint32_t queue,
		      const char *name)
{
	uint32_t end = b->policy.end + queue, n, count = 0;

	if (!b->policy.nr[queue])
		return;
	say_name(text, name);
	for (n = hec_queue_oldest(&b->policy, queue); n != end;
	     n = b->records[n].link[HEC_LINK_QUEUE].prev, count++)
		say_key(text, b, n, b->records[n].queue / HEC_QUEUE_USE);
	ck_assert_uint_eq(count, b->policy.nr[queue]);
}

/* Takes the ghosts, and so ends them. */
static void say_ghosts(struct text *text, struct bench *b,
		       enum hec_ghost_kind kind, const char *name)
{
	struct hec_ghost_lists *past = &b->policy.past;

	ck_assert_int_eq(hec_ghost_audit(&b->ghosts, past, kind), 0);
	if (!past->nr[kind])
		return;
	say_name(text, name);
	while (past->nr[kind]) {
		uint32_t key = past->oldest[kind] >> 3, uses;

		ck_assert_int_eq(hec_ghost_take(&b->ghosts, past, hash_of(key),
						&uses),
				 kind);
		say_key(text, b, key, uses);
	}
}

/* The names of the queues and of the lists of ghosts. */
static const char *const names[][HEC_NR_QUEUES + HEC_NR_GHOSTS] = {
	[HEC_POLICY_S3FIFO] = { "small", "main", "kept", "up", "out", "out2" },
	[HEC_POLICY_LRU] = { "order", "left", "kept", "up", "out", "out2" },
	[HEC_POLICY_ARC] = { "t1", "t2", "kept", "up", "b1", "b2" },
};

void rule_check(enum hec_policy_kind kind, const struct rule *rule)
{
	struct bench *b = bench_make(kind, rule);
	struct text text = { .length = 0 };
	const char *const *name;
	uint32_t i;

	play(b, rule->events);
	name = names[b->policy.kind];
	for (i = 0; i < HEC_NR_QUEUES; i++)
		say_queue(&text, b, i, name[i]);
	for (i = 0; i < HEC_NR_GHOSTS; i++)
		say_ghosts(&text, b, (enum hec_ghost_kind)i,
			   name[HEC_NR_QUEUES + i]);
	if (b->policy.target) {
		say_name(&text, "p");
		say(&text, "%.2f", (double)b->policy.target / 65536);
	}
	ck_assert_msg(!strcmp(text.at, rule->after),
		      "%s: %s\nis:     %s\nwanted: %s", rule->says,
		      rule->events, text.at, rule->after);
	bench_free(b);
}
