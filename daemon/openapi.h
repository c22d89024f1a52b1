/* SPDX-License-Identifier: MIT */
/* The table of routes, described for programs. */
#ifndef QRNGD_OPENAPI_H
#define QRNGD_OPENAPI_H

#include "face.h"
#include "json.h"

/**
 * qrngd_openapi_write() - write the OpenAPI 3.1 document of all routes
 * @json: an empty document
 * @face: the interface whose routes are meant
 */
void qrngd_openapi_write(struct qrngd_json *json, enum qrngd_face face);

#endif /* QRNGD_OPENAPI_H */
