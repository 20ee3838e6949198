/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The cipher of the handles and the page checksum.
 */
#include "suites.h"

#include "../../libhecache/src/base/page.h"

static const uint8_t paper_key[16] = { 0x00, 0x01, 0x02, 0x03, 0x08, 0x09,
				       0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13,
				       0x18, 0x19, 0x1a, 0x1b };

START_TEST(cipher_agrees_with_the_paper)
{
	struct hec_cipher cipher;

	hec_cipher_init(&cipher, paper_key);
	ck_assert_uint_eq(hec_cipher_encrypt(&cipher, 0x3b7265747475432dull),
			  0x8c6fa548454e028bull);
}
END_TEST

START_TEST(cipher_decrypts_what_it_encrypts)
{
	struct hec_cipher cipher;
	uint64_t block = 1;
	int i;

	hec_cipher_init(&cipher, paper_key);
	for (i = 0; i < 10000; i++) {
		uint64_t secret = hec_cipher_encrypt(&cipher, block);

		ck_assert_uint_ne(secret, block);
		ck_assert_uint_eq(hec_cipher_decrypt(&cipher, secret), block);
		block = block * 6364136223846793005ull + 1442695040888963407ull;
	}
}
END_TEST

static struct hec_page_key page_key(uint8_t first)
{
	struct hec_cipher cipher;
	struct hec_page_key key;
	uint8_t bytes[16] = { first };

	hec_cipher_init(&cipher, bytes);
	hec_page_key_init(&key, &cipher);
	return key;
}

START_TEST(checksum_copies_and_is_keyed)
{
	struct hec_page_key key = page_key(1), other = page_key(2);
	uint64_t from[HEC_PAGE_WORDS], to[HEC_PAGE_WORDS];
	uint64_t sum;

	page_fill(from, 7);
	sum = hec_page_copy(to, from, from, &key);
	ck_assert_mem_eq(from, to, HEC_PAGE_SIZE);
	ck_assert_uint_eq(hec_page_copy(to, from, from, &key), sum);
	ck_assert_uint_ne(hec_page_copy(to, from, from, &other), sum);
}
END_TEST

/* The definition in page.c, word by word, with none of its tricks. */
static uint64_t naive_sum(const uint64_t *m, const struct hec_page_key *key)
{
	const uint64_t *f = key->final;
	hec_u128 sum = 0, hash;
	size_t i;

	for (i = 0; i < HEC_PAGE_WORDS; i += 2) {
		uint64_t a = m[i] + key->word[i];
		uint64_t b = m[i + 1] + key->word[i + 1];

		sum += (hec_u128)a * b;
	}
	hash = (hec_u128)f[1] << 64 | f[0];
	hash += ((hec_u128)f[3] << 64 | f[2]) * (uint64_t)sum;
	hash += ((hec_u128)f[5] << 64 | f[4]) * (uint64_t)(sum >> 64);
	return (uint64_t)(hash >> 64);
}

START_TEST(checksum_is_what_is_said)
{
	struct hec_page_key key = page_key(3);
	uint64_t from[HEC_PAGE_WORDS], to[HEC_PAGE_WORDS];
	uint64_t seed;

	for (seed = 0; seed < 100; seed++) {
		page_fill(from, seed);
		ck_assert_uint_eq(hec_page_copy(to, from, from, &key),
				  naive_sum(from, &key));
	}
}
END_TEST

START_TEST(checksum_sees_every_flipped_bit)
{
	struct hec_page_key key = page_key(4);
	uint64_t from[HEC_PAGE_WORDS], to[HEC_PAGE_WORDS];
	uint64_t sum;
	size_t bit;

	page_fill(from, 11);
	sum = hec_page_copy(to, from, from, &key);
	for (bit = 0; bit < HEC_PAGE_SIZE * 8; bit++) {
		from[bit / 64] ^= 1ull << bit % 64;
		ck_assert_uint_ne(hec_page_copy(to, from, from, &key), sum);
		from[bit / 64] ^= 1ull << bit % 64;
	}
}
END_TEST

Suite *hash_suite(void)
{
	const TTest *const tests[] = {
		cipher_agrees_with_the_paper,
		cipher_decrypts_what_it_encrypts,
		checksum_copies_and_is_keyed,
		checksum_is_what_is_said,
		checksum_sees_every_flipped_bit,
		NULL,
	};

	return suite_of("hash", NULL, NULL, tests);
}
