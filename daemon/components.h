/* SPDX-License-Identifier: MIT */
/* What the description of the API says once and refers to often: headers and problems. */
#ifndef QRNGD_COMPONENTS_H
#define QRNGD_COMPONENTS_H

#include "json.h"

/**
 * qrngd_components_refer() - write a reference to one of them
 * @json: open for members
 * @name: of the member that is the reference
 * @folder: "headers", "responses" or "schemas"
 * @target: its name there
 */
void qrngd_components_refer(struct qrngd_json *json, const char *name, const char *folder,
			    const char *target);

/** qrngd_components_refer_headers() - write the member "headers" that every good answer has */
void qrngd_components_refer_headers(struct qrngd_json *json);

/** qrngd_components_write() - write the member "components" with all of them */
void qrngd_components_write(struct qrngd_json *json);

#endif /* QRNGD_COMPONENTS_H */
