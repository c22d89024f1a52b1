// SPDX-License-Identifier: MIT
/* The key that verifies signed answers. */
#include "api.h"

#include <string.h>

#include "answer.h"
#include "server.h"

#define KEYS_MAX 1024

static void handle_keys(struct qrngd_call *call)
{
	const struct qrngd_signer *signer = &call->worker->setup->signer;
	struct qrngd_json json = { .size = KEYS_MAX };
	char pem[256];

	json.text = qrngd_pool_alloc(&call->req->pool, KEYS_MAX);
	qrngd_signer_pem(signer, pem, sizeof(pem));
	qrngd_json_open(&json, NULL, '{');
	qrngd_json_open(&json, "keys", '[');
	qrngd_json_open(&json, NULL, '{');
	qrngd_json_word(&json, "id", signer->id);
	qrngd_json_word(&json, "algorithm", "Ed25519");
	qrngd_json_plain(&json, "ephemeral", signer->ephemeral ? "true" : "false");
	qrngd_json_word(&json, "pem", pem);
	qrngd_json_close(&json, '}');
	qrngd_json_close(&json, ']');
	qrngd_json_close(&json, '}');
	qrngd_answer_json(call, "application/json", &json);
}

const struct qrngd_route qrngd_routes_keys[] = {
	{
		.path = "/v1/keys",
		.open = true,
		.group = "State",
		.summary = "The public key that verifies signed answers.",
		.type = "application/json",
		.handle = handle_keys,
	},
	{ 0 },
};
