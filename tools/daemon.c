// SPDX-License-Identifier: MIT
/* The daemon, asked and told over its HTTP API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/rand.h>

#include "client.h"
#include "verify.h"

/* What was asked a moment ago; clocks may differ a little. */
#define FRESH_S		60

/* What is in a document is the daemon's business: people see it in lines, programs in one. */
static void print_document(const struct call *call, json_t *document)
{
	size_t form = call->json ? JSON_COMPACT : JSON_INDENT(2);
	char *text = json_dumps(document, form | JSON_ENSURE_ASCII);

	puts(text ? text : "");
	free(text);
}

/** daemon_status_command() - how the daemon is doing; bad news if it has no bytes to give */
int daemon_status_command(const struct call *call)
{
	json_t *document;
	int ret = client_get_json(call, "GET", "/v1/status", &document);

	if (ret)
		return ret;
	print_document(call, document);
	ret = json_is_true(json_object_get(document, "ready")) ? QRNGCTL_OK : QRNGCTL_BAD_NEWS;
	json_decref(document);
	return ret;
}

/** daemon_reload_command() - let it read settings, keys and certificates again */
int daemon_reload_command(const struct call *call)
{
	json_t *document;
	int ret = client_get_json(call, "POST", "/v1/config/reload", &document);

	if (ret)
		return ret;
	if (call->json)
		print_document(call, document);
	else
		puts("settings, keys and certificates were read again");
	json_decref(document);
	return QRNGCTL_OK;
}

/** daemon_quota_command() - what the key in use may have, and has had */
int daemon_quota_command(const struct call *call)
{
	json_t *document;
	int ret = client_get_json(call, "GET", "/v1/quota", &document);

	if (ret)
		return ret;
	print_document(call, document);
	json_decref(document);
	return QRNGCTL_OK;
}

static void print_share(const json_t *quota, const char *what, const char *limit)
{
	json_int_t used = json_integer_value(
			json_object_get(json_object_get(quota, "day"), what));
	const json_t *allowed = json_object_get(json_object_get(quota, "limits"), limit);
	char text[64], of[32] = "";

	if (allowed)
		snprintf(of, sizeof(of), "/%" JSON_INTEGER_FORMAT, json_integer_value(allowed));
	snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT "%s", used, of);
	printf(" %-28s", text);
}

static void print_quota(const json_t *quota)
{
	const char *name = json_string_value(json_object_get(quota, "name"));
	const char *expires = json_string_value(json_object_get(quota, "expires"));

	printf("%-20s %-11s", name ? name : "", expires ? expires : "never");
	print_share(quota, "requests", "requests_per_day");
	print_share(quota, "bits", "bits_per_day");
	printf(" %" JSON_INTEGER_FORMAT "\n",
	       json_integer_value(json_object_get(json_object_get(quota, "total"), "refused")));
}

/** daemon_keys_command() - all keys, with what they may have and have had today */
int daemon_keys_command(const struct call *call)
{
	json_t *document, *quota;
	int ret = client_get_json(call, "GET", "/v1/quotas", &document);
	size_t i;

	if (ret)
		return ret;
	if (call->json) {
		print_document(call, document);
	} else {
		printf("%-20s %-11s %-28s %-28s %s\n", "NAME", "EXPIRES", "REQUESTS/DAY",
		       "BITS/DAY", "REFUSED");
		json_array_foreach(json_object_get(document, "quotas"), i, quota)
			print_quota(quota);
	}
	json_decref(document);
	return QRNGCTL_OK;
}

/**
 * daemon_verify_command() - does the daemon sign with the key that it should have?
 *
 * @call: names the key
 *
 * It is asked something that nobody can have asked before.
 */
int daemon_verify_command(const struct call *call)
{
	char path[128] = "/v1/random?bytes=64&signed=1&challenge=", challenge[33];
	struct call about = *call;
	struct reply reply;
	uint8_t bytes[16];
	size_t i;
	int ret;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
		fputs("qrngctl: no random bytes for a challenge\n", stderr);
		return QRNGCTL_FAILED;
	}
	for (i = 0; i < sizeof(bytes); i++)
		snprintf(challenge + 2 * i, 3, "%02x", bytes[i]);
	strncat(path, challenge, sizeof(path) - strlen(path) - 1);
	ret = client_ask(call, "GET", path, &reply);
	if (ret)
		return ret;
	about.challenge = challenge;
	if (about.max_age_s < 0)
		about.max_age_s = FRESH_S;
	ret = verify_reply(&about, &reply);
	reply_free(&reply);
	return ret;
}
