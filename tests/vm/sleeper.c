// SPDX-License-Identifier: MIT
/*
 * sleeper: reads a device into memory of which all but the first page is not there yet, so that
 * the kernel sleeps half way through handing bytes over.
 *
 *   sleeper DEVICE GENERATOR wipe|keep
 *
 * GENERATOR is a number of enum qrng_generator_id. Prints "past HEX", the page that has arrived,
 * wipes it from its own memory, or keeps it, and prints "asleep". When a line comes in, it lets the
 * kernel go on, reads once more and prints "future HEX", the first page of that.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../uapi/qrng.h"

#define PAGE  4096
#define PAGES 4

static int device;
static unsigned char *room;
static char digits[2 * PAGE + 1];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void print_page(const char *name)
{
	for (size_t i = 0; i < PAGE; i++)
		sprintf(digits + 2 * i, "%02x", room[i]);
	printf("%s %s\n", name, digits);
	fflush(stdout);
}

static void *reader(void *unused)
{
	(void)unused;
	if (read(device, room, PAGES * PAGE) != PAGES * PAGE)
		fail("read");
	return NULL;
}

/* From now on, who touches a page but the first waits. */
static int hold_pages(void)
{
	struct uffdio_register range = {
		.range = { (unsigned long)room + PAGE, (PAGES - 1) * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_api api = { .api = UFFD_API };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &range))
		fail("userfaultfd");
	return fd;
}

static void wait_for_fault(int fd)
{
	struct uffd_msg event;

	if (read(fd, &event, sizeof(event)) != sizeof(event) ||
	    event.event != UFFD_EVENT_PAGEFAULT ||
	    (event.arg.pagefault.address & ~(PAGE - 1ull)) != (unsigned long)room + PAGE)
		fail("no fault on the second page");
}

static void give_pages(int fd)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)room + PAGE, (PAGES - 1) * PAGE },
	};

	if (ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		fail("UFFDIO_ZEROPAGE");
}

int main(int argc, char **argv)
{
	uint32_t generator = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	pthread_t thread;
	int faults;

	if (argc != 4) {
		fputs("usage: sleeper DEVICE GENERATOR wipe|keep\n", stderr);
		return 1;
	}
	device = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (device < 0 || ioctl(device, QRNG_IOC_SET_GENERATOR, &generator))
		fail(argv[1]);
	room = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		fail("mmap");
	room[0] = 0;
	faults = hold_pages();
	if (pthread_create(&thread, NULL, reader, NULL))
		fail("pthread_create");
	wait_for_fault(faults);
	print_page("past");
	if (strcmp(argv[3], "keep") != 0)
		explicit_bzero(room, PAGE);
	puts("asleep");
	fflush(stdout);
	getchar();
	give_pages(faults);
	pthread_join(thread, NULL);
	if (read(device, room, PAGES * PAGE) != PAGES * PAGE)
		fail("read");
	print_page("future");
	return 0;
}
