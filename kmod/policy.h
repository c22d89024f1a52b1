/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of readers when no source is healthy: the state of the generator, and the
 * grace period in which it goes on without one.
 */
#ifndef _QRNG_POLICY_H
#define _QRNG_POLICY_H

#include <linux/types.h>
#include <linux/wait.h>

#include "../uapi/qrng.h"

struct qrng_drbg_config;
struct qrng_drbg_info;

extern wait_queue_head_t qrng_drbg_wait;

void qrng_policy_init(const struct qrng_drbg_config *config);
void qrng_policy_exit(void);
void qrng_policy_set(const struct qrng_drbg_config *config);
void qrng_drbg_sources_changed(void);
enum qrng_drbg_state qrng_drbg_state(void);
int qrng_policy_check(void);
size_t qrng_policy_grant(size_t len);
void qrng_policy_look(struct qrng_drbg_info *info);

#endif /* _QRNG_POLICY_H */
