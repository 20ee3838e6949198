// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads and writes that overlap, one overlap after the other: guest-races.sh
 * says what for, bed.h on what.  Prints a line "ok" for each kind of scene.
 */
#include <stdio.h>

#include "bed.h"

int main(void)
{
	setlinebuf(stdout);
	bed_open();
	overlaps();
	steps();
	return 0;
}
