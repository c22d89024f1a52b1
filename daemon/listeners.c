// SPDX-License-Identifier: MIT
#include "listeners.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "log.h"
#include "server.h"
#include "setting.h"

static int open_listener(struct qrngd_server *server, enum qrngd_listener_kind kind,
			 enum qrngd_face face, const char *text)
{
	struct qrngd_listener *listener = &server->listeners[server->listener_count];

	if (qrngd_listener_open(listener, kind, face, text, server->options->threads) != 0)
		return -1;
	server->listener_count++;
	return 0;
}

static bool was_passed(const struct qrngd_server *server, enum qrngd_listener_kind kind,
		       const char *address)
{
	char text[QRNGD_ADDRESS_TEXT_MAX];
	unsigned int i;

	for (i = 0; i < server->command->passed.count; i++) {
		qrngd_address_text(&server->listeners[i].address, text);
		if (server->listeners[i].kind == kind && strcmp(text, address) == 0)
			return true;
	}
	return false;
}

/* An address that a passed socket has is listened on already. */
static int open_listed(struct qrngd_server *server, enum qrngd_listener_kind kind,
		       enum qrngd_face face, const struct qrngd_texts *addresses)
{
	unsigned int i;

	for (i = 0; i < addresses->count; i++)
		if (!was_passed(server, kind, addresses->items[i]) &&
		    open_listener(server, kind, face, addresses->items[i]) != 0)
			return -1;
	return 0;
}

/* The services of LoKey where its clients look for them. */
static int open_lokey(struct qrngd_server *server)
{
	const struct qrngd_options *options = server->options;
	const struct qrngd_texts *const addresses[QRNGD_FACES] = {
		[QRNGD_FACE_LOKEY_API] = &options->lokey_api,
		[QRNGD_FACE_LOKEY_CONTROLLER] = &options->lokey_controller,
		[QRNGD_FACE_LOKEY_FORTUNA] = &options->lokey_fortuna,
		[QRNGD_FACE_LOKEY_VIRTIO] = &options->lokey_virtio,
	};
	enum qrngd_face face;

	if (options->lokey != QRNGD_LOKEY_ON)
		return 0;
	for (face = QRNGD_FACE_LOKEY_API; face < QRNGD_FACES; face++)
		if (open_listed(server, QRNGD_LISTENER_PLAIN, face, addresses[face]) != 0)
			return -1;
	return 0;
}

static int adopt_passed(struct qrngd_server *server)
{
	const struct qrngd_passed *passed = &server->command->passed;
	unsigned int i;

	for (i = 0; i < passed->count; i++) {
		if (qrngd_listener_adopt(&server->listeners[server->listener_count],
					 &passed->sockets[i], server->options->threads) != 0)
			return -1;
		server->listener_count++;
	}
	return 0;
}

/* Whoever passes sockets has decided where clients come from, unless an address is asked for. */
static bool passed_instead(const struct qrngd_server *server)
{
	const struct qrngd_setting *listen = qrngd_setting_find("listen", strlen("listen"));
	const struct qrngd_passed *passed = &server->command->passed;

	return qrngd_setting_layer(listen, server->options) == QRNGD_LAYER_DEFAULT &&
	       (qrngd_passed_has(passed, QRNGD_LISTENER_PLAIN) ||
		qrngd_passed_has(passed, QRNGD_LISTENER_TLS));
}

/* HTTP/3 is where HTTPS is. */
static int open_datagrams(struct qrngd_server *server)
{
	unsigned int i, addresses = 0;

	for (i = 0; i < server->listener_count; i++) {
		struct qrngd_listener *listener = &server->listeners[i];

		if (listener->kind != QRNGD_LISTENER_TLS)
			continue;
		if (qrngd_listener_open_datagrams(listener) != 0)
			return -1;
		addresses += listener->datagrams != NULL;
	}
	if (addresses)
		return 0;
	qrngd_log("http3 on: listen-tls with an address is needed, as a unix socket has no UDP");
	return -1;
}

int qrngd_listeners_open(struct qrngd_server *server)
{
	const struct qrngd_options *options = server->options;
	char admin[QRNGD_SETTING_TEXT_MAX];

	if (adopt_passed(server) != 0)
		return -1;
	if (!passed_instead(server) &&
	    open_listed(server, QRNGD_LISTENER_PLAIN, QRNGD_FACE_OWN, &options->listen) != 0)
		return -1;
	if (open_listed(server, QRNGD_LISTENER_TLS, QRNGD_FACE_OWN, &options->listen_tls) != 0 ||
	    open_lokey(server) != 0)
		return -1;
	if (options->http3 && open_datagrams(server) != 0)
		return -1;
	if (!options->admin_socket)
		return 0;
	snprintf(admin, sizeof(admin), QRNGD_UNIX_PREFIX "%s", options->admin_socket);
	if (was_passed(server, QRNGD_LISTENER_ADMIN, admin))
		return 0;
	return open_listener(server, QRNGD_LISTENER_ADMIN, QRNGD_FACE_OWN, admin);
}

int qrngd_listeners_give(const struct qrngd_server *server, const struct qrngd_identity *identity)
{
	unsigned int i;

	for (i = 0; identity->wanted && i < server->listener_count; i++)
		if (qrngd_listener_give(&server->listeners[i], identity->uid, identity->gid) != 0)
			return -1;
	return 0;
}
