/* SPDX-License-Identifier: GPL-2.0-only */
/* What happens is told to whoever listens to the netlink group "events". */
#ifndef _QRNG_EVENT_H
#define _QRNG_EVENT_H

#include <linux/types.h>

#include "../uapi/qrng.h"

struct qrng_source;

void qrng_event_source(const struct qrng_source *source, enum qrng_event kind, u32 modules);
void qrng_event_drbg(enum qrng_event kind, enum qrng_drbg_state state, u64 generation,
		     enum qrng_reseed_reason reason);
void qrng_event_open(void);
void qrng_event_close(void);

#endif /* _QRNG_EVENT_H */
