// SPDX-License-Identifier: MIT
/* Queues: every byte once, whoever asks for how many; and a keeper that works only if it must. */
#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "../../daemon/clock.h"
#include "../../daemon/lokey/keeper.h"
#include "../../daemon/lokey/queues.h"
#include "random.h"

#define ITEM 32

/** struct spring - a source of bytes that tell their place, as numbers of 32 bits */
struct spring {
	pthread_mutex_t lock;
	uint32_t next;
	uint64_t left; /* bytes it will give */
	unsigned int asked;
};

static struct spring spring;
static struct qrngd_queue queue;

static int give(void *data, uint8_t *to, size_t len)
{
	struct spring *from = data;
	int err = -EAGAIN;
	size_t i;

	pthread_mutex_lock(&from->lock);
	from->asked++;
	if (from->left >= len) {
		from->left -= len;
		for (i = 0; i + 4 <= len; i += 4, from->next++)
			memcpy(to + i, &from->next, 4);
		/* What is no whole number is one more. */
		memcpy(to + i, &from->next, len - i);
		from->next += i < len;
		err = 0;
	}
	pthread_mutex_unlock(&from->lock);
	return err;
}

static const struct qrngd_queue_source source = { give, &spring };

static int start(void **state)
{
	(void)state;
	spring = (struct spring){ .lock = PTHREAD_MUTEX_INITIALIZER, .left = UINT64_MAX };
	return qrngd_queue_init(&queue, QRNGD_QUEUE_TRNG, 10, &source);
}

static int stop(void **state)
{
	(void)state;
	qrngd_queue_close(&queue);
	return 0;
}

static struct qrngd_queue_figures figures_now(void)
{
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(&queue, &figures);
	return figures;
}

/* Return: the first number of those taken, which are in a row. */
static uint32_t take(uint32_t skip, size_t len)
{
	uint32_t numbers[1000], i;
	size_t there;

	assert_int_equal(qrngd_queue_take(&queue, skip, (uint8_t *)numbers, len, &there), 0);
	for (i = 1; i < len / 4; i++)
		assert_int_equal(numbers[i], numbers[0] + i);
	return numbers[0];
}

static void fill(void)
{
	while (qrngd_queue_poll(&queue, 3 * ITEM) > 0)
		;
}

static void values_span_items(void **state)
{
	(void)state;
	fill();
	spring.left = 0;
	assert_int_equal(take(0, 4), 0);
	assert_int_equal(take(0, 60), 1);
	assert_int_equal(take(0, 256), 16);
	assert_int_equal(figures_now().bytes, 0);
	assert_int_equal(figures_now().bytes_consumed, 10 * ITEM);
}

static void items_are_counted(void **state)
{
	struct qrngd_queue_figures figures;

	(void)state;
	fill();
	figures = figures_now();
	assert_int_equal(figures.queue_current, 10);
	assert_int_equal(figures.queue_capacity, 10);
	assert_true(figures.queue_percentage == 100.0);
	assert_int_equal(figures.polling_count, 4);
	assert_int_equal(figures.total_generated, 10);
	take(0, 4);
	figures = figures_now();
	assert_int_equal(figures.queue_current, 10);
	assert_int_equal(figures.consumed_count, 0);
	assert_int_equal(figures.requests, 1);
	take(0, ITEM);
	figures = figures_now();
	assert_int_equal(figures.queue_current, 9);
	assert_int_equal(figures.consumed_count, 1);
	assert_int_equal(figures.queue_dropped, 0);
}

static void nothing_is_gone_when_there_is_not_enough(void **state)
{
	uint8_t bytes[11 * ITEM];
	size_t there = 0;

	(void)state;
	fill();
	spring.left = 0;
	assert_int_equal(qrngd_queue_take(&queue, 0, bytes, sizeof(bytes), &there), -EAGAIN);
	assert_int_equal(there, 10 * ITEM);
	assert_int_equal(qrngd_queue_take(&queue, 4, bytes, 7 * ITEM, &there), -EAGAIN);
	assert_int_equal(there, 6 * ITEM);
	assert_int_equal(figures_now().queue_current, 10);
	assert_int_equal(take(0, 10 * ITEM), 0);
}

static void what_is_missing_comes_from_the_source(void **state)
{
	uint8_t bytes[100 * ITEM];
	size_t there;

	(void)state;
	fill();
	assert_int_equal(qrngd_queue_take(&queue, 0, bytes, sizeof(bytes), &there), 0);
	assert_int_equal(spring.next, sizeof(bytes) / 4);
	assert_int_equal(figures_now().bytes, 0);
	assert_int_equal(figures_now().total_generated, 100);
	assert_int_equal(figures_now().consumed_count, 100);
}

static void items_passed_over_are_gone(void **state)
{
	(void)state;
	fill();
	spring.left = 0;
	assert_int_equal(take(3, 8), 3 * ITEM / 4);
	assert_int_equal(take(0, 8), 3 * ITEM / 4 + 2);
	assert_int_equal(figures_now().bytes, 7 * ITEM - 16);
}

static void a_peek_takes_nothing(void **state)
{
	uint32_t numbers[4];
	size_t there;

	(void)state;
	assert_int_equal(qrngd_queue_peek(&queue, 2, (uint8_t *)numbers, 16, &there), 0);
	assert_int_equal(numbers[0], 2 * ITEM / 4);
	assert_int_equal(qrngd_queue_peek(&queue, 2, (uint8_t *)numbers, 16, &there), 0);
	assert_int_equal(numbers[0], 2 * ITEM / 4);
	assert_int_equal(qrngd_queue_peek(&queue, 10, (uint8_t *)numbers, 16, &there), -EAGAIN);
	assert_int_equal(there, 0);
	assert_int_equal(figures_now().bytes_consumed, 0);
	assert_int_equal(take(0, 4), 0);
}

static void the_oldest_are_dropped(void **state)
{
	uint32_t numbers[10 * ITEM / 4 + 5], i;

	(void)state;
	for (i = 0; i < 10 * ITEM / 4 + 5; i++)
		numbers[i] = i;
	qrngd_queue_push(&queue, (uint8_t *)numbers, 4);
	qrngd_queue_push(&queue, (uint8_t *)(numbers + 1), 10 * ITEM);
	assert_int_equal(figures_now().queue_current, 10);
	assert_int_equal(qrngd_counted(&queue.counts->dropped), 4);
	assert_int_equal(take(0, 4), 1);
	/* Longer than the queue: only its end is kept. */
	qrngd_queue_push(&queue, (uint8_t *)numbers, sizeof(numbers));
	assert_int_equal(take(0, 10 * ITEM), 5);
}

static void a_smaller_queue_keeps_the_newest(void **state)
{
	(void)state;
	assert_int_equal(qrngd_queue_resize(&queue, 20), 0);
	fill();
	assert_int_equal(figures_now().queue_current, 20);
	assert_int_equal(take(0, 3 * ITEM), 0);
	assert_int_equal(qrngd_queue_resize(&queue, 12), 0);
	assert_int_equal(figures_now().queue_dropped, 5);
	assert_int_equal(figures_now().total_generated, 20);
	assert_int_equal(take(0, 12 * ITEM), 8 * ITEM / 4);
}

static void what_was_taken_is_wiped(void **state)
{
	size_t i;

	(void)state;
	fill();
	take(2, 5 * ITEM);
	for (i = 0; i < 7 * ITEM; i++)
		assert_int_equal(queue.ring.bytes[i], 0);
	take(0, 3 * ITEM);
	for (i = 0; i < queue.ring.size; i++)
		assert_int_equal(queue.ring.bytes[i], 0);
}

/* The memory ends in the middle of what is taken or pushed, again and again. */
static void places_wrap_around(void **state)
{
	uint64_t choices = 3;
	uint32_t expected = 0;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		size_t len = 4 + 4 * random_below(&choices, 9 * ITEM / 4);

		fill();
		assert_int_equal(take(0, len), expected);
		expected += (uint32_t)len / 4;
	}
}

/** struct taker - a thread that takes numbers and notes them */
struct taker {
	pthread_t thread;
	uint8_t *seen;
	uint32_t most;
	unsigned int failed;
};

static void *take_many(void *arg)
{
	struct taker *taker = arg;
	uint32_t numbers[64];
	uint64_t choices = (uint64_t)(uintptr_t)arg;
	unsigned int i, round;
	size_t there;

	for (round = 0; round < 20000; round++) {
		size_t len = 4 * (1 + random_below(&choices, 64));

		if (qrngd_queue_take(&queue, 0, (uint8_t *)numbers, len, &there) != 0)
			taker->failed++;
		for (i = 0; i < len / 4; i++)
			if (numbers[i] < taker->most)
				taker->seen[numbers[i]]++;
	}
	return NULL;
}

/* Four threads against the keeper. */
static void no_byte_is_handed_out_twice(void **state)
{
	enum { MOST = 4 * 20000 * 64 };
	static uint8_t seen[4][MOST];
	struct taker takers[4];
	struct qrngd_keeper keeper;
	uint32_t i;

	(void)state;
	qrngd_keeper_init(&keeper, NULL, NULL);
	qrngd_keeper_add(&keeper, &queue, QRNGD_POLL_MS_MIN);
	assert_int_equal(qrngd_keeper_start(&keeper), 0);
	for (i = 0; i < 4; i++) {
		takers[i] = (struct taker){ .seen = seen[i], .most = MOST };
		assert_int_equal(pthread_create(&takers[i].thread, NULL, take_many, &takers[i]), 0);
	}
	for (i = 0; i < 4; i++)
		pthread_join(takers[i].thread, NULL);
	qrngd_keeper_stop(&keeper);
	for (i = 0; i < 4; i++)
		assert_int_equal(takers[i].failed, 0);
	for (i = 0; i < MOST; i++)
		assert_in_range(seen[0][i] + seen[1][i] + seen[2][i] + seen[3][i], 0, 1);
	assert_int_equal(qrngd_counted(&queue.counts->generated),
			 qrngd_counted(&queue.counts->consumed) + qrngd_ring_used(&queue.ring));
}

static uint64_t cpu_ns(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static void wait_until_full(void)
{
	uint64_t until = qrngd_now_ms() + 60000;

	while (figures_now().queue_percentage < 100 && qrngd_now_ms() < until)
		usleep(1000);
	assert_true(figures_now().queue_percentage == 100);
}

static void a_full_queue_costs_nothing(void **state)
{
	unsigned int asked = 0, tries;
	uint64_t before, used = 0;
	struct qrngd_keeper keeper;

	(void)state;
	qrngd_keeper_init(&keeper, NULL, NULL);
	qrngd_keeper_add(&keeper, &queue, QRNGD_POLL_MS_MIN);
	assert_int_equal(qrngd_keeper_start(&keeper), 0);
	wait_until_full();
	/* On a busy machine the keeper may not have got to its rest yet. */
	for (tries = 0; tries < 20; tries++) {
		asked = spring.asked;
		before = cpu_ns();
		usleep(1000000);
		used = cpu_ns() - before;
		if (spring.asked == asked && used <= 20000000)
			break;
	}
	assert_int_equal(spring.asked, asked);
	/* Of a second that many looks of five milliseconds would take a tenth. */
	assert_in_range(used, 0, 20000000);
	/* It is awake again, though. */
	take(0, ITEM);
	wait_until_full();
	take(0, 9 * ITEM);
	wait_until_full();
	qrngd_keeper_stop(&keeper);
}

static void a_dry_source_is_not_pestered(void **state)
{
	struct qrngd_keeper keeper;
	uint64_t began = qrngd_now_ms();
	unsigned int asked;

	(void)state;
	spring.left = 0;
	qrngd_keeper_init(&keeper, NULL, NULL);
	qrngd_keeper_add(&keeper, &queue, QRNGD_POLL_MS_MIN);
	assert_int_equal(qrngd_keeper_start(&keeper), 0);
	do {
		usleep(1000000);
		pthread_mutex_lock(&spring.lock);
		asked = spring.asked;
		pthread_mutex_unlock(&spring.lock);
	} while (!asked && qrngd_now_ms() - began < 60000);
	assert_in_range(asked, 1, 20 * (qrngd_now_ms() - began) / 1000);
	pthread_mutex_lock(&spring.lock);
	spring.left = UINT64_MAX;
	pthread_mutex_unlock(&spring.lock);
	wait_until_full();
	qrngd_keeper_stop(&keeper);
}

/** struct fake - an engine whose noise is what a test wants; all else is never called */
struct fake {
	struct qrngd_engine engine;
	uint64_t state;
	bool stuck;
	int err;
};

static int fake_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	struct fake *fake = (struct fake *)engine;
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = fake->stuck ? 0xff : (uint8_t)random_next(&fake->state);
	return fake->err;
}

static const struct qrngd_engine_ops fake_ops = { .name = "fake", .noise = fake_noise };

static struct qrngd_queues *open_queues(struct fake *fake)
{
	struct qrngd_queues_config config = {
		.items = { 100, 10, 20 },
		.poll_ms = { 1000, 1000, 1000 },
		.feed = QRNGD_VIRTIO_TRNG,
		.apt_window = 512,
		.engine = &fake->engine,
		.fortuna = source,
	};

	*fake = (struct fake){ .engine = { .ops = &fake_ops }, .state = 4 };
	pthread_mutex_init(&fake->engine.lock, NULL);
	return qrngd_queues_open(&config);
}

static void queues_have_their_sources(void **state)
{
	struct qrngd_queues *queues;
	struct fake fake;
	uint32_t number;
	size_t there;

	(void)state;
	queues = open_queues(&fake);
	assert_non_null(queues);
	fake.err = -ENOTSUP;
	assert_int_equal(qrngd_queues_read(queues, QRNGD_QUEUE_TRNG, 0, (void *)&number, 4, &there),
			 -ENOTSUP);
	assert_int_equal(
		qrngd_queues_read(queues, QRNGD_QUEUE_FORTUNA, 0, (void *)&number, 4, &there), 0);
	assert_int_equal(
		qrngd_queues_read(queues, QRNGD_QUEUE_VIRTIO, 0, (void *)&number, 4, &there),
		-ENOTSUP);
	qrngd_queues_set_feed(queues, QRNGD_VIRTIO_BOTH);
	assert_int_equal(
		qrngd_queues_read(queues, QRNGD_QUEUE_VIRTIO, 0, (void *)&number, 4, &there), 0);
	qrngd_queues_set_feed(queues, QRNGD_VIRTIO_FORTUNA);
	assert_int_equal(
		qrngd_queues_read(queues, QRNGD_QUEUE_VIRTIO, 0, (void *)&number, 4, &there), 0);
	qrngd_queues_close(queues);
}

static void noise_that_fails_is_not_queued(void **state)
{
	struct qrngd_quality_figures quality;
	struct qrngd_queues *queues;
	struct fake fake;
	uint8_t bytes[64];
	size_t there;

	(void)state;
	queues = open_queues(&fake);
	assert_non_null(queues);
	assert_int_equal(qrngd_queues_read(queues, QRNGD_QUEUE_TRNG, 0, bytes, 64, &there), 0);
	fake.stuck = true;
	assert_int_equal(qrngd_queues_read(queues, QRNGD_QUEUE_TRNG, 0, bytes, 64, &there),
			 -EAGAIN);
	assert_int_equal(bytes[0] | bytes[63], 0);
	qrngd_quality_look(&queues->quality, &quality);
	assert_int_equal(quality.refused, 64);
	assert_int_equal(quality.samples, 128);
	assert_int_equal(quality.repetition_failures, 1);
	assert_int_equal(quality.last_value, 0xff);
	qrngd_queues_close(queues);
}

#define test(name) cmocka_unit_test_setup_teardown(name, start, stop)

static const struct CMUnitTest tests[] = {
	test(values_span_items),
	test(items_are_counted),
	test(nothing_is_gone_when_there_is_not_enough),
	test(what_is_missing_comes_from_the_source),
	test(items_passed_over_are_gone),
	test(a_peek_takes_nothing),
	test(the_oldest_are_dropped),
	test(a_smaller_queue_keeps_the_newest),
	test(what_was_taken_is_wiped),
	test(places_wrap_around),
	test(no_byte_is_handed_out_twice),
	test(a_full_queue_costs_nothing),
	test(a_dry_source_is_not_pestered),
	test(queues_have_their_sources),
	test(noise_that_fails_is_not_queued),
};

SUITE(tests)
