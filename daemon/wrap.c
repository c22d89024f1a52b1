// SPDX-License-Identifier: MIT
#include "wrap.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WIDTH 88

void qrngd_wrap(const char *text, int column, const char *prefix)
{
	bool first = true;

	while (*text) {
		int len = (int)strcspn(text, " ");

		if (!first && column + 1 + len > WIDTH) {
			printf("\n%s", prefix);
			column = (int)strlen(prefix);
			first = true;
		}
		column += printf("%s%.*s", first ? "" : " ", len, text);
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	putchar('\n');
}
