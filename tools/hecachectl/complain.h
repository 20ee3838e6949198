/* SPDX-License-Identifier: GPL-2.0-only */
/* What went wrong, said on standard error. */
#ifndef HECACHECTL_COMPLAIN_H
#define HECACHECTL_COMPLAIN_H

/* Says that @word is wrong in the arguments: @what.  Returns EXIT_USAGE. */
int complain_wrong(const char *what, const char *word);

/* Says that @what failed with @err, and why.  Returns the status that fits. */
int complain_failed(const char *what, int err);

#endif
