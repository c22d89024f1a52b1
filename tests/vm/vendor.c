// SPDX-License-Identifier: MIT
/*
 * vendor: does with /dev/qrandomN, call by call, what the vendor's library (version 20.2) does, so
 * that a program linked with that would see what is printed here.
 *
 *   vendor count                  nodes in /dev whose name begins with "qrandom"
 *   vendor info N                 all the library can tell of card N
 *   vendor reset N                resets it, and reads 4 bytes at once
 *   vendor enable|disable N MASK  modules of it
 *   vendor restart N MASK         disables and enables modules of it
 *   vendor clear N                the flag that asks for the start-up tests of AIS 31
 *   vendor read N BYTES [FILE]    16 MiB at most, by as many read() as it takes
 *
 * Prints NAME=VALUE for each call, an error as the library's number. Beside the library:
 *
 *   vendor ioctl N NUMBER         with a pointer to nowhere: prints ok or errno=NAME
 *   vendor alarm N BYTES          one read() while signals come: prints bytes=N or errno=NAME
 *   vendor hold N                 opens it, waits for the end of stdin, and then tries each ioctl
 *                                 and a read: prints ok or errno=NAME
 *
 * The numbers are written out here: they are what programs were compiled with.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#define DRIVER_VERSION	0x80047100
#define CARDS		0x80047101
#define MODULES_MASK	0x80047102
#define BOARD_VERSION	0x80047103
#define BOARD_RESET	0x00007104
#define ENABLE		0x40047105
#define DISABLE		0x40047106
#define MODULES_STATUS	0x80047108
#define BUS_DEVICE	0x80047109
#define AIS31_FLAG	0x8004710a
#define AIS31_CLEAR	0x4004710b
#define SERIAL		0x8100710c

enum error {
	ERROR_NONE = 0,
	ERROR_DRIVER = -101,
	ERROR_SIZE = -103,
	ERROR_IO = -107,
	ERROR_STATUS = -110,
};

#define READ_MAX	(16 << 20)
#define MODULE_RATE	500000
#define MODULES_MAX	4

static int print_errno(void)
{
	printf("errno=%s\n", strerrorname_np(errno));
	return 0;
}

static int open_card(long number)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/qrandom%ld", number);
	return open(path, O_RDONLY);
}

/* Each call opens the card, does one thing and closes it. */
static int card_ioctl(long number, unsigned int command, void *argument)
{
	int fd = open_card(number), ret;

	if (fd < 0)
		return ERROR_DRIVER;
	ret = ioctl(fd, (int)command, argument);
	close(fd);
	return ret < 0 ? ERROR_IO : ERROR_NONE;
}

static int card_number(long number, unsigned int command)
{
	int value = 0, ret = card_ioctl(number, command, &value);

	return ret ? ret : value;
}

static int count_cards(void)
{
	DIR *folder = opendir("/dev");
	const struct dirent *entry;
	int count = 0;

	if (!folder)
		return print_errno();
	while ((entry = readdir(folder)))
		count += !strncmp(entry->d_name, "qrandom", 7);
	closedir(folder);
	printf("count=%d\n", count);
	return 0;
}

static int modules_count(int mask)
{
	int module, count = 0;

	for (module = 0; module < MODULES_MAX; module++)
		count += mask >> module & 1;
	return count;
}

static int info(long number)
{
	char serial[256] = "";
	int mask = card_number(number, MODULES_MASK);

	printf("driver=%.1f\n", card_number(0, DRIVER_VERSION) / 10.0);
	/* Older versions of the library count so. */
	printf("cards=%d\n", card_number(0, CARDS));
	printf("board=%#x\n", (unsigned int)card_number(number, BOARD_VERSION));
	printf("mask=%d status=%d\n", mask, card_number(number, MODULES_STATUS));
	printf("modules=%d rate=%d\n", modules_count(mask), MODULE_RATE * modules_count(mask));
	printf("address=%#x\n", (unsigned int)card_number(number, BUS_DEVICE));
	printf("ais31=%d\n", card_number(number, AIS31_FLAG));
	printf("serial=%s\n",
	       card_ioctl(number, SERIAL, serial) ? "error" : serial);
	return 0;
}

/* The library never learns that a read of 0 bytes may end: it would go on for ever. */
static int read_all(int fd, char *buffer, size_t size)
{
	size_t done = 0;
	ssize_t got;

	while (done < size) {
		got = read(fd, buffer + done, size - done);
		if (got < 0 && errno != EINTR)
			return ERROR_IO;
		if (!got) {
			puts("a read gave 0 bytes");
			exit(1);
		}
		if (got > 0)
			done += got;
	}
	return (int)done;
}

static int card_read(long number, char *buffer, size_t size)
{
	int fd, ret;

	if (size > READ_MAX)
		return ERROR_SIZE;
	ret = card_number(number, MODULES_STATUS);
	if (ret <= 0)
		return ret ? ret : ERROR_STATUS;
	fd = open_card(number);
	if (fd < 0)
		return ERROR_DRIVER;
	ret = read_all(fd, buffer, size);
	close(fd);
	return ret;
}

static int save(const char *path, const char *buffer, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return print_errno();
	if (fwrite(buffer, 1, size, file) != size || fclose(file))
		return print_errno();
	return 0;
}

static int read_card(long number, const char *bytes, const char *path)
{
	size_t size = strtoul(bytes, NULL, 0);
	char *buffer = calloc(1, size + 1);
	int ret;

	if (!buffer)
		return print_errno();
	ret = card_read(number, buffer, size);
	printf("read=%d\n", ret);
	if (ret > 0 && path)
		save(path, buffer, ret);
	free(buffer);
	return 0;
}

static int reset(long number)
{
	char buffer[4];

	printf("reset=%d\n", card_ioctl(number, BOARD_RESET, NULL));
	printf("read=%d\n", card_read(number, buffer, sizeof(buffer)));
	return 0;
}

static int switch_modules(long number, unsigned int command, const char *mask)
{
	int value = (int)strtol(mask, NULL, 0);

	printf("%s=%d\n", command == ENABLE ? "enable" : "disable",
	       card_ioctl(number, command, &value));
	return 0;
}

static int try(int fd, unsigned int command, void *argument)
{
	if (ioctl(fd, (int)command, argument) < 0)
		return print_errno();
	puts("ok");
	return 0;
}

static int try_ioctl(long number, const char *command)
{
	int fd = open_card(number);

	if (fd < 0)
		return print_errno();
	return try(fd, strtoul(command, NULL, 0), (void *)16);
}

static void on_alarm(int number)
{
	(void)number;
}

static int alarmed(long number, const char *bytes)
{
	static const struct itimerval often = { { 0, 200000 }, { 0, 200000 } };
	struct sigaction action = { .sa_handler = on_alarm };
	size_t size = strtoul(bytes, NULL, 0);
	int fd = open_card(number);
	ssize_t got = -1;
	char *buffer;

	if (fd < 0 || sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &often, NULL))
		return print_errno();
	buffer = malloc(size + 1);
	if (buffer)
		got = read(fd, buffer, size);
	free(buffer);
	if (got < 0)
		return print_errno();
	printf("bytes=%zd\n", got);
	return 0;
}

static int hold(long number)
{
	static const unsigned int commands[] = {
		DRIVER_VERSION, CARDS, MODULES_MASK, BOARD_VERSION, BOARD_RESET, ENABLE, DISABLE,
		MODULES_STATUS, BUS_DEVICE, AIS31_FLAG, AIS31_CLEAR, SERIAL,
	};
	char buffer[256] = "";
	int fd = open_card(number);
	size_t i;

	if (fd < 0)
		return print_errno();
	while (getchar() != EOF)
		;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		try(fd, commands[i], buffer);
	if (read(fd, buffer, 4) < 0)
		return print_errno();
	puts("ok");
	return 0;
}

static int usage(void)
{
	fputs("usage: vendor count | info|reset|clear|hold N | enable|disable|restart N MASK |\n"
	      "       read N BYTES [FILE] | ioctl N NUMBER | alarm N BYTES\n", stderr);
	return 1;
}

static int run_plain(const char *action, long number)
{
	if (!strcmp(action, "info"))
		return info(number);
	if (!strcmp(action, "reset"))
		return reset(number);
	if (!strcmp(action, "hold"))
		return hold(number);
	if (strcmp(action, "clear"))
		return usage();
	printf("clear=%d\n", card_ioctl(number, AIS31_CLEAR, NULL));
	return 0;
}

static int run_argument(const char *action, long number, const char *argument, const char *path)
{
	if (!strcmp(action, "read"))
		return read_card(number, argument, path);
	if (!strcmp(action, "enable"))
		return switch_modules(number, ENABLE, argument);
	if (!strcmp(action, "disable"))
		return switch_modules(number, DISABLE, argument);
	if (!strcmp(action, "restart"))
		return switch_modules(number, DISABLE, argument) ||
		       switch_modules(number, ENABLE, argument);
	if (!strcmp(action, "ioctl"))
		return try_ioctl(number, argument);
	if (!strcmp(action, "alarm"))
		return alarmed(number, argument);
	return usage();
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "count"))
		return count_cards();
	if (argc == 3)
		return run_plain(argv[1], strtol(argv[2], NULL, 10));
	if (argc == 4 || argc == 5)
		return run_argument(argv[1], strtol(argv[2], NULL, 10), argv[3],
				    argc == 5 ? argv[4] : NULL);
	return usage();
}
