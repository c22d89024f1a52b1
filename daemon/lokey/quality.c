// SPDX-License-Identifier: MIT
#include "quality.h"

#include <math.h>
#include <string.h>

#include "host.h"

#define REPETITION_MAX 35

void qrngd_quality_init(struct qrngd_quality *quality, unsigned int window)
{
	unsigned int half = window / 2;

	memset(quality, 0, sizeof(*quality));
	pthread_mutex_init(&quality->lock, NULL);
	qrng_metrics_init(&quality->metrics);
	quality->window.size = window;
	quality->limit = half + 3 * sqrt(window / 4.0);
	qrng_health_init(&quality->health, QRNGD_QUALITY_CLAIM);
}

/* Return: how often the window, with it, has the byte. */
static unsigned int slide(struct qrngd_window *window, uint8_t byte)
{
	if (window->len == window->size)
		window->counts[window->bytes[window->at]]--;
	else
		window->len++;
	window->bytes[window->at] = byte;
	window->at = (window->at + 1) % window->size;
	return ++window->counts[byte];
}

/* As LoKey counts: as if a zero had come before the first byte. */
static void repeat(struct qrngd_quality *quality, uint8_t byte)
{
	quality->run = byte == quality->last ? quality->run + 1 : 1;
	quality->last = byte;
	if (quality->run <= REPETITION_MAX)
		return;
	quality->repetitions++;
	quality->repeated = byte;
	quality->run = 1;
}

bool qrngd_quality_feed(struct qrngd_quality *quality, const uint8_t *noise, size_t len)
{
	bool passed;
	size_t i;

	pthread_mutex_lock(&quality->lock);
	qrng_metrics_feed(&quality->metrics, noise, len);
	for (i = 0; i < len; i++) {
		repeat(quality, noise[i]);
		quality->biased += slide(&quality->window, noise[i]) > quality->limit;
	}
	passed = qrng_health_feed(&quality->health, noise, len) == QRNG_HEALTH_PASS;
	if (!passed)
		quality->refused += len;
	pthread_mutex_unlock(&quality->lock);
	return passed;
}

static void count_bits(const struct qrng_tally *tally, struct qrngd_quality_figures *figures)
{
	unsigned int value;

	figures->ones = 0;
	for (value = 0; value < 256; value++)
		figures->ones += tally->counts[value] * (unsigned int)__builtin_popcount(value);
	figures->samples = tally->len;
	figures->zeros = 8 * tally->len - figures->ones;
	figures->average = tally->len ? (double)figures->ones / (8.0 * (double)tally->len) : 0.5;
}

void qrngd_quality_look(struct qrngd_quality *quality, struct qrngd_quality_figures *figures)
{
	struct qrng_figures total;
	struct qrng_tally tally;

	pthread_mutex_lock(&quality->lock);
	qrng_metrics_total(&quality->metrics, &tally, &total);
	count_bits(&tally, figures);
	qrng_metrics_window(&quality->metrics, &tally, &figures->recent);
	figures->repetition_failures = quality->repetitions;
	figures->current_run = quality->run;
	figures->last_value = quality->repeated;
	figures->window_size = quality->window.size;
	figures->cutoff = (unsigned int)lrint(quality->limit);
	figures->bias_count = quality->biased;
	figures->health = quality->health;
	figures->refused = quality->refused;
	pthread_mutex_unlock(&quality->lock);
	figures->grade = qrng_metrics_grade(figures->recent.ones_ppm);
}

void qrngd_quality_close(struct qrngd_quality *quality)
{
	pthread_mutex_destroy(&quality->lock);
	qrng_wipe(quality, sizeof(*quality));
}
