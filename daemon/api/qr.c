// SPDX-License-Identifier: MIT
/* Random bytes for a camera. */
#include "api.h"

#include <qrencode.h>
#include <string.h>

#include "plot.h"
#include "problem.h"

enum { P_BYTES, P_SIZE, P_FORMAT };

/* In hexadecimal that makes 512 characters, which any camera still reads. */
#define BYTES_MAX 256

/* ISO/IEC 18004 wants as much around the code. */
#define QUIET 4

static QRcode *encode(struct qrngd_call *call, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t bytes[BYTES_MAX];
	char text[2 * BYTES_MAX + 1];
	QRcode *code;
	size_t i;

	qrngd_supply_draw(&call->worker->supply, bytes, len);
	for (i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * len] = '\0';
	/* Capital letters and digits have a mode of their own, which makes the code smaller. */
	code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	qrng_wipe(bytes, sizeof(bytes));
	qrng_wipe(text, sizeof(text));
	return code;
}

static void draw(struct qrngd_plot *plot, const QRcode *code)
{
	int side = code->width + 2 * QUIET, row, column;
	double cell = qrngd_plot_width(plot) / side;

	/* Cells of whole pixels, if there are enough of them, are sharper. */
	if (cell >= 1)
		cell = (double)(int)cell;
	for (row = 0; row < code->width; row++)
		for (column = 0; column < code->width; column++)
			if (code->data[row * code->width + column] & 1)
				qrngd_plot_box(plot, (column + QUIET) * cell, (row + QUIET) * cell,
					       cell, cell, QRNGD_INK_BLACK);
}

static void handle_qr(struct qrngd_call *call)
{
	unsigned int size = (unsigned int)call->values[P_SIZE].integer;
	struct qrngd_plot *plot;
	QRcode *code;

	if (!call->ready) {
		qrngd_problem_unavailable(call);
		return;
	}
	plot = qrngd_plot_new(size, size, call->values[P_FORMAT].word);
	code = plot ? encode(call, (size_t)call->values[P_BYTES].integer) : NULL;
	if (code) {
		draw(plot, code);
		qrng_wipe(code->data, (size_t)code->width * (size_t)code->width);
		QRcode_free(code);
		qrngd_plot_send(call, plot);
		return;
	}
	if (plot)
		qrngd_plot_free(plot);
	qrngd_problem_send(call, 503, "out of memory");
}

#define PARAMS(bytes)                                                                              \
	{                                                                                          \
		[P_BYTES] = QRNGD_PARAM_INTEGER("bytes", 1, BYTES_MAX, bytes, "how many bytes"),   \
		[P_SIZE] = QRNGD_PARAM_INTEGER("size", 256, QRNGD_PLOT_SIDE_MAX, 256,              \
					       "pixels, of each side"),                            \
		[P_FORMAT] = QRNGD_PARAM_WORD("format", qrngd_plot_formats, QRNGD_PLOT_PNG,        \
					      "the kind of file"),                                 \
	}

const struct qrngd_route qrngd_routes_qr[] = {
	{
		.path = "/v1/image/qr",
		.group = "Pictures",
		.summary = "Random bytes in hexadecimal, as a QR code.",
		.type = "image/png, image/svg+xml",
		.handle = handle_qr,
		.params = PARAMS(32),
	},
	{
		.path = "/v1/qr/random",
		.group = "entropy-service",
		.summary = "The same, of 64 bytes unless told otherwise.",
		.type = "image/png, image/svg+xml",
		.handle = handle_qr,
		.params = PARAMS(64),
	},
	{ 0 },
};
