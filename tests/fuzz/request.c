// SPDX-License-Identifier: MIT
/*
 * Anything a client may send, to the daemon as it is: heads, queries, bodies, and the frames
 * of a WebSocket. It answers or closes; what it answers is HTTP, and its problems are JSON.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <jansson.h>

#include "command.h"
#include "engine.h"
#include "events.h"
#include "host_gcrypt.h"
#include "identity.h"
#include "options.h"
#include "require.h"
#include "router.h"
#include "server.h"

/* Enough of an answer that has no end, and of the wait for one that has a pace. */
#define ANSWER_MAX ((size_t)256 * 1024)
#define PATIENCE_MS 20
#define START_MS    10000

/* More than any input spells. */
#define REQUEST_MAX ((size_t)512 * 1024)

static const char websocket[] = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static char folder[] = "/tmp/qrngd-fuzz-XXXXXX";

/* The daemon is never stopped, and much of what it has is only known to its threads. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void *serve(void *arg)
{
	static struct qrngd_server server;
	static struct qrngd_events events;
	static struct qrngd_command command;
	static struct qrngd_options options;
	static char listen_at[sizeof(address.sun_path) + 8];
	char *argv[] = { "qrngd", "--engine", "embedded", "--threads", "1", "--http2", "off",
			 "--listen", listen_at, NULL };
	struct qrngd_identity identity;
	struct qrngd_engine *engine;
	struct qrngd_setup *setup;

	(void)arg;
	snprintf(listen_at, sizeof(listen_at), "unix:%s", address.sun_path);
	require(qrngd_command_parse(&command, 9, argv) == QRNGD_COMMAND_RUN);
	require(qrngd_options_load(&options, &command) == 0);
	require(qrngd_host_init(qrngd_server_generators(&options)) == 0);
	require(qrngd_identity_find(&identity, &options) == 0);
	qrngd_events_init(&events);
	setup = qrngd_setup_make(&options, NULL);
	require(setup);
	engine = qrngd_engine_open(&setup->options, &events);
	require(engine && qrngd_server_open(&server, &command, setup, engine, &events,
					    &identity) == 0);
	require(qrngd_engine_start(engine, &setup->options) == 0);
	require(qrngd_server_run(&server) == 0);
	return NULL;
}

static int connect_once(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	require(fd >= 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void remove_folder(void)
{
	unlink(address.sun_path);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	pthread_t thread;
	int fd, waited;

	(void)argc;
	(void)argv;
	require(mkdtemp(folder));
	atexit(remove_folder);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
	qrngd_server_block_signals();
	require(pthread_create(&thread, NULL, serve, NULL) == 0);
	for (waited = 0; (fd = connect_once()) < 0; waited++) {
		require(waited < START_MS);
		usleep(1000);
	}
	close(fd);
	return 0;
}

/* Who says no more has its say shut, so that half a request is known to be all of it. */
static void send_all(int fd, const uint8_t *data, size_t size)
{
	ssize_t sent;

	for (; size; data += sent, size -= (size_t)sent) {
		sent = send(fd, data, size, MSG_NOSIGNAL);
		if (sent < 0)
			break;
	}
	shutdown(fd, SHUT_WR);
}

/* Return: how much of an answer came until its end, or until nothing more comes soon. */
static size_t receive(int fd, char *answer)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t part;

	while (len < ANSWER_MAX && poll(&poller, 1, PATIENCE_MS) == 1) {
		part = recv(fd, answer + len, ANSWER_MAX - len, 0);
		if (part <= 0)
			break;
		len += (size_t)part;
	}
	answer[len] = '\0';
	return len;
}

static bool is_line(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return len;
}

/* Return: the body, or NULL where there is no head that is whole. */
static const char *check_head(const char *answer, int *status)
{
	const char *line = answer, *end;

	require(strncmp(answer, "HTTP/1.1 ", 9) == 0);
	*status = (int)strtol(answer + 9, NULL, 10);
	require(*status == 101 || (*status >= 200 && *status < 600));
	for (; strncmp(line, "\r\n", 2) != 0; line = end + 2) {
		end = strstr(line, "\r\n");
		if (!end)
			return NULL;
		/* Nothing of what was sent comes back as a line of its own. */
		require(is_line(line, (size_t)(end - line)));
		require(line == answer || memchr(line, ':', (size_t)(end - line)));
	}
	return line + 2;
}

static bool has_field(const char *head, const char *body, const char *field)
{
	const char *at = strcasestr(head, field);

	return at && at < body;
}

static void check_problem(const char *head, const char *body, int status)
{
	json_t *problem = json_loads(body, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, NULL);

	require(problem);
	require(json_integer_value(json_object_get(problem, "status")) == status);
	require(json_string_value(json_object_get(problem, "detail")));
	require(has_field(head, body, "\r\ncache-control: no-store\r\n"));
	json_decref(problem);
}

static void check_answer(const char *answer)
{
	const char *body;
	int status;

	body = check_head(answer, &status);
	if (!body)
		return;
	/* To HEAD comes a head alone, and the next answer behind it. */
	if (*body && strncmp(body, "HTTP/", 5) != 0 &&
	    has_field(answer, body, "\r\ncontent-type: application/problem+json\r\n"))
		check_problem(answer, body, status);
	if (status >= 400 && status != 503)
		require(!has_field(answer, body, "qrng-use: public"));
}

static const struct qrngd_route *any_route(unsigned int number)
{
	const struct qrngd_route *route = qrngd_router_at(number);

	return route ? route : qrngd_router_at(0);
}

/*
 * What chance would seldom find is a byte each: the daemon's paths, the parameters of the
 * path that came last, and words of the protocol. What comes behind an even first byte is
 * spelled so, the rest is sent as it is.
 */
static size_t spell(const uint8_t *data, size_t size, FILE *out)
{
	static const char *const words[] = {
		"GET ", "HEAD ", "POST ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "\r\n", "\r\n\r\n",
		" HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: ",
		"Transfer-Encoding: chunked\r\n",
		"Expect: 100-continue\r\n", "Connection: close\r\n", "Connection: Upgrade\r\n",
		websocket, "Upgrade: h2c\r\nHTTP2-Settings: AAAA\r\n", "&signed=1", "%", "\x81\x80",
	};
	const struct qrngd_route *route = any_route(0);
	size_t i;

	for (i = 0; i < size; i++) {
		if (data[i] >= 0x80) {
			route = any_route(data[i] - 0x80);
			fputs(route->path, out);
		} else if (data[i] >= 14 && data[i] < 32) {
			fputs(words[data[i] - 14], out);
		} else if (data[i] && data[i] < 9 && route->params[data[i] - 1].name) {
			fprintf(out, "%s=", route->params[data[i] - 1].name);
		} else {
			fputc(data[i], out);
		}
	}
	fflush(out);
	return (size_t)ftell(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char answer[ANSWER_MAX + 1];
	static uint8_t request[REQUEST_MAX];
	FILE *out;
	int fd;

	if (!size)
		return 0;
	if (data[0] % 2 == 0 && size < REQUEST_MAX / 128) {
		out = fmemopen(request, sizeof(request), "w");
		require(out);
		size = spell(data + 1, size - 1, out);
		fclose(out);
		data = request;
	}
	fd = connect_once();
	require(fd >= 0);
	send_all(fd, data, size);
	if (receive(fd, answer))
		check_answer(answer);
	close(fd);
	return 0;
}
