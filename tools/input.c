// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "output.h"

static void *complain(const char *path, const char *what)
{
	fputs("qrngctl: ", stderr);
	output_safe(stderr, path);
	fprintf(stderr, ": %s\n", what);
	return NULL;
}

/* One byte more than is allowed is asked for, to see whether there is one. */
static uint8_t *read_whole(FILE *file, const char *path, size_t max, size_t *len)
{
	uint8_t *bytes = malloc(max + 1);

	if (!bytes)
		return complain(path, "out of memory");
	*len = fread(bytes, 1, max + 1, file);
	if (!ferror(file) && *len <= max)
		return bytes;
	complain(path, ferror(file) ? strerror(errno) : "is longer than what it should be");
	free(bytes);
	return NULL;
}

/**
 * input_read() - read a file
 * @path: its name, or "-" for stdin
 * @max: the most bytes it may have
 * @len: how many it has
 *
 * Return: the bytes, to be freed; NULL after stderr was told why not.
 */
uint8_t *input_read(const char *path, size_t max, size_t *len)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	uint8_t *bytes;

	if (!file)
		return complain(path, strerror(errno));
	bytes = read_whole(file, path, max, len);
	if (file != stdin)
		fclose(file);
	return bytes;
}
