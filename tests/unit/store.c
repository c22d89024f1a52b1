// SPDX-License-Identifier: MIT
/* What the queues leave to the next process, and what a store is refused or given up for. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../../daemon/log.h"
#include "../../daemon/lokey/vault.h"
#include "lair.h"

static struct lair lair;

static int start(void **state)
{
	(void)state;
	lair_make(&lair);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	lair_clear(&lair);
	return 0;
}

static struct qrngd_queues *open_good(bool persist)
{
	struct qrngd_queues *queues = lair_open(&lair, persist);

	assert_non_null(queues);
	return queues;
}

/* Opens a store that can't be; @why is what is said. */
static void refused(bool persist, const char *why)
{
	char said[2048];

	qrngd_log_copy(said, sizeof(said));
	assert_null(lair_open(&lair, persist));
	qrngd_log_copy(NULL, 0);
	if (!strstr(said, why))
		fail_msg("expected \"%s\", it said: %s", why, said);
}

static struct qrngd_queue_figures figures_of(struct qrngd_queues *queues)
{
	struct qrngd_queue_figures figures;

	qrngd_queue_figures(trng_of(queues), &figures);
	return figures;
}

static void take(struct qrngd_queues *queues, uint64_t *numbers, size_t count)
{
	size_t there;

	assert_int_equal(
		qrngd_queue_take(trng_of(queues), 0, (uint8_t *)numbers, 8 * count, &there), 0);
}

/* The number that the source gave as number @i. */
static uint64_t number_of(uint64_t i)
{
	uint64_t state = i * 0x9e3779b97f4a7c15;

	return random_next(&state);
}

static char *file_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", lair.store, name);
	return path;
}

static void counters_go_on(void **state)
{
	struct qrngd_queues *queues = open_good(false);
	struct qrngd_queue_figures before, after;
	uint64_t numbers[40];

	(void)state;
	lair_fill(queues);
	take(queues, numbers, 40);
	before = figures_of(queues);
	qrngd_queues_close(queues);
	queues = open_good(false);
	after = figures_of(queues);
	assert_int_equal(after.polling_count, before.polling_count);
	assert_int_equal(after.total_generated, 5000);
	assert_int_equal(after.bytes_consumed, 320);
	assert_int_equal(after.requests, 1);
	/* What was in memory only is gone, and that is counted. */
	assert_int_equal(after.queue_current, 0);
	assert_int_equal(after.queue_dropped, 4990);
	qrngd_queues_close(queues);
}

/* Its power was cut: the page of counters is that of long ago, or not there. */
static void the_database_knows_the_counters_too(void **state)
{
	struct qrngd_queues *queues = open_good(false);
	uint64_t numbers[40];

	(void)state;
	lair_fill(queues);
	take(queues, numbers, 40);
	qrngd_queues_close(queues);
	assert_int_equal(unlink(file_of("counters")), 0);
	queues = open_good(false);
	assert_int_equal(figures_of(queues).bytes_consumed, 320);
	assert_int_equal(figures_of(queues).total_generated, 5000);
	qrngd_queues_close(queues);
}

static void usage_is_kept_by_the_day(void **state)
{
	struct qrngd_usage_of_day before, after;
	struct qrngd_queues *queues;
	uint64_t numbers[10];
	int i;

	(void)state;
	queues = open_good(false);
	qrngd_ledger_today(&queues->ledger, QRNGD_QUEUE_TRNG, &before);
	assert_int_equal(before.requests + before.bytes, 0);
	qrngd_queues_close(queues);
	for (i = 0; i < 3; i++) {
		queues = open_good(false);
		take(queues, numbers, 10);
		qrngd_queues_close(queues);
	}
	queues = open_good(false);
	qrngd_ledger_today(&queues->ledger, QRNGD_QUEUE_TRNG, &after);
	/* Unless midnight has passed. */
	if (after.day == before.day) {
		assert_int_equal(after.requests, 3);
		assert_int_equal(after.bytes, 240);
	}
	qrngd_queues_close(queues);
}

static void settings_hold_on_until_the_configuration_changes(void **state)
{
	struct qrngd_queues *queues = open_good(false);
	struct qrngd_store *store;

	(void)state;
	assert_int_equal(qrngd_queues_resize(queues, QRNGD_QUEUE_TRNG, 77), 0);
	qrngd_queues_set_consume(queues, false);
	qrngd_queues_set_feed(queues, QRNGD_VIRTIO_BOTH);
	qrngd_queues_close(queues);
	queues = open_good(false);
	store = &queues->ledger.store;
	assert_int_equal(figures_of(queues).queue_capacity, 77);
	assert_false(queues->consume);
	assert_int_equal(queues->feed, QRNGD_VIRTIO_BOTH);
	assert_int_equal(qrngd_store_setting(store, QRNGD_STORED_ITEMS, 5000), 77);
	assert_int_equal(qrngd_store_setting(store, QRNGD_STORED_ITEMS, 5001), 5001);
	qrngd_queues_close(queues);
}

/* All of it, in order, but for nothing: also what was no whole segment. */
static void noise_is_there_for_the_next_process(void **state)
{
	struct qrngd_queues *queues = open_good(true);
	uint64_t numbers[1000], at = 0;
	int i, round;

	(void)state;
	lair_fill(queues);
	lair.dry = true;
	for (round = 0; round < 5; round++) {
		take(queues, numbers, 501 + (size_t)round);
		for (i = 0; i < 501 + round; i++)
			assert_true(numbers[i] == number_of(at++));
		qrngd_queues_close(queues);
		queues = open_good(true);
		assert_int_equal(figures_of(queues).bytes, 5000 * 32 - 8 * at);
		assert_int_equal(figures_of(queues).queue_dropped, 0);
	}
	qrngd_queues_close(queues);
}

/* A page that was taken and given back at once is counted, but never written. */
static void a_store_that_is_shorter_than_it_meant_to_be_is_whole(void **state)
{
	struct qrngd_queues *queues;
	uint64_t numbers[12500];
	int i;

	(void)state;
	lair.items = 20000;
	queues = open_good(true);
	lair_fill(queues);
	qrngd_ledger_settle(&queues->ledger);
	assert_int_equal(qrngd_queues_resize(queues, QRNGD_QUEUE_TRNG, 30000), 0);
	for (i = 0; i < 3; i++)
		take(queues, numbers, 12500);
	lair_fill(queues);
	qrngd_ledger_settle(&queues->ledger);
	qrngd_queues_close(queues);
	qrngd_queues_close(open_good(true));
}

/** struct image - a file as it was */
struct image {
	uint8_t bytes[1 << 20];
	size_t len;
};

static void read_image(struct image *image, const char *name)
{
	int fd = open(file_of(name), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	image->len = (size_t)read(fd, image->bytes, sizeof(image->bytes));
	assert_in_range(image->len, 1, sizeof(image->bytes) - 1);
	close(fd);
}

/* With segments on the disk of noise that is not handed out yet. */
static struct qrngd_queues *open_spilled(void)
{
	struct qrngd_queues *queues = open_good(true);

	lair_fill(queues);
	qrngd_ledger_settle(&queues->ledger);
	lair.dry = true;
	return queues;
}

static void the_disk_has_no_plain_noise(void **state)
{
	struct qrngd_queues *queues = open_spilled();
	static struct image image;
	uint64_t i, number;

	(void)state;
	read_image(&image, "data.mdb");
	assert_in_range(image.len, 5000 * 32, sizeof(image.bytes));
	for (i = 0; i < 20000; i += 100) {
		number = number_of(i);
		assert_null(memmem(image.bytes, image.len, &number, sizeof(number)));
	}
	qrngd_queues_close(queues);
}

/*
 * Whoever has kept a copy of the database, has the key and today's cell can read what is
 * still to be handed out, but nothing of what was.
 */
static void what_was_handed_out_cant_be_read_again(void **state)
{
	struct qrngd_queues *queues = open_spilled();
	static struct image database, before, after, counters;
	uint64_t numbers[2000], i;

	(void)state;
	read_image(&database, "data.mdb");
	read_image(&before, "trng.cell");
	take(queues, numbers, 2000);
	read_image(&after, "trng.cell");
	read_image(&counters, "counters");
	qrngd_queues_close(queues);
	/* The secret of before is nowhere in the cell. */
	assert_null(memmem(after.bytes, after.len, before.bytes + 32, QRNGD_SEAL_KEY));
	lair_write(file_of("data.mdb"), database.bytes, database.len, 0600);
	lair_write(file_of("trng.cell"), after.bytes, after.len, 0600);
	lair_write(file_of("counters"), counters.bytes, counters.len, 0600);
	queues = open_good(true);
	assert_in_range(figures_of(queues).bytes, 1, 5000 * 32 - 16000);
	take(queues, numbers, 1);
	/* None of the segments that it holds is from the first 16000 bytes. */
	for (i = 0; i < 2000; i++)
		assert_true(numbers[0] != number_of(i));
	qrngd_queues_close(queues);
	/* With the cell of before, all of it could be read: that one must be gone. */
	lair_write(file_of("data.mdb"), database.bytes, database.len, 0600);
	lair_write(file_of("trng.cell"), before.bytes, before.len, 0600);
	queues = open_good(true);
	take(queues, numbers, 1);
	assert_true(numbers[0] == number_of(0));
	qrngd_queues_close(queues);
}

static void another_key_is_refused(void **state)
{
	uint8_t key[QRNGD_SEAL_KEY] = "another key";

	(void)state;
	qrngd_queues_close(open_spilled());
	unlink(lair.key);
	lair_write(lair.key, key, sizeof(key), 0400);
	refused(true, "written with another key");
}

static void keys_are_checked(void **state)
{
	static const char text[] =
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
	char good[80];

	(void)state;
	memcpy(good, lair.key, sizeof(good));
	unlink(good);
	refused(true, "No such file");
	lair_write(good, text, 64, 0640);
	refused(true, "others may read it");
	chmod(good, 0600);
	qrngd_queues_close(open_good(true));
	lair_write(good, text, 65, 0600);
	qrngd_queues_close(open_good(true));
	lair_write(good, text, 63, 0600);
	refused(true, "64 hexadecimal digits");
	snprintf(lair.key, sizeof(lair.key), "%s/key", lair.folder);
	lair_write(lair.key, text, 64, 0600);
	refused(true, "same file system as the store");
	memcpy(lair.key, good, sizeof(good));
}

static void without_persist_nothing_is_left(void **state)
{
	struct qrngd_queues *queues = open_spilled();

	(void)state;
	qrngd_queues_close(queues);
	queues = open_good(false);
	assert_int_equal(figures_of(queues).bytes, 0);
	assert_int_equal(access(file_of("trng.cell"), F_OK), -1);
	qrngd_queues_close(queues);
	queues = open_good(true);
	assert_int_equal(figures_of(queues).bytes, 0);
	qrngd_queues_close(queues);
}

static void a_store_is_for_one(void **state)
{
	struct qrngd_queues *queues = open_good(false);

	(void)state;
	refused(false, "another process has the store");
	qrngd_queues_close(queues);
	qrngd_queues_close(open_good(false));
}

static void a_folder_others_may_enter_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkdir(lair.store, 0755), 0);
	refused(false, "mode 0700");
	assert_int_equal(rmdir(lair.store), 0);
	lair_write(lair.store, "", 0, 0600);
	refused(false, "not a directory");
}

static void damage(const char *name, size_t from, size_t len)
{
	static struct image image;
	size_t i;

	read_image(&image, name);
	for (i = from; i < from + len && i < image.len; i++)
		image.bytes[i] ^= 0xa5;
	lair_write(file_of(name), image.bytes, image.len, 0600);
}

static void a_damaged_database_is_refused(void **state)
{
	static struct image whole;
	uint64_t at;

	(void)state;
	qrngd_queues_close(open_spilled());
	read_image(&whole, "data.mdb");
	/* All meta pages and all of the tree, page by page. */
	for (at = 2; at * 4096 < whole.len; at++)
		damage("data.mdb", at * 4096, 4096);
	refused(true, "move the directory away");
	lair_write(file_of("data.mdb"), whole.bytes, whole.len, 0600);
	damage("data.mdb", 0, 8192);
	refused(true, "move the directory away");
	lair_write(file_of("data.mdb"), whole.bytes, whole.len / 2, 0600);
	refused(true, "move the directory away");
	lair_write(file_of("data.mdb"), whole.bytes, whole.len, 0600);
	qrngd_queues_close(open_good(true));
	damage("counters", 0, 8);
	refused(true, "delete it");
}

/* Each page for itself: it is refused, or read as it was, or less is read; nothing else. */
static void any_damaged_page_is_survived(void **state)
{
	static struct image whole, counters, cell;
	uint64_t at;
	pid_t child;
	int status;

	(void)state;
	qrngd_queues_close(open_spilled());
	read_image(&whole, "data.mdb");
	read_image(&counters, "counters");
	read_image(&cell, "trng.cell");
	for (at = 0; at * 4096 < whole.len; at++) {
		lair_write(file_of("data.mdb"), whole.bytes, whole.len, 0600);
		lair_write(file_of("counters"), counters.bytes, counters.len, 0600);
		lair_write(file_of("trng.cell"), cell.bytes, cell.len, 0600);
		damage("data.mdb", at * 4096 + at * 37 % 4096, 64);
		child = fork();
		if (child == 0) {
			struct qrngd_queues *queues;

			close(STDERR_FILENO);
			queues = lair_open(&lair, true);
			if (queues)
				qrngd_queues_close(queues);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
	}
}

static void another_format_is_refused(void **state)
{
	struct qrngd_queues *queues = open_good(false);
	const struct qrngd_entry format = { .type = QRNGD_ENTRY_FORMAT,
					    .values = { QRNGD_STORE_FORMAT + 1 } };

	(void)state;
	qrngd_store_begin(&queues->ledger.store);
	qrngd_store_put(&queues->ledger.store, &format);
	assert_int_equal(qrngd_store_end(&queues->ledger.store), 0);
	qrngd_queues_close(queues);
	refused(false, "another version of qrngd");
}

/* Return: the limit of before. */
static struct rlimit limit_files(rlim_t size)
{
	struct rlimit before, limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = size;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	return before;
}

static void a_full_disk_stops_nobody(void **state)
{
	struct qrngd_queues *queues = open_good(true);
	struct rlimit before;
	uint64_t numbers[1000];
	char said[1024];

	(void)state;
	before = limit_files(65536);
	lair_fill(queues);
	qrngd_log_copy(said, sizeof(said));
	qrngd_ledger_settle(&queues->ledger);
	qrngd_ledger_settle(&queues->ledger);
	assert_non_null(strstr(said, "the queues go on in memory"));
	assert_null(strstr(strstr(said, "the queues go on") + 1, "the queues go on"));
	take(queues, numbers, 1000);
	setrlimit(RLIMIT_FSIZE, &before);
	qrngd_ledger_settle(&queues->ledger);
	qrngd_log_copy(NULL, 0);
	assert_non_null(strstr(said, "written again"));
	qrngd_queues_close(queues);
	queues = open_good(true);
	assert_int_equal(figures_of(queues).bytes_consumed, 8000);
	assert_int_equal(figures_of(queues).bytes, 5000 * 32 - 8000);
	qrngd_queues_close(queues);
}

/* What the disk can't be made to forget is never handed out. */
static void a_disk_that_cant_forget_is_not_relied_on(void **state)
{
	struct qrngd_queues *queues = open_spilled();
	struct rlimit before = limit_files(0);
	uint64_t numbers[1000], i, j;

	(void)state;
	lair.dry = false;
	take(queues, numbers, 1000);
	for (i = 0; i < 1000; i++)
		for (j = 0; j < 20000; j += 7)
			assert_true(numbers[i] != number_of(j));
	assert_int_equal(figures_of(queues).queue_dropped, 5000);
	setrlimit(RLIMIT_FSIZE, &before);
	qrngd_queues_close(queues);
}

#define test(name) cmocka_unit_test_setup_teardown(name, start, stop)

static const struct CMUnitTest tests[] = {
	test(counters_go_on),
	test(the_database_knows_the_counters_too),
	test(usage_is_kept_by_the_day),
	test(settings_hold_on_until_the_configuration_changes),
	test(noise_is_there_for_the_next_process),
	test(a_store_that_is_shorter_than_it_meant_to_be_is_whole),
	test(the_disk_has_no_plain_noise),
	test(what_was_handed_out_cant_be_read_again),
	test(another_key_is_refused),
	test(keys_are_checked),
	test(without_persist_nothing_is_left),
	test(a_store_is_for_one),
	test(a_folder_others_may_enter_is_refused),
	test(a_damaged_database_is_refused),
	test(any_damaged_page_is_survived),
	test(another_format_is_refused),
	test(a_full_disk_stops_nobody),
	test(a_disk_that_cant_forget_is_not_relied_on),
};

SUITE(tests)
