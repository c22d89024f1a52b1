// SPDX-License-Identifier: MIT
/* API keys, made here, so that the daemon never sees one before it is used. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "output.h"
#include "qrngctl.h"

#define NAME_MAX_LENGTH	32
#define SECRET_SIZE	32
#define SALT_SIZE	16

/* The secret in base64, before its padding is cut off. */
#define SECRET_TEXT	44
#define KEY_TEXT	(NAME_MAX_LENGTH + 1 + SECRET_TEXT + 1)

static int complain(const char *what, const char *text, const char *needed)
{
	fprintf(stderr, "qrngctl: %s", what);
	output_safe(stderr, text);
	fprintf(stderr, ": %s\n", needed);
	return QRNGCTL_USAGE;
}

static bool is_name(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789_-");

	return len && !name[len] && len <= NAME_MAX_LENGTH && strcmp(name, "anonymous") != 0;
}

static bool is_date(const char *text)
{
	struct tm parts = { 0 };
	char again[16];
	const char *rest = strptime(text, "%Y-%m-%d", &parts);

	return rest && !*rest && timegm(&parts) > 0 &&
	       strftime(again, sizeof(again), "%Y-%m-%d", &parts) && !strcmp(text, again);
}

static bool is_number(const char *text, unsigned long long max)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long long number = strtoull(text, NULL, 10);

	return digits && digits <= 19 && !text[digits] && number && number <= max;
}

/* Return: what is wrong with a LIMIT=N, or NULL. */
static const char *check_limit(const char *word)
{
	static const struct {
		const char *begin;
		unsigned long long max;
		const char *needed;
	} limits[] = {
		{ "requests-per-second=", 1000000, "allowed: 1 to 1000000" },
		{ "requests-per-day=", 1000000000000000, "allowed: 1 to 10^15" },
		{ "bits-per-day=", 1000000000000000, "allowed: 1 to 10^15" },
		{ "expires=", 0, "allowed: a date as 2027-12-31" },
	};
	size_t i, len;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		len = strlen(limits[i].begin);
		if (strncmp(word, limits[i].begin, len) != 0)
			continue;
		if (limits[i].max ? is_number(word + len, limits[i].max) : is_date(word + len))
			return NULL;
		return limits[i].needed;
	}
	return "there are requests-per-second=, requests-per-day=, bits-per-day=, expires=";
}

static int check_words(const struct call *call)
{
	const char *wrong;
	int i;

	if (!is_name(call->words[0]))
		return complain("name ", call->words[0],
				"1 to 32 letters, digits, - and _, but not \"anonymous\"");
	for (i = 2; i < call->count; i++) {
		wrong = check_limit(call->words[i]);
		if (wrong)
			return complain("", call->words[i], wrong);
	}
	return QRNGCTL_OK;
}

/* NAME.SECRET, of 256 random bits in base64url. */
static bool make_key(const char *name, char key[KEY_TEXT])
{
	uint8_t secret[SECRET_SIZE];
	size_t len = (size_t)snprintf(key, KEY_TEXT, "%s.", name);
	char *at;

	if (RAND_bytes(secret, sizeof(secret)) != 1)
		return false;
	EVP_EncodeBlock((uint8_t *)key + len, secret, sizeof(secret));
	OPENSSL_cleanse(secret, sizeof(secret));
	for (at = key + len; *at; at++)
		*at = *at == '+' ? '-' : *at == '/' ? '_' : *at == '=' ? '\0' : *at;
	return true;
}

static bool print_hash(FILE *out, const char *key)
{
	uint8_t hashed[SALT_SIZE + KEY_TEXT], digest[SHA256_DIGEST_LENGTH];
	size_t i;

	if (RAND_bytes(hashed, SALT_SIZE) != 1)
		return false;
	memcpy(hashed + SALT_SIZE, key, strlen(key));
	SHA256(hashed, SALT_SIZE + strlen(key), digest);
	fputs("hash = sha256:", out);
	for (i = 0; i < SALT_SIZE; i++)
		fprintf(out, "%02x", hashed[i]);
	fputc(':', out);
	for (i = 0; i < sizeof(digest); i++)
		fprintf(out, "%02x", digest[i]);
	fputc('\n', out);
	OPENSSL_cleanse(hashed, sizeof(hashed));
	return true;
}

/* KEY=VALUE as the file has it. Return: false when the hash could not be made. */
static bool print_section(FILE *out, const struct call *call, const char *key)
{
	const char *equals;
	int i;

	fprintf(out, "\n[%s]\n", call->words[0]);
	if (!print_hash(out, key))
		return false;
	for (i = 2; i < call->count; i++) {
		equals = strchr(call->words[i], '=');
		fprintf(out, "%.*s = %s\n", (int)(equals - call->words[i]), call->words[i],
			equals + 1);
	}
	return true;
}

static bool has_section(FILE *file, const char *name)
{
	char *line = NULL, wanted[NAME_MAX_LENGTH + 3];
	size_t size = 0;
	bool found = false;

	snprintf(wanted, sizeof(wanted), "[%s]", name);
	while (!found && getline(&line, &size, file) >= 0)
		found = !strncmp(line + strspn(line, " \t"), wanted, strlen(wanted));
	free(line);
	return found;
}

/* Nobody else may add one between our look and our line. */
static FILE *open_locked(const char *path)
{
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	FILE *file;

	if (fd < 0)
		return NULL;
	file = flock(fd, LOCK_EX) ? NULL : fdopen(fd, "a+");
	if (!file)
		close(fd);
	return file;
}

/* Half a section would keep the daemon from reading the others. */
static void give_back(FILE *file, off_t end)
{
	__fpurge(file);
	if (ftruncate(fileno(file), end))
		fputs("qrngctl: the end of the file is not whole: take it out\n", stderr);
}

static int append(const struct call *call, const char *key)
{
	const char *path = call->words[1];
	FILE *file = open_locked(path);
	bool done;
	off_t end;

	if (!file) {
		complain("", path, strerror(errno));
		return QRNGCTL_FAILED;
	}
	if (has_section(file, call->words[0])) {
		fclose(file);
		complain("", path, "has a key of that name; take its section out first");
		return QRNGCTL_FAILED;
	}
	end = lseek(fileno(file), 0, SEEK_END);
	done = print_section(file, call, key) && !fflush(file) && !fsync(fileno(file));
	if (!done) {
		complain("", path, errno ? strerror(errno) : "could not be written");
		give_back(file, end);
	}
	fclose(file);
	return done ? QRNGCTL_OK : QRNGCTL_FAILED;
}

/** key_add_command() - make an API key, keep its hash, tell it once */
int key_add_command(const struct call *call)
{
	char key[KEY_TEXT];
	int ret = check_words(call);

	if (ret)
		return ret;
	if (!make_key(call->words[0], key)) {
		fputs("qrngctl: no random bytes for a key\n", stderr);
		return QRNGCTL_FAILED;
	}
	ret = append(call, key);
	if (!ret && call->json)
		printf("{\"name\":\"%s\",\"key\":\"%s\"}\n", call->words[0], key);
	else if (!ret)
		puts(key);
	OPENSSL_cleanse(key, sizeof(key));
	return ret;
}
