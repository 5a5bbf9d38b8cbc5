# SPDX-License-Identifier: GPL-2.0
# nf_censor: a national firewall for a testbed.
#
#	make		censorctl, and the module for KDIR (default: this kernel's headers, if there)
#	make demo	China's year 2017 against real clients, in a throw-away virtual machine; SEED=N
#			draws otherwise, BOARD=1 leaves censorctl's page open at port 8317 (or BOARD=PORT)
#	make picture	README's picture, of the page beside the demo
#	make try	a policy of one's own: POLICY=file RUN="command of the client"
#	make test	everything that is promised, checked; TAP by way of prove
#	make churn	policies, namespaces, ways and clocks that change under traffic, and floods; half an
#			hour. SMP=4: the whole lab, on so many processors
#	make real	real clients of each protocol: recognised, blocked, and spared; 15 minutes
#	make strategies	which published evasions pass which models of censors
#	make bench	instructions for a packet, of the engine
#	make sanitize	the lab, and fuzzers in it, on a kernel with KASAN, lockdep, kmemleak; PROVE=1: finds what is planted
#	make matrix	the module and the lab on Linux 6.1, 6.12, 7.3; the engine as arm and s390x run it
#	make fuzz	the engine and censorctl under libFuzzer, TIME=300 seconds in all; TARGETS="packet tls", RECORD=1
#	make gen-check	the netlink tables are what the specification generates
#	make install	the module and censorctl on this machine, below PREFIX; make uninstall
#	make deb	packages for Debian: censorctl, and the module by way of dkms; in build/deb
#	make deb-test	they are built and installed, and removed, in a minimal Debian
#
# LAB=host runs the lab on this kernel instead of in a virtual machine.
# KERNEL=6.12 chooses another of the kernels that selftests/vm/kernel knows.

# Each part is built by as many at once as there are processors, unless make was told how many.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# Those that make test runs its lab on: with LAB=host none, but this machine's.
KERNELS := $(if $(filter host,$(LAB)),host,$(if $(KERNEL),$(KERNEL),6.1 6.12))
KERNEL ?= 6.1
MATRIX_KERNELS ?= 6.1 6.12 7.3
MATRIX_MACHINES ?= arm s390x
MATRIX_PROGRAMS ?= $(shell $(MAKE) -s --no-print-directory -C selftests/lab list-matrix)
SANITIZE_PROGRAMS ?= $(shell $(MAKE) -s --no-print-directory -C selftests/lab list-all) fuzz.sh
CHURN_PROGRAMS ?= $(shell $(MAKE) -s --no-print-directory -C selftests/lab $(if $(SMP),list-all,list-churn))
KDIR ?= $(wildcard /lib/modules/$(shell uname -r)/build)
DESTDIR ?=
PREFIX ?= /usr/local

build := build
censorctl := $(build)/censorctl
sources := $(wildcard Kbuild kmod/*.c kmod/*.h kmod/engine/* include/uapi/linux/*.h)
deps := selftests/deps

.DELETE_ON_ERROR:
.PHONY: all module censorctl mkcap demo picture try test unit-test fuzz-replays churn real strategies bench sanitize \
	sanitize-proof matrix fuzz gen-check install install-files install-module uninstall deb deb-test \
	clean

all: censorctl $(if $(KDIR),module)
ifeq ($(KDIR),)
	@echo "no kernel headers for $$(uname -r): the module is not built; see KDIR in the Makefile"
endif

censorctl:
	@$(deps) build
	@selftests/waiting "building censorctl" $(MAKE) $(jobs) -s --no-print-directory -C userspace-ctl

mkcap: censorctl
	@$(MAKE) $(jobs) -s --no-print-directory -C selftests/mkcap

module:
	@$(deps) build
	$(MAKE) $(jobs) -C $(KDIR) M=$(CURDIR) modules

# A module for one of Debian's kernels, from a copy of the sources, so that several can stand
# beside each other. Silence is checked: a warning fails the build, and the next one too. sparse
# looks at it but for 7.3, whose headers are full of __typeof_unqual__: 0.6.4, Debian's, knows none.
$(build)/module-%/nf_censor.ko: $(sources)
	@$(deps) build vm
	@mkdir -p $(@D)/include/uapi
	@cp -a Kbuild $(@D)/
	@cp -a --no-target-directory kmod $(@D)/kmod
	@cp -a --no-target-directory include $(@D)/include
	@selftests/vm/kernel release $* >$(@D)/release && echo "module for Linux $*" && \
	selftests/waiting "building the module" sh -c '"$$@" >$(@D)/log 2>$(@D)/warnings' sh \
		selftests/vm/kernel make $* -j$(shell nproc) M=$(CURDIR)/$(@D) W=1 $(if $(filter 7.3,$*),,C=1) \
			CONFIG_DEBUG_INFO_BTF_MODULES= modules || \
	{ [ ! -e $(@D)/warnings ] || cat $(@D)/warnings >&2; exit 1; }
	@! grep -E 'warning|error' $(@D)/warnings || \
		{ rm -f $(@D)/kmod/*.o $(@D)/kmod/engine/*.o; exit 1; }

demo: censorctl mkcap $(if $(filter host,$(LAB)),module,$(build)/module-$(KERNEL)/nf_censor.ko)
	@$(deps) lab demo
	@selftests/lab/demo/run --kernel $(KERNEL) $(if $(SEED),--seed $(SEED)) \
		$(if $(BOARD),--board $(if $(filter 1,$(BOARD)),8317,$(BOARD)))

picture: censorctl mkcap $(build)/module-$(KERNEL)/nf_censor.ko
	@$(deps) lab demo screen
	@selftests/lab/demo/picture --kernel $(KERNEL) Documentation/board.png

# A policy of one's own: make try POLICY=mine.policy RUN="curl -sS http://example.com/"
POLICY ?= policies/cn-2017.policy
RUN ?= curl -sS http://www.facebook.com/
try: censorctl $(if $(filter host,$(LAB)),module,$(build)/module-$(KERNEL)/nf_censor.ko)
	@$(deps) lab
	@selftests/lab/try --kernel $(KERNEL) $(POLICY) $(RUN)

unit-test:
	@$(deps) build test
	@$(MAKE) $(jobs) -s --no-print-directory -C selftests/unit unit

# The inputs of the fuzz targets, to be run once, without clang.
fuzz-replays: censorctl
	@$(deps) build test
	@$(MAKE) $(jobs) -s --no-print-directory -C selftests/fuzz replays

test: censorctl mkcap unit-test fuzz-replays \
	$(if $(filter host,$(LAB)),module,$(KERNELS:%=$(build)/module-%/nf_censor.ko))
	@$(deps) lab screen
	@selftests/all $(KERNELS)

# One virtual machine for each: what one leaves behind is no other's affair.
churn: censorctl mkcap $(build)/module-$(KERNEL)/nf_censor.ko
	@$(deps) lab
	@prove --timer --exec "selftests/lab/run --kernel $(KERNEL) $(if $(SMP),--smp $(SMP))" \
		$(CHURN_PROGRAMS)

real: censorctl mkcap $(build)/module-$(KERNEL)/nf_censor.ko
	@selftests/lab/run --kernel $(KERNEL) real.sh

strategies: censorctl mkcap
	@selftests/strategies/run

# Several programs run one after another in one guest; the kernel's complaints fail it at the end.
sanitize: $(if $(PROVE),sanitize-proof) censorctl mkcap
	@$(deps) build uml lab
	@$(MAKE) -s --no-print-directory -C selftests/lab/fuzz
	@selftests/uml/module $(build)/module-6.12-uml-sanitize
	@selftests/lab/run --kernel uml-sanitize $(SANITIZE_PROGRAMS)

sanitize-proof: censorctl mkcap
	@selftests/uml/prove

# MATRIX_KERNELS, MATRIX_MACHINES and MATRIX_PROGRAMS choose a part of it.
matrix: censorctl mkcap
	@$(deps) build vm lab $(if $(MATRIX_MACHINES),cross)
	@selftests/matrix --machines "$(MATRIX_MACHINES)" --programs "$(MATRIX_PROGRAMS)" $(MATRIX_KERNELS)

TIME ?= 300
fuzz:
	@selftests/fuzz/run --time $(TIME) $(if $(RECORD),--record) $(TARGETS)

bench:
	@$(deps) build bench
	@$(MAKE) --no-print-directory -C selftests/bench

gen-check:
	selftests/gen-check

# Of the module: for the kernel of KDIR, if there is one.
install: censorctl
	@$(MAKE) -s --no-print-directory install-files $(if $(KDIR),install-module)
ifeq ($(KDIR),)
	@echo "no kernel headers for $$(uname -r): the module is not installed; see KDIR in the Makefile"
endif

# censorctl, as it was built, and all that belongs to it. Debian's package is made by this too.
share := $(PREFIX)/share/nf_censor
shared := $(shell find policies lab -type f ! -name '.*' ! -name '*~')
install-files:
	install -D -m 755 $(censorctl) $(DESTDIR)$(PREFIX)/sbin/censorctl
	install -D -m 644 userspace-ctl/censorctl.8 $(DESTDIR)$(PREFIX)/share/man/man8/censorctl.8
	install -D -m 644 Documentation/netlink/specs/nf_censor.yaml $(DESTDIR)$(share)/nf_censor.yaml
	for file in $(shared); do \
		mode=644; \
		[ ! -x "$$file" ] || mode=755; \
		install -D -m $$mode "$$file" "$(DESTDIR)$(share)/$$file" || exit; \
	done

# The headers of Debian have no System.map, and without that modules_install runs no depmod.
install-module: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_PATH=$(abspath $(DESTDIR)) INSTALL_MOD_DIR=updates \
		modules_install
	$(if $(DESTDIR),,depmod $$(modinfo -F vermagic nf_censor.ko | cut -d ' ' -f 1))

# What was put beside these stays, and so does a module of dkms, which is elsewhere.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/censorctl $(DESTDIR)$(PREFIX)/share/man/man8/censorctl.8
	rm -f $(addprefix $(DESTDIR)$(share)/,nf_censor.yaml $(shared))
	[ ! -d $(DESTDIR)$(share) ] || find $(DESTDIR)$(share) -depth -type d -empty -delete
	for file in $(DESTDIR)/lib/modules/*/updates/nf_censor.ko*; do \
		[ -e "$$file" ] || continue; \
		rm "$$file" || exit; \
		folder=$${file%/updates/*}; \
		rmdir --ignore-fail-on-non-empty "$$folder/updates"; \
		$(if $(DESTDIR),:,depmod "$${folder##*/}") || exit; \
	done

deb:
	@$(deps) build deb
	@selftests/deb/build $(or $(jobs),$(filter -j%,$(MAKEFLAGS)))

deb-test: deb
	@$(deps) deb-root
	@prove --timer --exec '' selftests/deb/packages.sh selftests/deb/install.sh

clean:
	rm -rf $(build)
	find kmod \( -name '*.o' -o -name '.*.cmd' \) -delete
	rm -f nf_censor.ko nf_censor.mod nf_censor.mod.c modules.order Module.symvers .*.cmd
