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
	"<link rel=\"icon\" href=\"data:,\">\n"
	"<style>\n"
	"body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }\n"
	"code, pre { background: #8882 }\n"
	"pre { padding: 0.5em; white-space: pre-wrap; overflow-wrap: anywhere }\n"
	"img { display: block; max-width: 100% }\n"
	"table { border-collapse: collapse }\n"
	"th, td { text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0 }\n"
	"input, select { font: inherit; width: 8em }\n"
	":root { color-scheme: light dark }\n"
	"</style>\n"
	"<h1>qrngd " QRNG_VERSION "</h1>\n"
	"<p>Random bytes and what can be made of them. Paths take GET and HEAD unless another\n"
	"method stands before them; nothing is cached; errors are problem documents (RFC 9457)\n"
	"that say what is allowed. For programs:\n"
	"<a href=\"/openapi.json\">/openapi.json</a>.</p>\n";

/* All texts are of the table, but a range may well hold a '<'. */
static void put_escaped(FILE *page, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", page);
		else if (*text == '&')
			fputs("&amp;", page);
		else if (*text == '"')
			fputs("&quot;", page);
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

static void put_choice(FILE *page, const struct qrngd_param *param)
{
	const char *const *list = param->words.list;
	const char *mark;
	unsigned int i;

	fprintf(page, "<select name=\"%s\" data-fallback=\"%s\">", param->name,
		list[param->words.fallback]);
	for (i = 0; list[i]; i++) {
		mark = i == param->words.fallback ? " selected" : "";
		fprintf(page, "<option%s>%s</option>", mark, list[i]);
	}
	fputs("</select>", page);
}

/* What is not filled in is the default, which is shown where it would be. */
static void put_field(FILE *page, const struct qrngd_param *param)
{
	char text[32] = "";

	if (param->type == QRNGD_WORD) {
		put_choice(page, param);
		return;
	}
	if (param->required)
		snprintf(text, sizeof(text), "must be given");
	else if (param->type == QRNGD_INTEGER)
		qrngd_integer_text(text, param->integer.fallback);
	else if (param->type == QRNGD_REAL)
		snprintf(text, sizeof(text), "%g", param->real.fallback);
	fprintf(page, "<input name=\"%s\" placeholder=\"", param->name);
	put_escaped(page, !param->required && param->type == QRNGD_TEXT && param->text.fallback ?
				  param->text.fallback :
				  text);
	fprintf(page, "\"%s>", param->required ? " required" : "");
}

static void put_params(FILE *page, const struct qrngd_param *param)
{
	char allowed[512];

	if (!param->name)
		return;
	fputs("<table><tr><th>parameter<th>value<th>allowed<th>meaning</tr>\n", page);
	for (; param->name; param++) {
		fprintf(page, "<tr><td><code>%s</code></td><td>", param->name);
		put_field(page, param);
		fputs("</td>", page);
		qrngd_param_allowed(param, allowed, sizeof(allowed));
		put_cell(page, allowed);
		put_cell(page, param->doc);
		fputs("</tr>\n", page);
	}
	fputs("</table>\n", page);
}

/* What the script fills in; the button does nothing without it, and so is hidden. */
static void put_form(FILE *page, const struct qrngd_route *route)
{
	fprintf(page, "<form action=\"%s\"%s>\n", route->path,
		route->socket ? " data-socket=\"yes\"" : "");
	put_params(page, route->params);
	fputs("<button hidden>Try it</button> <output></output>\n</form>\n", page);
}

static void put_route(FILE *page, const struct qrngd_route *route)
{
	fprintf(page, "<h3>%s <code>%s</code></h3>\n<p>", route->method ? route->method : "",
		route->path);
	put_escaped(page, route->summary);
	fprintf(page, " <i>%s</i></p>\n", route->socket ? "WebSocket" : route->type);
	if (!route->admin)
		put_form(page, route);
}

char *qrngd_page_write(size_t *len, enum qrngd_face face)
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
		if (!qrngd_router_path(route, face))
			continue;
		if (strcmp(group, route->group) != 0)
			fprintf(page, "<h2>%s</h2>\n", route->group);
		group = route->group;
		put_route(page, route);
	}
	fprintf(page, "<script>\n%s</script>\n</html>\n", qrngd_page_script);
	if (fclose(page) == 0)
		return text;
	free(text);
	return NULL;
}
