// SPDX-License-Identifier: MIT
/*
 * constant [THREADS]: what libh2o alone costs. Reads headers from standard input, NAME: VALUE
 * with the name in lower case, up to an empty line; prints the port it listens on at
 * 127.0.0.1. Any path that ends with =N is answered with these headers and N bytes that are
 * always the same, long ones in pieces of the size that qrngd uses. Ends when standard input
 * does.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "h2o_compat.h"

#define PIECE	    131072
#define BACKLOG	    4096
#define HEADERS_MAX 64

/** struct body - what is left of an answer */
struct body {
	h2o_generator_t generator;
	size_t left;
};

/** struct loop - one thread */
struct loop {
	h2o_context_t ctx;
	h2o_accept_ctx_t accept;
	int fd;
};

static char bytes[PIECE];
static h2o_globalconf_t config;

/** struct header - one header of all answers */
struct header {
	const h2o_token_t *token; /* of those that the library knows */
	h2o_iovec_t name;
	h2o_iovec_t value;
};

static struct header headers[HEADERS_MAX];
static size_t header_count;

static void add_header(h2o_req_t *req, const struct header *header)
{
	if (header->token)
		h2o_add_header(&req->pool, &req->res.headers, header->token, NULL,
			       header->value.base, header->value.len);
	else
		h2o_add_header_by_str(&req->pool, &req->res.headers, header->name.base,
				      header->name.len, 0, NULL, header->value.base,
				      header->value.len);
}

static void add_headers(h2o_req_t *req)
{
	size_t i;

	for (i = 0; i < header_count; i++)
		add_header(req, &headers[i]);
}

static void proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct body *body = H2O_STRUCT_FROM_MEMBER(struct body, generator, generator);
	h2o_iovec_t part = h2o_iovec_init(bytes, body->left < PIECE ? body->left : PIECE);

	body->left -= part.len;
	h2o_send(req, &part, 1, body->left ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}

static int on_request(h2o_handler_t *self, h2o_req_t *req)
{
	struct body *body = qrngd_pool_alloc(&req->pool, sizeof(*body));
	const char *number;

	(void)self;
	*body = (struct body){ .generator.proceed = proceed };
	number = memrchr(req->path.base, '=', req->path.len);
	body->left = number ? strtoull(number + 1, NULL, 10) : 0;
	req->res.status = 200;
	req->res.reason = "OK";
	req->res.content_length = body->left;
	add_headers(req);
	h2o_start_response(req, &body->generator);
	proceed(&body->generator, req);
	return 0;
}

static void on_connection(h2o_socket_t *listener, const char *err)
{
	struct loop *loop = listener->data;
	h2o_socket_t *socket = err ? NULL : h2o_evloop_socket_accept(listener);

	if (socket)
		h2o_accept(&loop->accept, socket);
}

static void *run(void *arg)
{
	struct loop *loop = arg;
	h2o_socket_t *listener;

	h2o_context_init(&loop->ctx, h2o_evloop_create(), &config);
	loop->accept.ctx = &loop->ctx;
	loop->accept.hosts = config.hosts;
	listener = h2o_evloop_socket_create(loop->ctx.loop, loop->fd, H2O_SOCKET_FLAG_DONT_READ);
	listener->data = loop;
	h2o_socket_read_start(listener, on_connection);
	for (;;)
		h2o_evloop_run(loop->ctx.loop, INT32_MAX);
	return NULL;
}

static void fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static int listen_at(struct sockaddr_in *address)
{
	socklen_t len = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)address, sizeof(*address)) != 0 ||
	    listen(fd, BACKLOG) != 0 || getsockname(fd, (struct sockaddr *)address, &len) != 0)
		fail("constant: listen");
	return fd;
}

static void read_headers(void)
{
	char line[1024], *value;

	while (header_count < HEADERS_MAX && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		value = strstr(line, ": ");
		if (!value)
			break;
		headers[header_count++] = (struct header){
			.token = h2o_lookup_token(line, (size_t)(value - line)),
			.name = h2o_strdup(NULL, line, (size_t)(value - line)),
			.value = h2o_strdup(NULL, value + 2, SIZE_MAX),
		};
	}
}

static void configure(void)
{
	h2o_hostconf_t *host;

	h2o_config_init(&config);
	config.server_name = h2o_iovec_init(H2O_STRLIT("qrngd"));
	qrngd_h2o_no_write_timeout(&config);
	host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	h2o_create_handler(h2o_config_register_path(host, "/", 0), sizeof(h2o_handler_t))->on_req =
		on_request;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	long threads = argc > 1 ? strtol(argv[1], NULL, 10) : 1, i;

	signal(SIGPIPE, SIG_IGN);
	read_headers();
	configure();
	for (i = 0; i < threads; i++) {
		struct loop *loop = calloc(1, sizeof(*loop));
		pthread_t thread;

		if (!loop)
			fail("constant");
		loop->fd = listen_at(&address);
		if (pthread_create(&thread, NULL, run, loop) != 0)
			fail("constant: thread");
	}
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	while (getchar() != EOF)
		continue;
	return EXIT_SUCCESS;
}
