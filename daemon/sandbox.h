/* SPDX-License-Identifier: MIT */
/*
 * What the process gives up once all is set up: another user's rights, capabilities, files,
 * system calls.
 */
#ifndef QRNGD_SANDBOX_H
#define QRNGD_SANDBOX_H

#include "identity.h"
#include "options.h"

/**
 * qrngd_sandbox_enter() - give up what is not needed any more
 * @options: all settings
 * @identity: who to be
 *
 * Kept by threads that are started later, so there must be none yet.
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_sandbox_enter(const struct qrngd_options *options,
			const struct qrngd_identity *identity);

/** qrngd_sandbox_announce() - say what is limited, and what is not */
void qrngd_sandbox_announce(const struct qrngd_options *options);

/**
 * qrngd_sandbox_check() - can settings that change be had inside?
 * @options: what is to hold from now on
 *
 * Return: 0, or -1 after a line has named a file that can't be opened.
 */
int qrngd_sandbox_check(const struct qrngd_options *options);

#endif /* QRNGD_SANDBOX_H */
