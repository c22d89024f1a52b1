// SPDX-License-Identifier: MIT
/* Signed answers, verified without asking anybody. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../netlink/json.h"
#include "input.h"
#include "output.h"
#include "proof.h"
#include "qrngctl.h"
#include "verify.h"

#define KEY_FILE_MAX	((size_t)64 * 1024)

static int read_keys(const char *path, struct pubkeys *keys)
{
	uint8_t *text;
	size_t len;
	bool done;

	if (!path) {
		fputs("qrngctl: a public key is needed: -k FILE; see qrngctl --help\n", stderr);
		return QRNGCTL_USAGE;
	}
	text = input_read(path, KEY_FILE_MAX, &len);
	if (!text)
		return QRNGCTL_FAILED;
	done = pubkeys_parse((const char *)text, len, keys);
	free(text);
	if (done)
		return QRNGCTL_OK;
	fputs("qrngctl: ", stderr);
	output_safe(stderr, path);
	fputs(": holds no Ed25519 public key; allowed are PEM, what /v1/keys gives, or 32 bytes in "
	      "hexadecimal or base64\n", stderr);
	return QRNGCTL_FAILED;
}

static void print_said(const struct proof *proof, const char *label, const char *member)
{
	printf("  %-11s ", label);
	output_safe(stdout, proof_text(proof, member));
	putchar('\n');
}

static void report_good(const struct proof *proof, int64_t age_ms)
{
	json_t *provenance = json_object_get(proof->said, "provenance");
	char *text = json_dumps(provenance, JSON_COMPACT | JSON_ENSURE_ASCII);

	printf("verified: %zu bytes, signed %" PRId64 " s ago\n", proof->body_len, age_ms / 1000);
	print_said(proof, "time", "time");
	print_said(proof, "key", "key");
	print_said(proof, "request", "request");
	print_said(proof, "challenge", "challenge");
	printf("  %-11s %s\n", "provenance", text ? text : "");
	free(text);
}

static void report_json(const struct proof *proof, enum flaw flaw, int64_t age_ms)
{
	char *text;

	if (flaw) {
		printf("{\"verified\":false,\"flaw\":\"%s\",\"detail\":", proof_flaw(flaw));
		json_put_string(stdout, proof->detail);
		puts("}");
		return;
	}
	text = json_dumps(proof->said, JSON_COMPACT | JSON_ENSURE_ASCII);
	printf("{\"verified\":true,\"age_ms\":%" PRId64 ",\"statement\":%s}\n", age_ms,
	       text ? text : "null");
	free(text);
}

static int report(const struct call *call, const struct proof *proof, enum flaw flaw,
		  int64_t now_ms)
{
	int64_t age_ms = now_ms - proof->time_ms;

	if (call->json)
		report_json(proof, flaw, age_ms);
	else if (flaw)
		printf("not verified: %s\n", proof->detail);
	else
		report_good(proof, age_ms);
	return flaw ? QRNGCTL_BAD_NEWS : QRNGCTL_OK;
}

/** struct answer - head and body in one, or each for itself */
struct answer {
	char *whole;
	char *body;
	size_t whole_len;
	size_t body_len;
};

static bool read_answer(const struct call *call, struct answer *answer)
{
	const char *path = call->count ? call->words[0] : "-";

	answer->body = NULL;
	answer->whole = (char *)input_read(path, PROOF_HEAD_MAX + PROOF_BODY_MAX,
					   &answer->whole_len);
	if (!answer->whole || call->count < 2)
		return answer->whole;
	answer->body = (char *)input_read(call->words[1], PROOF_BODY_MAX, &answer->body_len);
	if (answer->body)
		return true;
	free(answer->whole);
	return false;
}

static enum flaw judge(const struct answer *answer, const struct demand *demand,
		       struct proof *proof)
{
	struct head head;
	enum flaw flaw;

	if (head_split(answer->whole, answer->whole_len, "QRNG-Statement", &head)) {
		*proof = (struct proof){ .detail = "there is no whole head of an HTTP answer" };
		return FLAW_UNSIGNED;
	}
	if (answer->body)
		flaw = proof_read(proof, &head, answer->body, answer->body_len);
	else
		flaw = proof_read(proof, &head, head.rest, head.rest_len);
	return flaw ? flaw : proof_check(proof, demand);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int verify(const struct call *call, const struct pubkeys *keys, const struct answer *answer)
{
	const struct demand demand = {
		.keys = keys,
		.challenge = call->challenge,
		.max_age_ms = call->max_age_s < 0 ? -1 : call->max_age_s * 1000,
		.now_ms = now_ms(),
	};
	struct proof proof;
	int ret;

	ret = report(call, &proof, judge(answer, &demand, &proof), demand.now_ms);
	proof_free(&proof);
	return ret;
}

/** verify_command() - is a saved answer what a daemon has signed? */
int verify_command(const struct call *call)
{
	struct pubkeys keys;
	struct answer answer;
	int ret = read_keys(call->key, &keys);

	if (ret)
		return ret;
	if (!read_answer(call, &answer))
		return QRNGCTL_FAILED;
	ret = verify(call, &keys, &answer);
	free(answer.whole);
	free(answer.body);
	return ret;
}

/**
 * verify_reply() - is an answer that just came what the daemon should have signed?
 * @call: names the key
 * @reply: the answer
 */
int verify_reply(const struct call *call, const struct reply *reply)
{
	static char nothing[1];
	struct pubkeys keys;
	struct answer answer = {
		.whole = reply->head ? reply->head : nothing,
		.whole_len = reply->head_len,
		.body = reply->body ? reply->body : nothing,
		.body_len = reply->body_len,
	};
	int ret = read_keys(call->key, &keys);

	return ret ? ret : verify(call, &keys, &answer);
}
