/* SPDX-License-Identifier: MIT */
/*
 * Which web pages may read what is answered: cross-origin resource sharing (the Fetch
 * standard). Browsers keep answers from pages of other origins unless the answer names
 * them; everybody else is asked nothing.
 */
#ifndef QRNGD_CORS_H
#define QRNGD_CORS_H

#include "router.h"

/**
 * qrngd_cors_check() - is this the origin of pages, as people write it?
 * @text: "*", or "https://example.org", with a port if it is not the usual one
 *
 * Return: NULL, or what is needed instead, a clause for people.
 */
const char *qrngd_cors_check(const char *text);

/**
 * qrngd_cors_add() - add the headers that let a page read the answer, if it may
 * @call: the request, before its answer has been sent
 */
void qrngd_cors_add(struct qrngd_call *call);

/**
 * qrngd_cors_preflight() - answer a browser that asks before it asks
 * @call: a request with another method than its path has
 *
 * Return: whether it was one, and is answered.
 */
bool qrngd_cors_preflight(struct qrngd_call *call);

/**
 * qrngd_cors_admits() - may the page behind a request for a WebSocket have one?
 * @call: the request
 *
 * Browsers leave that to the server: there is no other check. A page may that could read
 * answers, or comes from where it connects to; and whoever is no page.
 */
bool qrngd_cors_admits(const struct qrngd_call *call);

/**
 * qrngd_cors_is_no_stranger() - is this from a page that came from here, or from no page?
 * @call: the request
 */
bool qrngd_cors_is_no_stranger(const struct qrngd_call *call);

#endif /* QRNGD_CORS_H */
