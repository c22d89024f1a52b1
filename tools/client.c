// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <openssl/crypto.h>

#include "client.h"
#include "input.h"
#include "output.h"

#define UNIX_PREFIX	"unix:"
#define USUAL_SOCKET	"/run/qrng/admin"
#define USUAL_URL	"http://127.0.0.1:8080"

#define CONNECT_SECONDS	5L
#define ANSWER_SECONDS	60L

/* More than any document of the daemon's, keys by the thousand included. */
#define REPLY_MAX	((size_t)64 * 1024 * 1024)
#define TOKEN_MAX	1024

/** struct part - what comes in pieces */
struct part {
	char *text;
	size_t len;
};

static size_t on_piece(char *piece, size_t one, size_t len, void *data)
{
	struct part *part = data;
	char *text;

	(void)one;
	if (part->len + len > REPLY_MAX)
		return 0;
	text = realloc(part->text, part->len + len + 1);
	if (!text)
		return 0;
	memcpy(text + part->len, piece, len);
	part->text = text;
	part->len += len;
	part->text[part->len] = '\0';
	return len;
}

/* Who steers the daemon on its own machine does not have to say where it is. */
static const char *url_of(const struct call *call)
{
	if (call->url)
		return call->url;
	return access(USUAL_SOCKET, W_OK) ? USUAL_URL : UNIX_PREFIX USUAL_SOCKET;
}

static void set_url(CURL *curl, const char *base, const char *path)
{
	char url[2048];
	size_t len;

	if (!strncmp(base, UNIX_PREFIX, strlen(UNIX_PREFIX))) {
		curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, base + strlen(UNIX_PREFIX));
		base = "http://localhost";
	}
	len = strlen(base);
	while (len && base[len - 1] == '/')
		len--;
	snprintf(url, sizeof(url), "%.*s%s", (int)len, base, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
}

/* From a file, since anybody can read a command line. */
static int set_token(CURL *curl, const char *path)
{
	size_t len;
	char *token = (char *)input_read(path, TOKEN_MAX, &len);
	char text[TOKEN_MAX + 1];

	if (!token)
		return QRNGCTL_FAILED;
	while (len && strchr(" \t\r\n", token[len - 1]))
		len--;
	snprintf(text, sizeof(text), "%.*s", (int)len, token);
	OPENSSL_cleanse(token, len);
	free(token);
	curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
	curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, text);
	OPENSSL_cleanse(text, sizeof(text));
	return QRNGCTL_OK;
}

static void set_request(CURL *curl, const char *method, struct part *head, struct part *body)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, ANSWER_SECONDS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	if (!strcmp(method, "POST"))
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_piece);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, head);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_piece);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
}

static int perform(CURL *curl, const char *base, struct reply *reply, struct part *head,
		   struct part *body)
{
	CURLcode code = curl_easy_perform(curl);

	*reply = (struct reply){
		.head = head->text,
		.head_len = head->len,
		.body = body->text,
		.body_len = body->len,
	};
	if (!code)
		code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
	if (!code)
		return QRNGCTL_OK;
	fputs("qrngctl: ", stderr);
	output_safe(stderr, base);
	fprintf(stderr, ": %s\n", curl_easy_strerror(code));
	reply_free(reply);
	return QRNGCTL_FAILED;
}

/**
 * client_ask() - ask the daemon
 * @call: says where it is, and who asks
 * @method: "GET" or "POST", which has an empty body
 * @path: with its query
 * @reply: filled in, whatever the status; to be freed
 *
 * Return: QRNGCTL_OK, or what it was after stderr was told.
 */
int client_ask(const struct call *call, const char *method, const char *path, struct reply *reply)
{
	struct part head = { 0 }, body = { 0 };
	CURL *curl = curl_easy_init();
	int ret = QRNGCTL_FAILED;

	if (!curl) {
		fputs("qrngctl: libcurl does not start\n", stderr);
		return ret;
	}
	set_url(curl, url_of(call), path);
	set_request(curl, method, &head, &body);
	if (!call->token || !(ret = set_token(curl, call->token)))
		ret = perform(curl, url_of(call), reply, &head, &body);
	curl_easy_cleanup(curl);
	return ret;
}

/* What a problem document (RFC 9457) says, or at least the status. */
static int refused(const struct reply *reply)
{
	json_t *problem = reply->body ? json_loads(reply->body, 0, NULL) : NULL;
	const char *detail = json_string_value(json_object_get(problem, "detail"));

	fprintf(stderr, "qrngctl: the daemon says %ld", reply->status);
	if (detail) {
		fputs(": ", stderr);
		output_safe(stderr, detail);
	}
	fputc('\n', stderr);
	json_decref(problem);
	return reply->status == 401 || reply->status == 403 ? QRNGCTL_PERMISSION : QRNGCTL_FAILED;
}

/**
 * client_get_json() - ask the daemon for a document
 * @call: says where it is, and who asks
 * @method: "GET" or "POST"
 * @path: with its query
 * @document: an object, to be released
 *
 * Return: QRNGCTL_OK, or what it was after stderr was told.
 */
int client_get_json(const struct call *call, const char *method, const char *path,
		    json_t **document)
{
	struct reply reply;
	int ret = client_ask(call, method, path, &reply);

	if (ret)
		return ret;
	*document = NULL;
	if (reply.status != 200) {
		ret = refused(&reply);
	} else {
		*document = json_loadb(reply.body ? reply.body : "", reply.body_len,
				       JSON_REJECT_DUPLICATES, NULL);
		if (!json_is_object(*document)) {
			fputs("qrngctl: the answer is no JSON object: is that a qrngd?\n", stderr);
			json_decref(*document);
			ret = QRNGCTL_FAILED;
		}
	}
	reply_free(&reply);
	return ret;
}

/** reply_free() - free what client_ask() filled in */
void reply_free(struct reply *reply)
{
	free(reply->head);
	free(reply->body);
	reply->head = NULL;
	reply->body = NULL;
}
