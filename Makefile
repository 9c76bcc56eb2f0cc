# SPDX-License-Identifier: GPL-2.0
#
# flightrec: `make help` lists what can be made.

# The module is built in a copy of its sources, build/module/RELEASE, so that
# several kernels can be served side by side and the source stays clean.
#
#   make module KDIR=/path/to/kernel/build

newest_headers = $(lastword $(sort $(wildcard /lib/modules/*/build)))
running := /lib/modules/$(shell uname -r)/build
KDIR ?= $(if $(wildcard $(running)),$(running),$(newest_headers))

BUILD := build
release = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
module_build = $(BUILD)/module/$(release)

# The stock kernel that the guest boots is the one of Debian's own headers.
vm_release = $(shell tests/vm/release)
vm_kdir = /lib/modules/$(vm_release)/build

.PHONY: all
all: flightrec.ko userspace

.PHONY: help
help:
	@echo "make              build flightrec.ko and the userspace"
	@echo "make demo         see it work: boot a kernel in QEMU, find out why a request was slow"
	@echo "make test         build and run every test"
	@echo "make test-all     the same and what takes longer: debug kernels, faults, fuzzing, an oracle"
	@echo "make test-ci      some of that, and of test-matrix, which CI runs besides test and lint"
	@echo "make test-matrix  build and try the module on each Debian's own kernel, and on arm64"
	@echo "make soak         an hour of load with a snapshot a second"
	@echo "make bench        measure what recording costs, beside other tracers"
	@echo "make shell        a shell in a guest with the module loaded"
	@echo "make lint         run the checkers over the source"
	@echo "make module KDIR=DIR   build the module for another kernel"
	@echo "make vm-module    build the module for the kernel that the guest boots"
	@echo "make packages     install the Debian packages that all this needs"
	@echo "make install      install it, with DESTDIR=DIR and prefix=/usr/local; make uninstall"
	@echo "make install-dkms install the module's sources for DKMS"
	@echo "make deb          make Debian packages, in build/deb"
	@echo "make clean        remove what was built"

.PHONY: flightrec.ko
flightrec.ko: module
	@cp -p $(module_build)/flightrec.ko $@

.PHONY: module
module:
	@test -n "$(release)" || { \
		echo "make: no kernel headers for $(or $(KDIR),this machine): run 'make packages'," \
		     "or give KDIR=/path/to/kernel/build" >&2; exit 1; }
	@mkdir -p $(module_build)
	@cp -pRu Kbuild kmod uapi $(module_build)/
	@flock $(module_build) $(MAKE) -C $(KDIR) M=$(abspath $(module_build)) \
		$(if $(V),,-s) CONFIG_DEBUG_INFO_BTF_MODULES= $(module_flags) modules

.PHONY: vm-module
vm-module:
	@$(MAKE) --no-print-directory module KDIR=$(vm_kdir)

.PHONY: userspace
userspace:
	@$(MAKE) --no-print-directory -C userspace O=$(abspath $(BUILD)/userspace)

# With DESTDIR and prefix. `install` has the module for the kernel of KDIR; `install-dkms`
# has its sources instead, of which DKMS builds one for each kernel.
packaging = $(MAKE) --no-print-directory -C userspace/packaging O=$(abspath $(BUILD)/userspace) \
	MODULE=$(abspath flightrec.ko) RELEASE=$(release)

.PHONY: install
install: all
	@$(packaging) install-userspace install-module

.PHONY: install-userspace
install-userspace: userspace
	@$(packaging) $@

.PHONY: install-dkms uninstall
install-dkms uninstall:
	@$(packaging) $@

# Debian packages, from a copy of the sources: debhelper wants its folder at the top.
deb_sources = Makefile Kbuild $(shell find kmod uapi userspace -type f)

.PHONY: deb
deb: packages
	@$(MAKE) --no-print-directory $(BUILD)/deb/built
	@ls $(BUILD)/deb/*.deb

$(BUILD)/deb/built: $(deb_sources)
	@rm -rf $(@D)
	@mkdir -p $(@D)/source
	@cp -pR Makefile Kbuild kmod uapi userspace userspace/packaging/debian $(@D)/source
	@cd $(@D)/source && DEB_BUILD_OPTIONS="noautodbgsym parallel=$(shell nproc)" \
		dpkg-buildpackage -b -us -uc >../log 2>&1 || { tail -n 40 ../log >&2; exit 1; }
	@touch $@

.PHONY: packages
packages:
	@tests/prepare

# What needs the packages starts a make of its own: the kernel's headers may
# have come only with them.
.PHONY: demo
demo: packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/demo/run

.PHONY: test
test: packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/run

# Each takes what is named so in any of the folders, see tests/run.
.PHONY: test-all
test-all:
	@tests/prepare tests/packages-all
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/run --jobs 1 --limit 3600 tests/*/test* tests/*/long-*

# What CI's hour has room for: of each machinery that finds what nobody thought of, a part.
ci_suites = tests/model/long-model tests/fuzz/long-fuzz tests/oracle/long-oracle-1 \
	tests/matrix/matrix-6.12-trixie

.PHONY: test-ci
test-ci:
	@tests/prepare tests/packages-all tests/matrix/packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/run --limit 2400 $(ci_suites)

.PHONY: test-matrix
test-matrix:
	@tests/prepare tests/matrix/packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/run --jobs 1 --limit 2400 tests/*/matrix-*

.PHONY: soak
soak: packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/run --limit 7200 tests/*/soak-*

.PHONY: bench
bench:
	@tests/prepare tests/bench/packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/bench/run

.PHONY: shell
shell: packages
	@$(MAKE) --no-print-directory vm-module userspace
	@tests/vm/run --interactive

.PHONY: lint
lint: packages
	@tests/run tests/lint/check-*

.PHONY: clean
clean:
	rm -rf $(BUILD) flightrec.ko
