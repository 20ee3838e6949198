/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hecache replay: traces through the cache, and what hits.
 */
#ifndef HECACHE_COMMAND_REPLAY_H
#define HECACHE_COMMAND_REPLAY_H

#include "command.h"

enum command_exit command_replay(int argc, char **argv);

#endif
