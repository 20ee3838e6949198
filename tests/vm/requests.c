// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes requests to a KVM host's device (glue-kvm/uapi/hecache_control.h) that are
 * right, nearly right and quite wrong, and sees what becomes of a client's terms.
 *
 *     requests PID COUNT SEED
 *
 * Some requests change terms of PID's, with values within the limits, at them and
 * beyond; whether such a request is right is known.  Others are right ones of all
 * kinds; others have some bytes, or bits of their number, changed; the rest is
 * anything.  After each one the terms must be within the limits: what they were if it
 * was refused, what it says if it was right.  The device is open for looking only, now
 * and then, when nothing may change.
 *
 * Prints a line of key=value pairs.  Status: 0, 1 when a request did what it should
 * not, which is shown, 2 when it could not be done.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <hecache_control.h>

#define DEVICE "/dev/hecache"
#define MAX_PAGES (1u << 30)
#define MAX_WEIGHT 65535u
#define MAX_POOLS 1024u
#define SURE_PAGES 4096u /* any cache here can promise so much */
#define NR_TERMS 6

enum verdict {
	RIGHT,
	WRONG,
	UNKNOWN,
};

struct request {
	unsigned long number;
	union {
		uint8_t byte[256];
		uint32_t version;
		struct hecache_control_info info;
		struct hecache_control_client client;
		struct hecache_control_pool pool;
		struct hecache_control_rule rule;
		struct hecache_control_set set;
		struct hecache_control_one one;
		struct hecache_control_value value;
	} op;
	enum verdict is;
	bool looks_only; /* how the device is open */
	struct hecache_control_terms wanted; /* of a right SET */
};

static uint64_t client; /* its id */
static uint64_t state; /* of the random numbers */
static int look, change; /* the device */

/* splitmix64, below @limit. */
static uint32_t below(uint32_t limit)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (uint32_t)((z ^ (z >> 31)) % limit);
}

/* A number at a border, as a rule. */
static uint32_t odd_number(void)
{
	static const uint32_t odd[] = {
		0,	    1,
		2,	    64,
		95,	    96,
		512,	    SURE_PAGES,
		MAX_POOLS,  MAX_POOLS + 1,
		MAX_WEIGHT, MAX_WEIGHT + 1,
		MAX_PAGES,  MAX_PAGES + 1,
		1u << 31,   ~0u,
	};

	return below(8) ? odd[below(sizeof(odd) / sizeof(odd[0]))] : below(~0u);
}

/* The terms as an array, in the order of their bits. */
static void to_array(const struct hecache_control_terms *terms,
		     uint32_t value[NR_TERMS])
{
	value[0] = terms->guaranteed_pages;
	value[1] = terms->max_pages;
	value[2] = terms->weight;
	value[3] = terms->max_pools;
	value[4] = terms->policy;
	value[5] = terms->frozen;
}

static void from_array(const uint32_t value[NR_TERMS],
		       struct hecache_control_terms *terms)
{
	terms->guaranteed_pages = value[0];
	terms->max_pages = value[1];
	terms->weight = value[2];
	terms->max_pools = value[3];
	terms->policy = value[4];
	terms->frozen = value[5];
}

static bool is_within_limits(const struct hecache_control_terms *terms)
{
	return terms->guaranteed_pages <= MAX_PAGES &&
	       terms->max_pages <= MAX_PAGES && terms->weight <= MAX_WEIGHT &&
	       terms->weight && terms->max_pools &&
	       terms->max_pools <= MAX_POOLS && terms->policy <= 2 &&
	       terms->frozen <= 1 &&
	       (!terms->max_pages ||
		terms->max_pages >= terms->guaranteed_pages);
}

static bool read_terms(struct hecache_control_terms *terms)
{
	struct hecache_control_client op = { .version = 1, .id = client - 1 };

	if (ioctl(look, HECACHE_CLIENT, &op) || op.id != client)
		return false;
	*terms = op.terms;
	return true;
}

/* Making requests */

/* What is wrong whatever the client had before. */
static void judge(struct request *request)
{
	const struct hecache_control_terms *wanted = &request->wanted;

	request->is = RIGHT;
	if (!request->op.set.which || !is_within_limits(wanted))
		request->is = WRONG;
	else if (wanted->guaranteed_pages > SURE_PAGES)
		request->is = UNKNOWN;
}

static void make_set(struct request *request,
		     const struct hecache_control_terms *now)
{
	uint32_t value[NR_TERMS] = { 0 }, wanted[NR_TERMS], i;
	struct hecache_control_set *set = &request->op.set;

	request->number = HECACHE_SET;
	set->client = client;
	set->which = below(1u << NR_TERMS);
	to_array(now, wanted);
	for (i = 0; i < NR_TERMS; i++) {
		if (!(set->which & 1u << i))
			continue;
		value[i] = below(2) ? below(3) : odd_number();
		wanted[i] = value[i];
	}
	/* Zeroes that mean what is usual. */
	wanted[2] = wanted[2] ? wanted[2] : 100;
	wanted[3] = wanted[3] ? wanted[3] : 64;
	from_array(value, &set->terms);
	from_array(wanted, &request->wanted);
	judge(request);
}

static const unsigned long numbers[] = {
	HECACHE_INFO,	   HECACHE_CLIENT,  HECACHE_POOL,    HECACHE_RULE,
	HECACHE_SET,	   HECACHE_FLUSH,   HECACHE_RESET,   HECACHE_RESIZE,
	HECACHE_TAX,	   HECACHE_ABANDON, HECACHE_DISMISS, HECACHE_ADMIT,
	HECACHE_ADMISSION,
};

#define NR_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

/* Sound, but for the values in it. */
static void make_other(struct request *request)
{
	request->number = numbers[below(NR_NUMBERS)];
	request->is = UNKNOWN;
	switch (request->number) {
	case HECACHE_CLIENT:
		request->op.client.id = below(2) ? client : odd_number();
		break;
	case HECACHE_POOL:
		request->op.pool.client = below(4) ? client : odd_number();
		request->op.pool.pool = below(2) ? UINT64_MAX : odd_number();
		break;
	case HECACHE_FLUSH:
	case HECACHE_RESET:
		request->op.one.client = below(4) ? client : odd_number();
		break;
	case HECACHE_RULE:
	case HECACHE_ADMIT:
	case HECACHE_DISMISS:
		request->op.rule.kind = below(3);
		request->op.rule.subject = below(2) ? below(4) : odd_number();
		break;
	case HECACHE_RESIZE:
		request->op.value.value = 32 + below(8);
		break;
	default:
		request->op.value.value = odd_number();
	}
	if (request->number == HECACHE_SET)
		request->is = WRONG; /* of nobody */
}

static void make_bytes(struct request *request)
{
	size_t i;

	request->number = numbers[below(NR_NUMBERS)];
	request->is = UNKNOWN;
	for (i = 0; i < sizeof(request->op); i++)
		request->op.byte[i] = (uint8_t)below(256);
}

/* Bits of the number, or of the structure. */
static void spoil(struct request *request)
{
	uint32_t size = _IOC_SIZE(request->number), n = 1 + below(3);

	request->is = UNKNOWN;
	if (!below(4)) {
		request->number ^= 1ul << below(32);
		return;
	}
	while (n--)
		request->op.byte[below(size)] ^= (uint8_t)(1u << below(8));
}

static void make_request(struct request *request,
			 const struct hecache_control_terms *now)
{
	uint32_t kind = below(12);

	memset(request, 0, sizeof(*request));
	if (kind < 2)
		make_bytes(request);
	if (kind < 10)
		request->op.version = HECACHE_CONTROL_VERSION;
	if (kind >= 2 && kind < 5)
		make_other(request);
	if (kind >= 5)
		make_set(request, now);
	if (kind >= 10)
		request->is = WRONG; /* of no version */
	if (kind == 4 || kind == 8 || kind == 9)
		spoil(request);
	request->looks_only = !below(8);
}

/* A size that the guest could not live with is not asked for by chance. */
static bool is_harmful(const struct request *request)
{
	return request->number == HECACHE_RESIZE &&
	       (request->op.value.value < 32 || request->op.value.value > 96);
}

/* The test */

static void show(const struct request *request, const char *what, int error)
{
	size_t i;

	printf("requests: %s (%s): %#lx", what,
	       error ? strerror(error) : "taken", request->number);
	for (i = 0; i < _IOC_SIZE(request->number) && i < 256; i++)
		printf(i % 4 ? "%02x" : " %02x", request->op.byte[i]);
	putchar('\n');
}

/* What is wrong with that, or NULL. */
static const char *complaint(const struct request *request, int error,
			     const struct hecache_control_terms *before,
			     const struct hecache_control_terms *after)
{
	bool same = !memcmp(before, after, sizeof(*after));

	if (!is_within_limits(after))
		return "terms beyond the limits";
	if (error && !same)
		return "refused, and yet terms have changed";
	if (request->looks_only && !same)
		return "open for looking, and yet terms have changed";
	if (request->looks_only && request->number == HECACHE_SET && !error)
		return "open for looking, and yet taken";
	if (request->looks_only)
		return NULL;
	if (error && request->is == RIGHT)
		return "refused, and yet it is right";
	if (!error && request->is == WRONG)
		return "taken, and yet it is wrong";
	if (request->is == RIGHT &&
	    memcmp(&request->wanted, after, sizeof(*after)) != 0)
		return "taken, and yet the terms are others";
	return NULL;
}

/* Makes a request; true if it was taken. */
static bool try_request(struct hecache_control_terms *now)
{
	struct hecache_control_terms before = *now;
	struct request request, sent;
	const char *wrong;
	int error = 0;

	do
		make_request(&request, now);
	while (is_harmful(&request));
	sent = request;
	if (ioctl(sent.looks_only ? look : change, sent.number, &sent.op))
		error = errno;
	wrong = read_terms(now) ? complaint(&request, error, &before, now)
				: "the client is not there";
	if (wrong) {
		show(&request, wrong, error);
		exit(1);
	}
	return !error;
}

static void find_client(uint32_t pid)
{
	struct hecache_control_client op = { .version = 1 };

	while (!ioctl(look, HECACHE_CLIENT, &op))
		if (op.pid == pid)
			client = op.id;
	if (!client)
		errx(2, "no client %u", pid);
}

int main(int argc, char **argv)
{
	unsigned long count, taken = 0, i;
	struct hecache_control_terms now;

	if (argc != 4)
		errx(2, "usage: requests PID COUNT SEED");
	count = strtoul(argv[2], NULL, 10);
	state = strtoull(argv[3], NULL, 10);
	look = open(DEVICE, O_RDONLY | O_CLOEXEC);
	change = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (look < 0 || change < 0)
		err(2, DEVICE);
	find_client((uint32_t)strtoul(argv[1], NULL, 10));
	if (!read_terms(&now))
		errx(2, "the client is not there");
	for (i = 0; i < count; i++)
		taken += try_request(&now);
	printf("requests=%lu taken=%lu refused=%lu\n", count, taken,
	       count - taken);
	return 0;
}
