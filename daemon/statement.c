// SPDX-License-Identifier: MIT
#include "statement.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "json.h"
#include "log.h"
#include "logfile.h"
#include "problem.h"
#include "server.h"
#include "sign.h"

static struct qrngd_header statement_header = QRNGD_HEADER("qrng-statement", "QRNG-Statement");
static struct qrngd_header signature_header = QRNGD_HEADER("qrng-signature", "QRNG-Signature");

const char *const qrngd_no_yes[] = { "0", "1", NULL };

/* A statement with the names of all sources and a challenge that is escaped throughout. */
#define STATEMENT_MAX 4096

static const struct qrngd_value *signed_value(const struct qrngd_call *call)
{
	return &call->values[call->route->signed_at];
}

bool qrngd_statement_wanted(const struct qrngd_call *call)
{
	return call->route->signable && signed_value(call)->word;
}

bool qrngd_statement_consistent(struct qrngd_call *call)
{
	if (!call->route->signable || !signed_value(call)[1].given || signed_value(call)->word)
		return true;
	qrngd_problem_value(call, "challenge", "is for signed answers only", "with signed=1");
	return false;
}

static void put_time(struct qrngd_json *json)
{
	struct timespec now;
	struct tm parts;
	char text[40];
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &parts);
	len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text + len, sizeof(text) - len, ".%03ldZ", now.tv_nsec / 1000000);
	qrngd_json_word(json, "time", text);
}

static void write_statement(struct qrngd_call *call, struct qrngd_json *json, const uint8_t *body,
			    size_t len)
{
	const struct qrngd_value *challenge = signed_value(call) + 1;
	char digest[129];

	qrngd_sha512_text(body, len, digest);
	qrngd_json_open(json, NULL, '{');
	qrngd_json_word(json, "format", "qrng-statement-1");
	qrngd_json_word(json, "key", call->worker->setup->signer.id);
	put_time(json);
	qrngd_json_string(json, "request", call->req->path.base, call->req->path.len);
	qrngd_json_text(json, "challenge", challenge->text, challenge->len);
	qrngd_json_number(json, "bytes", len);
	qrngd_json_word(json, "sha512", digest);
	qrngd_answer_provenance(call, json);
	qrngd_json_close(json, '}');
}

static void add_encoded(struct qrngd_call *call, struct qrngd_header *header, const void *bytes,
			size_t len)
{
	char *text = qrngd_pool_alloc(&call->req->pool, (len + 2) / 3 * 4 + 1);

	qrngd_answer_header(call, header, text, h2o_base64_encode(text, bytes, len, 0));
}

static bool log_statement(const struct qrngd_setup *setup, const char *text, size_t len)
{
	char line[STATEMENT_MAX + 1];
	int err;

	if (setup->public_log < 0)
		return true;
	memcpy(line, text, len);
	line[len] = '\n';
	err = qrngd_logfile_append(setup->public_log, line, len + 1);
	if (err)
		qrngd_log("the log of public results cannot be written: %s", strerror(-err));
	return !err;
}

int qrngd_statement_add(struct qrngd_call *call, const uint8_t *body, size_t len)
{
	struct qrngd_json json = { .size = STATEMENT_MAX };
	uint8_t signature[QRNGD_SIGNATURE_SIZE];

	json.text = qrngd_pool_alloc(&call->req->pool, STATEMENT_MAX);
	write_statement(call, &json, body, len);
	if (json.full) {
		qrngd_problem_send(call, 414, "the request is too long to be signed");
		return -1;
	}
	if (qrngd_sign(&call->worker->setup->signer, json.text, json.len, signature) != 0) {
		qrngd_problem_send(call, 503, "out of memory");
		return -1;
	}
	if (!log_statement(call->worker->setup, json.text, json.len)) {
		qrngd_problem_send(call, 503, "public results cannot be logged now");
		return -1;
	}
	add_encoded(call, &statement_header, json.text, json.len);
	add_encoded(call, &signature_header, signature, sizeof(signature));
	return 0;
}
