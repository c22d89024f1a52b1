// SPDX-License-Identifier: MIT
/*
 * barloop: what the way to a card's registers carries at most.
 *
 *   barloop RESOURCE OFFSET READS
 *
 * Maps a PCI resource file, reads the 32-bit register at OFFSET as often as it is told in a
 * tight loop, and prints "us=N": the time it took in microseconds. The kernel must have been
 * booted with iomem=relaxed for a resource that a driver has claimed.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	volatile uint32_t *registers;
	unsigned long offset, reads;
	int64_t begin;
	int fd;

	if (argc != 4) {
		fputs("usage: barloop RESOURCE OFFSET READS\n", stderr);
		return 1;
	}
	offset = strtoul(argv[2], NULL, 0);
	reads = strtoul(argv[3], NULL, 0);
	fd = open(argv[1], O_RDWR | O_SYNC | O_CLOEXEC);
	registers = fd < 0 ? MAP_FAILED :
			     mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);
	if (registers == MAP_FAILED) {
		perror(argv[1]);
		return 1;
	}
	begin = now_us();
	while (reads--)
		(void)registers[offset / sizeof(*registers)];
	printf("us=%lld\n", (long long)(now_us() - begin));
	return 0;
}
