// SPDX-License-Identifier: GPL-2.0-only
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>

#include "generation.h"

struct qrng_generation_page *qrng_generation_page;

/**
 * qrng_generation_advance() - tell every reader of the counter to derive anew
 *
 * Context: any; the caller serialises the calls, in general by the root's lock.
 */
void qrng_generation_advance(void)
{
	WRITE_ONCE(qrng_generation_page->generation, qrng_generation_page->generation + 1);
}

/**
 * qrng_generation_mmap() - show the page to a program
 * @vma: where; its file keeps the module
 *
 * Return: 0; -EINVAL for anything but one page at offset 0; -EACCES to write into.
 */
int qrng_generation_mmap(struct vm_area_struct *vma)
{
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_mod(vma, VM_DONTEXPAND, VM_MAYWRITE | VM_MAYEXEC);
	return vm_insert_page(vma, vma->vm_start, virt_to_page(qrng_generation_page));
}

/** qrng_generation_init() - make the page; the counter starts at 0. Return: 0 or -ENOMEM. */
int qrng_generation_init(void)
{
	BUILD_BUG_ON(sizeof(*qrng_generation_page) > PAGE_SIZE);
	qrng_generation_page = (void *)get_zeroed_page(GFP_KERNEL);
	return qrng_generation_page ? 0 : -ENOMEM;
}

/** qrng_generation_exit() - give the page back; no file is open, and none maps it */
void qrng_generation_exit(void)
{
	free_page((unsigned long)qrng_generation_page);
}
