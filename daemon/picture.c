// SPDX-License-Identifier: MIT
#include "picture.h"

#include "problem.h"
#include "webp.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

const char *const qrngd_picture_formats[] = { "png", "webp", NULL };

/*
 * What one more row can make the library write: the row, and what zlib has gathered. Its
 * window and its buffers are kept small (here 16 KiB), since each client has its own.
 */
#define WINDOW_BITS 11
#define MEMORY_LEVEL 5
#define ROW_MAX	    (3 * QRNGD_PICTURE_SIDE_MAX)
#define BURST_MAX   (ROW_MAX + 65536)

/**
 * struct qrngd_picture_coder - an encoder at work
 * @png: libpng's
 * @info: libpng's
 * @at: where its next bytes go
 * @rows: made so far
 * @row: the one that is being made
 */
struct qrngd_picture_coder {
	png_structp png;
	png_infop info;
	uint8_t *at;
	unsigned int rows;
	uint8_t row[ROW_MAX];
};

static void on_write(png_structp png, png_bytep bytes, size_t len)
{
	struct qrngd_picture_coder *coder = png_get_io_ptr(png);

	memcpy(coder->at, bytes, len);
	coder->at += len;
}

static void on_flush(png_structp png)
{
	(void)png;
}

static int colour_type(const struct qrngd_picture *picture)
{
	switch (picture->pixel) {
	case QRNGD_PIXEL_RGB:
		return PNG_COLOR_TYPE_RGB;
	case QRNGD_PIXEL_INDEX:
		return PNG_COLOR_TYPE_PALETTE;
	default:
		return PNG_COLOR_TYPE_GRAY;
	}
}

static void set_palette(struct qrngd_picture_coder *coder, const struct qrngd_picture *picture)
{
	png_color colours[256];
	unsigned int i;

	for (i = 0; i < picture->colours; i++)
		colours[i] = (png_color){ picture->palette[i][0], picture->palette[i][1],
					  picture->palette[i][2] };
	png_set_PLTE(coder->png, coder->info, colours, (int)picture->colours);
}

static void write_head(struct qrngd_picture_coder *coder, const struct qrngd_picture *picture)
{
	png_structp png = coder->png;
	bool packed = picture->pixel == QRNGD_PIXEL_INDEX && picture->colours <= 16;

	png_set_IHDR(png, coder->info, picture->width, picture->height,
		     picture->pixel == QRNGD_PIXEL_MONO ? 1 : packed ? 4 : 8, colour_type(picture),
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_filter(png, 0, PNG_FILTER_NONE);
	png_set_compression_level(png, picture->squeeze ? 1 : 0);
	png_set_compression_window_bits(png, WINDOW_BITS);
	png_set_compression_mem_level(png, MEMORY_LEVEL);
	if (picture->pixel == QRNGD_PIXEL_INDEX)
		set_palette(coder, picture);
	png_write_info(png, coder->info);
	if (packed)
		png_set_packing(png);
}

/*
 * libpng leaves its functions by a jump when it is out of memory. Nothing of ours is
 * between it and here.
 */
static size_t make_png(struct qrngd_body *body, uint8_t *to, size_t size, bool *end)
{
	struct qrngd_picture *picture = (struct qrngd_picture *)body;
	struct qrngd_picture_coder *coder = picture->coder;

	coder->at = to;
	if (setjmp(png_jmpbuf(coder->png))) {
		*end = true;
		body->broken = true;
		return 0;
	}
	if (!coder->rows)
		write_head(coder, picture);
	while (coder->rows < picture->height && (size_t)(coder->at - to) + BURST_MAX <= size) {
		picture->row(picture, coder->row);
		png_write_row(coder->png, coder->row);
		coder->rows++;
	}
	if (coder->rows == picture->height && (size_t)(coder->at - to) + BURST_MAX <= size) {
		png_write_end(coder->png, NULL);
		*end = true;
	}
	return (size_t)(coder->at - to);
}

static void dispose_coder(struct qrngd_body *body)
{
	struct qrngd_picture_coder *coder = ((struct qrngd_picture *)body)->coder;

	if (!coder)
		return;
	png_destroy_write_struct(&coder->png, &coder->info);
	qrng_wipe(coder, sizeof(*coder));
	free(coder);
}

static struct qrngd_picture_coder *coder_new(void)
{
	struct qrngd_picture_coder *coder = calloc(1, sizeof(*coder));

	if (!coder)
		return NULL;
	/* Errors are handled, and warnings are about things we do not do. */
	coder->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	if (coder->png)
		coder->info = png_create_info_struct(coder->png);
	if (!coder->info) {
		png_destroy_write_struct(&coder->png, NULL);
		free(coder);
		return NULL;
	}
	png_set_write_fn(coder->png, coder, on_write, on_flush);
	return coder;
}

void *qrngd_picture_new(struct qrngd_call *call, size_t size,
			void (*row)(struct qrngd_picture *picture, uint8_t *row))
{
	struct qrngd_picture *picture = qrngd_body_new(call, size, make_png);

	picture->row = row;
	return picture;
}

void qrngd_picture_send(struct qrngd_call *call, struct qrngd_picture *picture,
			enum qrngd_picture_format format)
{
	if (format == QRNGD_WEBP) {
		qrngd_webp_send(call, picture);
		return;
	}
	picture->body.dispose = dispose_coder;
	if (call->ready && !call->head) {
		picture->coder = coder_new();
		if (!picture->coder) {
			qrngd_problem_send(call, 503, "out of memory");
			return;
		}
	}
	qrngd_body_send(call, &picture->body, "image/png", QRNGD_LENGTH_UNKNOWN);
}
