# SPDX-License-Identifier: MIT
#
# qrngd. Stands alone, too: make -f daemon/daemon.mk
#
#   H2O_DIR=<checkout>   build against libh2o's master branch, built in its build/,
#                        instead of the distribution's libh2o-evloop; all targets know it

CC	?= cc
CFLAGS	?= -O2 -g
SANITIZE_asan ?= -fsanitize=address,undefined -fno-omit-frame-pointer -O1 -g
SANITIZE_tsan ?= -fsanitize=thread -fno-omit-frame-pointer -O1 -g

DAEMON_SRC := $(wildcard daemon/*.c daemon/api/*.c daemon/entropy/*.c daemon/lokey/*.c keyfile/*.c netlink/*.c) \
	      $(filter-out %/quantis.c,$(wildcard kmod/core/*.c))
DAEMON_HARDENING := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
DAEMON_CFLAGS := -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -pthread -MMD -MP \
		 -I. -Idaemon -Iuapi -Ikmod/core -DH2O_USE_LIBUV=0
DAEMON_LDFLAGS := -pthread -pie -Wl,-z,relro,-z,now

# The words of passphrases are data of a Debian package; other systems name their file.
DICEWARE_LIST ?= /usr/lib/python3/dist-packages/diceware/wordlists/wordlist_en_eff.txt
DAEMON_WORDS := build/gen/words.c
DAEMON_SCRIPT := build/gen/script.c

# Each library has objects of its own. The programs have one name, whichever they are for:
# what was linked with another is linked again.
DAEMON_FOR := $(subst /,-,$(abspath $(H2O_DIR)))
DAEMON_OBJ := build/obj/daemon$(DAEMON_FOR)
DAEMON_STAMP := build/obj/h2o-dir
$(shell mkdir -p build/obj; echo '$(abspath $(H2O_DIR))' | cmp -s - $(DAEMON_STAMP) || \
	echo '$(abspath $(H2O_DIR))' >$(DAEMON_STAMP))

ifdef H2O_DIR
DAEMON_ARCHIVE := $(H2O_DIR)/build/libh2o-evloop.a
DAEMON_CFLAGS += $(patsubst %,-isystem $(H2O_DIR)/%,include deps/picotls/include \
		 deps/quicly/include deps/hiredis deps/klib deps/yoml)
DAEMON_H2O := $(DAEMON_ARCHIVE) -lssl -lcrypto -lz -lm \
	      $(shell sed -n 's/^Libs: *//p' $(H2O_DIR)/build/libh2o-evloop.pc | \
		      grep -oE -- '-l(brotlienc|brotlidec|brotlicommon|zstd|uring|cap)\b')
# Its own build finds no libwslay where that comes without cmake's files, as in Debian.
DAEMON_WEBSOCKET := $(DAEMON_OBJ)/h2o-websocket.o
else
DAEMON_H2O := -lh2o-evloop -lssl -lcrypto -lm
endif
# Beside it netlink, keys, and what reads and makes files of well-known kinds.
DAEMON_LIBS := $(DAEMON_H2O) -lcap-ng -lmnl -lgcrypt -lFLAC -linih -ljansson -lkissfft-float -llmdb \
	       -lpng16 -lqrencode -lseccomp -lsystemd -lwebp -lwslay

DAEMON_OBJS := $(patsubst %.c,$(DAEMON_OBJ)/%.o,$(DAEMON_SRC) $(DAEMON_WORDS) $(DAEMON_SCRIPT))

# Fails on a list that is not what daemon/words.h promises.
$(DAEMON_WORDS): $(DICEWARE_LIST)
	@mkdir -p $(@D)
	awk 'BEGIN { print "#include \"words.h\"\nconst char *const qrngd_words[QRNGD_WORDS] = {" } \
		NF == 2 { print "\"" $$2 "\","; count++; if (length($$2) > 10) bad = 1 } \
		END { print "};"; exit count != 7776 || bad }' $< > $@

# A C string of each line.
$(DAEMON_SCRIPT): daemon/page.js
	@mkdir -p $(@D)
	awk 'BEGIN { print "#include \"page.h\"\nconst char qrngd_page_script[] =" } \
		{ gsub(/[\\"]/, "\\\\&"); print "\"" $$0 "\\n\"" } END { print ";" }' $< > $@

$(DICEWARE_LIST):
	$(error no word list $@: install the package diceware, or name the EFF's long list as DICEWARE_LIST=)

build/bin/qrngd: $(DAEMON_OBJS) $(DAEMON_WEBSOCKET) $(DAEMON_STAMP)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DAEMON_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(DAEMON_LIBS)

$(DAEMON_OBJ)/h2o-websocket.o: $(H2O_DIR)/lib/websocket.c $(DAEMON_ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DAEMON_HARDENING) $(DAEMON_CFLAGS) -Wno-error -c -o $@ $<

# Its headers are the system's, of which gcc does not tell make.
$(DAEMON_OBJS): $(DAEMON_ARCHIVE)

$(DAEMON_OBJ)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(DAEMON_HARDENING) $(DAEMON_CFLAGS) -c -o $@ $<

# build/asan/qrngd and build/tsan/qrngd: a sanitizer has objects of its own.
define sanitized
DAEMON_OBJS_$(1) := $(patsubst $(DAEMON_OBJ)/%,$(DAEMON_OBJ)-$(1)/%,$(DAEMON_OBJS))

$$(DAEMON_OBJS_$(1)): $(DAEMON_ARCHIVE)

build/$(1)/qrngd: $$(DAEMON_OBJS_$(1)) $(DAEMON_WEBSOCKET) $(DAEMON_STAMP)
	@mkdir -p $$(@D)
	$$(CC) $$(SANITIZE_$(1)) -pthread $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(DAEMON_LIBS)

$(DAEMON_OBJ)-$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC) $$(SANITIZE_$(1)) $$(DAEMON_CFLAGS) -c -o $$@ $$<

-include $$(DAEMON_OBJS_$(1):.o=.d)
endef
$(foreach one,asan tsan,$(eval $(call sanitized,$(one))))

# What tests/http/*.t run.
.PHONY: http-programs
http-programs: build/bin/qrngctl build/bin/qrngd build/asan/qrngd build/tsan/qrngd build/tests/http/fault.so \
	build/tests/http/cage

build/tests/http/fault.so: build/tests/http/fault.o
	$(CC) $(CFLAGS) -shared -o $@ $< -ldl

# With all of the daemon but its main().
build/tests/http/cage: $(DAEMON_OBJ)/tests/http/cage.o \
		$(filter-out %/daemon/main.o,$(DAEMON_OBJS)) $(DAEMON_WEBSOCKET) $(DAEMON_STAMP)
	$(CC) $(CFLAGS) $(DAEMON_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(DAEMON_LIBS)

build/tests/http/fault.o: tests/http/fault.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -fPIC -c -o $@ $<

-include $(DAEMON_OBJS:.o=.d) $(DAEMON_OBJ)/tests/http/cage.d
