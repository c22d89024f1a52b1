// SPDX-License-Identifier: MIT
/* What random bytes look like to statistics: shapes in which a flaw would show. */
#include "api.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kissfft/kiss_fftr.h>

#include "plot.h"
#include "problem.h"

enum { P_BYTES, P_WIDTH, P_HEIGHT, P_FORMAT };

#define BYTES_MAX   1048576
#define BITS_MAX    (QRNGD_PLOT_SIDE_MAX * QRNGD_PLOT_SIDE_MAX / 8) /* bytes, a pixel a bit */
#define PIECE	    4096
#define CELLS	    64 /* a side of the map of pairs */
#define FFT_SAMPLES 4096
#define FFT_BARS    256

/* Bytes are drawn and used a piece at a time; @use is given each. */
static void each_piece(struct qrngd_call *call, size_t bytes,
		       void (*use)(void *data, const uint8_t *piece, size_t len), void *data)
{
	uint8_t piece[PIECE];
	size_t len;

	for (; bytes; bytes -= len) {
		len = bytes < PIECE ? bytes : PIECE;
		qrngd_supply_draw(&call->worker->supply, piece, len);
		use(data, piece, len);
	}
	qrng_wipe(piece, sizeof(piece));
}

/* From as many heats as there are: @share of 1 is the hottest. */
static enum qrngd_ink heat(double share)
{
	double step = share * QRNGD_HEATS;

	if (!(step > 0))
		return QRNGD_INK_HEAT;
	return step < QRNGD_HEATS ? QRNGD_INK_HEAT + (enum qrngd_ink)step : QRNGD_INKS - 1;
}

static void count_pairs(void *data, const uint8_t *piece, size_t len)
{
	unsigned int(*counts)[CELLS] = data;
	size_t i;

	for (i = 0; i + 1 < len; i++)
		counts[piece[i] * CELLS / 256][piece[i + 1] * CELLS / 256]++;
}

/* A cell's heat tells how many standard deviations it is from what is expected. */
static void draw_bigrams(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes)
{
	unsigned int counts[CELLS][CELLS] = { { 0 } };
	double width = qrngd_plot_width(plot) / CELLS, height = qrngd_plot_height(plot) / CELLS;
	double expected = (double)bytes / CELLS / CELLS;
	unsigned int x, y;

	each_piece(call, bytes, count_pairs, counts);
	for (y = 0; y < CELLS; y++)
		for (x = 0; x < CELLS; x++)
			qrngd_plot_box(plot, x * width, y * height, width, height,
				       heat(0.5 + (counts[y][x] - expected) / sqrt(expected) / 8));
}

/** struct pattern - bits on their way into cells */
struct pattern {
	struct qrngd_plot *plot;
	double cell;
	unsigned int columns;
	size_t next;
};

static void draw_cells(void *data, const uint8_t *piece, size_t len)
{
	struct pattern *pattern = data;
	size_t i, row, column;

	for (i = 0; i < 8 * len; i++, pattern->next++) {
		row = pattern->next / pattern->columns;
		column = pattern->next % pattern->columns;
		if (piece[i / 8] >> (7 - i % 8) & 1)
			qrngd_plot_box(pattern->plot, (double)column * pattern->cell,
				       (double)row * pattern->cell, pattern->cell, pattern->cell,
				       QRNGD_INK_DATA);
	}
}

/* Square cells, as large as fit; never smaller than a pixel, as that many bits are refused. */
static void draw_bits(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes)
{
	double width = qrngd_plot_width(plot), height = qrngd_plot_height(plot);
	double bits = 8 * (double)bytes, columns = ceil(sqrt(bits * width / height));
	struct pattern pattern = { .plot = plot, .columns = (unsigned int)columns };

	pattern.cell = fmin(width / columns, height / ceil(bits / columns));
	each_piece(call, bytes, draw_cells, &pattern);
}

/** struct walk - a walk, one step for each bit */
struct walk {
	struct qrngd_plot *plot;
	double steps;
	double scale;
	long at;
	size_t next;
	size_t stride;
};

static void draw_steps(void *data, const uint8_t *piece, size_t len)
{
	struct walk *walk = data;
	double middle = qrngd_plot_height(walk->plot) / 2;
	size_t i;

	for (i = 0; i < 8 * len; i++) {
		walk->at += piece[i / 8] >> (7 - i % 8) & 1 ? 1 : -1;
		if (++walk->next % walk->stride == 0)
			qrngd_plot_line(walk->plot,
					(double)walk->next / walk->steps *
						qrngd_plot_width(walk->plot),
					middle - (double)walk->at * walk->scale, false);
	}
}

/* The paper is four standard deviations of the walk's end high, above and below. */
static void draw_walk(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes)
{
	double middle = qrngd_plot_height(plot) / 2;
	struct walk walk = { .plot = plot, .steps = 8 * (double)bytes };

	walk.scale = middle / (4 * sqrt(walk.steps));
	walk.stride = (size_t)fmax(walk.steps / qrngd_plot_width(plot), 1);
	qrngd_plot_box(plot, 0, middle - 0.5, qrngd_plot_width(plot), 1, QRNGD_INK_LINE);
	qrngd_plot_line(plot, 0, middle, true);
	each_piece(call, bytes, draw_steps, &walk);
}

static void count_bytes(void *data, const uint8_t *piece, size_t len)
{
	unsigned int *counts = data;
	size_t i;

	for (i = 0; i < len; i++)
		counts[piece[i]]++;
}

/* A bar of half the height is what is expected. */
static void draw_histogram(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes)
{
	double width = qrngd_plot_width(plot) / 256, height = qrngd_plot_height(plot);
	unsigned int counts[256] = { 0 }, i;

	each_piece(call, bytes, count_bytes, counts);
	for (i = 0; i < 256; i++) {
		double bar = fmin(counts[i] * 256.0 / (double)bytes / 2, 1) * height;

		qrngd_plot_box(plot, i * width, height - bar, width, bar, QRNGD_INK_DATA);
	}
	qrngd_plot_box(plot, 0, height / 2 - 0.5, qrngd_plot_width(plot), 1, QRNGD_INK_LINE);
}

/** struct spectrum - the sum of the power of many short spectra */
struct spectrum {
	kiss_fftr_cfg fft;
	unsigned int sums;
	double power[FFT_BARS];
};

static void add_spectrum(void *data, const uint8_t *piece, size_t len)
{
	struct spectrum *spectrum = data;
	float samples[FFT_SAMPLES];
	kiss_fft_cpx values[FFT_SAMPLES / 2 + 1];
	size_t i;

	/* What is left at the end is too short for a spectrum of its own. */
	if (len < FFT_SAMPLES && spectrum->sums)
		return;
	for (i = 0; i < FFT_SAMPLES; i++)
		samples[i] = i < len ? ((float)piece[i] - 127.5f) / 73.9f : 0;
	kiss_fftr(spectrum->fft, samples, values);
	for (i = 1; i <= FFT_SAMPLES / 2; i++)
		spectrum->power[(i - 1) * FFT_BARS / (FFT_SAMPLES / 2)] +=
			(double)(values[i].r * values[i].r + values[i].i * values[i].i);
	spectrum->sums++;
	qrng_wipe(samples, sizeof(samples));
	qrng_wipe(values, sizeof(values));
}

/* In decibels around the mean, which is in the middle: ten up and ten down. */
static void draw_spectrum(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes)
{
	double width = qrngd_plot_width(plot) / FFT_BARS, height = qrngd_plot_height(plot);
	struct spectrum spectrum = { .fft = kiss_fftr_alloc(FFT_SAMPLES, 0, NULL, NULL) };
	double mean = 0;
	unsigned int i;

	if (!spectrum.fft)
		return;
	each_piece(call, bytes, add_spectrum, &spectrum);
	for (i = 0; i < FFT_BARS; i++)
		mean += spectrum.power[i] / FFT_BARS;
	for (i = 0; i < FFT_BARS; i++) {
		double decibel = 10 * log10(fmax(spectrum.power[i] / mean, 1e-9));
		double bar = fmin(fmax(0.5 + decibel / 20, 0), 1) * height;

		qrngd_plot_box(plot, i * width, height - bar, width, bar, QRNGD_INK_DATA);
	}
	qrngd_plot_box(plot, 0, height / 2 - 0.5, qrngd_plot_width(plot), 1, QRNGD_INK_LINE);
	kiss_fftr_free(spectrum.fft);
}

static void answer(struct qrngd_call *call,
		   void (*draw)(struct qrngd_call *call, struct qrngd_plot *plot, size_t bytes))
{
	struct qrngd_plot *plot;

	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	plot = qrngd_plot_new((unsigned int)call->values[P_WIDTH].integer,
			      (unsigned int)call->values[P_HEIGHT].integer,
			      call->values[P_FORMAT].word);
	if (!plot) {
		qrngd_problem_send(call, 503, "out of memory");
		return;
	}
	draw(call, plot, (size_t)call->values[P_BYTES].integer);
	qrngd_plot_send(call, plot);
}

static void handle_bigrams(struct qrngd_call *call)
{
	answer(call, draw_bigrams);
}

static void handle_bits(struct qrngd_call *call)
{
	qrngd_integer pixels = call->values[P_WIDTH].integer * call->values[P_HEIGHT].integer;
	char allowed[64];

	if (8 * call->values[P_BYTES].integer <= pixels) {
		answer(call, draw_bits);
		return;
	}
	snprintf(allowed, sizeof(allowed), "at most %u, of 8 pixels each, for this size",
		 (unsigned int)(pixels / 8));
	qrngd_problem_value(call, "bytes", "has more bits than the picture has pixels", allowed);
}

static void handle_walk(struct qrngd_call *call)
{
	answer(call, draw_walk);
}

static void handle_histogram(struct qrngd_call *call)
{
	answer(call, draw_histogram);
}

static void handle_spectrum(struct qrngd_call *call)
{
	answer(call, draw_spectrum);
}

#define PARAM_SIDE(name)                                                                           \
	QRNGD_PARAM_INTEGER(name, QRNGD_PLOT_SIDE_MIN, QRNGD_PLOT_SIDE_MAX, 512, "pixels")
#define PARAMS(bytes, max)                                                                         \
	{                                                                                          \
		[P_BYTES] = QRNGD_PARAM_INTEGER("bytes", 256, max, bytes,                          \
						"how many bytes to draw and look at"),             \
		[P_WIDTH] = PARAM_SIDE("width"), [P_HEIGHT] = PARAM_SIDE("height"),                \
		[P_FORMAT] = QRNGD_PARAM_WORD("format", qrngd_plot_formats, QRNGD_PLOT_PNG,        \
					      "the kind of file"),                                 \
	}

const struct qrngd_route qrngd_routes_plots[] = {
	{
		.path = "/v1/image/bigrams",
		.group = "Pictures",
		.summary = "How often each byte follows each: a map of pairs, cold to hot.",
		.type = "image/png, image/svg+xml",
		.handle = handle_bigrams,
		.params = PARAMS(262144, BYTES_MAX),
	},
	{
		.path = "/v1/image/bits",
		.group = "Pictures",
		.summary = "Bits as dark and light cells.",
		.type = "image/png, image/svg+xml",
		.handle = handle_bits,
		.params = PARAMS(512, BITS_MAX),
	},
	{
		.path = "/v1/image/walk",
		.group = "Pictures",
		.summary = "A walk that goes up or down with each bit.",
		.type = "image/png, image/svg+xml",
		.handle = handle_walk,
		.params = PARAMS(8192, BYTES_MAX),
	},
	{
		.path = "/v1/image/histogram",
		.group = "Pictures",
		.summary = "How often each byte comes.",
		.type = "image/png, image/svg+xml",
		.handle = handle_histogram,
		.params = PARAMS(65536, BYTES_MAX),
	},
	{
		.path = "/v1/image/spectrum",
		.group = "Pictures",
		.summary = "The power at each frequency, in decibels around its mean.",
		.type = "image/png, image/svg+xml",
		.handle = handle_spectrum,
		.params = PARAMS(65536, BYTES_MAX),
	},
	{ 0 },
};
