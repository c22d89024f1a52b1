// SPDX-License-Identifier: MIT
/* The provider for OpenSSL, on a FIFO whose bytes are known: numbered records. */
#include "suite.h"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../provider/complaint.h"

#define RECORD	   32
#define RECORDS	   1024 /* half of what a pipe takes */
#define LONG	   3600
#define THREADS	   8
#define EACH	   64

/** struct bench - a library context that has the provider, and the FIFO behind it */
struct bench {
	char folder[64];
	char fifo[96];
	int feed;
	uint32_t fed;
	OSSL_LIB_CTX *library;
	EVP_RAND_CTX *random;
};

static void feed(struct bench *bench, unsigned int records)
{
	uint32_t record[RECORD / sizeof(uint32_t)];
	size_t i;

	for (; records; records--, bench->fed++) {
		for (i = 0; i < RECORD / sizeof(uint32_t); i++)
			record[i] = bench->fed;
		assert_int_equal(write(bench->feed, record, RECORD), RECORD);
	}
}

/* Return: the number of a record that is whole. */
static uint32_t number_of(const unsigned char *record)
{
	uint32_t number, i;

	memcpy(&number, record, sizeof(number));
	for (i = 0; i < RECORD; i += sizeof(number))
		assert_memory_equal(record + i, &number, sizeof(number));
	return number;
}

static void open_feed(struct bench *bench)
{
	bench->feed = open(bench->fifo, O_RDWR | O_CLOEXEC);
	assert_true(bench->feed >= 0);
}

/* A new library context has the provider with this configuration. */
static void configure(struct bench *bench, const char *random, const char *device,
		      const char *timeout)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/openssl.cnf", bench->folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
		"openssl_conf = all\nconfig_diagnostics = 1\n[all]\nrandom = random\n"
		"providers = providers\n[random]\n%s\n"
		"[providers]\ndefault = openssls\nqrng = ours\n[openssls]\nactivate = 1\n"
		"[ours]\nactivate = 1\ndevice = %s\ntimeout = %s\n",
		random, device, timeout);
	fclose(file);
	OSSL_LIB_CTX_free(bench->library);
	bench->library = OSSL_LIB_CTX_new();
	assert_non_null(bench->library);
	assert_int_equal(
		OSSL_PROVIDER_add_builtin(bench->library, "qrng", OSSL_provider_init), 1);
	assert_int_equal(OSSL_LIB_CTX_load_config(bench->library, path), 1);
	assert_int_equal(OSSL_PROVIDER_available(bench->library, "qrng"), 1);
	ERR_clear_error();
}

static EVP_RAND_CTX *make(const struct bench *bench, const char *name, EVP_RAND_CTX *parent)
{
	EVP_RAND *algorithm = EVP_RAND_fetch(bench->library, name, NULL);
	EVP_RAND_CTX *random;

	assert_non_null(algorithm);
	random = EVP_RAND_CTX_new(algorithm, parent);
	EVP_RAND_free(algorithm);
	assert_non_null(random);
	return random;
}

static void drop_random(struct bench *bench)
{
	EVP_RAND_CTX_free(bench->random);
	bench->random = NULL;
}

/* Everything anew, with a generator that was instantiated. */
static void start(struct bench *bench, const char *timeout)
{
	drop_random(bench);
	configure(bench, "random = QRNG", bench->fifo, timeout);
	bench->random = make(bench, "QRNG", NULL);
	assert_int_equal(EVP_RAND_instantiate(bench->random, 0, 0, NULL, 0, NULL), 1);
	ERR_clear_error();
}

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	snprintf(bench->folder, sizeof(bench->folder), "/tmp/qrng-provider.XXXXXX");
	assert_non_null(mkdtemp(bench->folder));
	snprintf(bench->fifo, sizeof(bench->fifo), "%s/fifo", bench->folder);
	assert_int_equal(mkfifo(bench->fifo, 0600), 0);
	open_feed(bench);
	start(bench, "3600");
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	char path[96];

	drop_random(bench);
	OSSL_LIB_CTX_free(bench->library);
	close(bench->feed);
	snprintf(path, sizeof(path), "%s/openssl.cnf", bench->folder);
	assert_int_equal(unlink(path), 0);
	unlink(bench->fifo);
	assert_int_equal(rmdir(bench->folder), 0);
	free(bench);
	return 0;
}

static int draw(struct bench *bench, void *out, size_t len)
{
	return EVP_RAND_generate(bench->random, out, len, 0, 0, NULL, 0);
}

/* The oldest error is ours, and its details have @part. */
static void complained(const char *text, const char *part)
{
	const char *details = NULL;
	unsigned long error = ERR_get_error_all(NULL, NULL, NULL, &details, NULL);

	assert_non_null(ERR_reason_error_string(error));
	assert_string_equal(ERR_reason_error_string(error), text);
	if (!strstr(details, part))
		fail_msg("wanted %s, got %s", part, details);
	ERR_clear_error();
}

static void what_comes_out_is_what_the_device_gave(void **state)
{
	static unsigned char out[RECORDS * RECORD];
	struct bench *bench = *state;
	uint32_t i;

	feed(bench, RECORDS);
	assert_int_equal(draw(bench, out, 1), 1);
	assert_int_equal(draw(bench, out + 1, sizeof(out) - 1), 1);
	for (i = 0; i < RECORDS; i++)
		assert_int_equal(number_of(out + i * RECORD), i);
}

static void *feed_slowly(void *data)
{
	struct bench *bench = data;

	while (bench->fed < 10 * RECORDS)
		feed(bench, 1);
	return NULL;
}

static void a_large_request_is_cut_and_waited_for(void **state)
{
	static unsigned char out[10 * RECORDS * RECORD];
	struct bench *bench = *state;
	pthread_t feeder;
	uint32_t i;

	assert_int_equal(pthread_create(&feeder, NULL, feed_slowly, bench), 0);
	assert_int_equal(draw(bench, out, sizeof(out)), 1);
	pthread_join(feeder, NULL);
	for (i = 0; i < 10 * RECORDS; i++)
		assert_int_equal(number_of(out + i * RECORD), i);
}

static void a_device_that_gives_too_little_is_an_error(void **state)
{
	unsigned char out[2 * RECORD], zeros[2 * RECORD] = { 0 };
	struct bench *bench = *state;

	start(bench, "0");
	feed(bench, 1);
	memset(out, 0, sizeof(out));
	assert_int_equal(draw(bench, out, sizeof(out)), 0);
	complained("device gives nothing in time", bench->fifo);
	assert_memory_equal(out, zeros, sizeof(out));
	assert_int_equal(EVP_RAND_get_state(bench->random), EVP_RAND_STATE_ERROR);
	feed(bench, 2);
	assert_int_equal(draw(bench, out, sizeof(out)), 1);
	assert_int_equal(EVP_RAND_get_state(bench->random), EVP_RAND_STATE_READY);
	assert_int_equal(number_of(out), 1);
}

static void a_device_that_ends_is_an_error(void **state)
{
	unsigned char out[2 * RECORD];
	struct bench *bench = *state;

	feed(bench, 1);
	close(bench->feed);
	assert_int_equal(draw(bench, out, sizeof(out)), 0);
	complained("device gives no more", bench->fifo);
	open_feed(bench);
}

static void devices_that_can_not_be(void **state)
{
	struct bench *bench = *state;
	char path[96];
	unsigned char out;

	drop_random(bench);
	snprintf(path, sizeof(path), "%s/openssl.cnf", bench->folder);
	configure(bench, "random = QRNG", path, "3600");
	assert_int_not_equal(RAND_bytes_ex(bench->library, &out, 1, 0), 1);
	complained("not a device", path);
	configure(bench, "random = QRNG", "/dev/nosuch", "3600");
	assert_int_not_equal(RAND_bytes_ex(bench->library, &out, 1, 0), 1);
	complained("device can not be opened", "/dev/nosuch: No such file or directory");
}

static void settings_that_can_not_be(void **state)
{
	static const char *const timeouts[] = { "", "-1", "3601", "1s", "0x1", "99999999999999999999" };
	struct bench *bench = *state;
	unsigned char out;
	size_t i;

	drop_random(bench);
	configure(bench, "random = QRNG", "fifo", "1");
	assert_int_not_equal(RAND_bytes_ex(bench->library, &out, 1, 0), 1);
	complained("setting not allowed", "device = fifo, should be a path that begins with /");
	feed(bench, 1);
	for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		configure(bench, "random = QRNG", bench->fifo, timeouts[i]);
		assert_int_not_equal(RAND_bytes_ex(bench->library, &out, 1, 0), 1);
		complained("setting not allowed", "should be seconds, 0 to 3600");
	}
}

static void what_can_not_be_promised_is_refused(void **state)
{
	struct bench *bench = *state;
	unsigned char out[RECORD];
	EVP_RAND_CTX *other = make(bench, "QRNG", NULL);

	feed(bench, 1);
	assert_int_equal(EVP_RAND_generate(other, out, 1, 0, 0, NULL, 0), 0);
	assert_int_equal(EVP_RAND_instantiate(other, 257, 0, NULL, 0, NULL), 0);
	ERR_clear_error();
	assert_int_equal(EVP_RAND_instantiate(other, 256, 1, NULL, 0, NULL), 0);
	complained("no prediction resistance", "new noise");
	assert_int_equal(EVP_RAND_get_state(other), EVP_RAND_STATE_UNINITIALISED);
	EVP_RAND_CTX_free(other);

	assert_int_equal(EVP_RAND_generate(bench->random, out, 1, 257, 0, NULL, 0), 0);
	complained("security strength too high", "257 bits, should be at most 256");
	assert_int_equal(EVP_RAND_generate(bench->random, out, 1, 0, 1, NULL, 0), 0);
	complained("no prediction resistance", "new noise");
	assert_int_equal(EVP_RAND_reseed(bench->random, 1, NULL, 0, NULL, 0), 0);
	complained("no prediction resistance", "new noise");
	assert_int_equal(EVP_RAND_reseed(bench->random, 0, NULL, 0, NULL, 0), 0);
	complained("device can not be reseeded", bench->fifo);
	assert_int_equal(EVP_RAND_generate(bench->random, out, RECORD, 256, 0, out, 1), 1);
	assert_int_equal(number_of(out), 0);
}

static void it_tells_of_itself(void **state)
{
	struct bench *bench = *state;
	size_t max = 0;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_size_t(OSSL_RAND_PARAM_MAX_REQUEST, &max),
		OSSL_PARAM_construct_end(),
	};
	unsigned char out;

	assert_int_equal(EVP_RAND_get_strength(bench->random), 256);
	assert_int_equal(EVP_RAND_CTX_get_params(bench->random, params), 1);
	assert_int_equal(max, 65536);
	assert_int_equal(EVP_RAND_get_state(bench->random), EVP_RAND_STATE_READY);
	assert_int_equal(EVP_RAND_verify_zeroization(bench->random), 0);
	assert_int_equal(EVP_RAND_uninstantiate(bench->random), 1);
	assert_int_equal(EVP_RAND_verify_zeroization(bench->random), 1);
	assert_int_equal(EVP_RAND_get_state(bench->random), EVP_RAND_STATE_UNINITIALISED);
	assert_int_equal(draw(bench, &out, 1), 0);
	complained("not instantiated", "");
}

/* Return: a descriptor of this process that is the FIFO and not ours. */
static int find_its(const struct bench *bench)
{
	struct stat wanted, about;
	int fd;

	assert_int_equal(stat(bench->fifo, &wanted), 0);
	for (fd = 3; fd < 256; fd++)
		if (fd != bench->feed && !fstat(fd, &about) && about.st_ino == wanted.st_ino &&
		    about.st_dev == wanted.st_dev)
			return fd;
	fail_msg("it is not open");
	return -1;
}

static void a_program_may_close_its_file(void **state)
{
	struct bench *bench = *state;
	unsigned char out[RECORD];
	int other, its = find_its(bench);

	assert_true(fcntl(its, F_GETFD) & FD_CLOEXEC);
	feed(bench, 3);
	assert_int_equal(draw(bench, out, RECORD), 1);
	other = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	assert_int_equal(dup2(other, its), its);
	assert_int_equal(draw(bench, out, RECORD), 1);
	assert_int_equal(number_of(out), 1);
	close(find_its(bench));
	assert_int_equal(draw(bench, out, RECORD), 1);
	assert_int_equal(number_of(out), 2);

	/* Nor does it close what is not its own. */
	assert_int_equal(dup2(other, find_its(bench)) >= 0, 1);
	drop_random(bench);
	assert_int_equal(read(its, out, 1), 1);
	close(its);
	close(other);
}

static void a_fork_has_other_bytes(void **state)
{
	struct bench *bench = *state;
	unsigned char out[RECORD];
	int status;
	pid_t pid;

	feed(bench, 2);
	pid = fork();
	if (!pid)
		_exit(draw(bench, out, RECORD) ? (int)number_of(out) : 99);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(draw(bench, out, RECORD), 1);
	assert_int_equal(number_of(out), 1);
}

/** struct drawer - a thread that draws */
struct drawer {
	struct bench *bench;
	bool shared;
	pthread_t thread;
	unsigned char out[EACH][RECORD];
};

static void *draw_each(void *data)
{
	struct drawer *drawer = data;
	size_t i;
	int good;

	for (i = 0; i < EACH; i++) {
		good = drawer->shared ? draw(drawer->bench, drawer->out[i], RECORD) :
					RAND_priv_bytes_ex(drawer->bench->library, drawer->out[i],
							   RECORD, 0);
		assert_int_equal(good, 1);
	}
	OPENSSL_thread_stop_ex(drawer->bench->library);
	return NULL;
}

static void threads_draw(struct bench *bench, bool shared)
{
	static struct drawer drawers[THREADS];
	bool seen[THREADS * EACH] = { false };
	uint32_t number, first = bench->fed;
	size_t i, j;

	feed(bench, THREADS * EACH);
	for (i = 0; i < THREADS; i++) {
		drawers[i] = (struct drawer){ .bench = bench, .shared = shared };
		assert_int_equal(
			pthread_create(&drawers[i].thread, NULL, draw_each, &drawers[i]), 0);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(drawers[i].thread, NULL);
	for (i = 0; i < THREADS; i++) {
		for (j = 0; j < EACH; j++) {
			number = number_of(drawers[i].out[j]) - first;
			assert_true(number < THREADS * EACH && !seen[number]);
			seen[number] = true;
		}
	}
}

static void threads_share_nothing(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(EVP_RAND_enable_locking(bench->random), 1);
	threads_draw(bench, true);
	threads_draw(bench, false);
}

static void the_librarys_own_generator_is_seeded(void **state)
{
	struct bench *bench = *state;
	char sha256[] = "SHA256";
	OSSL_PARAM digest[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_DIGEST, sha256, 0),
		OSSL_PARAM_construct_end(),
	};
	unsigned char out[RECORD];
	EVP_RAND_CTX *child;

	drop_random(bench);
	configure(bench, "seed = QRNG-SEED", bench->fifo, "0");
	assert_int_not_equal(RAND_bytes_ex(bench->library, out, RECORD, 0), 1);
	complained("device gives nothing in time", bench->fifo);
	feed(bench, 4);
	assert_int_equal(RAND_bytes_ex(bench->library, out, RECORD, 0), 1);

	configure(bench, "seed = QRNG-SEED", "/dev/nosuch", "0");
	assert_int_not_equal(RAND_bytes_ex(bench->library, out, RECORD, 0), 1);
	complained("device can not be opened", "/dev/nosuch");

	/* A generator can be a parent, too. */
	start(bench, "0");
	feed(bench, 4);
	child = make(bench, "HASH-DRBG", bench->random);
	assert_int_equal(EVP_RAND_instantiate(child, 0, 1, NULL, 0, digest), 0);
	assert_int_equal(EVP_RAND_uninstantiate(child), 1);
	assert_int_equal(EVP_RAND_instantiate(child, 0, 0, NULL, 0, digest), 1);
	assert_int_equal(EVP_RAND_generate(child, out, RECORD, 0, 0, NULL, 0), 1);
	EVP_RAND_CTX_free(child);
}

#define with_bench(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	with_bench(what_comes_out_is_what_the_device_gave),
	with_bench(a_large_request_is_cut_and_waited_for),
	with_bench(a_device_that_gives_too_little_is_an_error),
	with_bench(a_device_that_ends_is_an_error),
	with_bench(devices_that_can_not_be),
	with_bench(settings_that_can_not_be),
	with_bench(what_can_not_be_promised_is_refused),
	with_bench(it_tells_of_itself),
	with_bench(a_program_may_close_its_file),
	with_bench(a_fork_has_other_bytes),
	with_bench(threads_share_nothing),
	with_bench(the_librarys_own_generator_is_seeded),
};

SUITE(tests)
