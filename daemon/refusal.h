/* SPDX-License-Identifier: MIT */
/*
 * What the library refuses before it is a request of ours: bodies that are too long, or
 * whose end cannot be told, and expectations it does not know.
 */
#ifndef QRNGD_REFUSAL_H
#define QRNGD_REFUSAL_H

#include "face.h"
#include "h2o_compat.h"

/**
 * qrngd_refusal_register() - make its plain texts documents
 * @host: one of the library's hosts
 * @face: the interface it has, whose errors look like this: problems, or LoKey's
 */
void qrngd_refusal_register(h2o_hostconf_t *host, enum qrngd_face face);

#endif /* QRNGD_REFUSAL_H */
