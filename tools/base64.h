/* SPDX-License-Identifier: MIT */
#ifndef _QRNGCTL_BASE64_H
#define _QRNGCTL_BASE64_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

ssize_t base64_decode(const char *text, size_t len, uint8_t *to, size_t max);

#endif /* _QRNGCTL_BASE64_H */
