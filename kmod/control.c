// SPDX-License-Identifier: GPL-2.0-only
#include "condition.h"
#include "control.h"
#include "event.h"
#include "source.h"

/* Return: 0; -EOPNOTSUPP; -EINVAL when none of those that are present would be left. */
static int modules_allowed(const struct qrng_source *source, u32 modules)
{
	if (!source->modules.present)
		return -EOPNOTSUPP;
	return modules & source->modules.present ? 0 : -EINVAL;
}

static void set_modules(struct qrng_source *source, u32 modules)
{
	if (modules == source->modules.wanted)
		return;
	WRITE_ONCE(source->modules.wanted, modules);
	qrng_condition_restart(source, QRNG_REASON_OPERATOR);
}

/*
 * Out of service first: noise that was tested for the old claim must not be credited
 * with the new one.
 */
static void set_claim(struct qrng_source *source, u32 quality, u32 alpha)
{
	if (quality == source->quality && alpha == source->health.alpha)
		return;
	qrng_condition_retest(source);
	WRITE_ONCE(source->quality, quality);
	qrng_health_claim(&source->health, quality, alpha);
	qrng_condition_arm(source);
}

static int configure(struct qrng_source *source, void *arg)
{
	const struct qrng_source_config *config = arg;
	int ret;

	if (config->set & QRNG_SOURCE_SET_MODULES) {
		ret = modules_allowed(source, config->modules);
		if (ret)
			return ret;
		set_modules(source, config->modules);
	}
	set_claim(source,
		  config->set & QRNG_SOURCE_SET_QUALITY ? config->quality : source->quality,
		  config->set & QRNG_SOURCE_SET_ALPHA ? config->alpha : source->health.alpha);
	if (config->set & QRNG_SOURCE_SET_ENABLED)
		qrng_condition_enable(source, config->enabled);
	qrng_event_source(source, QRNG_EVENT_SOURCE_CONFIG, 0);
	return 0;
}

/**
 * qrng_source_configure() - set something of a source
 * @source: the source, with a reference
 * @config: what, and to which value; all of it or, with an error, nothing
 *
 * Another claim or alpha means another start-up test; other modules, and being enabled,
 * a restart as in qrng_source_restart(). What is set to the value it has changes nothing.
 *
 * Context: as qrng_source_call().
 * Return: 0; -EINVAL when none of the modules present would be left; -EOPNOTSUPP when the
 * hardware has no modules; or what qrng_source_call() returns.
 */
int qrng_source_configure(struct qrng_source *source, const struct qrng_source_config *config)
{
	return qrng_source_call(source, configure, (void *)config);
}

static int test(struct qrng_source *source, void *arg)
{
	switch (source->recovery.state) {
	case QRNG_RECOVERY_DISABLED:
		return -ESHUTDOWN;
	case QRNG_RECOVERY_STARTUP:
	case QRNG_RECOVERY_HEALTHY:
	case QRNG_RECOVERY_VALIDATING:
		break;
	default:
		return -EIO;
	}
	if (source->testing)
		return -EBUSY;
	source->testing = true;
	qrng_condition_arm(source);
	return 0;
}

/**
 * qrng_source_test() - begin a test on demand: the start-up test on noise read from now on
 * @source: the source, with a reference
 *
 * SP 800-90B 4.3. It stays in service meanwhile, out of its reserve; the noise of the test
 * serves no other purpose. The end is an event and a counter. A source that leaves
 * service before the end, for whatever reason but a new claim, has not passed.
 *
 * Context: as qrng_source_call().
 * Return: 0 when it has begun; -EBUSY when one is under way; -EIO when the source has
 * failed and not recovered; -ESHUTDOWN when it is disabled; or what qrng_source_call()
 * returns.
 */
int qrng_source_test(struct qrng_source *source)
{
	return qrng_source_call(source, test, NULL);
}

static int restart(struct qrng_source *source, void *arg)
{
	if (source->recovery.state == QRNG_RECOVERY_DISABLED)
		return -ESHUTDOWN;
	qrng_condition_restart(source, QRNG_REASON_OPERATOR);
	return 0;
}

/**
 * qrng_source_restart() - close the circuit: reset, start and test, without waiting
 * @source: the source, with a reference
 *
 * Modules that had failed are tried again.
 *
 * Context: as qrng_source_call().
 * Return: 0; -ESHUTDOWN when the source is disabled; or what qrng_source_call() returns.
 */
int qrng_source_restart(struct qrng_source *source)
{
	return qrng_source_call(source, restart, NULL);
}

/** struct switching - modules to be switched on, and off after that, and whether to restart */
struct switching {
	u32 on;
	u32 off;
	bool restart;
};

static int switch_modules(struct qrng_source *source, void *arg)
{
	const struct switching *wish = arg;
	struct qrng_source_modules *modules = &source->modules;
	bool disabled = source->recovery.state == QRNG_RECOVERY_DISABLED;
	u32 present = modules->present ?: modules->wanted;
	u32 was = disabled ? 0 : modules->wanted & present;
	u32 now = (was | wish->on) & ~wish->off & present;
	/* One that was switched off because it had failed is worth a try. */
	bool retry = wish->on & present & ~modules->working;

	if (now == was && !retry && !wish->restart)
		return 0;
	if (now) {
		WRITE_ONCE(modules->wanted, now | (modules->wanted & ~present));
		qrng_condition_enable(source, true);
		qrng_condition_restart(source, QRNG_REASON_OPERATOR);
	} else {
		qrng_condition_enable(source, false);
	}
	if (now != was)
		qrng_event_source(source, QRNG_EVENT_SOURCE_CONFIG, 0);
	return 0;
}

/**
 * qrng_source_switch() - switch some of a source's modules on or off
 * @source: the source, with a reference
 * @on: mask of those that shall work beside those that do
 * @off: mask of those that shall not
 *
 * The last one switched off disables the source; one switched on enables it. What is as
 * it should be stays untouched; all else is a restart as in qrng_source_restart().
 *
 * Context: as qrng_source_call().
 * Return: 0, or what qrng_source_call() returns.
 */
int qrng_source_switch(struct qrng_source *source, u32 on, u32 off)
{
	struct switching wish = { .on = on, .off = off };

	return qrng_source_call(source, switch_modules, &wish);
}

/**
 * qrng_source_restart_all() - as qrng_source_restart(), with all modules
 * @source: the source, with a reference; it is enabled if it was not
 *
 * Context: as qrng_source_call().
 * Return: 0, or what qrng_source_call() returns.
 */
int qrng_source_restart_all(struct qrng_source *source)
{
	struct switching wish = { .on = U32_MAX, .restart = true };

	return qrng_source_call(source, switch_modules, &wish);
}
