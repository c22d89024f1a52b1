/* SPDX-License-Identifier: MIT */
/* The table of routes, described for programs. */
#ifndef QRNGD_OPENAPI_H
#define QRNGD_OPENAPI_H

#include "json.h"

/**
 * qrngd_openapi_write() - write the OpenAPI 3.1 document of all routes
 * @json: an empty document
 */
void qrngd_openapi_write(struct qrngd_json *json);

#endif /* QRNGD_OPENAPI_H */
