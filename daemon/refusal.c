// SPDX-License-Identifier: MIT
#include "refusal.h"

#include <string.h>

#include "clock.h"
#include "metrics.h"
#include "problem.h"
#include "steady.h"

/* The longest of the library's texts is half as long. */
#define DETAIL_MAX 64

/** struct gate - the filter of a host */
struct gate {
	h2o_filter_t filter;
	enum qrngd_face face;
};

/** struct refused - an answer of the library on its way */
struct refused {
	h2o_ostream_t stream;
	enum qrngd_face face;
};

/*
 * The library sends the whole text at once, and its head leaves with it: here is where
 * both can still be replaced.
 */
static void on_send(h2o_ostream_t *stream, h2o_req_t *req, qrngd_h2o_buffer *parts, size_t count,
		    h2o_send_state_t state)
{
	struct qrngd_call call = {
		.req = req,
		.worker = qrngd_worker_of(req),
		.face = H2O_STRUCT_FROM_MEMBER(struct refused, stream, stream)->face,
	};
	char detail[DETAIL_MAX] = "the request was refused";
	qrngd_h2o_buffer body;

	if (count) {
		size_t len = parts[0].len < DETAIL_MAX - 1 ? parts[0].len : DETAIL_MAX - 1;

		memcpy(detail, qrngd_h2o_buffer_text(&parts[0]), len);
		detail[len] = '\0';
	}
	qrngd_steady_date(req);
	qrngd_h2o_buffer_set(&body, qrngd_problem_dress(&call, req->res.status, detail));
	h2o_ostream_send_next(stream, req, &body, count ? 1 : 0, state);
}

/* Its answers come by the path for requests that have none; ours never do. */
static void on_setup(h2o_filter_t *self, h2o_req_t *req, h2o_ostream_t **slot)
{
	struct qrngd_call call = { .req = req, .worker = qrngd_worker_of(req) };
	struct refused *refused = H2O_STRUCT_FROM_MEMBER(
		struct refused, stream, qrngd_h2o_add_stream(req, sizeof(*refused), slot));

	qrngd_metrics_begin(&call, QRNGD_ROUTES_MAX, qrngd_now_ns());
	refused->stream.do_send = on_send;
	refused->face = H2O_STRUCT_FROM_MEMBER(struct gate, filter, self)->face;
	h2o_setup_next_ostream(req, &refused->stream.next);
}

void qrngd_refusal_register(h2o_hostconf_t *host, enum qrngd_face face)
{
	h2o_filter_t *filter = h2o_create_filter(&host->fallback_path, sizeof(struct gate));

	H2O_STRUCT_FROM_MEMBER(struct gate, filter, filter)->face = face;
	filter->on_setup_ostream = on_setup;
}
