// SPDX-License-Identifier: MIT
#include "webp.h"

#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#include "answer.h"
#include "bulk.h"
#include "problem.h"
#include "toll.h"

/** struct file - an encoded picture, wiped when it has been sent */
struct file {
	size_t len;
	uint8_t bytes[];
};

static void dispose_file(void *data)
{
	struct file *file = data;

	qrng_wipe(file->bytes, file->len);
}

static uint32_t pixel_at(const struct qrngd_picture *picture, const uint8_t *row, unsigned int x)
{
	const uint8_t *rgb = row + 3 * (size_t)x;
	uint8_t gray;

	switch (picture->pixel) {
	case QRNGD_PIXEL_INDEX:
		rgb = picture->palette[row[x]];
		break;
	case QRNGD_PIXEL_RGB:
		break;
	case QRNGD_PIXEL_MONO:
		gray = row[x / 8] >> (7 - x % 8) & 1 ? 0xff : 0;
		return 0xff000000 | gray * 0x10101u;
	default:
		return 0xff000000 | row[x] * 0x10101u;
	}
	return 0xff000000 | (uint32_t)rgb[0] << 16 | (uint32_t)rgb[1] << 8 | rgb[2];
}

static void fill(WebPPicture *webp, struct qrngd_picture *picture)
{
	uint8_t row[3 * QRNGD_WEBP_SIDE_MAX];
	unsigned int x, y;

	for (y = 0; y < picture->height; y++) {
		picture->row(picture, row);
		for (x = 0; x < picture->width; x++)
			webp->argb[(size_t)y * (size_t)webp->argb_stride + x] =
				pixel_at(picture, row, x);
	}
	qrng_wipe(row, sizeof(row));
}

/* The quickest method: what we draw is either noise or so simple that any method will do. */
static bool encode(struct qrngd_picture *picture, WebPMemoryWriter *writer)
{
	WebPConfig config;
	WebPPicture webp;
	bool done = false;

	if (!WebPConfigInit(&config) || !WebPPictureInit(&webp))
		return false;
	config.lossless = 1;
	config.exact = 1;
	config.method = 0;
	config.quality = 0;
	webp.use_argb = 1;
	webp.width = (int)picture->width;
	webp.height = (int)picture->height;
	webp.writer = WebPMemoryWrite;
	webp.custom_ptr = writer;
	if (WebPPictureAlloc(&webp)) {
		fill(&webp, picture);
		done = WebPEncode(&config, &webp);
		qrng_wipe(webp.argb, (size_t)webp.argb_stride * picture->height * 4);
	}
	WebPPictureFree(&webp);
	return done;
}

static void send_file(struct qrngd_call *call, const WebPMemoryWriter *writer)
{
	struct file *file;

	if (!qrngd_toll_take(call, writer->size))
		return;
	file = h2o_mem_alloc_shared(&call->req->pool, sizeof(*file) + writer->size, dispose_file);
	file->len = writer->size;
	memcpy(file->bytes, writer->mem, writer->size);
	qrngd_answer_begin(call, "image/webp", file->len);
	qrngd_answer_whole(call, file->bytes, file->len);
}

static void send_whole(struct qrngd_call *call, struct qrngd_picture *picture)
{
	WebPMemoryWriter writer;

	WebPMemoryWriterInit(&writer);
	if (encode(picture, &writer))
		send_file(call, &writer);
	else
		qrngd_problem_send(call, 503, "out of memory");
	if (writer.mem)
		qrng_wipe(writer.mem, writer.size);
	WebPMemoryWriterClear(&writer);
}

void qrngd_webp_send(struct qrngd_call *call, struct qrngd_picture *picture)
{
	if (picture->width > QRNGD_WEBP_SIDE_MAX || picture->height > QRNGD_WEBP_SIDE_MAX)
		qrngd_problem_value(call, "format", "does not go with so large a picture",
				    "webp up to 1024 by 1024 pixels, or png");
	else if (!call->ready)
		qrngd_problem_unavailable(call);
	else if (call->head)
		qrngd_body_send(call, &picture->body, "image/webp", QRNGD_LENGTH_UNKNOWN);
	else if (qrngd_bulk_begin(call, QRNGD_BULK_PICTURE))
		send_whole(call, picture);
}
