/* SPDX-License-Identifier: MIT */
/*
 * Drawings of few shapes, as SVG or PNG. Two kinds of shape are all that is needed here,
 * so this stands in for a drawing library and the window system that comes with it.
 */
#ifndef QRNGD_PLOT_H
#define QRNGD_PLOT_H

#include "picture.h"

#define QRNGD_PLOT_SIDE_MIN 64
#define QRNGD_PLOT_SIDE_MAX 512

/** enum qrngd_ink - the colours; from %QRNGD_INK_HEAT on they go from cold to hot */
enum qrngd_ink {
	QRNGD_INK_PAPER,
	QRNGD_INK_BLACK,
	QRNGD_INK_LINE,
	QRNGD_INK_DATA,
	QRNGD_INK_HEAT,
	QRNGD_INKS = 16,
};

#define QRNGD_HEATS (QRNGD_INKS - QRNGD_INK_HEAT)

struct qrngd_plot;

enum qrngd_plot_format { QRNGD_PLOT_PNG, QRNGD_PLOT_SVG };
extern const char *const qrngd_plot_formats[];

/**
 * qrngd_plot_new() - begin a drawing, all paper
 * @width: pixels
 * @height: pixels
 * @format: what it is to be
 *
 * Return: the drawing, or NULL when there is no memory.
 */
struct qrngd_plot *qrngd_plot_new(unsigned int width, unsigned int height,
				  enum qrngd_plot_format format);

/** qrngd_plot_width() - of the drawing, in pixels */
double qrngd_plot_width(const struct qrngd_plot *plot);

/** qrngd_plot_height() - of the drawing, in pixels */
double qrngd_plot_height(const struct qrngd_plot *plot);

/**
 * qrngd_plot_box() - draw a filled box
 * @plot: the drawing
 * @x: left side, in pixels
 * @y: top
 * @width: of the box
 * @height: of the box
 * @ink: its colour
 */
void qrngd_plot_box(struct qrngd_plot *plot, double x, double y, double width, double height,
		    enum qrngd_ink ink);

/**
 * qrngd_plot_line() - draw a line from where the last one ended
 * @plot: the drawing
 * @x: in pixels
 * @y: in pixels
 * @first: nothing is drawn: only the beginning is set
 */
void qrngd_plot_line(struct qrngd_plot *plot, double x, double y, bool first);

/** qrngd_plot_free() - throw a drawing away */
void qrngd_plot_free(struct qrngd_plot *plot);

/**
 * qrngd_plot_send() - answer with a drawing
 * @call: the request; this is its answer
 * @plot: the drawing; not to be used any more
 */
void qrngd_plot_send(struct qrngd_call *call, struct qrngd_plot *plot);

#endif /* QRNGD_PLOT_H */
