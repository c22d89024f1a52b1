/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _QRNG_COMPAT_LINUX_PCI_H
#define _QRNG_COMPAT_LINUX_PCI_H

#include <linux/err.h>
#include <linux/version.h>
#include_next <linux/pci.h>

/* 6.12 offers it to drivers. Up to then plain requests were managed, too. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline void __iomem *qrng_iomap_region(struct pci_dev *pdev, int bar, const char *name)
{
	void __iomem *map;
	int ret = pci_request_region(pdev, bar, name);

	if (ret)
		return IOMEM_ERR_PTR(ret);
	map = pcim_iomap(pdev, bar, 0);
	return map ?: IOMEM_ERR_PTR(-ENOMEM);
}

#define pcim_iomap_region qrng_iomap_region
#endif

#endif /* _QRNG_COMPAT_LINUX_PCI_H */
