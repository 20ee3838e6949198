/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Gives a fuzzer's entry each file of the command line, without the fuzzer.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 65536 /* bytes: a corpus has small files */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		uint8_t *data = malloc(MOST);
		FILE *file = fopen(argv[i], "rb");
		size_t size;

		if (!data || !file)
			return 2;
		size = fread(data, 1, MOST, file);
		fclose(file);
		LLVMFuzzerTestOneInput(data, size);
		free(data);
	}
	return 0;
}
