/* SPDX-License-Identifier: MIT */
/*
 * Files from outside, whole and of limited length.
 */
#ifndef _QRNGCTL_INPUT_H
#define _QRNGCTL_INPUT_H

#include <stddef.h>
#include <stdint.h>

uint8_t *input_read(const char *path, size_t max, size_t *len);

#endif /* _QRNGCTL_INPUT_H */
