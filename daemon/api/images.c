// SPDX-License-Identifier: MIT
/* Noise that can be seen: each pixel is drawn. */
#include "api.h"

#include <string.h>

#include "entropy/telemetry.h"
#include "picture.h"

enum { P_WIDTH, P_HEIGHT, P_FORMAT, P_MODE };

enum mode { MODE_RGB, MODE_GRAY, MODE_MONO };
static const char *const modes[] = { "rgb", "gray", "mono", NULL };

static void take_size(struct qrngd_picture *picture, const struct qrngd_call *call)
{
	picture->width = (unsigned int)call->values[P_WIDTH].integer;
	picture->height = (unsigned int)call->values[P_HEIGHT].integer;
}

static size_t row_bytes(const struct qrngd_picture *picture)
{
	switch (picture->pixel) {
	case QRNGD_PIXEL_RGB:
		return (size_t)picture->width * 3;
	case QRNGD_PIXEL_MONO:
		return (picture->width + 7) / 8;
	default:
		return picture->width;
	}
}

static void draw_random(struct qrngd_picture *picture, uint8_t *row)
{
	qrngd_supply_draw(&picture->body.worker->supply, row, row_bytes(picture));
}

static void handle_random(struct qrngd_call *call)
{
	static const enum qrngd_pixel pixels[] = { QRNGD_PIXEL_RGB, QRNGD_PIXEL_GRAY,
						   QRNGD_PIXEL_MONO };
	struct qrngd_picture *picture = qrngd_picture_new(call, sizeof(*picture), draw_random);

	take_size(picture, call);
	picture->pixel = pixels[call->values[P_MODE].word];
	if (qrngd_telemetry_meant(call, 0)) {
		qrngd_telemetry_metric(call, "random-image", true);
		qrngd_telemetry_refresh(call);
	}
	qrngd_picture_send(call, picture, call->values[P_FORMAT].word);
}

/* Nine counts of bits: from blue over green to red, from dark to light, few or many. */
static const uint8_t ramp[9][3] = {
	{ 0, 0, 255 },	 { 0, 64, 191 },  { 0, 128, 128 }, { 0, 191, 64 },  { 0, 255, 0 },
	{ 64, 191, 0 },	 { 128, 128, 0 }, { 191, 64, 0 },  { 255, 0, 0 },
};
static const uint8_t grays[9][3] = {
	{ 0, 0, 0 },	   { 32, 32, 32 },    { 64, 64, 64 },
	{ 96, 96, 96 },	   { 128, 128, 128 }, { 160, 160, 160 },
	{ 191, 191, 191 }, { 223, 223, 223 }, { 255, 255, 255 },
};
static const uint8_t halves[9][3] = {
	{ 0, 0, 0 }, { 0, 0, 0 },	{ 0, 0, 0 },	     { 0, 0, 0 },	{ 0, 0, 0 },
	{ 255, 255, 255 }, { 255, 255, 255 }, { 255, 255, 255 }, { 255, 255, 255 },
};

static void draw_heat(struct qrngd_picture *picture, uint8_t *row)
{
	unsigned int x;

	qrngd_supply_draw(&picture->body.worker->supply, row, picture->width);
	for (x = 0; x < picture->width; x++)
		row[x] = (uint8_t)__builtin_popcount(row[x]);
}

static void handle_heatmap(struct qrngd_call *call)
{
	static const uint8_t(*const palettes[])[3] = { ramp, grays, halves };
	struct qrngd_picture *picture = qrngd_picture_new(call, sizeof(*picture), draw_heat);

	take_size(picture, call);
	picture->pixel = QRNGD_PIXEL_INDEX;
	picture->palette = palettes[call->values[P_MODE].word];
	picture->colours = 9;
	if (qrngd_telemetry_meant(call, 0)) {
		qrngd_telemetry_metric(call, "bit-popcount", false);
		qrngd_telemetry_refresh(call);
	}
	qrngd_picture_send(call, picture, call->values[P_FORMAT].word);
}

#define PARAMS                                                                                     \
	{                                                                                          \
		[P_WIDTH] = QRNGD_PARAM_INTEGER("width", 1, QRNGD_PICTURE_SIDE_MAX, 1024, "pixels"), \
		[P_HEIGHT] = QRNGD_PARAM_INTEGER("height", 1, QRNGD_PICTURE_SIDE_MAX, 1024, "pixels"), \
		[P_FORMAT] = QRNGD_PARAM_WORD("format", qrngd_picture_formats, QRNGD_PNG,          \
					      "the kind of file; WebP up to 1024 by 1024 pixels"),   \
		[P_MODE] = QRNGD_PARAM_WORD("mode", modes, MODE_RGB,                               \
					    "in colours, in grays, or in black and white"),        \
	}

const struct qrngd_route qrngd_routes_images[] = {
	{
		.path = "/v1/image/random",
		.group = "Pictures",
		.summary = "A picture of which every bit is random.",
		.type = "image/png, image/webp",
		.handle = handle_random,
		.signable = true,
		.params = PARAMS,
	},
	{
		.path = "/v1/image/heatmap",
		.group = "Pictures",
		.summary = "A random byte for each pixel, coloured by how many of its bits are set.",
		.type = "image/png, image/webp",
		.handle = handle_heatmap,
		.signable = true,
		.params = PARAMS,
	},
	{ 0 },
};
