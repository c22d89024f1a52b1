// SPDX-License-Identifier: MIT
/*
 * Any key file: refused with reasons, or read to keys that make sense and, written anew,
 * are read as the same. A key opens what its hash stands for, another one nothing.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "keys.h"
#include "log.h"
#include "require.h"

#define FILE_MAX ((size_t)64 * 1024)

static int file;
static char path[32];
static unsigned int complaints;

void __wrap_qrngd_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Each complaint is a line that begins with the file. */
void __wrap_qrngd_log(const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	require(strncmp(line, path, strlen(path)) == 0 && !strpbrk(line, "\n\r\033"));
	complaints++;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	file = memfd_create("keys", MFD_CLOEXEC);
	require(file >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return 0;
}

static int read_text(struct qrngd_keys *keys, const char *text, size_t len)
{
	require(ftruncate(file, 0) == 0 && pwrite(file, text, len, 0) == (ssize_t)len);
	complaints = 0;
	return qrngd_keys_read(keys, path);
}

static void print_hex(FILE *out, const uint8_t *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void print_limits(FILE *out, const struct qrngd_limits *limits)
{
	if (limits->requests_per_second)
		fprintf(out, "requests-per-second = %" PRIu64 "\n", limits->requests_per_second);
	if (limits->requests_per_day)
		fprintf(out, "requests-per-day = %" PRIu64 "\n", limits->requests_per_day);
	if (limits->bits_per_day)
		fprintf(out, "bits-per-day = %" PRIu64 "\n", limits->bits_per_day);
}

static void print_key(FILE *out, const struct qrngd_key *key)
{
	char date[16];
	struct tm parts;
	time_t until = key->until_s;

	fprintf(out, "[%s]\nhash = sha256:", key->name);
	print_hex(out, key->salt, sizeof(key->salt));
	fputc(':', out);
	print_hex(out, key->hash, sizeof(key->hash));
	fputc('\n', out);
	if (key->until_s) {
		strftime(date, sizeof(date), "%Y-%m-%d", gmtime_r(&until, &parts));
		fprintf(out, "expires = %s\n", date);
	}
	print_limits(out, &key->payer.limits);
}

static bool is_same(const struct qrngd_key *a, const struct qrngd_key *b)
{
	return strcmp(a->name, b->name) == 0 && memcmp(a->salt, b->salt, sizeof(a->salt)) == 0 &&
	       memcmp(a->hash, b->hash, sizeof(a->hash)) == 0 && a->until_s == b->until_s &&
	       a->payer.account == b->payer.account &&
	       a->payer.limits.requests_per_second == b->payer.limits.requests_per_second &&
	       a->payer.limits.requests_per_day == b->payer.limits.requests_per_day &&
	       a->payer.limits.bits_per_day == b->payer.limits.bits_per_day;
}

static void check_again(const struct qrngd_keys *keys)
{
	struct qrngd_keys again;
	char *text = NULL;
	size_t len, i;
	FILE *out = open_memstream(&text, &len);

	require(out);
	for (i = 0; i < keys->count; i++)
		print_key(out, &keys->list[i]);
	if (keys->open) {
		fputs("[anonymous]\n", out);
		print_limits(out, &keys->nobody.payer.limits);
	}
	fclose(out);
	/* The library does not tell of a section that is the last and empty; nor do we ask. */
	require(read_text(&again, text, len) == 0 && again.count == keys->count);
	require(again.open == keys->open);
	for (i = 0; i < keys->count; i++)
		require(is_same(&again.list[i], &keys->list[i]));
	qrngd_keys_free(&again);
	free(text);
}

static void fuzz_file(const char *text, size_t len)
{
	struct qrngd_keys keys;
	size_t i;

	if (read_text(&keys, text, len) != 0) {
		require(complaints && !keys.count && !keys.list);
		return;
	}
	require(!complaints && keys.asked_for);
	for (i = 0; i < keys.count; i++) {
		require(keys.list[i].payer.account && keys.list[i].until_s >= 0);
		require(!i || strcmp(keys.list[i - 1].name, keys.list[i].name) < 0);
	}
	check_again(&keys);
	qrngd_keys_free(&keys);
}

/* A key that is made of the input, and the file that goes with it. */
static size_t make_key(const uint8_t *data, size_t size, char *key, char *text)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t hashed[KEYFILE_SALT + QRNGD_KEY_MAX];
	struct qrngd_key known = { 0 };
	size_t name_len = 1 + data[0] % KEYFILE_NAME_MAX, len = 0, i;
	FILE *out = fmemopen(text, FILE_MAX, "w");

	require(out);
	for (i = 0; i < name_len + 1 + KEYFILE_SECRET; i++)
		key[len++] = i == name_len ? '.' : digits[data[1 + i % (size - 1)] % 64];
	memcpy(known.name, key, name_len);
	memcpy(known.salt, data, size < sizeof(known.salt) ? size : sizeof(known.salt));
	memcpy(hashed, known.salt, sizeof(known.salt));
	memcpy(hashed + sizeof(known.salt), key, len);
	SHA256(hashed, sizeof(known.salt) + len, known.hash);
	print_key(out, &known);
	fclose(out);
	return len;
}

static void fuzz_key(const uint8_t *data, size_t size)
{
	static char text[FILE_MAX];
	char key[QRNGD_KEY_MAX];
	struct qrngd_keys keys;
	size_t len = make_key(data, size, key, text), place;

	require(read_text(&keys, text, strlen(text)) == 0 && keys.count == 1);
	require(qrngd_keys_find(&keys, key, len) == &keys.list[0]);
	require(!qrngd_keys_find(&keys, key, len - 1));
	place = data[size - 1] % len;
	key[place] ^= 1;
	require(!qrngd_keys_find(&keys, key, len));
	qrngd_keys_free(&keys);
}

static const char hash_line[] =
	"\nhash = sha256:00112233445566778899aabbccddeeff:"
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/* The bytes 1 to 6 stand for what a file is made of. */
static void spell(const uint8_t *data, size_t size)
{
	static const char *const words[] = {
		hash_line,
		"\nexpires = 20",
		"\nrequests-per-second = ",
		"\nrequests-per-day = ",
		"\nbits-per-day = ",
		"[anonymous]\n",
	};
	static char text[FILE_MAX];
	FILE *out = fmemopen(text, sizeof(text), "w");
	size_t len, i;

	require(out);
	for (i = 0; i < size; i++) {
		if (data[i] && data[i] <= sizeof(words) / sizeof(words[0]))
			fputs(words[data[i] - 1], out);
		else
			fputc(data[i], out);
	}
	fflush(out);
	len = (size_t)ftell(out);
	fclose(out);
	fuzz_file(text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 3 || size > FILE_MAX / 160)
		return 0;
	if (data[0] % 4)
		spell(data + 1, size - 1);
	else
		fuzz_key(data + 1, size - 1);
	return 0;
}
