# SPDX-License-Identifier: MIT
# qrng.so, the provider by which OpenSSL 3 draws from /dev/qrng_drbg: docs/openssl.md

PROVIDER_SRC := $(wildcard provider/*.c)
# Programs load it: what it exports is the one function that OpenSSL looks for.
PROVIDER_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -MMD -MP -fPIC -pthread \
	-fvisibility=hidden -Iuapi
PROVIDER_LDFLAGS := -shared -pthread -Wl,-z,defs,-z,relro,-z,now

.PHONY: provider
provider: build/lib/qrng.so

build/lib/qrng.so: $(PROVIDER_SRC:%.c=build/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(PROVIDER_LDFLAGS) $(LDFLAGS) -o $@ $^ -lcrypto

$(PROVIDER_SRC:%.c=build/%.o): build/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fstack-protector-strong $(PROVIDER_CFLAGS) -c -o $@ $<

-include $(wildcard build/provider/*.d)
