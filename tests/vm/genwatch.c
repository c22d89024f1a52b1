// SPDX-License-Identifier: MIT
/*
 * genwatch PORT MOVES: asks qrngd for bytes again and again, over several connections, until it has
 * seen the generation move so often. Each answer must name a generation that is not older than
 * the one which the page of /dev/qrng_drbg showed before the request was sent. Prints answers=N
 * moves=M stale=K.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../uapi/qrng.h"

/* So many that each thread of the daemon has some. */
#define CONNECTIONS 8

static void die(const char *what)
{
	fprintf(stderr, "genwatch: %s: %s\n", what, strerror(errno));
	exit(125);
}

static int dial(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die("connect");
	return fd;
}

static const struct qrng_generation_page *map_page(void)
{
	int fd = open("/dev/" QRNG_DRBG_DEVICE, O_RDONLY);
	void *page;

	if (fd < 0)
		die("/dev/" QRNG_DRBG_DEVICE);
	page = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		die("mmap");
	close(fd);
	return page;
}

/* Return: the generation of the answer; an answer without one is none we can go on from. */
static unsigned long long ask(int fd)
{
	static const char request[] = "GET /v1/random?bytes=16 HTTP/1.1\r\nHost: a\r\n\r\n";
	char text[4096], *end, *header;
	size_t len = 0;
	ssize_t got;

	if (write(fd, request, sizeof(request) - 1) != sizeof(request) - 1)
		die("write");
	do {
		got = read(fd, text + len, sizeof(text) - 1 - len);
		if (got <= 0)
			die("read");
		len += got;
		text[len] = '\0';
		end = memmem(text, len, "\r\n\r\n", 4);
	} while (!end || len < (size_t)(end - text) + 4 + 16);
	*end = '\0';
	header = strcasestr(text, "\r\nQRNG-Generation: ");
	if (strncmp(text, "HTTP/1.1 200", 12) || !header)
		die(text);
	return strtoull(strchr(header, ':') + 1, NULL, 10);
}

int main(int argc, char **argv)
{
	unsigned long long wanted, before, seen, answers = 0, moves = 0, stale = 0;
	const struct qrng_generation_page *page;
	int fds[CONNECTIONS], i;

	if (argc != 3) {
		fputs("usage: genwatch PORT MOVES\n", stderr);
		return 125;
	}
	wanted = strtoull(argv[2], NULL, 10);
	page = map_page();
	seen = *(const volatile __u64 *)&page->generation;
	for (i = 0; i < CONNECTIONS; i++)
		fds[i] = dial((int)strtol(argv[1], NULL, 10));
	while (moves < wanted) {
		for (i = 0; i < CONNECTIONS; i++) {
			before = *(const volatile __u64 *)&page->generation;
			moves += before != seen;
			seen = before;
			stale += ask(fds[i]) < before;
			answers++;
		}
	}
	printf("answers=%llu moves=%llu stale=%llu\n", answers, moves, stale);
	return stale != 0;
}
