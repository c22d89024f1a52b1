// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/kdev_t.h>

#include "lifecycle.h"
#include "sysfs.h"

struct class qrng_class = {
	.name = "qrng",
	.pm = &qrng_lifecycle_pm,
};

static struct device *drbg_device;

/** qrng_sysfs_register() - make /sys/class/qrng and the generator's folder appear */
int qrng_sysfs_register(void)
{
	int ret = class_register(&qrng_class);

	if (ret)
		return ret;
	drbg_device = device_create_with_groups(&qrng_class, NULL, MKDEV(0, 0), NULL,
						qrng_drbg_groups, "drbg");
	if (IS_ERR(drbg_device)) {
		class_unregister(&qrng_class);
		return PTR_ERR(drbg_device);
	}
	return 0;
}

/** qrng_sysfs_unregister() - take them away; no source is left */
void qrng_sysfs_unregister(void)
{
	device_unregister(drbg_device);
	class_unregister(&qrng_class);
}
