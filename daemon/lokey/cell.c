// SPDX-License-Identifier: MIT
#include "cell.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "host.h"
#include "log.h"

/* A write that a power cut tears spoils one of them. */
#define SLOTS	  2
#define SLOT_STEP 4096

static const char magic[8] = "qrngcell";

/* As it is in the file; less than a sector. */
struct slot {
	char magic[sizeof(magic)];
	uint64_t queue;
	uint64_t sequence;
	uint64_t index;
	uint8_t secret[QRNGD_SEAL_KEY];
	uint8_t tag[32];
};

static void make_tag(const struct slot *slot, const uint8_t *key, uint8_t tag[32])
{
	qrngd_seal_hmac(key, slot, offsetof(struct slot, tag), tag);
}

static bool is_good(const struct slot *slot, const struct qrngd_cell *cell)
{
	uint8_t tag[32];

	make_tag(slot, cell->key, tag);
	return CRYPTO_memcmp(tag, slot->tag, sizeof(tag)) == 0 &&
	       be64toh(slot->queue) == cell->queue;
}

static int write_slot(int fd, const struct slot *slot, unsigned int number)
{
	ssize_t done = pwrite(fd, slot, sizeof(*slot), (off_t)number * SLOT_STEP);

	if (done == (ssize_t)sizeof(*slot))
		return 0;
	return done < 0 ? -errno : -EIO;
}

/* The first of both is safe on the disk before the other, with the secret before it, goes. */
int qrngd_cell_write(struct qrngd_cell *cell, const struct qrngd_chain *chain)
{
	struct slot slot = {
		.queue = htobe64(cell->queue),
		.sequence = htobe64(cell->sequence + 1),
		.index = htobe64(chain->index),
	};
	unsigned int first = cell->sequence % SLOTS;
	int err;

	memcpy(slot.magic, magic, sizeof(magic));
	memcpy(slot.secret, chain->secret, sizeof(slot.secret));
	make_tag(&slot, cell->key, slot.tag);
	err = write_slot(cell->fd, &slot, first);
	if (!err && fdatasync(cell->fd) != 0)
		err = -errno;
	if (!err)
		err = write_slot(cell->fd, &slot, 1 - first);
	if (!err)
		cell->sequence++;
	qrng_wipe(&slot, sizeof(slot));
	return err;
}

/* Return: how many slots say anything; the newest good one is taken. */
static unsigned int read_slots(struct qrngd_cell *cell, struct qrngd_chain *chain, bool *found)
{
	unsigned int number, there = 0;
	struct slot slot;

	*found = false;
	for (number = 0; number < SLOTS; number++) {
		ssize_t got = pread(cell->fd, &slot, sizeof(slot), (off_t)number * SLOT_STEP);

		there += got > 0;
		if (got != (ssize_t)sizeof(slot) || !is_good(&slot, cell) ||
		    (*found && be64toh(slot.sequence) < cell->sequence))
			continue;
		*found = true;
		cell->sequence = be64toh(slot.sequence);
		chain->index = be64toh(slot.index);
		memcpy(chain->secret, slot.secret, sizeof(chain->secret));
	}
	qrng_wipe(&slot, sizeof(slot));
	return there;
}

static int begin(struct qrngd_chain *chain)
{
	memset(chain, 0, sizeof(*chain));
	return RAND_bytes(chain->secret, sizeof(chain->secret)) == 1 ? 0 : -1;
}

int qrngd_cell_open(struct qrngd_cell *cell, const char *path, unsigned int queue,
		    const uint8_t key[QRNGD_SEAL_KEY], struct qrngd_chain *chain)
{
	bool found;
	int err;

	*cell = (struct qrngd_cell){ .queue = queue, .key = key };
	cell->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (cell->fd < 0) {
		qrngd_log("store: %s: %s", path, strerror(errno));
		return -1;
	}
	if (read_slots(cell, chain, &found) && !found) {
		qrngd_log("store: %s was written with another key, or is damaged: give the key it "
			  "was written with, or delete it to give up the bytes it is for",
			  path);
		goto err_found;
	}
	if (!found && begin(chain) != 0) {
		qrngd_log("store: no randomness for a key");
		goto err_found;
	}
	/* Now both slots hold it, whatever was there. */
	err = qrngd_cell_write(cell, chain);
	if (err) {
		qrngd_log("store: %s: %s", path, strerror(-err));
		goto err_found;
	}
	return 0;

err_found:
	qrngd_cell_close(cell);
	return -1;
}

void qrngd_cell_close(struct qrngd_cell *cell)
{
	close(cell->fd);
}
