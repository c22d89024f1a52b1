/* SPDX-License-Identifier: MIT */
/* What LoKey's services have in common in this process, over all threads. */
#ifndef QRNGD_LOKEY_SERVICE_H
#define QRNGD_LOKEY_SERVICE_H

#include "fortuna.h"

/**
 * struct qrngd_lokey - one for the process
 * @fortuna: the generator
 */
struct qrngd_lokey {
	struct qrngd_fortuna fortuna;
};

/**
 * qrngd_lokey_new() - set the services up
 *
 * Return: the services, or NULL after a line has said why not.
 */
struct qrngd_lokey *qrngd_lokey_new(void);

/** qrngd_lokey_free() - wipe and free them; NULL is fine */
void qrngd_lokey_free(struct qrngd_lokey *lokey);

#endif /* QRNGD_LOKEY_SERVICE_H */
