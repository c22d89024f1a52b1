/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_WEBP_H
#define QRNGD_WEBP_H

#include "picture.h"

/**
 * qrngd_webp_send() - answer with a picture as lossless WebP
 * @call: the request; this is its answer, a problem for a picture that is too large
 * @picture: as for qrngd_picture_send()
 */
void qrngd_webp_send(struct qrngd_call *call, struct qrngd_picture *picture);

#endif /* QRNGD_WEBP_H */
