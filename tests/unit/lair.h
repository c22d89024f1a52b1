/* SPDX-License-Identifier: MIT */
/*
 * Queues with a store in a folder of their own, whose noise is 64-bit numbers that never come
 * twice: what is handed out can be told apart.
 */
#ifndef _QRNG_TESTS_LAIR_H
#define _QRNG_TESTS_LAIR_H

#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../daemon/lokey/queues.h"
#include "random.h"

/** struct lair - a folder, a key elsewhere, and an engine for the queues */
struct lair {
	struct qrngd_engine engine;
	_Atomic uint64_t *given; /* numbers so far */
	bool dry;
	uint32_t items;
	char folder[64];
	char store[80];
	char key[80];
	_Atomic uint64_t own;
};

static int lair_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	struct lair *lair = (struct lair *)engine;
	size_t i;

	if (lair->dry)
		return -EAGAIN;
	for (i = 0; i < len; i += 8) {
		uint64_t state = atomic_fetch_add(lair->given, 1) * 0x9e3779b97f4a7c15;
		uint64_t number = random_next(&state);

		memcpy(to + i, &number, 8);
	}
	return 0;
}

static int lair_fortuna(void *data, uint8_t *to, size_t len)
{
	(void)data;
	memset(to, 0x55, len);
	return 0;
}

static void lair_write(const char *path, const void *bytes, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

/* The key is in memory, where systemd's credentials are, too. */
static void lair_make(struct lair *lair)
{
	static const struct qrngd_engine_ops ops = { .name = "lair", .noise = lair_noise };
	uint8_t key[QRNGD_SEAL_KEY] = "a key of thirty-two bytes";

	memset(lair, 0, sizeof(*lair));
	lair->engine.ops = &ops;
	pthread_mutex_init(&lair->engine.lock, NULL);
	lair->given = &lair->own;
	lair->items = 5000;
	snprintf(lair->folder, sizeof(lair->folder), "/tmp/qrng-lair.XXXXXX");
	assert_non_null(mkdtemp(lair->folder));
	snprintf(lair->store, sizeof(lair->store), "%s/store", lair->folder);
	snprintf(lair->key, sizeof(lair->key), "/dev/shm/qrng-lair.XXXXXX");
	close(mkstemp(lair->key));
	lair_write(lair->key, key, sizeof(key), 0400);
}

static struct qrngd_queues *lair_open(struct lair *lair, bool persist)
{
	const struct qrngd_queues_config config = {
		.items = { lair->items, 100, 100 },
		.poll_ms = { 100, 100, 100 },
		.feed = QRNGD_VIRTIO_TRNG,
		.apt_window = 512,
		.store = lair->store,
		.persist = persist,
		.store_key = lair->key,
		.engine = &lair->engine,
		.fortuna = { lair_fortuna, NULL },
	};

	return qrngd_queues_open(&config);
}

static int lair_remove(const char *path, const struct stat *about, int type, struct FTW *place)
{
	(void)about;
	(void)type;
	(void)place;
	return remove(path);
}

static void lair_clear(struct lair *lair)
{
	nftw(lair->folder, lair_remove, 8, FTW_DEPTH | FTW_PHYS);
	unlink(lair->key);
}

static struct qrngd_queue *trng_of(struct qrngd_queues *queues)
{
	return &queues->queues[QRNGD_QUEUE_TRNG];
}

static void lair_fill(struct qrngd_queues *queues)
{
	while (qrngd_queue_poll(trng_of(queues), 4096) > 0)
		;
}

#endif /* _QRNG_TESTS_LAIR_H */
