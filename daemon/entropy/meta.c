// SPDX-License-Identifier: MIT
/* Words for a screen on the wall. */
#include "api/api.h"

#include <string.h>

#include "body.h"
#include "chunk.h"
#include "phrase.h"

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"refresh\" content=\"5\">\n"
	"<title>Random words</title>\n"
	"<style>\n"
	"body { background: black; color: #0f8; font: 2em/1.5 monospace; text-align: center;\n"
	"       margin: 10% 5% }\n"
	".hash { color: #777; font-size: 0.4em; overflow-wrap: anywhere }\n"
	"</style>\n"
	"<div class=\"words\">";
static const char middle[] = "</div>\n<div class=\"hash\">";
static const char tail[] = "</div>\n</html>\n";

/** struct page - the one piece that a page is made in */
struct page {
	struct qrngd_body body;
	size_t words;
};

static size_t put(uint8_t *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return len;
}

static size_t make_page(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	const struct page *page = (struct page *)body;
	size_t len = put(to, head), words;

	(void)size;
	words = qrngd_phrase(&body->worker->supply, (char *)to + len, page->words);
	len += words;
	len += put(to + len, middle);
	len += qrngd_sha256_hex((char *)to + len, to + sizeof(head) - 1, words);
	*end = true;
	return len + put(to + len, tail);
}

_Static_assert(sizeof(head) + sizeof(middle) + sizeof(tail) + QRNGD_SHA256_TEXT +
			       QRNGD_PHRASE_SIZE(QRNGD_WORDS) <
		       QRNGD_CHUNK_SIZE,
	       "a page fits into the buffer that it is made in");

static void handle_page(struct qrngd_call *call)
{
	struct page *page = qrngd_body_new(call, sizeof(*page), make_page);

	page->words = (size_t)call->values[0].integer;
	qrngd_body_send(call, &page->body, "text/html; charset=utf-8", QRNGD_LENGTH_UNKNOWN);
}

const struct qrngd_route qrngd_routes_entropy_meta[] = {
	{
		.path = "/v1/meta/random",
		.group = "entropy-service",
		.summary = "Random words and their SHA-256 on a page that loads itself again "
			   "every 5 seconds.",
		.type = "text/html",
		.handle = handle_page,
		.params = { QRNGD_PARAM_INTEGER("words", 1, QRNGD_WORDS, 20, "how many words") },
	},
	{ 0 },
};
