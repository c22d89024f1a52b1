// SPDX-License-Identifier: MIT
#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "bulk.h"
#include "problem.h"
#include "toll.h"

const char *const qrngd_plot_formats[] = { "png", "svg", NULL };

static const uint8_t palette[QRNGD_INKS][3] = {
	{ 255, 255, 255 }, { 0, 0, 0 },	      { 128, 128, 128 }, { 32, 96, 192 },
	{ 13, 8, 135 },	   { 106, 0, 168 },   { 143, 13, 164 }, { 177, 42, 144 },
	{ 204, 71, 120 },  { 225, 100, 98 },  { 242, 132, 75 }, { 252, 166, 54 },
	{ 252, 191, 44 },  { 252, 206, 37 },  { 246, 224, 38 }, { 240, 249, 33 },
};

/**
 * struct qrngd_plot - a drawing
 * @format: what it is to be
 * @width: pixels
 * @height: pixels
 * @x: where the last line ended
 * @y: the same
 * @in_line: a line is under way in @svg
 * @svg: the text as it is written, NULL for PNG
 * @text: what @svg has made
 * @len: bytes of it
 * @size: bytes of @pixels
 * @pixels: two in a byte, the first in the upper half; empty for SVG
 */
struct qrngd_plot {
	enum qrngd_plot_format format;
	unsigned int width;
	unsigned int height;
	double x;
	double y;
	bool in_line;
	FILE *svg;
	char *text;
	size_t len;
	size_t size;
	uint8_t pixels[];
};

/* A QR code holds the bytes themselves. */
void qrngd_plot_free(struct qrngd_plot *plot)
{
	if (plot->svg)
		fclose(plot->svg);
	if (plot->text)
		qrng_wipe(plot->text, plot->len);
	free(plot->text);
	qrng_wipe(plot->pixels, plot->size);
	free(plot);
}

static bool begin_svg(struct qrngd_plot *plot)
{
	plot->svg = open_memstream(&plot->text, &plot->len);
	if (!plot->svg)
		return false;
	fprintf(plot->svg,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		"viewBox=\"0 0 %u %u\" shape-rendering=\"crispEdges\">\n<rect width=\"100%%\" "
		"height=\"100%%\" fill=\"#fff\"/>\n",
		plot->width, plot->height, plot->width, plot->height);
	return true;
}

struct qrngd_plot *qrngd_plot_new(unsigned int width, unsigned int height,
				  enum qrngd_plot_format format)
{
	size_t pixels = format == QRNGD_PLOT_PNG ? ((size_t)width * height + 1) / 2 : 0;
	struct qrngd_plot *plot = calloc(1, sizeof(*plot) + pixels);

	if (!plot)
		return NULL;
	plot->format = format;
	plot->width = width;
	plot->height = height;
	plot->size = pixels;
	if (format == QRNGD_PLOT_PNG || begin_svg(plot))
		return plot;
	qrngd_plot_free(plot);
	return NULL;
}

double qrngd_plot_width(const struct qrngd_plot *plot)
{
	return plot->width;
}

double qrngd_plot_height(const struct qrngd_plot *plot)
{
	return plot->height;
}

static unsigned int pixel_shift(size_t at)
{
	return at % 2 ? 0 : 4;
}

static void dot(struct qrngd_plot *plot, unsigned int x, unsigned int y, enum qrngd_ink ink)
{
	size_t at = (size_t)y * plot->width + x;
	uint8_t *pair = &plot->pixels[at / 2];

	*pair = (uint8_t)((*pair & ~(15u << pixel_shift(at))) | ink << pixel_shift(at));
}

/* To a pixel of the drawing, whatever arithmetic came to. */
static unsigned int clamp(double value, unsigned int limit)
{
	if (!(value > 0))
		return 0;
	return value < limit ? (unsigned int)value : limit;
}

static void paint_box(struct qrngd_plot *plot, double x, double y, double width, double height,
		      enum qrngd_ink ink)
{
	unsigned int right = clamp(round(x + width), plot->width);
	unsigned int bottom = clamp(round(y + height), plot->height);
	unsigned int left = clamp(round(x), plot->width), top = clamp(round(y), plot->height);
	unsigned int column;

	for (; top < bottom; top++)
		for (column = left; column < right; column++)
			dot(plot, column, top, ink);
}

static void end_line(struct qrngd_plot *plot)
{
	if (plot->in_line)
		fputs("\"/>\n", plot->svg);
	plot->in_line = false;
}

void qrngd_plot_box(struct qrngd_plot *plot, double x, double y, double width, double height,
		    enum qrngd_ink ink)
{
	const uint8_t *rgb = palette[ink];

	if (!plot->svg) {
		paint_box(plot, x, y, width, height, ink);
		return;
	}
	end_line(plot);
	fprintf(plot->svg,
		"<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"%.6g\" "
		"fill=\"#%02x%02x%02x\"/>\n",
		x, y, width, height, rgb[0], rgb[1], rgb[2]);
}

/* As many dots as the line is long in its longer direction. */
static void paint_line(struct qrngd_plot *plot, double x, double y)
{
	double dx = x - plot->x, dy = y - plot->y;
	int steps = (int)ceil(fmax(fabs(dx), fabs(dy))), i;

	for (i = 0; i <= steps; i++) {
		double part = steps ? (double)i / steps : 0;

		dot(plot, clamp(plot->x + part * dx, plot->width - 1),
		    clamp(plot->y + part * dy, plot->height - 1), QRNGD_INK_DATA);
	}
}

void qrngd_plot_line(struct qrngd_plot *plot, double x, double y, bool first)
{
	if (!plot->svg) {
		if (!first)
			paint_line(plot, x, y);
	} else if (first) {
		end_line(plot);
		fprintf(plot->svg, "<polyline fill=\"none\" stroke=\"#2060c0\" points=\"%.6g,%.6g",
			x, y);
		plot->in_line = true;
	} else {
		fprintf(plot->svg, " %.6g,%.6g", x, y);
	}
	plot->x = x;
	plot->y = y;
}

/** struct drawing - a drawing on its way out as PNG */
struct drawing {
	struct qrngd_picture picture;
	struct qrngd_plot *plot;
	unsigned int y;
};

static void draw_row(struct qrngd_picture *picture, uint8_t *row)
{
	struct drawing *drawing = (struct drawing *)picture;
	size_t at = (size_t)drawing->y++ * picture->width;
	unsigned int x;

	for (x = 0; x < picture->width; x++, at++)
		row[x] = drawing->plot->pixels[at / 2] >> pixel_shift(at) & 15;
}

static void free_plot(void *data)
{
	qrngd_plot_free(*(struct qrngd_plot **)data);
}

static void send_png(struct qrngd_call *call, struct qrngd_plot *plot)
{
	struct drawing *drawing = qrngd_picture_new(call, sizeof(*drawing), draw_row);

	drawing->plot = plot;
	drawing->picture.pixel = QRNGD_PIXEL_INDEX;
	drawing->picture.width = plot->width;
	drawing->picture.height = plot->height;
	drawing->picture.palette = palette;
	drawing->picture.colours = QRNGD_INKS;
	drawing->picture.squeeze = true;
	qrngd_picture_send(call, &drawing->picture, QRNGD_PNG);
}

static void send_svg(struct qrngd_call *call, struct qrngd_plot *plot)
{
	bool written;

	end_line(plot);
	fputs("</svg>\n", plot->svg);
	written = fclose(plot->svg) == 0;
	plot->svg = NULL;
	if (!written) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	if (!qrngd_bulk_begin(call, plot->len) || !qrngd_toll_take(call, plot->len))
		return;
	qrngd_answer_begin(call, "image/svg+xml", plot->len);
	qrngd_answer_whole(call, plot->text, plot->len);
}

void qrngd_plot_send(struct qrngd_call *call, struct qrngd_plot *plot)
{
	struct qrngd_plot **owner =
		h2o_mem_alloc_shared(&call->req->pool, sizeof(struct qrngd_plot *), free_plot);

	*owner = plot;
	if (plot->format == QRNGD_PLOT_SVG)
		send_svg(call, plot);
	else
		send_png(call, plot);
}
