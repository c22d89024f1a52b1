// SPDX-License-Identifier: MIT
/* The start-up test on demand: asked for by a request, its result is an event. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../netlink/json.h"
#include "connect.h"
#include "output.h"
#include "qrngctl.h"
#include "source.h"

/* A card at its slowest gives the samples in less; whoever waits for one may be silent. */
#define RESULT_SECONDS	60

/** struct test - what is waited for */
struct test {
	const char *name;
	bool over;
	bool passed;
	bool removed;
};

static bool on_heard(enum heard heard, const struct record *event, void *data)
{
	struct test *test = data;
	const struct value *name;
	uint64_t kind;

	if (heard != HEARD_EVENT)
		return heard != HEARD_UNLOADED;
	name = record_value(&event_object, event, QRNG_A_EVENT_SOURCE);
	if (strcmp(name->text, test->name))
		return true;
	kind = record_value(&event_object, event, QRNG_A_EVENT_KIND)->number;
	test->passed = kind == QRNG_EVENT_TEST_PASSED;
	test->removed = kind == QRNG_EVENT_SOURCE_REMOVED;
	test->over = test->passed || test->removed || kind == QRNG_EVENT_TEST_FAILED;
	return !test->over;
}

static int report(const struct call *call, const struct test *test)
{
	const char *result = test->passed ? "passed" : test->removed ? "removed" : "failed";

	if (call->json) {
		fputs("{\"name\":", stdout);
		json_put_string(stdout, test->name);
		printf(",\"test\":\"%s\"}\n", result);
	} else {
		output_safe(stdout, test->name);
		printf(": test %s\n", result);
	}
	return test->passed ? QRNGCTL_OK : QRNGCTL_BAD_NEWS;
}

static int no_result(const struct test *test, int error)
{
	fputs("qrngctl: ", stderr);
	output_safe(stderr, test->name);
	if (error == -ETIMEDOUT)
		fprintf(stderr, ": no result of the test within %d s\n", RESULT_SECONDS);
	else
		fputs(": the module was unloaded before the test was over\n", stderr);
	return QRNGCTL_FAILED;
}

static int ask(const char *name)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct session session;
	struct nlmsghdr *nlh;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	nlh = session_request(&session, buffer, QRNG_CMD_SOURCE_TEST, NLM_F_ACK);
	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	ret = fetch_nothing(&session, nlh);
	if (ret)
		ret = source_complaint(&session, &source_object, name, ret);
	session_close(&session);
	return ret;
}

/** source_test_command() - test a source now, wait for the result */
int source_test_command(const struct call *call)
{
	struct test test = { .name = call->words[0] };
	struct listener listener;
	int ret, error;

	if (!source_name_ok(test.name))
		return QRNGCTL_USAGE;
	ret = connect_listener(&listener, on_heard, &test);
	if (ret)
		return ret;
	ret = ask(test.name);
	if (!ret) {
		error = connect_listen(&listener, RESULT_SECONDS * 1000);
		ret = test.over ? report(call, &test) : no_result(&test, error);
	}
	listener_close(&listener);
	return ret;
}
