/* SPDX-License-Identifier: MIT */
/* Pictures that are made row by row, as PNG or WebP. */
#ifndef QRNGD_PICTURE_H
#define QRNGD_PICTURE_H

#include "body.h"

#define QRNGD_PICTURE_SIDE_MAX 4096

/* WebP wants the whole picture at once, and its encoder works on it for a while. */
#define QRNGD_WEBP_SIDE_MAX 1024

/** enum qrngd_pixel - what a row is made of */
enum qrngd_pixel {
	QRNGD_PIXEL_RGB,   /* three bytes */
	QRNGD_PIXEL_GRAY,  /* one byte */
	QRNGD_PIXEL_MONO,  /* one bit, the most significant first, 1 is white */
	QRNGD_PIXEL_INDEX, /* one byte, the number of a colour in the palette */
};

/**
 * struct qrngd_picture - a picture under way; the first member of what its maker needs
 * @body: how it is sent
 * @pixel: what rows are made of
 * @width: pixels
 * @height: rows
 * @palette: red, green and blue of each colour, for %QRNGD_PIXEL_INDEX
 * @colours: how many
 * @squeeze: deflating is worth its time; noise is stored
 * @row: make the next row; bits beyond the last pixel are ignored
 * @coder: the encoder's state
 */
struct qrngd_picture {
	struct qrngd_body body;
	enum qrngd_pixel pixel;
	unsigned int width;
	unsigned int height;
	const uint8_t (*palette)[3];
	unsigned int colours;
	bool squeeze;
	void (*row)(struct qrngd_picture *picture, uint8_t *row);
	struct qrngd_picture_coder *coder;
};

enum qrngd_picture_format { QRNGD_PNG, QRNGD_WEBP };
extern const char *const qrngd_picture_formats[];

/**
 * qrngd_picture_new() - make a picture that lives as long as its request
 * @call: the request
 * @size: bytes of the struct that begins with the picture; zeroed
 * @row: see struct qrngd_picture
 */
void *qrngd_picture_new(struct qrngd_call *call, size_t size,
			void (*row)(struct qrngd_picture *picture, uint8_t *row));

/**
 * qrngd_picture_send() - answer with a picture
 * @call: the request; this is its answer
 * @picture: with all its public members set
 * @format: PNG, which is sent while it is made, or WebP
 */
void qrngd_picture_send(struct qrngd_call *call, struct qrngd_picture *picture,
			enum qrngd_picture_format format);

#endif /* QRNGD_PICTURE_H */
