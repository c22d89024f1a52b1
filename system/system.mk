# SPDX-License-Identifier: MIT
# How all of it gets onto a machine: files in their places, by DKMS, as Debian packages.

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
UDEVDIR ?= $(SYSCONFDIR)/udev
MODPROBEDIR ?= $(SYSCONFDIR)/modprobe.d
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
OSSLMODULESDIR ?= $(PREFIX)/lib/ossl-modules
MODULE_SRC := $(DESTDIR)/usr/src/qrng-$(QRNG_VERSION)
PUT := install -D -m 644

.PHONY: install install-daemon install-tools install-headers install-provider install-module dkms sign deb rpm

#: make install       install programs, units, manual pages, headers, OpenSSL's provider under PREFIX
#:                    (/usr/local), DESTDIR honoured
install: install-daemon install-tools install-headers install-provider

install-daemon: build/bin/qrngd
	install -D -m 755 build/bin/qrngd $(DESTDIR)$(PREFIX)/sbin/qrngd
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man5 tools/man/qrngd.conf.5
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man8 tools/man/qrngd.8
	test -e $(DESTDIR)$(SYSCONFDIR)/qrng/qrngd.conf || \
		$(PUT) -t $(DESTDIR)$(SYSCONFDIR)/qrng system/qrngd.conf
	$(PUT) -t $(DESTDIR)$(UNITDIR) system/qrngd.service
	$(PUT) -t $(DESTDIR)$(UNITDIR) system/qrngd.socket
	sed -i 's|^ExecStart=/usr/|ExecStart=$(PREFIX)/|' $(DESTDIR)$(UNITDIR)/qrngd.service
	$(PUT) system/qrngd-sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/qrngd.conf

install-tools: build/bin/qrngctl
	install -D -m 755 build/bin/qrngctl $(DESTDIR)$(PREFIX)/bin/qrngctl
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man1 tools/man/qrngctl.1
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man5 tools/man/qrngctl.5
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/bash-completion/completions tools/completion/qrngctl

install-headers:
	$(PUT) -t $(DESTDIR)$(PREFIX)/include uapi/*.h include/*.h
	mkdir -p $(DESTDIR)$(PREFIX)/share/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(QRNG_VERSION)|' system/qrng.pc.in \
		> $(DESTDIR)$(PREFIX)/share/pkgconfig/qrng.pc

# Wherever the provider is, its example of a configuration names it.
install-provider: build/lib/qrng.so
	$(PUT) -t $(DESTDIR)$(OSSLMODULESDIR) build/lib/qrng.so
	mkdir -p $(DESTDIR)$(PREFIX)/share/qrng
	sed 's|/usr/share/|$(PREFIX)/share/|; s|^module = .*|module = $(OSSLMODULESDIR)/qrng.so|' \
		provider/openssl.cnf > $(DESTDIR)$(PREFIX)/share/qrng/openssl.cnf
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man5 tools/man/qrng-openssl.5

# The module's sources for DKMS, and what belongs to its devices.
install-module:
	for f in $(KMOD_SOURCES); do $(PUT) $$f $(MODULE_SRC)/$$f; done
	sed 's|#MODULE_VERSION#|$(QRNG_VERSION)|' dkms.conf > $(MODULE_SRC)/dkms.conf
	$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man4 tools/man/qrng.4
	$(PUT) -t $(DESTDIR)$(UDEVDIR)/rules.d system/60-qrng.rules
	$(PUT) system/qrng-modprobe.conf $(DESTDIR)$(MODPROBEDIR)/qrng.conf
	$(PUT) system/qrng-sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/qrng.conf
	for name in qrng-ready qrng-seed; do \
		$(PUT) -t $(DESTDIR)$(UNITDIR) system/$$name.service; \
		$(PUT) -t $(DESTDIR)$(PREFIX)/share/man/man8 tools/man/$$name.service.8; \
		install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/qrng system/$$name; \
		sed -i 's|^\(Exec[a-zA-Z]*\)=/usr/|\1=$(PREFIX)/|' $(DESTDIR)$(UNITDIR)/$$name.service; \
	done

#: make dkms          install the module from this tree for this kernel and all to come, by DKMS
dkms: install-module
	tools/deps dkms
	systemd-sysusers $(SYSUSERSDIR)/qrng.conf
	dkms remove qrng/$(QRNG_VERSION) --all >/dev/null 2>&1 || :
	dkms install qrng/$(QRNG_VERSION)
	udevadm control --reload
	[ ! -d /run/systemd/system ] || systemctl daemon-reload
	modprobe qrng

#: make sign          sign the module of `make kmod` for Secure Boot [KDIR= MOK_KEY= MOK_CERT=]
sign: kmod
	@tools/sign $(KDIR) $(MOK_KEY) $(MOK_CERT)

#: make deb           build Debian packages into build/deb/
deb:
	@tools/deps deb
	@tools/package build/deb

#: make rpm           build RPM packages into build/rpm/ [RPMBUILD_OPTIONS=]
rpm:
	@tools/rpm build/rpm $(RPMBUILD_OPTIONS)
