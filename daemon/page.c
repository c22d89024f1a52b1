// SPDX-License-Identifier: MIT
#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qrng.h"
#include "router.h"

static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<title>qrngd</title>\n"
	"<style>\n"
	"body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }\n"
	"code { background: #8882 }\n"
	"table { border-collapse: collapse }\n"
	"th, td { text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0 }\n"
	":root { color-scheme: light dark }\n"
	"</style>\n"
	"<h1>qrngd " QRNG_VERSION "</h1>\n"
	"<p>Random bytes and what can be made of them. Paths take GET and HEAD; nothing is cached;\n"
	"errors are problem documents (RFC 9457) that say what is allowed. For programs:\n"
	"<a href=\"/openapi.json\">/openapi.json</a>.</p>\n";

/* All texts are of the table, but a range may well hold a '<'. */
static void put_escaped(FILE *page, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", page);
		else if (*text == '&')
			fputs("&amp;", page);
		else
			fputc(*text, page);
	}
}

static void put_cell(FILE *page, const char *text)
{
	fputs("<td>", page);
	put_escaped(page, text);
	fputs("</td>", page);
}

static void put_fallback(FILE *page, const struct qrngd_param *param)
{
	char text[32] = "";

	if (param->required)
		snprintf(text, sizeof(text), "must be given");
	else if (param->type == QRNGD_INTEGER)
		qrngd_integer_text(text, param->integer.fallback);
	else if (param->type == QRNGD_REAL)
		snprintf(text, sizeof(text), "%g", param->real.fallback);
	if (param->type == QRNGD_WORD)
		put_cell(page, param->words.list[param->words.fallback]);
	else if (param->type == QRNGD_TEXT && param->text.fallback)
		put_cell(page, param->text.fallback);
	else
		put_cell(page, text);
}

static void put_params(FILE *page, const struct qrngd_param *param)
{
	char allowed[512];

	if (!param->name)
		return;
	fputs("<table><tr><th>parameter<th>default<th>allowed<th>meaning</tr>\n", page);
	for (; param->name; param++) {
		fprintf(page, "<tr><td><code>%s</code></td>", param->name);
		put_fallback(page, param);
		qrngd_param_allowed(param, allowed, sizeof(allowed));
		put_cell(page, allowed);
		put_cell(page, param->doc);
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
}

static void put_route(FILE *page, const struct qrngd_route *route)
{
	fprintf(page, "<h3>%s <a href=\"%s\"><code>%s</code></a></h3>\n<p>",
		route->method ? route->method : "", route->path, route->path);
	put_escaped(page, route->summary);
	fprintf(page, " <i>%s</i></p>\n", route->socket ? "WebSocket" : route->type);
	put_params(page, route->params);
}

char *qrngd_page_write(size_t *len)
{
	const struct qrngd_route *route;
	const char *group = "";
	char *text = NULL;
	FILE *page = open_memstream(&text, len);
	size_t i;

	if (!page)
		return NULL;
	fputs(head, page);
	for (i = 0; (route = qrngd_router_at(i)) != NULL; i++) {
		if (strcmp(group, route->group) != 0)
			fprintf(page, "<h2>%s</h2>\n", route->group);
		group = route->group;
		put_route(page, route);
	}
	if (fclose(page) == 0)
		return text;
	free(text);
	return NULL;
}
