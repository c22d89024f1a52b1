// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "chardev.h"
#include "child.h"
#include "core/selftest.h"
#include "drbg.h"
#include "generation.h"
#include "host.h"
#include "lifecycle.h"
#include "netlink.h"
#include "quantis.h"
#include "rawdev.h"
#include "sysfs.h"
#include "vendordev.h"

/* The contexts there are: for each way in which the host may come to the same bytes. */
static const char *__init selftest_contexts(struct qrng_child *child)
{
	const struct qrng_cipher *const modes[] = {
		NULL, &qrng_host.aes256_ctr, &qrng_host.aes256_ecb
	};
	const char *wrong = NULL;
	size_t i;

	for (i = 0; !wrong && i < ARRAY_SIZE(modes); i++) {
		qrng_host_ctx_init(&child->ctx, modes[i]);
		wrong = qrng_selftest(&child->ctx, &child->generator);
		if (modes[i] && !wrong)
			pr_info("%s by %s\n", modes[i]->name, qrng_host_ctx_driver(&child->ctx));
		qrng_host_ctx_free(&child->ctx);
	}
	return wrong;
}

static int __init selftest(void)
{
	struct qrng_child *child = kmalloc(sizeof(*child), GFP_KERNEL);
	const char *wrong;

	if (!child)
		return -ENOMEM;
	wrong = selftest_contexts(child);
	kfree(child);
	if (!wrong)
		return 0;
	pr_err("self-test failed: %s; not starting\n", wrong);
	return -ELIBBAD;
}

/*
 * From what others hang on to what hangs on others. The devices come last and leave
 * first: an open file keeps the module, but not one whose start fails. So once there is
 * one that can be opened, nothing else can make the start fail.
 */
static int __init qrng_init(void)
{
	int ret;

	ret = selftest();
	if (ret)
		return ret;
	ret = qrng_generation_init();
	if (ret)
		return ret;
	qrng_drbg_init();
	ret = qrng_lifecycle_register();
	if (ret)
		goto err_drbg;
	ret = qrng_sysfs_register();
	if (ret)
		goto err_lifecycle;
	ret = qrng_netlink_register();
	if (ret)
		goto err_sysfs;
	ret = qrng_vendordev_register();
	if (ret)
		goto err_netlink;
	ret = qrng_quantis_register();
	if (ret)
		goto err_vendordev;
	ret = qrng_chardev_register();
	if (ret)
		goto err_quantis;
	qrng_rawdev_register();
	qrng_vendordev_start();
	return 0;

err_quantis:
	qrng_quantis_unregister();
err_vendordev:
	qrng_vendordev_unregister();
err_netlink:
	qrng_netlink_unregister();
err_sysfs:
	qrng_sysfs_unregister();
err_lifecycle:
	qrng_lifecycle_unregister();
err_drbg:
	qrng_drbg_exit();
	qrng_generation_exit();
	return ret;
}

static void __exit qrng_exit(void)
{
	qrng_rawdev_unregister();
	qrng_chardev_unregister();
	qrng_quantis_unregister();
	qrng_vendordev_unregister();
	qrng_netlink_unregister();
	qrng_sysfs_unregister();
	qrng_lifecycle_unregister();
	qrng_drbg_exit();
	qrng_generation_exit();
}

module_init(qrng_init);
module_exit(qrng_exit);

MODULE_DESCRIPTION("Quantum random number generators: health tests, pool, generator, device");
MODULE_VERSION(QRNG_VERSION);
MODULE_LICENSE("GPL");
/* The instructions for AES come in modules of their own; without them it is slower. */
MODULE_SOFTDEP("pre: crypto-aes");
