/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The few names the core needs from its host, so that the same files compile in
 * the kernel and in userspace.
 */
#ifndef _QRNG_CORE_TYPES_H
#define _QRNG_CORE_TYPES_H

#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#endif /* _QRNG_CORE_TYPES_H */
