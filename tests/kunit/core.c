// SPDX-License-Identifier: GPL-2.0-only
/* The cases of tests/core as KUnit suites. */
#include <kunit/test.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "../../kmod/host.h"
#include "../core/cases.h"

module_param_named(spoil, case_spoil, bool, 0);
MODULE_PARM_DESC(spoil, "take every expected byte for another one: cases with bytes must fail");

static bool overrun;
module_param(overrun, bool, 0);
MODULE_PARM_DESC(overrun, "read a byte behind a buffer: KASAN must report it");

void case_report(struct qrng_case *c, const char *file, int line, const char *format, ...)
{
	struct va_format message;
	va_list args;

	va_start(args, format);
	message.fmt = format;
	message.va = &args;
	KUNIT_FAIL((struct kunit *)c->harness, "%s:%d: %pV", kbasename(file), line, &message);
	va_end(args);
}

static void run(struct kunit *test, void (*body)(struct qrng_case *c))
{
	struct qrng_case c = { .ctx_size = sizeof(struct qrng_host_ctx), .harness = test };
	size_t i;

	for (i = 0; i < CASE_CONTEXTS; i++) {
		c.ctx[i] = kunit_kzalloc(test, c.ctx_size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, c.ctx[i]);
	}
	body(&c);
	if (c.failures)
		kunit_info(test, "%u failures", c.failures);
}

#define RUN_CASE(name)                                                                             \
	static void name(struct kunit *test)                                                       \
	{                                                                                          \
		run(test, case_##name);                                                            \
	}
VECTOR_CASES(RUN_CASE)
CORE_CASES(RUN_CASE)

/* Proves that the sanitizer watches: harmless unless @overrun asks for it. */
static void kasan_watches(struct kunit *test)
{
	u8 *buffer = kunit_kzalloc(test, 16, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buffer);
	KUNIT_EXPECT_EQ(test, READ_ONCE(buffer[overrun ? 16 : 15]), 0);
}

#define LIST_CASE(name) KUNIT_CASE(name),
static struct kunit_case vectors[] = {
	VECTOR_CASES(LIST_CASE)
	{}
};

static struct kunit_case core[] = {
	CORE_CASES(LIST_CASE)
	KUNIT_CASE(kasan_watches),
	{}
};

static struct kunit_suite vector_suite = {
	.name = "qrng_vectors",
	.test_cases = vectors,
};

static struct kunit_suite core_suite = {
	.name = "qrng_core",
	.test_cases = core,
};

kunit_test_suites(&vector_suite, &core_suite);
