// SPDX-License-Identifier: MIT
/*
 * windows: is a stretch of noise in these files more than once?
 *
 *   windows FILE...
 *
 * Takes all stretches of 8 bytes, wherever they begin, and prints "bytes=N repeated=N". Among
 * random bytes of some MB no stretch comes twice by chance, so any that does was handed out twice.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct windows {
	uint64_t *all;
	size_t count, room, bytes;
};

static int add(struct windows *windows, uint64_t window)
{
	if (windows->count == windows->room) {
		size_t room = windows->room ? 2 * windows->room : 65536;
		uint64_t *all = realloc(windows->all, room * sizeof(*all));

		if (!all)
			return -1;
		windows->all = all;
		windows->room = room;
	}
	windows->all[windows->count++] = window;
	return 0;
}

static int add_file(struct windows *windows, const char *path)
{
	FILE *file = fopen(path, "r");
	uint64_t window = 0;
	int byte, ret = 0;
	size_t seen = 0;

	if (!file)
		return -1;
	while (!ret && (byte = getc(file)) != EOF) {
		window = window << 8 | (unsigned int)byte;
		if (++seen >= sizeof(window))
			ret = add(windows, window);
	}
	if (ferror(file))
		ret = -1;
	fclose(file);
	windows->bytes += seen;
	return ret;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static size_t repeated(struct windows *windows)
{
	size_t i, found = 0;

	if (windows->count)
		qsort(windows->all, windows->count, sizeof(*windows->all), compare);
	for (i = 1; i < windows->count; i++)
		found += windows->all[i] == windows->all[i - 1];
	return found;
}

int main(int argc, char **argv)
{
	struct windows windows = {0};
	int i;

	if (argc < 2) {
		fputs("usage: windows FILE...\n", stderr);
		return 1;
	}
	for (i = 1; i < argc; i++) {
		if (add_file(&windows, argv[i])) {
			fprintf(stderr, "windows: %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
	}
	printf("bytes=%zu repeated=%zu\n", windows.bytes, repeated(&windows));
	free(windows.all);
	return 0;
}
