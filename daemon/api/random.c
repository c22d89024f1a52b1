// SPDX-License-Identifier: MIT
/* Random bytes, raw or in one of the encodings people paste. */
#include "api.h"

#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "body.h"

enum format { FORMAT_RAW, FORMAT_HEX, FORMAT_BASE64, FORMAT_BASE64URL, FORMAT_JSON };

static const char *const formats[] = { "raw", "hex", "base64", "base64url", "json", NULL };

/* Raw bytes that are encoded at a time: whole groups of three, and small on the stack. */
#define ENCODE_STEP 3072
#define ENCODED_MAX (ENCODE_STEP / 3 * 4)

/** struct raw - raw bytes under way */
struct raw {
	struct qrngd_body body;
	uint64_t left;
};

static size_t make_raw(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct raw *raw = (struct raw *)body;
	size_t len = raw->left < size ? raw->left : size;

	qrngd_supply_draw(&body->worker->supply, to, len);
	raw->left -= len;
	*end = !raw->left;
	return len;
}

/** struct encoded - encoded bytes under way, between a head and a tail */
struct encoded {
	struct qrngd_body body;
	enum format format;
	uint64_t left;
	char head[64];
	const char *tail;
};

static uint64_t encoded_length(enum format format, uint64_t bytes)
{
	if (format == FORMAT_HEX)
		return 2 * bytes;
	if (format == FORMAT_BASE64URL)
		return bytes / 3 * 4 + (bytes % 3 ? bytes % 3 + 1 : 0);
	return (bytes + 2) / 3 * 4;
}

static size_t encode_hex(char *to, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	return 2 * len;
}

static size_t encode(enum format format, char *to, const uint8_t *bytes, size_t len)
{
	char text[ENCODED_MAX + 1];
	size_t written;

	if (format == FORMAT_HEX)
		return encode_hex(to, bytes, len);
	/* The library's encoder ends with a NUL, for which @to may have no room. */
	written = h2o_base64_encode(text, bytes, len, format == FORMAT_BASE64URL);
	memcpy(to, text, written);
	qrng_wipe(text, sizeof(text));
	return written;
}

static size_t encode_step(struct encoded *encoded, char *to)
{
	uint8_t bytes[ENCODE_STEP];
	size_t len = encoded->left < ENCODE_STEP ? encoded->left : ENCODE_STEP, written;

	qrngd_supply_draw(&encoded->body.worker->supply, bytes, len);
	written = encode(encoded->format, to, bytes, len);
	qrng_wipe(bytes, len);
	encoded->left -= len;
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
	struct encoded *encoded = (struct encoded *)body;
	char *text = (char *)to;
	size_t len = put_text(text, encoded->head), step;

	encoded->head[0] = '\0';
	for (; encoded->left; len += encode_step(encoded, text + len)) {
		step = encoded->left < ENCODE_STEP ? encoded->left : ENCODE_STEP;
		if (len + encoded_length(encoded->format, step) + strlen(encoded->tail) > size)
			return len;
	}
	*end = true;
	return len + put_text(text + len, encoded->tail);
}

static void send_raw(struct qrngd_call *call, uint64_t bytes)
{
	struct raw *raw = qrngd_body_new(call, sizeof(*raw), make_raw);

	raw->left = bytes;
	qrngd_body_send(call, &raw->body, "application/octet-stream", bytes);
}

static void send_encoded(struct qrngd_call *call, enum format format, uint64_t bytes)
{
	struct encoded *encoded = qrngd_body_new(call, sizeof(*encoded), make_encoded);
	const char *type = "text/plain; charset=utf-8";

	encoded->format = format;
	encoded->left = bytes;
	encoded->tail = "\n";
	if (format == FORMAT_JSON) {
		type = "application/json";
		snprintf(encoded->head, sizeof(encoded->head),
			 "{\"bytes\":%llu,\"encoding\":\"base64\",\"data\":\"",
			 (unsigned long long)bytes);
		encoded->tail = "\"}\n";
	}
	qrngd_body_send(call, &encoded->body, type,
			strlen(encoded->head) + encoded_length(format, bytes) +
				strlen(encoded->tail));
}

static void handle_random(struct qrngd_call *call)
{
	uint64_t bytes = (uint64_t)call->values[0].integer;
	enum format format = call->values[1].word;

	if (format == FORMAT_RAW)
		send_raw(call, bytes);
	else
		send_encoded(call, format, bytes);
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
		},
	},
	{ 0 },
};
