/* SPDX-License-Identifier: MIT */
/* What the daemon says: lines on standard error, for people and the journal. */
#ifndef QRNGD_LOG_H
#define QRNGD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>

/** enum qrngd_log_format - what lines look like */
enum qrngd_log_format { QRNGD_LOG_TEXT, QRNGD_LOG_JSON };

/**
 * qrngd_log() - say one line
 * @format: as for printf, without a newline
 *
 * Any thread may call it; a line is written in one piece. A line that is longer
 * than a kilobyte is cut. It never waits: what standard error does not take at once
 * is dropped, and the next line that is taken tells how many were. Never give it
 * random bytes.
 */
void qrngd_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** qrngd_log_use() - write lines in this form from now on; any thread may say so */
void qrngd_log_use(enum qrngd_log_format format);

/**
 * qrngd_log_line() - write a line that is complete
 * @fd: where to
 * @line: with its newline
 * @len: bytes of @line, at most 4096
 *
 * Never waits for a reader: what is not taken at once is dropped and counted, and said on
 * standard error.
 */
void qrngd_log_line(int fd, const char *line, size_t len);

/**
 * qrngd_log_time() - a time as RFC 3339 has it, in UTC with milliseconds
 * @time: the time
 * @text: filled in
 */
void qrngd_log_time(const struct timeval *time, char text[32]);

/**
 * qrngd_log_copy() - keep what this thread says, too, for somebody else to read
 * @text: where; always terminated; NULL: no more
 * @size: bytes of @text; what does not fit is left out
 */
void qrngd_log_copy(char *text, size_t size);

#endif /* QRNGD_LOG_H */
