/* SPDX-License-Identifier: MIT */
/*
 * What a request asks of the main thread, which alone changes the daemon and the module.
 * The request waits, and its thread goes on with others.
 */
#ifndef QRNGD_ERRAND_H
#define QRNGD_ERRAND_H

#include <pthread.h>

#include "json.h"
#include "router.h"

/* What fits in a problem document. */
#define QRNGD_ERRAND_DETAIL 1024

struct qrngd_server;
struct qrngd_tie;

/**
 * struct qrngd_errand - one of them
 * @message: brings it back to its thread
 * @next: in the list of those to be run
 * @call: the request
 * @tie: leads from the request to this; only its own thread looks at it and at @gone
 * @gone: the client went
 * @run: what is to be done; fills in @status and either of @detail and @json
 * @body: the request's
 * @len: bytes of @body
 * @status: of the answer
 * @detail: what went wrong, when @status is not 200
 * @json: the answer when it is
 */
struct qrngd_errand {
	h2o_multithread_message_t message;
	struct qrngd_errand *next;
	struct qrngd_call call;
	struct qrngd_tie *tie;
	bool gone;
	void (*run)(struct qrngd_server *server, struct qrngd_errand *errand);
	char *body;
	size_t len;
	int status;
	char detail[QRNGD_ERRAND_DETAIL];
	struct qrngd_json json;
};

/**
 * struct qrngd_errands - those that wait to be run
 * @lock: for the list
 * @first: the next to be run
 * @last: where the next one is put
 */
struct qrngd_errands {
	pthread_mutex_t lock;
	struct qrngd_errand *first;
	struct qrngd_errand **last;
};

/** qrngd_errands_init() - start with none */
void qrngd_errands_init(struct qrngd_errands *errands);

/**
 * qrngd_errand_send() - have something done by the main thread
 * @call: the request; not to be touched any more by whoever calls this
 * @run: what
 */
void qrngd_errand_send(const struct qrngd_call *call,
		       void (*run)(struct qrngd_server *server, struct qrngd_errand *errand));

/**
 * qrngd_errands_run() - run all that wait; for the main thread
 * @server: the server
 */
void qrngd_errands_run(struct qrngd_server *server);

/**
 * qrngd_errand_return() - answer a request whose errand is done; for its own thread
 * @message: of the errand
 */
void qrngd_errand_return(h2o_multithread_message_t *message);

#endif /* QRNGD_ERRAND_H */
