/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_CONDITION_H
#define _QRNG_CONDITION_H

#include <linux/errno.h>

#include "source.h"

/* How the steps of a source tell which health test failed, beside what drivers return. */
#define QRNG_ERR_INTERMITTENT	EBADMSG
#define QRNG_ERR_PERMANENT	EILSEQ

void qrng_condition_init(struct qrng_source *source);
void qrng_condition_listen(struct qrng_source *source);
void qrng_condition_arm(struct qrng_source *source);
void qrng_condition_started(struct qrng_source *source);
void qrng_condition_passed(struct qrng_source *source);
void qrng_condition_waited(struct qrng_source *source);
void qrng_condition_failed(struct qrng_source *source, int error);
void qrng_condition_restart(struct qrng_source *source, enum qrng_source_reason reason);
void qrng_condition_retest(struct qrng_source *source);
void qrng_condition_enable(struct qrng_source *source, bool enabled);
void qrng_condition_ended(struct qrng_source *source);
void qrng_condition_modules_failed(struct qrng_source *source, u32 modules);

#endif /* _QRNG_CONDITION_H */
