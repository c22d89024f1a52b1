/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Cut-offs of the adaptive proportion test (SP 800-90B 4.4.2), exact. */
#ifndef _QRNG_CORE_CUTOFFS_H
#define _QRNG_CORE_CUTOFFS_H

#include "types.h"

u16 qrng_cutoff_bytes(u32 quality, u32 bits);
u16 qrng_cutoff_bits(u32 quality, u32 bits);

#endif /* _QRNG_CORE_CUTOFFS_H */
