/* SPDX-License-Identifier: MIT */
/*
 * What entropy-service tells of its generator, with our values: headers, members of a
 * JSON document, samples for Prometheus. docs/entropy-service.md says what they mean.
 */
#ifndef QRNGD_TELEMETRY_H
#define QRNGD_TELEMETRY_H

#include <stdio.h>

#include "json.h"
#include "router.h"

struct qrngd_server;

/**
 * qrngd_telemetry_meant() - could a request be one for entropy-service?
 * @call: the request, to a path that both have
 * @shared: how many of the route's first parameters are entropy-service's, too
 *
 * Return: whether none of the others is in the query.
 */
bool qrngd_telemetry_meant(const struct qrngd_call *call, size_t shared);

/**
 * qrngd_telemetry_add() - add the headers about the generator, all but one
 * @call: the request, before its answer begins
 */
void qrngd_telemetry_add(struct qrngd_call *call);

/**
 * qrngd_telemetry_add_percent() - add the one whose name ends in a '%'
 * @call: the request, before its answer begins
 *
 * Such a name is allowed (RFC 9110, section 5.6.2), but BusyBox' wget gives up there. It
 * is for paths that are asked by entropy-service's clients only.
 */
void qrngd_telemetry_add_percent(struct qrngd_call *call);

/**
 * qrngd_telemetry_metric() - add the headers that answers for people to look at have
 * @call: the request, before its answer begins
 * @metric: what they look at, of static storage
 * @test: the header with the age of the seed is the one whose name ends with "-test"
 */
void qrngd_telemetry_metric(struct qrngd_call *call, const char *metric, bool test);

/**
 * qrngd_telemetry_refresh() - let a browser ask again every 5 seconds
 * @call: the request, before its answer begins
 */
void qrngd_telemetry_refresh(struct qrngd_call *call);

/**
 * qrngd_telemetry_write() - what the headers say, as members of a JSON document
 * @call: the request
 * @json: open for members
 */
void qrngd_telemetry_write(struct qrngd_call *call, struct qrngd_json *json);

/**
 * qrngd_telemetry_expose() - the samples that entropy-service has
 * @out: an exposition for Prometheus
 * @server: the server
 * @status: the engine's
 */
void qrngd_telemetry_expose(FILE *out, const struct qrngd_server *server,
			    const struct qrngd_engine_status *status);

#endif /* QRNGD_TELEMETRY_H */
