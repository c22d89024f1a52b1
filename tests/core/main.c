// SPDX-License-Identifier: MIT
/* The cases under cmocka; with --spoilt those that then must fail. */
#include "../unit/suite.h"

#include "../unit/host.h"
#include "cases.h"

void case_report(struct qrng_case *c, const char *file, int line, const char *format, ...)
{
	va_list args;

	(void)c;
	printf("# %s:%d: ", file, line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

typedef void (*case_body)(struct qrng_case *c);

static void run(void **state)
{
	struct qrng_case c = { .ctx_size = sizeof(struct host_ctx) };
	size_t i;

	/* Each by itself, so that the sanitizer sees where one ends. */
	for (i = 0; i < CASE_CONTEXTS; i++)
		c.ctx[i] = calloc(1, c.ctx_size);
	(*(case_body *)*state)(&c);
	for (i = 0; i < CASE_CONTEXTS; i++)
		free(c.ctx[i]);
	if (c.failures)
		fail_msg("%u failures", c.failures);
}

#define BODY_OF_CASE(name) static case_body body_##name = case_##name;
VECTOR_CASES(BODY_OF_CASE)
CORE_CASES(BODY_OF_CASE)

#define LIST_CASE(name) { #name, run, NULL, NULL, &body_##name },
static const struct CMUnitTest vectors[] = { VECTOR_CASES(LIST_CASE) };
static const struct CMUnitTest core[] = { VECTOR_CASES(LIST_CASE) CORE_CASES(LIST_CASE) };

int main(int argc, char **argv)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	case_spoil = argc > 1 && !strcmp(argv[1], "--spoilt");
	if (case_spoil)
		return cmocka_run_group_tests(vectors, NULL, NULL);
	return cmocka_run_group_tests(core, NULL, NULL);
}
