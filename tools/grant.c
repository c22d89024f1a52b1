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
#include <unistd.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "../keyfile/rule.h"
#include "output.h"
#include "qrngctl.h"

#define SECRET_SIZE 32

/* With the padding of base64, until that is cut off. */
#define KEY_TEXT (KEYFILE_NAME_MAX + 1 + KEYFILE_SECRET + 1 + 1)

static int complain(const char *what, const char *text, const char *needed)
{
	fprintf(stderr, "qrngctl: %s", what);
	output_safe(stderr, text);
	fprintf(stderr, ": %s\n", needed);
	return QRNGCTL_USAGE;
}

/* Return: what is wrong with a LIMIT=N or expires=DATE, or NULL. */
static const char *check_limit(const char *word)
{
	size_t len = strcspn(word, "=");
	enum keyfile_limit limit = keyfile_find(word, len);
	uint64_t number;
	int64_t until_s;

	if (!word[len] || (limit == KEYFILE_LIMITS && strncmp(word, "expires=", len + 1) != 0))
		return "there are requests-per-second=, requests-per-day=, bits-per-day=, expires=";
	if (limit == KEYFILE_LIMITS)
		return keyfile_date(word + len + 1, &until_s) ? NULL : keyfile_date_needed;
	return keyfile_number(limit, word + len + 1, &number) ? NULL : keyfile_rules[limit].needed;
}

/* Has one of the words before word @at the same name? */
static bool is_there_twice(const struct call *call, int at)
{
	size_t len = strcspn(call->words[at], "=") + 1;
	int i;

	for (i = 2; i < at; i++)
		if (!strncmp(call->words[i], call->words[at], len))
			return true;
	return false;
}

static int check_words(const struct call *call)
{
	const char *name = call->words[0], *wrong;
	int i;

	if (!keyfile_is_name(name, strlen(name)) || !strcmp(name, KEYFILE_NOBODY))
		return complain("name ", name,
				"1 to 32 letters, digits, - and _, but not \"anonymous\"");
	for (i = 2; i < call->count; i++) {
		wrong = check_limit(call->words[i]);
		if (!wrong && is_there_twice(call, i))
			wrong = "is there twice";
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
	uint8_t hashed[KEYFILE_SALT + KEY_TEXT], digest[SHA256_DIGEST_LENGTH];
	size_t i;

	if (RAND_bytes(hashed, KEYFILE_SALT) != 1)
		return false;
	memcpy(hashed + KEYFILE_SALT, key, strlen(key));
	SHA256(hashed, KEYFILE_SALT + strlen(key), digest);
	fputs("hash = " KEYFILE_HASH_FORM, out);
	for (i = 0; i < KEYFILE_SALT; i++)
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
	char *line = NULL, wanted[KEYFILE_NAME_MAX + 3];
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
