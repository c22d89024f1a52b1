/* SPDX-License-Identifier: MIT */
/*
 * Headers that say how the engine is: they stay the same from one look at it to the next,
 * so a thread writes them once for all its answers in between.
 */
#ifndef QRNGD_RENDERED_H
#define QRNGD_RENDERED_H

#include <stdint.h>

struct qrngd_call;

/* The most headers that are kept together. */
#define QRNGD_RENDERED_MAX 8

struct qrngd_rendering;

/**
 * struct qrngd_rendered - headers of one kind, of one thread
 * @looks: which look they are of
 * @rendering: the headers; whoever sends them holds them, too. NULL before the first time
 */
struct qrngd_rendered {
	uint64_t looks;
	struct qrngd_rendering *rendering;
};

/**
 * qrngd_rendered_add() - add headers to an answer
 * @call: the request
 * @rendered: of its worker
 * @add: adds %QRNGD_RENDERED_MAX headers at most, whose values depend on the engine's status
 *	alone; called when there has been a look at the engine since the last time
 */
void qrngd_rendered_add(struct qrngd_call *call, struct qrngd_rendered *rendered,
			void (*add)(struct qrngd_call *call));

/** qrngd_rendered_free() - give back what is kept */
void qrngd_rendered_free(struct qrngd_rendered *rendered);

#endif /* QRNGD_RENDERED_H */
