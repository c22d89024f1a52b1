// SPDX-License-Identifier: MIT
/* Random bytes, raw or in one of the encodings people paste. */
#include "api.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "body.h"
#include "encode.h"
#include "entropy/telemetry.h"
#include "random.h"
#include "ration.h"

enum format { FORMAT_RAW, FORMAT_HEX, FORMAT_BASE64, FORMAT_BASE64URL, FORMAT_JSON };

static const char *const formats[] = { "raw", "hex", "base64", "base64url", "json", NULL };

enum origin { ORIGIN_DRBG, ORIGIN_RAW };

static const char *const origins[] = { "drbg", "raw", NULL };

/* Where the parameters are in the table. */
enum { PARAM_BYTES, PARAM_FORMAT, PARAM_SOURCE };

/* Raw bytes that are encoded at a time: whole groups of three, and small on the stack. */
#define ENCODE_STEP 3072
#define ENCODED_MAX (ENCODE_STEP / 3 * 4)

/**
 * struct bytes - bytes under way, between a head and a tail if they are encoded
 * @body: the body
 * @noise: what they are taken from, NULL: the thread's generator
 * @left: how many are to come
 * @len: of the whole body
 * @format: their encoding
 * @head: what is still to come before them
 * @tail: what comes behind them
 */
struct bytes {
	struct qrngd_body body;
	const uint8_t *noise;
	uint64_t left;
	uint64_t len;
	enum format format;
	char head[80];
	const char *tail;
};

static void take(struct bytes *bytes, uint8_t *to, size_t len)
{
	if (bytes->noise) {
		memcpy(to, bytes->noise, len);
		bytes->noise += len;
	} else {
		qrngd_supply_draw(&bytes->body.worker->supply, to, len);
	}
	bytes->left -= len;
}

static size_t make_raw(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct bytes *bytes = (struct bytes *)body;
	size_t len = bytes->left < size ? bytes->left : size;

	take(bytes, to, len);
	*end = !bytes->left;
	return len;
}

static uint64_t encoded_length(enum format format, uint64_t bytes)
{
	if (format == FORMAT_HEX)
		return 2 * bytes;
	if (format == FORMAT_BASE64URL)
		return bytes / 3 * 4 + (bytes % 3 ? bytes % 3 + 1 : 0);
	return (bytes + 2) / 3 * 4;
}

static size_t encode(enum format format, char *to, const uint8_t *bytes, size_t len)
{
	char text[ENCODED_MAX + 1];
	size_t written;

	if (format == FORMAT_HEX)
		return qrngd_hex(to, bytes, len);
	/* The library's encoder ends with a NUL, for which @to may have no room. */
	written = h2o_base64_encode(text, bytes, len, format == FORMAT_BASE64URL);
	memcpy(to, text, written);
	qrng_wipe(text, sizeof(text));
	return written;
}

static size_t encode_step(struct bytes *bytes, char *to)
{
	uint8_t step[ENCODE_STEP];
	size_t len = bytes->left < ENCODE_STEP ? bytes->left : ENCODE_STEP, written;

	take(bytes, step, len);
	written = encode(bytes->format, to, step, len);
	qrng_wipe(step, len);
	return written;
}

static size_t put_text(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return len;
}

static size_t make_encoded(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct bytes *bytes = (struct bytes *)body;
	char *text = (char *)to;
	size_t len = put_text(text, bytes->head), step;

	bytes->head[0] = '\0';
	for (; bytes->left; len += encode_step(bytes, text + len)) {
		step = bytes->left < ENCODE_STEP ? bytes->left : ENCODE_STEP;
		if (len + encoded_length(bytes->format, step) + strlen(bytes->tail) > size)
			return len;
	}
	*end = true;
	return len + put_text(text + len, bytes->tail);
}

/* What stands around the bytes, and so how long it all is. */
static void frame(struct bytes *bytes, const char *origin)
{
	uint64_t count = bytes->left;

	bytes->len = count;
	if (bytes->format == FORMAT_RAW)
		return;
	bytes->tail = "\n";
	if (bytes->format == FORMAT_JSON) {
		snprintf(bytes->head, sizeof(bytes->head),
			 "{\"bytes\":%llu,\"source\":\"%s\",\"encoding\":\"base64\",\"data\":\"",
			 (unsigned long long)count, origin);
		bytes->tail = "\"}\n";
	}
	bytes->len =
		strlen(bytes->head) + encoded_length(bytes->format, count) + strlen(bytes->tail);
}

static struct bytes *bytes_new(struct qrngd_call *call, enum format format)
{
	struct bytes *bytes = qrngd_body_new(call, sizeof(*bytes),
					     format == FORMAT_RAW ? make_raw : make_encoded);

	bytes->format = format;
	bytes->left = (uint64_t)call->values[PARAM_BYTES].integer;
	return bytes;
}

static void answer(struct qrngd_call *call, struct bytes *bytes)
{
	static const char *const types[] = {
		[FORMAT_RAW] = "application/octet-stream",
		[FORMAT_HEX] = "text/plain; charset=utf-8",
		[FORMAT_BASE64] = "text/plain; charset=utf-8",
		[FORMAT_BASE64URL] = "text/plain; charset=utf-8",
		[FORMAT_JSON] = "application/json",
	};

	qrngd_body_send(call, &bytes->body, types[bytes->format], bytes->len);
}

static void send_noise(struct qrngd_call *call, const uint8_t *noise, void *data)
{
	struct bytes *bytes = data;

	bytes->noise = noise;
	answer(call, bytes);
}

/* Whoever asks for the headers only uses up no noise. */
static void handle_raw(struct qrngd_call *call, struct bytes *bytes)
{
	if (!qrngd_ration_possible(call, bytes->left) || !qrngd_body_possible(call, bytes->len))
		return;
	if (call->head)
		answer(call, bytes);
	else
		qrngd_ration_fetch(call, bytes->left, send_noise, bytes);
}

void qrngd_random_answer(struct qrngd_call *call)
{
	struct bytes *bytes = bytes_new(call, FORMAT_RAW);

	frame(bytes, origins[ORIGIN_DRBG]);
	answer(call, bytes);
}

static void handle_random(struct qrngd_call *call)
{
	struct bytes *bytes = bytes_new(call, call->values[PARAM_FORMAT].word);

	frame(bytes, origins[call->values[PARAM_SOURCE].word]);
	if (qrngd_telemetry_meant(call, 1))
		qrngd_telemetry_add(call);
	call->raw = call->values[PARAM_SOURCE].word == ORIGIN_RAW;
	if (call->raw)
		handle_raw(call, bytes);
	else
		answer(call, bytes);
}

const struct qrngd_route qrngd_routes_random[] = {
	{
		.path = "/v1/random",
		.group = "Bytes",
		.summary = "Random bytes; their length is always announced.",
		.type = "application/octet-stream, text/plain, application/json",
		.handle = handle_random,
		.signable = true,
		.params = {
			QRNGD_PARAM_INTEGER("bytes", 1, 1 << 30, 4096, "how many bytes"),
			QRNGD_PARAM_WORD("format", formats, FORMAT_RAW,
					 "raw bytes, text of one line, or a JSON document"),
			QRNGD_PARAM_WORD("source", origins, ORIGIN_DRBG,
					 "drbg: a generator; raw: tested noise, at most 64 KiB at "
					 "once and within a quota"),
		},
	},
	{ 0 },
};
