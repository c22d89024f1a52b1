/* SPDX-License-Identifier: MIT */
/*
 * What every suite needs: cmocka with the headers it wants before its own, its
 * results as TAP.
 */
#ifndef _QRNG_TESTS_SUITE_H
#define _QRNG_TESTS_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A diagnostic line. */
#define diag(...) print_message("# " __VA_ARGS__)

/* The main() of a suite, with the tests of the array @tests. */
#define SUITE(tests)                                                                               \
	int main(void)                                                                             \
	{                                                                                          \
		cmocka_set_message_output(CM_OUTPUT_TAP);                                          \
		return cmocka_run_group_tests(tests, NULL, NULL);                                  \
	}

#endif /* _QRNG_TESTS_SUITE_H */
