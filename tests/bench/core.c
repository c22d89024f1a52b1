// SPDX-License-Identifier: MIT
/*
 * How fast the core is over the daemon's libgcrypt, and how large; beside it what the
 * libraries do by themselves, in turn on the same thread, so that ratios hold on a
 * busy machine. Prints WHAT<TAB>VALUE<TAB>UNIT.
 *
 * With two arguments it feeds the health tests once, for a tool that counts instructions.
 */
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "health.h"
#include "host_gcrypt.h"
#include "library.h"
#include "lokey/quality.h"
#include "lokey/queue.h"

#define ROUNDS		 50
#define SLICE_NS	 1e6
#define SMALL		 64
#define NOISE_SIZE	 65536
#define MEASURES_MAX	 64
#define ARRAY_LEN(array) (sizeof(array) / sizeof(*(array)))

static const size_t bulk_sizes[] = { 16384, 131072 };
static const struct qrng_generator_type *const types[] = {
	&qrng_generator_aes256_ctr,
	&qrng_generator_chacha20,
	&qrng_generator_ctr_drbg,
	&qrng_generator_fortuna,
};

static uint8_t data[131072];

/**
 * struct measure - one kind of call and the time it takes
 * @what: as it is printed
 * @run: the call
 * @subject: its first argument
 * @len: bytes that it handles
 * @unit: GB/s, or ns/ something that there is one of in a call, or ns/byte
 * @calls: so many take SLICE_NS at least
 * @ns: a call took, round by round
 */
struct measure {
	char what[64];
	void (*run)(void *subject, uint8_t *data, size_t len);
	void *subject;
	size_t len;
	const char *unit;
	long calls;
	double ns[ROUNDS];
};

static struct measure measures[MEASURES_MAX];
static size_t measures_count;

static void die(const char *what)
{
	fprintf(stderr, "core: %s\n", what);
	exit(1);
}

static void print(const char *what, double value, const char *unit)
{
	printf("%s\t%.6g\t%s\n", what, value, unit);
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static double slice_ns(const struct measure *measure)
{
	double start = now_ns();
	long i;

	for (i = 0; i < measure->calls; i++)
		measure->run(measure->subject, data, measure->len);
	return now_ns() - start;
}

static void add(const char *who, const char *how, void (*run)(void *, uint8_t *, size_t),
		void *subject, size_t len, const char *unit)
{
	struct measure *measure = &measures[measures_count++];

	if (measures_count > MEASURES_MAX)
		die("more measures than there is room for");
	*measure = (struct measure){ .run = run, .subject = subject, .len = len, .unit = unit };
	snprintf(measure->what, sizeof(measure->what), "%s %s, %zu bytes", who, how, len);
	for (measure->calls = 1; slice_ns(measure) < SLICE_NS; measure->calls *= 2)
		;
}

static void draw(void *generator, uint8_t *out, size_t len)
{
	if (!qrng_generator_draw(generator, out, len))
		die("a generator wants another seed");
}

static struct qrng_generator *generator_of(const struct qrng_generator_type *type)
{
	static const uint8_t seed[48];
	struct qrng_generator *generator = qrngd_generator_new(NULL);

	if (!generator)
		die("out of memory");
	qrng_generator_init(generator, type, generator->ctx);
	qrng_generator_reseed(generator, seed, sizeof(seed), 1);
	return generator;
}

/* One type, each figure followed by those of the libraries that have such a cipher. */
static void add_type(const struct qrng_generator_type *type)
{
	struct qrng_generator *generator = generator_of(type);
	const struct library_cipher *cipher;
	void *handles[LIBRARY_CIPHERS] = { NULL };
	size_t i, size;

	for (i = 0; i < LIBRARY_CIPHERS; i++)
		if (!strcmp(library_ciphers[i].cipher, type->name))
			handles[i] = library_ciphers[i].open();
	for (size = 0; size < ARRAY_LEN(bulk_sizes); size++) {
		add("core", type->name, draw, generator, bulk_sizes[size], "GB/s");
		for (i = 0; i < LIBRARY_CIPHERS; i++) {
			cipher = &library_ciphers[i];
			if (handles[i])
				add(cipher->library, cipher->cipher, cipher->run, handles[i],
				    bulk_sizes[size], "GB/s");
		}
	}
	add("core", type->name, draw, generator, SMALL, "ns/draw");
	for (i = 0; i < LIBRARY_CIPHERS; i++) {
		cipher = &library_ciphers[i];
		if (handles[i])
			add(cipher->library, cipher->fresh_name, cipher->run_fresh, handles[i],
			    SMALL, "ns/draw");
	}
}

static void hash(void *subject, uint8_t *bytes, size_t len)
{
	struct qrng_hash state;
	uint8_t digest[QRNG_DIGEST_SIZE];

	(void)subject;
	qrng_host.sha256_init(&state);
	qrng_host.sha256_update(&state, bytes, len);
	qrng_host.sha256_final(&state, digest);
}

static void feed(void *health, uint8_t *bytes, size_t len)
{
	qrng_health_feed(health, bytes, len);
}

static void add_hash_and_health(void)
{
	static struct qrng_health bytes, bits;

	add("core", "sha256", hash, NULL, SMALL, "ns/hash");
	add("core", "sha256", hash, NULL, bulk_sizes[0], "GB/s");
	qrng_health_init(&bytes, QRNG_QUALITY_MAX);
	add("health tests", "on bytes", feed, &bytes, NOISE_SIZE, "ns/byte");
	qrng_health_init(&bits, QRNG_QUALITY_MAX);
	qrng_health_test_bits(&bits, QRNG_QUALITY_MAX);
	add("health tests", "on bytes and bits", feed, &bits, NOISE_SIZE, "ns/byte");
}

/* Nothing but zeroes, and at once: what is left is what the queue costs. */
static int draw_zeroes(void *source, uint8_t *to, size_t len)
{
	(void)source;
	memset(to, 0, len);
	return 0;
}

static void take(void *subject, uint8_t *bytes, size_t len)
{
	struct qrngd_queue *queue = subject;
	size_t there;

	if (qrngd_ring_used(&queue->ring) < len)
		while (qrngd_queue_poll(queue, QRNGD_QUEUE_ITEMS_MAX) > 0)
			;
	if (qrngd_queue_take(queue, 0, bytes, len, &there) != 0)
		die("a queue gave nothing");
}

static void watch(void *quality, uint8_t *noise, size_t len)
{
	qrngd_quality_feed(quality, noise, len);
}

static void add_queue(void)
{
	static const struct qrngd_queue_source zeroes = { draw_zeroes, NULL };
	static struct qrngd_quality quality;
	static struct qrngd_queue queue;

	if (qrngd_queue_init(&queue, QRNGD_QUEUE_TRNG, 1000, &zeroes) != 0)
		die("out of memory");
	add("queue", "filled and taken from", take, &queue, SMALL, "ns/take");
	qrngd_quality_init(&quality, 512);
	add("queue", "noise judged", watch, &quality, NOISE_SIZE, "ns/byte");
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Every measure once a round, so that what slows the machine for a while slows all. */
static void measure_all(void)
{
	struct measure *measure;
	int round;

	for (round = 0; round < ROUNDS; round++)
		for (measure = measures; measure < measures + measures_count; measure++)
			measure->ns[round] = slice_ns(measure) / measure->calls;
	for (measure = measures; measure < measures + measures_count; measure++)
		qsort(measure->ns, ROUNDS, sizeof(*measure->ns), compare);
}

/* Not the very best round: in a virtual machine the clock may slip by what was stolen. */
static double best_ns(const struct measure *measure)
{
	return measure->ns[ROUNDS / 10];
}

static void print_measures(void)
{
	const struct measure *measure;
	double ns, value;

	for (measure = measures; measure < measures + measures_count; measure++) {
		ns = best_ns(measure);
		value = ns;
		if (!strcmp(measure->unit, "GB/s"))
			value = measure->len / ns;
		else if (!strcmp(measure->unit, "ns/byte"))
			value = ns / measure->len;
		print(measure->what, value, measure->unit);
	}
}

static double ns_of(const char *who, const char *how, size_t len)
{
	const struct measure *measure;
	char what[64];

	snprintf(what, sizeof(what), "%s %s, %zu bytes", who, how, len);
	for (measure = measures; measure < measures + measures_count; measure++)
		if (!strcmp(measure->what, what))
			return best_ns(measure);
	die("a ratio to something that was not measured");
	return 0;
}

static void print_ratios(const char *cipher)
{
	char what[64];
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(bulk_sizes); i++) {
		len = bulk_sizes[i];
		snprintf(what, sizeof(what), "core %s, %zu bytes", cipher, len);
		print(what, ns_of("libgcrypt", cipher, len) / ns_of("core", cipher, len),
		      "of libgcrypt's own speed");
	}
}

static int print_sizes(void)
{
	struct qrng_generator *generator = qrngd_generator_new(NULL);
	size_t block = QRNG_ERASURE_STATE - QRNG_KEY_SIZE;

	if (!generator)
		die("out of memory");
	print("core generator, with its block", sizeof(*generator), "bytes");
	print("core generator, without its block", sizeof(*generator) - block, "bytes");
	print("core context of the host", malloc_usable_size(generator->ctx), "bytes");
	print("libgcrypt handle for AES-256-CTR", library_handle_size(), "bytes");
	qrngd_generator_free(generator);
	return 0;
}

static int measure_and_print(void)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++)
		add_type(types[i]);
	add_hash_and_health();
	add_queue();
	measure_all();
	print_measures();
	print_ratios(qrng_generator_aes256_ctr.name);
	print_ratios(qrng_generator_chacha20.name);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: core sizes|speed\n"
			"       core bytes|bits uniform|stuck\n");
	return 2;
}

static int feed_once(const char *tests, const char *noise)
{
	bool bits = !strcmp(tests, "bits"), stuck = !strcmp(noise, "stuck");
	struct qrng_health health;
	uint32_t random = 1;
	size_t i;

	if ((!bits && strcmp(tests, "bytes") != 0) || (!stuck && strcmp(noise, "uniform") != 0))
		return usage();
	/* Bytes of a linear congruence are uniform enough; a dead source repeats one. */
	for (i = 0; i < NOISE_SIZE && !stuck; i++) {
		random = random * 1664525 + 1013904223;
		data[i] = random >> 24;
	}
	qrng_health_init(&health, QRNG_QUALITY_MAX);
	if (bits)
		qrng_health_test_bits(&health, QRNG_QUALITY_MAX);
	qrng_health_feed(&health, data, NOISE_SIZE);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return feed_once(argv[1], argv[2]);
	if (argc != 2 || (strcmp(argv[1], "sizes") != 0 && strcmp(argv[1], "speed") != 0))
		return usage();
	/* A generator of each type, and room for the handles that are none's. */
	if (qrngd_host_init(ARRAY_LEN(types) + LIBRARY_CIPHERS) != 0)
		return 1;
	return strcmp(argv[1], "sizes") ? measure_and_print() : print_sizes();
}
