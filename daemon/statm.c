// SPDX-License-Identifier: MIT
#include "statm.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uint64_t qrngd_statm(enum qrngd_statm column)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[256] = "", *at = line;
	uint64_t pages = 0;
	unsigned int i;

	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	for (i = 0; i <= (unsigned int)column; i++)
		pages = strtoull(at, &at, 10);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
