// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/sha.h>

#include "base64.h"
#include "proof.h"

#define FORMAT		"qrng-statement-1"

/* How far the clocks of a daemon and of whoever asks it may be apart. */
#define CLOCKS_APART_MS	60000

/** proof_flaw() - the word for a flaw */
const char *proof_flaw(enum flaw flaw)
{
	static const char *const words[] = {
		[FLAW_NONE] = "none",
		[FLAW_UNSIGNED] = "unsigned",
		[FLAW_MALFORMED] = "malformed",
		[FLAW_KEY] = "key",
		[FLAW_SIGNATURE] = "signature",
		[FLAW_LENGTH] = "length",
		[FLAW_BODY] = "body",
		[FLAW_CHALLENGE] = "challenge",
		[FLAW_TIME] = "time",
	};

	return words[flaw];
}

static enum flaw __attribute__((format(printf, 3, 4)))
found(struct proof *proof, enum flaw flaw, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(proof->detail, sizeof(proof->detail), format, args);
	va_end(args);
	return flaw;
}

/* Exactly one field of a name, of base64. */
static enum flaw read_field(struct proof *proof, const struct head *head, const char *name,
			    uint8_t *to, size_t max, size_t *len)
{
	struct span value;
	unsigned int count = head_field(head, name, &value);
	ssize_t decoded;

	if (!count)
		return found(proof, FLAW_UNSIGNED, "the answer has no %s", name);
	if (count > 1)
		return found(proof, FLAW_MALFORMED, "the answer has %u times %s", count, name);
	decoded = base64_decode(value.text, value.len, to, max);
	if (decoded < 0)
		return found(proof, FLAW_MALFORMED, "%s is not base64 of at most %zu bytes", name,
			     max);
	*len = (size_t)decoded;
	return FLAW_NONE;
}

/** proof_text() - a member of the statement that is a text, NULL if there is none */
const char *proof_text(const struct proof *proof, const char *member)
{
	return json_string_value(json_object_get(proof->said, member));
}

/* RFC 3339 with milliseconds, in the one form that the format has. */
static bool parse_time(const char *text, int64_t *ms)
{
	char again[40];
	struct tm parts = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
	unsigned long thousandths;
	size_t len;

	if (!rest || *rest != '.')
		return false;
	thousandths = strtoul(rest + 1, NULL, 10) % 1000;
	*ms = (int64_t)timegm(&parts) * 1000 + (int64_t)thousandths;
	/* Whatever was overlooked so far makes a difference here. */
	len = strftime(again, sizeof(again), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(again + len, sizeof(again) - len, ".%03luZ", thousandths);
	return !strcmp(text, again);
}

static enum flaw understand(struct proof *proof)
{
	static const char *const texts[] = { "format", "key", "time", "request", "challenge",
					     "sha512" };
	size_t i;

	proof->said = json_loadb((const char *)proof->statement, proof->statement_len,
				 JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(proof->said))
		return found(proof, FLAW_MALFORMED, "the statement is no JSON object");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!proof_text(proof, texts[i]))
			return found(proof, FLAW_MALFORMED, "the statement has no text %s",
				     texts[i]);
	if (strcmp(proof_text(proof, "format"), FORMAT) != 0)
		return found(proof, FLAW_MALFORMED, "the statement is not of the format " FORMAT);
	if (!json_is_integer(json_object_get(proof->said, "bytes")) ||
	    !json_is_object(json_object_get(proof->said, "provenance")))
		return found(proof, FLAW_MALFORMED, "the statement lacks bytes or provenance");
	if (!parse_time(proof_text(proof, "time"), &proof->time_ms))
		return found(proof, FLAW_MALFORMED, "the statement has a time that is none");
	return FLAW_NONE;
}

/**
 * proof_read() - take a signed answer apart
 * @proof: filled in; to be freed, whatever is returned
 * @head: its head
 * @body: its body, which has to stay
 * @len: bytes of the body
 *
 * Return: a flaw that is there whatever is asked of the answer, or none so far.
 */
enum flaw proof_read(struct proof *proof, const struct head *head, const char *body, size_t len)
{
	enum flaw flaw;
	size_t size = 0;

	memset(proof, 0, sizeof(*proof));
	proof->body = body;
	proof->body_len = len;
	flaw = read_field(proof, head, "QRNG-Statement", proof->statement,
			  sizeof(proof->statement), &proof->statement_len);
	if (flaw)
		return flaw;
	flaw = read_field(proof, head, "QRNG-Signature", proof->signature,
			  sizeof(proof->signature), &size);
	if (flaw)
		return flaw;
	if (size != sizeof(proof->signature))
		return found(proof, FLAW_MALFORMED, "QRNG-Signature has %zu bytes, not 64", size);
	return understand(proof);
}

static enum flaw check_signature(struct proof *proof, const struct pubkeys *keys)
{
	const struct pubkey *key = pubkeys_find(keys, proof_text(proof, "key"));

	if (!key)
		return found(proof, FLAW_KEY, "it says that another key signed it");
	if (!pubkey_verifies(key, proof->statement, proof->statement_len, proof->signature))
		return found(proof, FLAW_SIGNATURE, "the signature is not of this statement");
	return FLAW_NONE;
}

static enum flaw check_body(struct proof *proof)
{
	json_int_t bytes = json_integer_value(json_object_get(proof->said, "bytes"));
	uint8_t digest[SHA512_DIGEST_LENGTH];
	char text[2 * sizeof(digest) + 1];
	size_t i;

	if (bytes != (json_int_t)proof->body_len)
		return found(proof, FLAW_LENGTH,
			     "the body has %zu bytes, %" JSON_INTEGER_FORMAT " were signed",
			     proof->body_len, bytes);
	SHA512((const uint8_t *)proof->body, proof->body_len, digest);
	for (i = 0; i < sizeof(digest); i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	if (strcmp(text, proof_text(proof, "sha512")) != 0)
		return found(proof, FLAW_BODY, "the body is not the one that was signed");
	return FLAW_NONE;
}

static enum flaw check_time(struct proof *proof, const struct demand *demand)
{
	int64_t age = demand->now_ms - proof->time_ms;

	if (demand->max_age_ms < 0)
		return FLAW_NONE;
	if (age > demand->max_age_ms)
		return found(proof, FLAW_TIME, "it is %" PRId64 " s old, %" PRId64 " s are allowed",
			     age / 1000, demand->max_age_ms / 1000);
	if (age < -CLOCKS_APART_MS)
		return found(proof, FLAW_TIME, "it is of a time that is %" PRId64 " s to come",
			     -age / 1000);
	return FLAW_NONE;
}

/**
 * proof_check() - is an answer to be believed?
 * @proof: from proof_read(), which found nothing
 * @demand: what is asked of it
 */
enum flaw proof_check(struct proof *proof, const struct demand *demand)
{
	enum flaw flaw = check_signature(proof, demand->keys);

	if (!flaw)
		flaw = check_body(proof);
	if (flaw)
		return flaw;
	if (demand->challenge && strcmp(demand->challenge, proof_text(proof, "challenge")) != 0)
		return found(proof, FLAW_CHALLENGE, "it answers another challenge, or none");
	return check_time(proof, demand);
}

/** proof_free() - free what proof_read() made */
void proof_free(struct proof *proof)
{
	json_decref(proof->said);
	proof->said = NULL;
}
