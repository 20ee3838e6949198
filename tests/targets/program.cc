/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A program in C++ that embeds the library, which is C: it makes a cache, takes a
 * guest's calls and has the hooks that the library calls.  It would not link if a
 * header forgot that these functions are C's.
 */
#include <hecache/hecache.h>
#include <hecache/tracker.h>

#include <cstdio>
#include <vector>

namespace
{

constexpr uint32_t chunk_shift = 3;
constexpr uint64_t chunk_bytes = uint64_t(HEC_PAGE_SIZE) << chunk_shift;

int passed, failed;

void verdict(bool ok, const char *what)
{
	std::printf("%s %s\n", ok ? "ok  " : "FAIL", what);
	(ok ? passed : failed)++;
}

struct alignas(64) line {
	uint8_t bytes[64];
};

std::vector<line> lines(uint64_t bytes)
{
	return std::vector<line>(bytes / sizeof(line) + 1);
}

/* A guest: its pages are numbered from 0 on. */
struct guest {
	std::vector<line> memory = lines(4 * HEC_PAGE_SIZE);

	uint8_t *page(uint64_t gfn)
	{
		return memory[0].bytes + gfn * HEC_PAGE_SIZE;
	}
};

/* The machine, with one guest. */
struct host {
	std::vector<line> tables, frames;
	hec_cache *cache = nullptr;
	hec_client *client = nullptr;
	guest vm;

	bool start()
	{
		hec_config config = hec_config();

		config.max_chunks = 1;
		config.chunk_shift = chunk_shift;
		config.max_clients = 1;
		config.max_pools = 1;
		config.content = HEC_CONTENT_VERIFIED;
		config.seed[0] = 1;
		tables = lines(hec_size(&config));
		frames = lines(chunk_bytes);
		return !hec_init(tables.data(), hec_size(&config), &config,
				 &cache) &&
		       !hec_grow(cache, frames.data());
	}

	int admit()
	{
		hec_client_config terms = hec_client_config();

		terms.policy = HEC_POLICY_ARC;
		return hec_client_create(cache, &terms, &client);
	}

	uint64_t call(hec_abi_cmd command, uint64_t a1, uint64_t a2,
		      uint64_t a3)
	{
		const uint64_t arg[4] = { command, a1, a2, a3 };

		return hec_guest_call(cache, client, this, arg);
	}

	bool end()
	{
		void *chunk = nullptr;

		if (hec_client_destroy(cache, client, 0) ||
		    hec_shrink(cache, &chunk))
			return false;
		hec_fini(cache);
		return chunk == frames.data();
	}
};

void a_guest_gets_its_page_back(host &machine)
{
	uint64_t pool;

	verdict(!machine.call(HEC_CMD_HELLO, HEC_ABI_VERSION, 0, 0), "HELLO");
	pool = machine.call(HEC_CMD_POOL_NEW, 0, HEC_POOL_EPHEMERAL, 0);
	verdict(!hec_abi_is_err(pool), "a pool");
	machine.vm.page(1)[5] = 42;
	verdict(!machine.call(HEC_CMD_PUT, pool, 7, 1), "put");
	verdict(!machine.call(HEC_CMD_GET, pool, 7, 2) &&
			machine.vm.page(2)[5] == 42,
		"get");
	verdict(machine.call(HEC_CMD_GET, pool, 7, 3) == uint64_t(HEC_ENOENT),
		"an error is an error in C++");
	verdict(!hec_audit(machine.cache), "audit");
}

void a_tracker_knows_what_was_read()
{
	hec_tracker_config config = hec_tracker_config();
	hec_tracker_io io = hec_tracker_io();
	hec_tracker_segment segment = { 3, 0, HEC_PAGE_SIZE };
	hec_tracker_location location = hec_tracker_location();
	hec_tracker *tracker = nullptr;
	std::vector<line> memory;

	config.max_pairs = 4;
	memory = lines(hec_tracker_size(&config));
	verdict(!hec_tracker_init(memory.data(), hec_tracker_size(&config),
				  &config, &tracker),
		"a tracker");
	io.start = 9 * HEC_PAGE_SIZE;
	io.bytes = HEC_PAGE_SIZE;
	io.segments = &segment;
	io.nr_segments = 1;
	hec_tracker_start(tracker, &io);
	hec_tracker_end(tracker, &io, true);
	verdict(hec_tracker_evict(tracker, 3, &location) && location.block == 9,
		"it knows the block of a page");
}

} // namespace

int hec_env_guest_map(void *vcpu, uint64_t gfn, bool write,
		      hec_env_guest_page *page)
{
	(void)write;
	if (gfn >= 4)
		return HEC_EFAULT;
	page->va = static_cast<host *>(vcpu)->vm.page(gfn);
	return HEC_OK;
}

int hec_env_guest_admit(void *vcpu, hec_client **client)
{
	host *machine = static_cast<host *>(vcpu);
	int err = machine->admit();

	*client = machine->client;
	return err;
}

void hec_env_guest_unmap(void *vcpu, hec_env_guest_page *page)
{
	(void)vcpu;
	page->va = nullptr;
}

int main()
{
	host machine;

	verdict(machine.start(), "a cache in C++");
	a_guest_gets_its_page_back(machine);
	verdict(machine.end(), "and its end");
	a_tracker_knows_what_was_read();
	std::printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
