// SPDX-License-Identifier: GPL-2.0-only
/*
 * A machine that slept may have left an image of its memory behind, and one that was
 * copied has a twin with the same memory. What was made so far but not handed out must
 * not leave either of them: noise in the sources' reserves, output in the generators'.
 *
 * A page of output that a reader copies to its program just then has left: the program
 * would have it in both machines, had it been copied a moment earlier.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/random.h>

#include "drbg.h"
#include "lifecycle.h"
#include "reader.h"
#include "source.h"

/* Reserves first: the root could take its next seed from them. */
static void renew_all(enum qrng_reseed_reason reason)
{
	struct qrng_source *source;

	mutex_lock(&qrng_sources_lock);
	list_for_each_entry(source, &qrng_sources, node)
		qrng_reader_start_over(source);
	mutex_unlock(&qrng_sources_lock);
	qrng_drbg_renew(reason);
}

/* The generator's own device is the one without a parent. */
static bool is_source(const struct device *dev)
{
	return dev->parent;
}

/* Before the card behind it. */
static int lifecycle_suspend(struct device *dev)
{
	if (is_source(dev))
		qrng_reader_pause(container_of(dev, struct qrng_source, dev));
	return 0;
}

/*
 * Devices wake before programs do, so nobody reads in between; a notifier for the end of
 * the sleep would come after them.
 */
static int lifecycle_resume(struct device *dev)
{
	if (is_source(dev))
		qrng_reader_resume(container_of(dev, struct qrng_source, dev));
	else
		renew_all(QRNG_RESEED_RESUME);
	return 0;
}

const struct dev_pm_ops qrng_lifecycle_pm = {
	.suspend = lifecycle_suspend,
	.freeze = lifecycle_suspend,
	.poweroff = lifecycle_suspend,
	.resume = lifecycle_resume,
	.thaw = lifecycle_resume,
	.restore = lifecycle_resume,
};

/* The kernel has mixed what is new about this copy into its own generator by now. */
static int lifecycle_vmfork(struct notifier_block *block, unsigned long action, void *data)
{
	renew_all(QRNG_RESEED_VMFORK);
	pr_notice_ratelimited("this machine is a copy: all generators were renewed\n");
	return NOTIFY_DONE;
}

static struct notifier_block vmfork_block = {
	.notifier_call = lifecycle_vmfork,
};

/**
 * qrng_lifecycle_register() - be told when the machine was copied
 *
 * Return: 0, or an error.
 */
int qrng_lifecycle_register(void)
{
	return register_random_vmfork_notifier(&vmfork_block);
}

/** qrng_lifecycle_unregister() - no more, after the call under way */
void qrng_lifecycle_unregister(void)
{
	unregister_random_vmfork_notifier(&vmfork_block);
}
