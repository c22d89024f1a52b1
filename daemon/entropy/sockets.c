// SPDX-License-Identifier: MIT
/* entropy-service's WebSockets: a message every so many milliseconds. */
#include "api/api.h"

#include <string.h>

#include "clock.h"
#include "phrase.h"
#include "problem.h"
#include "websocket.h"

enum { P_AMOUNT, P_REFRESH };

#define STREAM_MAX  (1 << 25)
#define REFRESH_MAX 60000

/* In both encodings; a message has to be there before it leaves. */
#define BYTES_MAX 16384

/* What is around the texts in a message. */
#define AROUND 64

static size_t put(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return len;
}

static size_t put_hash(char *to, const void *bytes, size_t len)
{
	size_t at = put(to, "\",\"hash\":\"");

	at += qrngd_sha256_hex(to + at, bytes, len);
	return at + put(to + at, "\"}\n");
}

static size_t text_size(size_t bytes)
{
	return QRNGD_HEX_SIZE(bytes) + QRNGD_BASE64_SIZE(bytes) + QRNGD_SHA256_TEXT + AROUND;
}

static size_t bytes_size(size_t bytes)
{
	return text_size(bytes) + bytes;
}

/* The bytes are behind the text, and their traces with them. */
static size_t make_bytes(struct qrngd_supply *supply, char *to, size_t len)
{
	uint8_t *bytes = (uint8_t *)to + text_size(len);
	size_t at = put(to, "{\"hex\":\"");

	qrngd_supply_draw(supply, bytes, len);
	at += qrngd_hex(to + at, bytes, len);
	at += put(to + at, "\",\"base64\":\"");
	at += h2o_base64_encode(to + at, bytes, len, 0);
	at += put_hash(to + at, bytes, len);
	qrng_wipe(bytes, len);
	return at;
}

static const struct qrngd_message_kind bytes_kind = { bytes_size, make_bytes };

static size_t words_size(size_t words)
{
	return QRNGD_PHRASE_SIZE(words) + QRNGD_SHA256_TEXT + AROUND;
}

static size_t make_words(struct qrngd_supply *supply, char *to, size_t words)
{
	size_t at = put(to, "{\"words\":\"");
	size_t len = qrngd_phrase(supply, to + at, words);

	return at + len + put_hash(to + at + len, to + at, len);
}

static const struct qrngd_message_kind words_kind = { words_size, make_words };

static void answer(struct qrngd_call *call, const struct qrngd_message_kind *kind)
{
	struct qrngd_flow flow = {
		.portion = (size_t)call->values[P_AMOUNT].integer,
		.left = UINT64_MAX,
		.rate = (uint64_t)call->values[P_AMOUNT].integer,
		.per_ms = (uint64_t)call->values[P_REFRESH].integer,
		.begun_ms = qrngd_now_ms(),
	};

	qrngd_flow_limit(&flow, call, kind ? kind->size(flow.portion) : flow.portion);
	if (qrngd_websocket_wanted(call->req))
		qrngd_websocket_answer(call, &flow, kind);
	else
		qrngd_problem_upgrade(call);
}

static void handle_stream(struct qrngd_call *call)
{
	answer(call, NULL);
}

static void handle_bytes(struct qrngd_call *call)
{
	answer(call, &bytes_kind);
}

static void handle_words(struct qrngd_call *call)
{
	answer(call, &words_kind);
}

#define PARAM_REFRESH(default_)                                                                    \
	QRNGD_PARAM_INTEGER("refresh", 1, REFRESH_MAX, default_, "a message every so many "        \
								 "milliseconds")
#define PARAM_BYTES(max) QRNGD_PARAM_INTEGER("bytes", 1, max, 2048, "how many bytes in each")

const struct qrngd_route qrngd_routes_entropy_sockets[] = {
	{
		.path = "/stream",
		.group = "entropy-service",
		.summary = "A WebSocket with random bytes as they are, in binary messages.",
		.socket = true,
		.handle = handle_stream,
		.params = { [P_AMOUNT] = PARAM_BYTES(STREAM_MAX), [P_REFRESH] = PARAM_REFRESH(1500) },
	},
	{
		.path = "/bytes",
		.group = "entropy-service",
		.summary = "A WebSocket with random bytes in JSON: in hex, in base64, and "
			   "their SHA-256 hash.",
		.socket = true,
		.handle = handle_bytes,
		.params = { [P_AMOUNT] = PARAM_BYTES(BYTES_MAX), [P_REFRESH] = PARAM_REFRESH(5000) },
	},
	{
		.path = "/colors",
		.group = "entropy-service",
		.summary = "The same at another pace: clients make a colour of the hash.",
		.socket = true,
		.handle = handle_bytes,
		.params = { [P_AMOUNT] = PARAM_BYTES(BYTES_MAX), [P_REFRESH] = PARAM_REFRESH(1500) },
	},
	{
		.path = "/words",
		.group = "entropy-service",
		.summary = "A WebSocket with random words in JSON, and their SHA-256 hash.",
		.socket = true,
		.handle = handle_words,
		.params = {
			[P_AMOUNT] = QRNGD_PARAM_INTEGER("words", 1, QRNGD_WORDS, 20,
							 "how many words in each"),
			[P_REFRESH] = PARAM_REFRESH(1500),
		},
	},
	{ 0 },
};
