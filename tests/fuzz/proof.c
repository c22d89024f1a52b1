// SPDX-License-Identifier: MIT
/*
 * What `qrngctl verify` reads: nothing that was not signed is believed, nothing that was
 * signed is once a bit of it is another.
 */
#include <stdio.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "../../tools/base64.h"
#include "../../tools/proof.h"
#include "require.h"

static EVP_PKEY *private_key;
static struct pubkeys keys;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const uint8_t secret[PUBKEY_SIZE] = "the same one in each run of it";
	char text[2 * PUBKEY_SIZE + 1];
	uint8_t raw[PUBKEY_SIZE];
	size_t len = sizeof(raw), i;

	(void)argc;
	(void)argv;
	private_key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, PUBKEY_SIZE);
	require(private_key && EVP_PKEY_get_raw_public_key(private_key, raw, &len) == 1);
	for (i = 0; i < sizeof(raw); i++)
		sprintf(text + 2 * i, "%02x", raw[i]);
	require(pubkeys_parse(text, strlen(text), &keys) && keys.count == 1);
	return 0;
}

static void sign(const char *statement, size_t len, uint8_t signature[PUBKEY_SIGNATURE_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t size = PUBKEY_SIGNATURE_SIZE;

	require(context &&
		EVP_DigestSignInit(context, NULL, NULL, NULL, private_key) == 1 &&
		EVP_DigestSign(context, signature, &size, (const uint8_t *)statement, len) == 1);
	EVP_MD_CTX_free(context);
}

/* As an answer has it: a head, and @body behind it. Return: its length. */
static size_t compose(char *to, const char *statement, size_t len, const char *body,
		      size_t body_len)
{
	uint8_t signature[PUBKEY_SIGNATURE_SIZE];
	size_t at = (size_t)sprintf(to, "HTTP/1.1 200 OK\r\nQRNG-Statement: ");

	sign(statement, len, signature);
	at += (size_t)EVP_EncodeBlock((uint8_t *)to + at, (const uint8_t *)statement, (int)len);
	at += (size_t)sprintf(to + at, "\r\nQRNG-Signature: ");
	at += (size_t)EVP_EncodeBlock((uint8_t *)to + at, signature, sizeof(signature));
	at += (size_t)sprintf(to + at, "\r\n\r\n");
	memcpy(to + at, body, body_len);
	return at + body_len;
}

static enum flaw judge(const char *answer, size_t len, struct proof *proof)
{
	struct demand demand = { .keys = &keys, .max_age_ms = -1 };
	struct head head;
	enum flaw flaw;

	memset(proof, 0, sizeof(*proof));
	if (head_split(answer, len, "QRNG-Statement", &head))
		return FLAW_UNSIGNED;
	require(head.len + head.rest_len <= len && head.rest + head.rest_len == answer + len);
	flaw = proof_read(proof, &head, head.rest, head.rest_len);
	if (!flaw)
		flaw = proof_check(proof, &demand);
	require(!flaw == !proof->detail[0] && *proof_flaw(flaw));
	require(memchr(proof->detail, '\0', sizeof(proof->detail)));
	return flaw;
}

/* Nobody can sign without the key. */
static void fuzz_answer(const char *text, size_t len)
{
	struct proof proof;

	require(judge(text, len, &proof) != FLAW_NONE);
	proof_free(&proof);
}

/* Whichever bit of statement, signature, body, and of what is between them, becomes another. */
static void spoil(char *answer, size_t len, size_t place)
{
	char *statement = strstr(answer, "Statement: ") + 11;
	struct proof proof;

	statement[place % (size_t)(answer + len - statement)] ^= 1;
	require(judge(answer, len, &proof) != FLAW_NONE);
	proof_free(&proof);
}

static void fuzz_statement(const char *text, size_t len)
{
	static char answer[16384];
	size_t body_len = len / 4, place = len ? (uint8_t)text[0] * 31u : 0;
	struct proof proof;
	enum flaw flaw;

	if (len > PROOF_STATEMENT_MAX)
		return;
	len = compose(answer, text, len, text, body_len);
	flaw = judge(answer, len, &proof);
	require(flaw == FLAW_NONE || flaw == FLAW_MALFORMED || flaw == FLAW_KEY ||
		flaw == FLAW_LENGTH || flaw == FLAW_BODY);
	proof_free(&proof);
	if (!flaw)
		spoil(answer, len, place);
}

/* One that is right but for what the input changes of it. */
static void fuzz_values(const char *text, size_t len)
{
	static char statement[PROOF_STATEMENT_MAX], answer[16384];
	uint8_t digest[SHA512_DIGEST_LENGTH];
	char hex[2 * sizeof(digest) + 1];
	size_t body_len = len < 1024 ? len : 1024, i;
	unsigned int any = (unsigned int)len, year = len ? (uint8_t)text[0] % 100 : 0;
	struct proof proof;
	char time[32];

	SHA512((const uint8_t *)text, body_len, digest);
	for (i = 0; i < sizeof(digest); i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	snprintf(time, sizeof(time), "20%02u-%02u-%02uT%02u:%02u:%02u.%03uZ", year, 1 + any % 12,
		 1 + any % 28, any % 24, any % 60, any % 60, any % 1000);
	snprintf(statement, sizeof(statement),
		 "{\"format\":\"qrng-statement-1\",\"key\":\"%s\",\"time\":\"%s\",\"request\":\"\","
		 "\"challenge\":\"\",\"bytes\":%zu,\"sha512\":\"%s\",\"provenance\":{}}",
		 keys.keys[0].id, time, body_len, hex);
	len = compose(answer, statement, strlen(statement), text, body_len);
	require(judge(answer, len, &proof) == FLAW_NONE);
	proof_free(&proof);
	spoil(answer, len, body_len ? (uint8_t)text[0] << 8 | (uint8_t)text[body_len - 1] : 0);
}

/* Keys that were found are found again, by what they are named. */
static void fuzz_keys(const char *text, size_t len)
{
	struct pubkeys found;
	size_t i;

	if (!pubkeys_parse(text, len, &found))
		return;
	require(found.count && found.count <= PUBKEYS_MAX);
	for (i = 0; i < found.count; i++)
		require(strlen(found.keys[i].id) == PUBKEY_ID_MAX - 1 &&
			pubkeys_find(&found, found.keys[i].id));
}

static void fuzz_base64(const char *text, size_t len)
{
	uint8_t bytes[3072], again[3072];
	char encoded[4100];
	ssize_t count = base64_decode(text, len, bytes, sizeof(bytes));

	require(count <= (ssize_t)sizeof(bytes));
	if (count >= 0)
		require(EVP_EncodeBlock((uint8_t *)encoded, bytes, (int)count) == (int)len &&
			memcmp(encoded, text, len) == 0);
	if (!len || len > sizeof(bytes))
		return;
	EVP_EncodeBlock((uint8_t *)encoded, (const uint8_t *)text, (int)len);
	require(base64_decode(encoded, strlen(encoded), again, len) == (ssize_t)len);
	require(memcmp(again, text, len) == 0);
	require(base64_decode(encoded, strlen(encoded), again, len - 1) == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parts[])(const char *text, size_t len) = {
		fuzz_answer, fuzz_statement, fuzz_values, fuzz_keys, fuzz_base64,
	};
	char *text;

	if (!size)
		return 0;
	/* Of just the size, so that a byte behind it is seen to be touched. */
	text = malloc(size - 1 + !(size - 1));
	require(text);
	memcpy(text, data + 1, size - 1);
	parts[data[0] % (sizeof(parts) / sizeof(parts[0]))](text, size - 1);
	free(text);
	return 0;
}
