/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generation: one counter that moves whenever whoever derived bytes of its own from
 * the root generator must derive anew. It lives in a page of its own, so that programs
 * can map it.
 */
#ifndef _QRNG_GENERATION_H
#define _QRNG_GENERATION_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "../uapi/qrng.h"

struct vm_area_struct;

extern struct qrng_generation_page *qrng_generation_page;

int qrng_generation_init(void);
void qrng_generation_exit(void);
void qrng_generation_advance(void);
int qrng_generation_mmap(struct vm_area_struct *vma);

/**
 * qrng_generation() - look at the counter
 *
 * Context: any.
 * Return: the generation of the root's seed, 0 before the first.
 */
static inline u64 qrng_generation(void)
{
	return READ_ONCE(qrng_generation_page->generation);
}

#endif /* _QRNG_GENERATION_H */
