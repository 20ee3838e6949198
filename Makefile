# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# HECache.  `make help` lists what can be made.
#
#   O=DIR       where everything that is built goes (default: build)
#   V=1         show the commands
#   CC CFLAGS LDFLAGS PREFIX DESTDIR have their usual meaning

O ?= build
PREFIX ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-8s %s\n'
endif
export O
# Make's own lists, the kernel's build and QEMU's options are cut at spaces.
ifneq ($(words $(CURDIR) $(O)),2)
$(error cannot work in a folder with a space in its path: "$(CURDIR)", O="$(O)")
endif

include libhecache/sources.mk
VERSION := $(HEC_VERSION)

WARNINGS := -Wall -Wextra -Wshadow -Wundef -Wstrict-prototypes \
	    -Wmissing-prototypes -Wdeclaration-after-statement -Wvla \
	    -Wpointer-arith -Wredundant-decls -Wnested-externs
# Other compilers' options find other things, right or wrong.
ifeq ($(origin CFLAGS),file)
WARNINGS += -Werror
endif
CORE_SOURCES := $(addprefix libhecache/,$(HEC_SOURCES))
CORE_HEADERS := $(wildcard libhecache/include/hecache/*.h libhecache/src/*/*.h)
CORE_FLAGS := -std=gnu11 $(WARNINGS) \
	      $(addprefix -Ilibhecache/,$(HEC_INCLUDES)) -Itests/env
# In tests the core checks itself as it goes.
CHECKED := -DHEC_ENV_CHECKED

.PHONY: all
all: $(O)/libhecache.a ## The core as a static library, for user space

.PHONY: help
help: ## This list
	@echo 'Targets:'
	@sed -nE 's/^([a-z][a-z-]*):.*## (.*)/  \1|\2/p' $(MAKEFILE_LIST) | \
		awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo 'Variables: O=DIR V=1 CC CFLAGS LDFLAGS PREFIX DESTDIR;' \
		'DEMO_QUICK=1 for demo; HEC_TEST_SEED HEC_TEST_SCALE for tests'

# The library

CORE_OBJECTS := $(HEC_SOURCES:src/%.c=$(O)/core/%.o)

$(O)/core/%.o: libhecache/src/%.c $(CORE_HEADERS) tests/env/hec_env.h
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CORE_FLAGS) $(CFLAGS) -c $< -o $@

$(O)/libhecache.a: $(CORE_OBJECTS)
	$(say) AR $@
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

# What the programs share

COMMON_SOURCES := tools/common/number.c
COMMON_HEADERS := $(wildcard tools/common/*.h)
COMMON_FLAGS := -Itools/common

# The program for experiments with traces

TOOL_SOURCES := $(wildcard tools/hecache/*.c tools/hecache/*/*.c) \
		$(COMMON_SOURCES)
TOOL_HEADERS := $(wildcard tools/hecache/*.h tools/hecache/*/*.h) \
		$(COMMON_HEADERS)
TOOL_FLAGS := $(CORE_FLAGS) $(COMMON_FLAGS) -Itools/hecache \
	      -DHECACHE_VERSION='"$(VERSION)"'
TOOL_LIBS := -lz -lzstd -llzma -lbz2 -llz4 -lpthread

.PHONY: tools
tools: $(O)/tools/hecache $(O)/tools/hecachectl ## hecache, which replays traces; hecachectl, for live hosts

$(O)/tools/hecache: $(TOOL_SOURCES) $(TOOL_HEADERS) $(O)/libhecache.a | tool-packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(TOOL_FLAGS) $(CFLAGS) $(TOOL_SOURCES) $(O)/libhecache.a \
		$(LDFLAGS) -o $@ $(TOOL_LIBS)

# The program for live hosts, KVM's and Xen's

CTL_SOURCES := $(wildcard tools/hecachectl/*.c) $(COMMON_SOURCES)
CTL_HEADERS := $(wildcard tools/hecachectl/*.h) $(COMMON_HEADERS) \
	       glue-xen/include/public/hecache.h \
	       glue-kvm/uapi/hecache_control.h \
	       libhecache/include/hecache/abi.h \
	       libhecache/include/hecache/policies.h
CTL_FLAGS := -std=gnu11 $(WARNINGS) $(COMMON_FLAGS) \
	     -Ilibhecache/include -Iglue-xen/include -Iglue-kvm/uapi \
	     -DHECACHE_VERSION='"$(VERSION)"'
# A KVM host has no libraries of Xen's.
CTL_LIBS := -Wl,-Bstatic $$(pkg-config --static --libs xencall) -Wl,-Bdynamic

$(O)/tools/hecachectl: $(CTL_SOURCES) $(CTL_HEADERS) | tool-packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(CTL_FLAGS) $$(pkg-config --cflags xencall) $(CFLAGS) \
		$(CTL_SOURCES) $(LDFLAGS) -o $@ $(CTL_LIBS)

# Unit tests, one program for each way to compile them

UNIT_SOURCES := $(wildcard tests/unit/*.c)
UNIT_HEADERS := $(wildcard tests/unit/*.h tests/env/*.h)
FLAGS_gcc := gcc -O2 -g
FLAGS_clang := clang -O2 -g
FLAGS_asan := gcc -O1 -g -fsanitize=address,undefined \
	      -fno-sanitize-recover=all
FLAGS_tsan := clang -O1 -g -fsanitize=thread

$(O)/tests/%/unit: $(UNIT_SOURCES) $(UNIT_HEADERS) $(CORE_SOURCES) \
		   $(CORE_HEADERS) | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(FLAGS_$*) $(CORE_FLAGS) $(CHECKED) $$(pkg-config --cflags check) \
		$(UNIT_SOURCES) $(CORE_SOURCES) $(LDFLAGS) -o $@ \
		$$(pkg-config --libs check) -lpthread

# Interleavings by construction: an environment of its own

WEAVE_SOURCES := $(wildcard tests/weave/*.c)
WEAVE_HEADERS := $(wildcard tests/weave/*.h)
WEAVE_FLAGS := $(CORE_FLAGS:-Itests/env=-Itests/weave)

$(O)/tests/weave/weave: $(WEAVE_SOURCES) $(WEAVE_HEADERS) $(CORE_SOURCES) \
		  $(CORE_HEADERS) | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)gcc -O2 -g $(WEAVE_FLAGS) $(CHECKED) $(WEAVE_SOURCES) \
		$(CORE_SOURCES) $(LDFLAGS) -o $@

# Tests that count work: the core calls them at every basic block and at its locks

BOUNDS_SOURCES := $(wildcard tests/bounds/*.c) tests/unit/fixture.c
BOUNDS_HEADERS := $(wildcard tests/bounds/*.h tests/unit/*.h tests/env/*.h)
BOUNDS_OBJECTS := $(HEC_SOURCES:src/%.c=$(O)/tests/bounds/core/%.o)
COUNT_FLAGS := -fsanitize-coverage=trace-pc
COUNT_LINK := -Wl,--wrap=__sanitizer_cov_trace_pc \
	      -Wl,--wrap=pthread_mutex_lock,--wrap=pthread_mutex_unlock

$(O)/tests/bounds/core/%.o: libhecache/src/%.c $(CORE_HEADERS) \
			    tests/env/hec_env.h | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(FLAGS_gcc) $(COUNT_FLAGS) $(CORE_FLAGS) -c $< -o $@

$(O)/tests/bounds/bounds: $(BOUNDS_SOURCES) $(BOUNDS_HEADERS) \
			  $(BOUNDS_OBJECTS) $(CORE_HEADERS) | packages
	$(say) CC $@
	$(Q)$(FLAGS_gcc) $(CORE_FLAGS) $$(pkg-config --cflags check) \
		$(BOUNDS_SOURCES) $(BOUNDS_OBJECTS) $(LDFLAGS) $(COUNT_LINK) \
		-Wl,--wrap=memset -o $@ $$(pkg-config --libs check) -lpthread

# Fuzzers: tests/fuzz/NAME.c, and what is linked to it

FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_SOURCES_trace := $(wildcard $(addprefix tools/hecache/,codec/*.c \
		      input/*.c trace/*.c format/*.c))
FUZZ_SOURCES_arguments := tools/hecache/arguments.c $(COMMON_SOURCES) \
			  $(FUZZ_SOURCES_trace)
FUZZ_SOURCES_bench := bench/core/plan.c $(COMMON_SOURCES)
FUZZ_FLAGS_bench := -Ibench/core
FUZZ_SOURCES_hecachectl := $(addprefix tools/hecachectl/,command_line.c \
			   commands.c admission.c monitor.c complain.c \
			   arguments.c host.c show.c) $(COMMON_SOURCES)
FUZZ_FLAGS_hecachectl := $(CTL_FLAGS) -Itools/hecachectl
FUZZ_SOURCES_core := $(CORE_SOURCES)
FUZZ_SOURCES_guest := $(CORE_SOURCES)
FUZZ_SOURCES_hostile := tests/bounds/work.c tests/bounds/limits.c $(CORE_SOURCES)
FUZZ_FLAGS_hostile := $(COUNT_FLAGS) $(COUNT_LINK)
FUZZ_SOURCES_tracker := $(addprefix libhecache/src/,tracker/tracker.c base/hash.c)
FUZZ_HEADERS := $(wildcard tests/fuzz/*.h tests/bounds/*.h) $(TOOL_HEADERS) $(CTL_HEADERS) \
		$(wildcard bench/core/*.h) $(CORE_HEADERS)
FUZZ_FLAGS := -O1 -g -fsanitize=fuzzer,address,undefined \
	      -fno-sanitize-recover=all $(CORE_FLAGS) $(CHECKED) \
	      $(COMMON_FLAGS)
FUZZ_FLAGS_arguments := -Itools/hecache
FUZZ_FLAGS_trace := -Itools/hecache

.PHONY: fuzz-targets
fuzz-targets: $(FUZZERS:%=$(O)/tests/fuzz/%)

.SECONDEXPANSION:
$(O)/tests/fuzz/%: tests/fuzz/%.c $$(FUZZ_SOURCES_$$*) $(FUZZ_HEADERS) | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)clang $(FUZZ_FLAGS) $(FUZZ_FLAGS_$*) $< \
		$(FUZZ_SOURCES_$*) -o $@ $(TOOL_LIBS)

# Programs whose allocations fail, for tests/alloc/run

ALLOC_SOURCES_hecache := $(TOOL_SOURCES) \
			 $(filter-out libhecache/src/guest/%,$(CORE_SOURCES))
ALLOC_FLAGS_hecache := $(TOOL_FLAGS)
ALLOC_SOURCES_embed := tests/embed/main.c examples/port/port.c $(CORE_SOURCES)
ALLOC_FLAGS_embed := -std=gnu11 -Iexamples/port \
		     $(addprefix -Ilibhecache/,$(HEC_INCLUDES))
ALLOC_SOURCES_unit := $(UNIT_SOURCES) $(CORE_SOURCES)
ALLOC_FLAGS_unit := $(CORE_FLAGS) $(CHECKED)
ALLOC_LIBS_unit := $$(pkg-config --libs check)
ALLOC_SOURCES_bench = $(BENCH_SOURCES) $(CORE_SOURCES)
ALLOC_FLAGS_bench = $(BENCH_FLAGS)
ALLOC_SOURCES_hecachectl := $(CTL_SOURCES) tests/hecachectl/kernel.c \
			    tests/hecachectl/hypervisor.c
ALLOC_FLAGS_hecachectl := $(CTL_FLAGS) $$(pkg-config --cflags xencall)
ALLOC_PROGRAMS := $(addprefix $(O)/tests/alloc/,hecache hecachectl embed unit \
		  bench)

$(O)/tests/alloc/%: tests/alloc/fail.c $$(ALLOC_SOURCES_$$*) $(TOOL_HEADERS) \
		    $(CTL_HEADERS) $(UNIT_HEADERS) $(CORE_HEADERS) | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(FLAGS_asan) $(ALLOC_FLAGS_$*) tests/alloc/fail.c \
		$(ALLOC_SOURCES_$*) -o $@ $(ALLOC_LIBS_$*) $(TOOL_LIBS)

# hecachectl on made-up hosts

CTL_HOSTS := tests/hecachectl/kernel.c tests/hecachectl/hypervisor.c
$(O)/tests/hecachectl/made-up: $(CTL_HOSTS) $(CTL_SOURCES) $(CTL_HEADERS) | packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(FLAGS_asan) $(CTL_FLAGS) $$(pkg-config --cflags xencall) \
		$(CTL_HOSTS) $(CTL_SOURCES) -o $@

PROGRAMS := $(O)/tools/hecache $(O)/tools/hecachectl $(O)/tests/hecachectl/made-up \
	    $(O)/tests/bounds/bounds \
	    $(O)/tests/weave/weave $(FUZZERS:%=$(O)/tests/fuzz/%)

.PHONY: packages tool-packages
packages:
	@tests/packages
tool-packages:
	@tests/packages tools

.PHONY: check
check: $(foreach how,gcc clang asan tsan,$(O)/tests/$(how)/unit) $(PROGRAMS) $(ALLOC_PROGRAMS) ## Every test
	@tests/run

.PHONY: check-quick
check-quick: $(O)/tests/gcc/unit $(O)/tests/asan/unit $(PROGRAMS) ## The fast tests, for every edit
	@tests/run --quick

# The benchmark compiles the core itself, with a hypervisor's kind of lock

BENCH_SOURCES := bench/core.c $(wildcard bench/core/*.c) $(COMMON_SOURCES)
BENCH_HEADERS := $(wildcard bench/core/*.h bench/env/*.h) $(COMMON_HEADERS)
BENCH_FLAGS := -std=gnu11 $(WARNINGS) $(COMMON_FLAGS) \
	       $(addprefix -Ilibhecache/,$(HEC_INCLUDES)) -Ibench/env

$(O)/tools/hec-bench: $(BENCH_SOURCES) $(BENCH_HEADERS) $(CORE_SOURCES) \
		      $(CORE_HEADERS)
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(BENCH_FLAGS) $(CFLAGS) $(BENCH_SOURCES) $(CORE_SOURCES) \
		$(LDFLAGS) -o $@ -lpthread

# An object for each file, for tests/layout/run

LAYOUT_SOURCES := $(CORE_SOURCES) $(TOOL_SOURCES) $(CTL_SOURCES) $(BENCH_SOURCES)
LAYOUT_HEADERS := $(CORE_HEADERS) $(TOOL_HEADERS) $(CTL_HEADERS) $(BENCH_HEADERS) \
		  tests/env/hec_env.h
$(O)/layout/%: LAYOUT_FLAGS = $(TOOL_FLAGS)
$(O)/layout/bench/%: LAYOUT_FLAGS = $(BENCH_FLAGS)
$(O)/layout/tools/hecachectl/%: LAYOUT_FLAGS = $(CTL_FLAGS)

$(O)/layout/%.o: %.c $(LAYOUT_HEADERS) | tool-packages
	$(say) CC $@
	@mkdir -p $(@D)
	$(Q)gcc $(LAYOUT_FLAGS) -c $< -o $@

.PHONY: layout-objects
layout-objects: $(addprefix $(O)/layout/,$(sort $(LAYOUT_SOURCES:.c=.o)))

.PHONY: bench
bench: $(O)/tools/hec-bench ## What operations cost, beside memcpy (BENCH=--help)
	@mkdir -p $(O)/bench
	@$(O)/tools/hec-bench --json=$(O)/bench/core.json $(BENCH)

.PHONY: bench-vm
bench-vm: ## Instructions, exits, copies of a hit, a miss, a put in a VM (HEC_KERNEL=newest)
	@bench-vm/run

.PHONY: coverage
coverage: | packages ## Branch coverage of the core by its unit tests
	@tests/coverage/run

.PHONY: check-mutation
check-mutation: | packages ## Do the unit tests notice a line that is wrong? (MUTATION='-n 50')
	@tests/mutation/run $(MUTATION)

.PHONY: bench-profile
bench-profile: $(O)/tools/hec-bench ## What operations spend their instructions on
	@bench/profile

.PHONY: bench-policies
bench-policies: $(O)/tools/hecache ## Hits of every policy on every trace
	@bench/policies

.PHONY: demo
demo: ## Real VMs with and without the cache (DEMO_QUICK=1: shorter)
	@demo/run

.PHONY: demo-xen
demo-xen: ## The same on Xen: dom0 and two domUs
	@demo/run-xen

.PHONY: check-xen
check-xen: | packages ## All on Xen, built with the cache and booted, and those too long for check
	@HEC_TEST_JOBS=2 tests/xen/run --all

.PHONY: check-kernels
check-kernels: | packages ## Hosts and guests of Linux 6.1, 6.12 and the newest, in pairs
	@tests/kernels/run --pairs

.PHONY: check-hostile
check-hostile: | packages ## A hostile guest makes 10^6 bad calls beside one that behaves
	@HOSTILE_CALLS=1000000 tests/vmcall/run hostile

.PHONY: check-bare
check-bare: ## demo and check, each as the only command on a bare Debian 12 (BARE=demo: one)
	@tests/bare $(or $(BARE),demo check)

.PHONY: format
format: ## Formats every C file
	$(Q)git ls-files -- '*.[ch]' '*.cc' | xargs clang-format -i

.PHONY: install
install: $(O)/libhecache.a $(O)/tools/hecache $(O)/tools/hecachectl ## Library, headers and tools below PREFIX
	install -d "$(DESTDIR)$(PREFIX)/lib/pkgconfig" \
		"$(DESTDIR)$(PREFIX)/include/hecache"
	install -m 644 $(O)/libhecache.a "$(DESTDIR)$(PREFIX)/lib"
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/man/man1"
	install -m 755 $(O)/tools/hecache $(O)/tools/hecachectl \
		"$(DESTDIR)$(PREFIX)/bin"
	install -m 644 docs/hecache.1 docs/hecachectl.1 \
		"$(DESTDIR)$(PREFIX)/share/man/man1"
	install -D -m 644 tools/hecachectl/completion.bash \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/hecachectl"
	install -m 644 libhecache/include/hecache/*.h \
		glue-kvm/uapi/hecache_control.h \
		"$(DESTDIR)$(PREFIX)/include/hecache"
	install -m 644 tests/env/hec_env.h "$(DESTDIR)$(PREFIX)/include/hecache"
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
		libhecache/hecache.pc.in \
		>"$(DESTDIR)$(PREFIX)/lib/pkgconfig/hecache.pc"

.PHONY: clean
clean: ## Removes what was built
	rm -rf "$(O)"

# For scripts: make -s --no-print-directory print-NAME prints a variable.
print-%:
	@echo '$($*)'
