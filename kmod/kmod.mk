# SPDX-License-Identifier: MIT
# `make kmod [KDIR=headers]` builds build/kmod/RELEASE/qrng.ko. kbuild puts objects
# beside their sources, so each kernel gets a copy of the sources of its own.

KMOD_SOURCES := $(shell find Kbuild kmod uapi -name '*.[ch]' -o -name Kbuild)
# Stock kernels ask for the compiler that built them; module BTF would need pahole.
KMOD_FLAGS = CONFIG_DEBUG_INFO_BTF_MODULES= $(KMOD_EXTRA)

.PHONY: kmod
kmod:
	@release=$$(sed -n 's/.*"\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h); \
	folder=build/kmod/$$release; \
	mkdir -p $$folder; \
	for f in $(KMOD_SOURCES); do \
		cmp -s $$f $$folder/$$f || install -D -m 644 -p $$f $$folder/$$f; \
	done; \
	echo "  KMOD    $$folder/qrng.ko"; \
	$(MAKE) -s -C $(KDIR) M=$(CURDIR)/$$folder $(KMOD_FLAGS) modules
