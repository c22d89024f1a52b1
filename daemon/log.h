/* SPDX-License-Identifier: MIT */
/* What the daemon says: lines on standard error, for people and the journal. */
#ifndef QRNGD_LOG_H
#define QRNGD_LOG_H

/**
 * qrngd_log() - say one line
 * @format: as for printf, without a newline
 *
 * Any thread may call it; a line is written in one piece. A line that is longer
 * than a kilobyte is cut. Never give it random bytes.
 */
void qrngd_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* QRNGD_LOG_H */
