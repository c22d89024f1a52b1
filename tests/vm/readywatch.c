// SPDX-License-Identifier: MIT
/*
 * readywatch PORT TEXT: listens to qrngd's events and asks for /readyz again and again, until an
 * event holds TEXT and the answer is another than at first. Prints when the event happened, when
 * it was heard and when /readyz had changed, in milliseconds since boot.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_MS 300000

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void die(const char *what)
{
	fprintf(stderr, "readywatch: %s: %s\n", what, strerror(errno));
	exit(125);
}

static int ask(int port, const char *request)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die("connect");
	if (write(fd, request, strlen(request)) != (ssize_t)strlen(request))
		die("write");
	return fd;
}

/* One connection for each, so that an answer ends where the stream does. */
static int ready_status(int port)
{
	int fd = ask(port, "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	char text[4096];
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += got;
	close(fd);
	text[len] = '\0';
	if (len < 12 || strncmp(text, "HTTP/1.1 ", 9))
		die("no answer of HTTP");
	return (int)strtol(text + 9, NULL, 10);
}

/* Return: when the event with @text happened, or 0: not among what came so far. */
static long long find_event(int fd, const char *text)
{
	static char seen[65536];
	static size_t len;
	ssize_t got = read(fd, seen + len, sizeof(seen) - 1 - len);
	const char *at, *time;

	if (got == 0 || (got < 0 && errno != EAGAIN))
		die("the events have ended");
	if (got > 0)
		len += got;
	seen[len] = '\0';
	at = strstr(seen, text);
	if (!at || !strchr(at, '\n'))
		return 0;
	while (at > seen && at[-1] != '\n')
		at--;
	time = strstr(at, "\"time_ms\":");
	return time ? strtoll(time + strlen("\"time_ms\":"), NULL, 10) : 0;
}

int main(int argc, char **argv)
{
	long long end = now_ms() + LIMIT_MS, event = 0, heard = 0, ready = 0;
	int events, first, port;

	if (argc != 3) {
		fputs("usage: readywatch PORT TEXT\n", stderr);
		return 125;
	}
	port = (int)strtol(argv[1], NULL, 10);
	events = ask(port, "GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n");
	fcntl(events, F_SETFL, O_NONBLOCK);
	first = ready_status(port);
	puts("watching");
	fflush(stdout);
	while ((!event || !ready) && now_ms() < end) {
		if (!ready && ready_status(port) != first)
			ready = now_ms();
		if (!event && (event = find_event(events, argv[2])))
			heard = now_ms();
	}
	printf("event=%lld heard=%lld ready=%lld\n", event, heard, ready);
	return event && ready ? 0 : 1;
}
