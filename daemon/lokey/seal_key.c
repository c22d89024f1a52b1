// SPDX-License-Identifier: MIT
/*
 * The operator's key: whoever has the disk shall not have it, so it must lie elsewhere, on
 * a file system in memory or on another medium.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encode.h"
#include "host.h"
#include "log.h"
#include "lokey/seal.h"

#define CREDENTIAL "qrngd-store-key"
#define KEY_TEXT   (2 * QRNGD_SEAL_KEY)

static int complain(const char *path, const char *what)
{
	qrngd_log("store-key %s: %s", path, what);
	return -1;
}

/* Return: NULL, or why such a file can't hold the key. */
static const char *fault_of(const struct stat *about, const char *store)
{
	struct stat beside;

	if (!S_ISREG(about->st_mode))
		return "this is not a file";
	if (about->st_mode & (S_IRWXG | S_IRWXO))
		return "others may read it; its mode must be 0400 or 0600";
	if (stat(store, &beside) == 0 && beside.st_dev == about->st_dev)
		return "it lies on the same file system as the store, so that who has the one "
		       "has the other; put it on a file system in memory (/run), on another "
		       "medium, or give it as a credential of systemd's";
	return NULL;
}

static bool is_key(uint8_t key[QRNGD_SEAL_KEY], const uint8_t *text, ssize_t len)
{
	if (len == QRNGD_SEAL_KEY) {
		memcpy(key, text, QRNGD_SEAL_KEY);
		return true;
	}
	if (len != KEY_TEXT && (len != KEY_TEXT + 1 || text[KEY_TEXT] != '\n'))
		return false;
	return qrngd_unhex(key, (const char *)text, QRNGD_SEAL_KEY);
}

static int read_file(uint8_t key[QRNGD_SEAL_KEY], int fd, const char *path, const char *store)
{
	uint8_t text[KEY_TEXT + 2];
	const char *fault;
	struct stat about;
	ssize_t len;

	if (fstat(fd, &about) != 0)
		return complain(path, strerror(errno));
	fault = fault_of(&about, store);
	if (fault)
		return complain(path, fault);
	len = read(fd, text, sizeof(text));
	if (!is_key(key, text, len))
		fault = "it must be 32 bytes, or 64 hexadecimal digits in lower case";
	qrng_wipe(text, sizeof(text));
	return fault ? complain(path, fault) : 0;
}

int qrngd_seal_key_read(uint8_t key[QRNGD_SEAL_KEY], const char *path, const char *store)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	char text[PATH_MAX];
	int fd, ret;

	if (!path && !credentials) {
		qrngd_log("persist needs a key: name its file as store-key, or give systemd's "
			  "credential " CREDENTIAL);
		return -1;
	}
	if (!path) {
		snprintf(text, sizeof(text), "%s/" CREDENTIAL, credentials);
		path = text;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return complain(path, strerror(errno));
	ret = read_file(key, fd, path, store);
	close(fd);
	return ret;
}
