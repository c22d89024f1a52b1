/* SPDX-License-Identifier: MIT */
/*
 * A page of a file that is memory of this process: counters there need no system call, and
 * what is counted stays when the process is killed. The file is the lock of its
 * directory, too.
 */
#ifndef QRNGD_LOKEY_PAGE_H
#define QRNGD_LOKEY_PAGE_H

#include "lokey/entry.h"
#include "lokey/queue.h"

struct qrngd_page;

/**
 * qrngd_page_open() - lock a directory, and map its counters
 * @directory: path of it
 * @page: filled in
 *
 * Return: the locked file, or -1 after a line has said what is wrong.
 */
int qrngd_page_open(const char *directory, struct qrngd_page **page);

/** qrngd_page_counts() - the counters of a queue; in the page */
struct qrngd_queue_counts *qrngd_page_counts(struct qrngd_page *page, enum qrngd_queue_kind queue);

/**
 * qrngd_page_raise() - have each counter of a queue be no less than another
 * @page: the page
 * @queue: which
 * @values: in the order of qrngd_page_values()
 */
void qrngd_page_raise(struct qrngd_page *page, enum qrngd_queue_kind queue,
		      const uint64_t values[QRNGD_ENTRY_COUNTS]);

/** qrngd_page_values() - the counters of a queue as an entry of the store has them */
void qrngd_page_values(const struct qrngd_queue_counts *counts,
		       uint64_t values[QRNGD_ENTRY_COUNTS]);

/** qrngd_page_close() - let others have the directory */
void qrngd_page_close(struct qrngd_page *page, int fd);

#endif /* QRNGD_LOKEY_PAGE_H */
