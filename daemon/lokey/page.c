// SPDX-License-Identifier: MIT
#include "lokey/page.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "count.h"
#include "log.h"

#define LOCK_WAIT_NS 900000000
#define LOCK_TRIES   90

static const char magic[8] = "qrngpage";

/* In the byte order of the machine: it is for the next process on it. */
struct qrngd_page {
	char magic[sizeof(magic)];
	struct qrngd_queue_counts counts[QRNGD_QUEUES];
};

/* The one before may still be about to end. */
static int lock(int fd, const char *path)
{
	const struct timespec nap = { .tv_nsec = LOCK_WAIT_NS / LOCK_TRIES };
	unsigned int tries;

	for (tries = 0; tries < LOCK_TRIES; tries++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK)
			break;
		nanosleep(&nap, NULL);
	}
	qrngd_log("store: %s: %s", path,
		  errno == EWOULDBLOCK ? "another process has the store" : strerror(errno));
	return -1;
}

/* A new file is full of zeroes, which are good counters. */
static int check(struct qrngd_page *page, const char *path)
{
	static const char nothing[sizeof(magic)];

	if (memcmp(page->magic, nothing, sizeof(magic)) == 0)
		memcpy(page->magic, magic, sizeof(magic));
	if (memcmp(page->magic, magic, sizeof(magic)) == 0)
		return 0;
	qrngd_log("store: %s is damaged: delete it; what was counted in the last second before "
		  "the end may be missing then",
		  path);
	return -1;
}

int qrngd_page_open(const char *directory, struct qrngd_page **page)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/counters", directory);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		qrngd_log("store: %s: %s", path, strerror(errno));
		return -1;
	}
	if (lock(fd, path) != 0)
		goto err_lock;
	/* Not a hole: a full disk shall be found now, not when something is counted. */
	if (posix_fallocate(fd, 0, sizeof(struct qrngd_page)) != 0) {
		qrngd_log("store: %s: no space for a page of counters", path);
		goto err_lock;
	}
	*page = mmap(NULL, sizeof(**page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (*page == MAP_FAILED) {
		qrngd_log("store: %s: %s", path, strerror(errno));
		goto err_lock;
	}
	if (check(*page, path) != 0)
		goto err_check;
	return fd;

err_check:
	munmap(*page, sizeof(**page));
err_lock:
	close(fd);
	return -1;
}

struct qrngd_queue_counts *qrngd_page_counts(struct qrngd_page *page, enum qrngd_queue_kind queue)
{
	return &page->counts[queue];
}

static void raise_to(_Atomic uint64_t *counter, uint64_t value)
{
	if (qrngd_counted(counter) < value)
		atomic_store(counter, value);
}

void qrngd_page_raise(struct qrngd_page *page, enum qrngd_queue_kind queue,
		      const uint64_t values[QRNGD_ENTRY_COUNTS])
{
	struct qrngd_queue_counts *counts = &page->counts[queue];

	raise_to(&counts->polls, values[0]);
	raise_to(&counts->generated, values[1]);
	raise_to(&counts->consumed, values[2]);
	raise_to(&counts->dropped, values[3]);
	raise_to(&counts->requests, values[4]);
}

void qrngd_page_values(const struct qrngd_queue_counts *counts, uint64_t values[QRNGD_ENTRY_COUNTS])
{
	values[0] = qrngd_counted(&counts->polls);
	values[1] = qrngd_counted(&counts->generated);
	values[2] = qrngd_counted(&counts->consumed);
	values[3] = qrngd_counted(&counts->dropped);
	values[4] = qrngd_counted(&counts->requests);
}

void qrngd_page_close(struct qrngd_page *page, int fd)
{
	munmap(page, sizeof(*page));
	close(fd);
}
