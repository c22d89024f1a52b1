/* SPDX-License-Identifier: MIT */
/* What the operator asked for: the values of all settings, wherever they came from. */
#ifndef QRNGD_OPTIONS_H
#define QRNGD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"

/* The most values that a setting which may be repeated can have. */
#define QRNGD_TEXTS_MAX	  16
#define QRNGD_LISTEN_MAX  QRNGD_TEXTS_MAX
#define QRNGD_SOURCES_MAX QRNGD_TEXTS_MAX

/* The most settings there can be. */
#define QRNGD_SETTINGS_MAX 64

/** enum qrngd_layer - where a value came from; each covers the ones before it */
enum qrngd_layer {
	QRNGD_LAYER_DEFAULT,
	QRNGD_LAYER_FILE,
	QRNGD_LAYER_ENVIRONMENT,
	QRNGD_LAYER_COMMAND_LINE,
	QRNGD_LAYER_REQUEST, /* to the daemon that runs, until it loads its settings again */
};

/** qrngd_layer_words - their names, for people */
extern const char *const qrngd_layer_words[];

enum qrngd_engine_choice {
	QRNGD_ENGINE_AUTO, /* the device while it has a source, embedded otherwise */
	QRNGD_ENGINE_DEVICE,
	QRNGD_ENGINE_EMBEDDED,
};

/** enum qrngd_lokey_place - where LoKey's services are */
enum qrngd_lokey_place {
	QRNGD_LOKEY_OFF,
	QRNGD_LOKEY_ON,	    /* on ports of their own, and under prefixes */
	QRNGD_LOKEY_PREFIX, /* under prefixes only */
};

/** enum qrngd_lokey_trust - who may seed and configure */
enum qrngd_lokey_trust {
	QRNGD_LOKEY_TRUST_TOKEN,
	QRNGD_LOKEY_TRUST_LOOPBACK,
};

/** struct qrngd_texts - the values of a setting that may be repeated */
struct qrngd_texts {
	char *items[QRNGD_TEXTS_MAX];
	unsigned int count;
};

/**
 * struct qrngd_options - all settings, checked and with their defaults filled in
 * @listen: addresses as they were written, at least one
 * @listen_tls: the same, for TLS; often none
 * @passed_tls: a socket came with the process on which TLS is to be spoken
 * @threads: event loops
 * @max_connections: over all threads
 * @drain_s: seconds that running answers may still take once a stop is asked for
 * @idle_timeout_s: seconds that a connection may be idle, or take for the head of a request
 * @stall_timeout_s: seconds in which a peer takes nothing before it is given up
 * @http2: offer HTTP/2 beside HTTP/1.1
 * @http3: offer HTTP/3, too, by UDP where there is TLS
 * @trusted_proxy: networks of proxies that may say for whom they ask, often none
 * @cors_origin: origins of web pages that may read answers, often none
 * @engine: which engine, enum qrngd_engine_choice
 * @device: path of the module's character device
 * @source: paths of the embedded engine's noise sources, often none
 * @signing_key: PEM file with the key of signed answers, NULL: one for this run
 * @public_log: file that statements of signed answers are appended to, or NULL
 * @raw_rate: bytes of raw noise given in a second, over all clients; 0: none
 * @raw_burst: and at once after a rest
 * @tls_certificate: PEM file with the certificate and those that signed it
 * @tls_key: PEM file with its key
 * @tls_client_auth: must clients have certificates? enum qrngd_client_auth
 * @tls_client_ca: PEM file with who signs them
 * @tls_min_version: the oldest that is spoken, enum qrngd_tls_version
 * @tls_ciphers: of TLS 1.2, as OpenSSL writes them
 * @rate_requests: in a second, from one address; 0: any number
 * @rate_bytes: of answers in a second, to one address; 0: any number
 * @access_log: file that a line of each request is appended to, "-": standard error, or NULL
 * @log_format: what lines look like, enum qrngd_log_format
 * @api_keys: file with the keys of who may have random bytes, or NULL: everybody may
 * @admin_socket: path of the unix socket for who may change settings, or NULL
 * @admin_token: file with the digest of the token that allows it elsewhere, or NULL
 * @lokey: offer LoKey's services, enum qrngd_lokey_place
 * @lokey_api: where its API listens besides, often nowhere
 * @lokey_controller: where its controller listens
 * @lokey_fortuna: where its Fortuna service listens
 * @lokey_virtio: where its VirtIO service listens
 * @lokey_trust: clients on this machine may seed and configure
 * @lokey_amplification: bytes that a byte to be amplified becomes, if no number is asked for
 * @lokey_trng_queue: items of the queue of noise
 * @lokey_fortuna_queue: items of Fortuna's queue
 * @lokey_virtio_queue: items of the queue for virtual machines
 * @lokey_trng_poll: milliseconds after which that of noise is filled up
 * @lokey_fortuna_poll: the same of Fortuna's
 * @lokey_virtio_poll: the same of that for virtual machines
 * @lokey_virtio_source: what this is filled from, enum qrngd_virtio_feed
 * @lokey_apt_window: bytes of LoKey's adaptive proportion test
 * @lokey_store: directory of what outlives the process, or NULL
 * @lokey_persist: keep noise there, too
 * @lokey_store_key: file with the key it is encrypted with, or NULL
 * @fifo: paths of FIFOs that are fed, often none
 * @fifo_mode: of those that are made, in octal
 * @fifo_owner: "USER", "USER:GROUP" or ":GROUP" of those that are made, or NULL
 * @sandbox: limit what the process may do once it runs
 * @user: whom to become, NULL: nobody else
 * @group: its group, NULL: the user's own
 * @module_control: keep the capability to change the module's settings
 * @file: the configuration file that was read, NULL if none
 * @layer: for each setting, in the order of their table, where its value came from
 */
struct qrngd_options {
	struct qrngd_texts listen;
	struct qrngd_texts listen_tls;
	bool passed_tls;
	unsigned int threads;
	unsigned int max_connections;
	unsigned int drain_s;
	unsigned int idle_timeout_s;
	unsigned int stall_timeout_s;
	unsigned int http2;
	unsigned int http3;
	struct qrngd_texts trusted_proxy;
	struct qrngd_texts cors_origin;
	unsigned int engine;
	char *device;
	struct qrngd_texts source;
	char *signing_key;
	char *public_log;
	unsigned int raw_rate;
	unsigned int raw_burst;
	char *tls_certificate;
	char *tls_key;
	unsigned int tls_client_auth;
	char *tls_client_ca;
	unsigned int tls_min_version;
	char *tls_ciphers;
	unsigned int rate_requests;
	unsigned int rate_bytes;
	char *access_log;
	unsigned int log_format;
	char *api_keys;
	char *admin_socket;
	char *admin_token;
	unsigned int lokey;
	struct qrngd_texts lokey_api;
	struct qrngd_texts lokey_controller;
	struct qrngd_texts lokey_fortuna;
	struct qrngd_texts lokey_virtio;
	unsigned int lokey_trust;
	unsigned int lokey_amplification;
	unsigned int lokey_trng_queue;
	unsigned int lokey_fortuna_queue;
	unsigned int lokey_virtio_queue;
	unsigned int lokey_trng_poll;
	unsigned int lokey_fortuna_poll;
	unsigned int lokey_virtio_poll;
	unsigned int lokey_virtio_source;
	unsigned int lokey_apt_window;
	char *lokey_store;
	unsigned int lokey_persist;
	char *lokey_store_key;
	struct qrngd_texts fifo;
	char *fifo_mode;
	char *fifo_owner;
	unsigned int sandbox;
	char *user;
	char *group;
	unsigned int module_control;
	const char *file;
	uint8_t layer[QRNGD_SETTINGS_MAX];
};

/**
 * qrngd_options_load() - read the file, the environment and the command line
 * @options: filled in; to be freed if this succeeds
 * @command: the command line; kept
 *
 * Nothing is opened but the file, so that a configuration can be checked anywhere.
 *
 * Return: 0, or -1 after lines have said what is wrong.
 */
int qrngd_options_load(struct qrngd_options *options, const struct qrngd_command *command);

/**
 * qrngd_options_copy() - copy all values
 * @to: filled in; to be freed if this succeeds
 * @from: what is copied
 *
 * Return: 0, or -1 when there is no memory.
 */
int qrngd_options_copy(struct qrngd_options *to, const struct qrngd_options *from);

/**
 * qrngd_options_check() - are there values that contradict each other?
 * @options: all values
 *
 * Return: 0, or -1 after a line has named them.
 */
int qrngd_options_check(const struct qrngd_options *options);

/** qrngd_options_tls() - is TLS spoken anywhere? */
static inline bool qrngd_options_tls(const struct qrngd_options *options)
{
	return options->listen_tls.count || options->passed_tls;
}

/** qrngd_options_free() - give back what the values take */
void qrngd_options_free(struct qrngd_options *options);

/**
 * qrngd_options_print() - write all values to standard output, as a configuration file
 * @options: the values
 *
 * With each goes what it means, what is allowed, and why its default is what it is.
 */
void qrngd_options_print(const struct qrngd_options *options);

#endif /* QRNGD_OPTIONS_H */
