// SPDX-License-Identifier: MIT
#include "rendered.h"

#include <string.h>

#include "router.h"

/* Names of all sources are the longest there is. */
#define TEXT_MAX (QRNGD_SOURCES_MAX * QRNGD_SOURCE_NAME_MAX + 256)

/** struct qrngd_rendering - headers and their values; shared by answers on their way */
struct qrngd_rendering {
	size_t count;
	h2o_header_t headers[QRNGD_RENDERED_MAX];
	size_t used;
	char text[TEXT_MAX];
};

static void keep(struct qrngd_rendering *rendering, const h2o_header_t *header)
{
	h2o_header_t *kept = &rendering->headers[rendering->count++];

	*kept = *header;
	kept->value.base =
		memcpy(rendering->text + rendering->used, header->value.base, header->value.len);
	rendering->used += header->value.len;
}

static void render(struct qrngd_call *call, struct qrngd_rendered *rendered,
		   void (*add)(struct qrngd_call *call))
{
	h2o_headers_t *headers = &call->req->res.headers;
	size_t i = headers->size;

	qrngd_rendered_free(rendered);
	rendered->rendering = h2o_mem_alloc_shared(NULL, sizeof(*rendered->rendering), NULL);
	rendered->rendering->count = 0;
	rendered->rendering->used = 0;
	rendered->looks = qrngd_call_supply(call)->looks;
	for (add(call); i < headers->size; i++)
		keep(rendered->rendering, &headers->entries[i]);
}

void qrngd_rendered_add(struct qrngd_call *call, struct qrngd_rendered *rendered,
			void (*add)(struct qrngd_call *call))
{
	h2o_headers_t *headers = &call->req->res.headers;
	const struct qrngd_rendering *rendering = rendered->rendering;

	if (!rendering || rendered->looks != qrngd_call_supply(call)->looks) {
		render(call, rendered, add);
		return;
	}
	h2o_vector_reserve(&call->req->pool, headers, headers->size + rendering->count);
	memcpy(&headers->entries[headers->size], rendering->headers,
	       rendering->count * sizeof(rendering->headers[0]));
	headers->size += rendering->count;
	h2o_mem_link_shared(&call->req->pool, rendered->rendering);
}

void qrngd_rendered_free(struct qrngd_rendered *rendered)
{
	if (rendered->rendering)
		h2o_mem_release_shared(rendered->rendering);
	rendered->rendering = NULL;
}
