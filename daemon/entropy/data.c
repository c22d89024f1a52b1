// SPDX-License-Identifier: MIT
/* The paths on which entropy-service has bytes, beside /v1/random. */
#include "api/api.h"
#include "api/random.h"
#include "telemetry.h"

#define TEST_MAX (1 << 20)
#define DATA_MAX (1 << 25)

/* Milliseconds. */
#define REFRESH_MAX 60000

static void handle_data(struct qrngd_call *call)
{
	qrngd_telemetry_add(call);
	qrngd_telemetry_add_percent(call);
	qrngd_random_answer(call);
}

static void handle_test(struct qrngd_call *call)
{
	qrngd_telemetry_metric(call, "random-data", true);
	qrngd_random_answer(call);
}

const struct qrngd_route qrngd_routes_entropy_data[] = {
	{
		.path = "/v1/test",
		.group = "entropy-service",
		.summary = "Random bytes, like any others here.",
		.type = "application/octet-stream",
		.handle = handle_test,
		.params = { QRNGD_PARAM_INTEGER("bytes", 1, TEST_MAX, 1024, "how many bytes") },
	},
	{
		.path = "/v1/data/random",
		.group = "entropy-service",
		.summary = "Random bytes, with what entropy-service tells of its generator.",
		.type = "application/octet-stream",
		.handle = handle_data,
		.params = {
			QRNGD_PARAM_INTEGER("bytes", 1, DATA_MAX, 65536, "how many bytes"),
			QRNGD_PARAM_INTEGER("refresh", 1, REFRESH_MAX, 1000,
					    "how often entropy-client means to ask, in "
					    "milliseconds; changes nothing"),
		},
	},
	{
		.path = "/v1/data/test",
		.group = "entropy-service",
		.summary = "Random bytes, like any others here.",
		.type = "application/octet-stream",
		.handle = handle_test,
		.params = { QRNGD_PARAM_INTEGER("bytes", 1, DATA_MAX, 1024, "how many bytes") },
	},
	{ 0 },
};
