/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_READER_H
#define _QRNG_READER_H

struct qrng_source;

int qrng_reader_start(struct qrng_source *source);
void qrng_reader_start_over(struct qrng_source *source);
void qrng_reader_pause(struct qrng_source *source);
void qrng_reader_resume(struct qrng_source *source);
void qrng_reader_halt(struct qrng_source *source);
void qrng_reader_stop(struct qrng_source *source);

#endif /* _QRNG_READER_H */
