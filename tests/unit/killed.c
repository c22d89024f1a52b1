// SPDX-License-Identifier: MIT
/*
 * A process that is killed at any moment, again and again: no byte is handed out twice, no
 * counter goes back, and the store opens.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lair.h"

#define ROUNDS	    200
#define NUMBERS_MAX (1 << 20)

/**
 * struct witness - memory that outlives the processes
 * @given: numbers that the source gave so far
 * @ready: the process has opened the store
 * @opened: it ever could
 * @count: numbers that were handed out
 * @recalled: processes that found bytes of an earlier one
 * @figures: as they were seen last
 * @back: a counter was seen to go back
 * @numbers: what was handed out
 */
struct witness {
	_Atomic uint64_t given;
	_Atomic bool ready;
	unsigned int opened;
	unsigned int recalled;
	struct qrngd_queue_figures figures;
	bool back;
	_Atomic uint64_t count;
	uint64_t numbers[NUMBERS_MAX];
};

static struct witness *witness;
static struct lair lair;

static void look(struct qrngd_queues *queues)
{
	struct qrngd_queue_figures now, *last = &witness->figures;

	qrngd_queue_figures(trng_of(queues), &now);
	if (now.polling_count < last->polling_count || now.queue_dropped < last->queue_dropped ||
	    now.bytes_consumed < last->bytes_consumed || now.requests < last->requests ||
	    now.total_generated < last->total_generated)
		witness->back = true;
	*last = now;
}

/* What is not noted before the end was not handed out. */
static void take_some(struct qrngd_queues *queues, uint64_t *choices)
{
	uint64_t numbers[64], count = 1 + random_below(choices, 64), at;
	size_t there;

	if (qrngd_queue_take(trng_of(queues), (uint32_t)random_below(choices, 2),
			     (uint8_t *)numbers, 8 * count, &there) != 0)
		return;
	at = atomic_load(&witness->count);
	if (at + count > NUMBERS_MAX)
		return;
	memcpy(witness->numbers + at, numbers, 8 * count);
	atomic_store(&witness->count, at + count);
	look(queues);
}

/* As the keeper does, but without its rests. */
static void *fill_and_settle(void *data)
{
	struct qrngd_queues *queues = data;

	for (;;) {
		qrngd_queue_poll(trng_of(queues), 4096);
		qrngd_ledger_settle(&queues->ledger);
	}
	return NULL;
}

static void __attribute__((noreturn)) live(unsigned int round)
{
	struct qrngd_queues *queues = lair_open(&lair, true);
	uint64_t choices = round, takes;
	pthread_t thread;

	if (!queues)
		_exit(1);
	witness->opened++;
	witness->recalled += qrngd_ring_used(&trng_of(queues)->ring) > 0;
	look(queues);
	atomic_store(&witness->ready, true);
	/* One in eight ends as it should. */
	if (round % 8 == 0) {
		lair_fill(queues);
		for (takes = random_below(&choices, 200); takes; takes--)
			take_some(queues, &choices);
		qrngd_queues_close(queues);
		_exit(0);
	}
	pthread_create(&thread, NULL, fill_and_settle, queues);
	for (;;)
		take_some(queues, &choices);
}

/* Return: whether it could open the store. */
static bool live_and_die(unsigned int round, uint64_t *choices)
{
	pid_t child;
	int status;

	atomic_store(&witness->ready, false);
	child = fork();
	if (child == 0)
		live(round);
	assert_true(child > 0);
	/* Now and then it is killed while it opens the store. */
	if (random_below(choices, 4))
		while (!atomic_load(&witness->ready) && waitpid(child, &status, WNOHANG) == 0)
			usleep(100);
	if (round % 8 != 0) {
		usleep((useconds_t)random_below(choices, 20000));
		kill(child, SIGKILL);
	}
	if (waitpid(child, &status, 0) < 0)
		return false;
	return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

static int by_number(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void nothing_comes_twice_however_often_it_is_killed(void **state)
{
	uint64_t choices = 11, count, i;
	unsigned int round;

	(void)state;
	for (round = 0; round < ROUNDS; round++)
		assert_true(live_and_die(round, &choices));
	count = atomic_load(&witness->count);
	diag("%lu numbers in %u lives, of which %u began with bytes of the one before\n",
	     (unsigned long)count, witness->opened, witness->recalled);
	assert_false(witness->back);
	/* More than a hundred, but where the disk is slow. */
	assert_in_range(witness->recalled, 5, ROUNDS);
	assert_in_range(count, 1000, NUMBERS_MAX);
	qsort(witness->numbers, count, sizeof(uint64_t), by_number);
	for (i = 1; i < count; i++)
		assert_true(witness->numbers[i] != witness->numbers[i - 1]);
}

static int start(void **state)
{
	(void)state;
	witness = mmap(NULL, sizeof(*witness), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	assert_ptr_not_equal(witness, MAP_FAILED);
	lair_make(&lair);
	lair.given = &witness->given;
	return 0;
}

static int stop(void **state)
{
	(void)state;
	lair_clear(&lair);
	munmap(witness, sizeof(*witness));
	return 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(nothing_comes_twice_however_often_it_is_killed, start,
					stop),
};

SUITE(tests)
