// SPDX-License-Identifier: MIT
#include "errand.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "problem.h"
#include "server.h"

#define ANSWER_MAX (64 * 1024)

void qrngd_errands_init(struct qrngd_errands *errands)
{
	pthread_mutex_init(&errands->lock, NULL);
	errands->last = &errands->first;
}

static void free_errand(struct qrngd_errand *errand)
{
	free(errand->json.text);
	free(errand->body);
	free(errand);
}

/** struct qrngd_tie - from a request to its errand; lives in the request's pool */
struct qrngd_tie {
	struct qrngd_errand *errand;
};

static void dispose_tie(void *data)
{
	struct qrngd_tie *tie = data;

	if (tie->errand)
		tie->errand->gone = true;
}

static struct qrngd_errand *make(const struct qrngd_call *call)
{
	h2o_iovec_t entity = call->req->entity;
	struct qrngd_errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		return NULL;
	errand->call = *call;
	errand->len = entity.len;
	errand->body = malloc(entity.len + 1);
	errand->json.size = ANSWER_MAX;
	errand->json.text = malloc(ANSWER_MAX);
	if (!errand->body || !errand->json.text) {
		free_errand(errand);
		return NULL;
	}
	if (entity.len)
		memcpy(errand->body, entity.base, entity.len);
	return errand;
}

void qrngd_errand_send(const struct qrngd_call *call,
		       void (*run)(struct qrngd_server *server, struct qrngd_errand *errand))
{
	struct qrngd_server *server = call->worker->server;
	struct qrngd_errands *errands = &server->errands;
	struct qrngd_errand *errand = make(call);
	struct qrngd_call own = *call;

	if (!errand) {
		qrngd_problem_send(&own, 503, "out of memory");
		return;
	}
	errand->run = run;
	errand->tie = h2o_mem_alloc_shared(&call->req->pool, sizeof(*errand->tie), dispose_tie);
	errand->tie->errand = errand;
	pthread_mutex_lock(&errands->lock);
	*errands->last = errand;
	errands->last = &errand->next;
	pthread_mutex_unlock(&errands->lock);
	qrngd_server_call_main(server);
}

static struct qrngd_errand *take(struct qrngd_errands *errands)
{
	struct qrngd_errand *errand;

	pthread_mutex_lock(&errands->lock);
	errand = errands->first;
	if (errand)
		errands->first = errand->next;
	if (!errands->first)
		errands->last = &errands->first;
	pthread_mutex_unlock(&errands->lock);
	return errand;
}

void qrngd_errands_run(struct qrngd_server *server)
{
	struct qrngd_errand *errand;

	while ((errand = take(&server->errands))) {
		errand->run(server, errand);
		h2o_multithread_send_message(&errand->call.worker->receiver, &errand->message);
	}
}

/* The answer has to live as long as the request. */
static void answer(struct qrngd_errand *errand)
{
	struct qrngd_json json = errand->json;

	json.text = h2o_mem_alloc_shared(&errand->call.req->pool, json.len + 1, NULL);
	memcpy(json.text, errand->json.text, json.len);
	qrngd_answer_json(&errand->call, "application/json", &json);
}

void qrngd_errand_return(h2o_multithread_message_t *message)
{
	struct qrngd_errand *errand = H2O_STRUCT_FROM_MEMBER(struct qrngd_errand, message, message);

	if (!errand->gone) {
		errand->tie->errand = NULL;
		if (errand->status == 200)
			answer(errand);
		else
			qrngd_problem_send(&errand->call, errand->status, errand->detail);
	}
	free_errand(errand);
}
