// SPDX-License-Identifier: MIT
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "lokey/page.h"
#include "lokey/probe.h"

/* Of addresses only: four times what a queue of a million items takes. */
#define MAP_SIZE (UINT64_C(256) << 20)

/* A read-only file with a lock is not enough: the store is ours alone. */
static int check_directory(const char *path)
{
	struct stat about;

	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		qrngd_log("store %s: %s", path, strerror(errno));
		return -1;
	}
	if (lstat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
		qrngd_log("store %s: this is not a directory", path);
		return -1;
	}
	if (about.st_uid != geteuid() || about.st_mode & (S_IRWXG | S_IRWXO)) {
		qrngd_log("store %s: others may enter it; it must belong to the user who runs "
			  "qrngd, with mode 0700",
			  path);
		return -1;
	}
	return 0;
}

static int complain(const char *path, int err)
{
	if (err == MDB_VERSION_MISMATCH)
		qrngd_log("store %s: another version of qrngd wrote it: run that one, or move the "
			  "directory away to begin anew",
			  path);
	else if (err == MDB_INVALID || err == MDB_CORRUPTED || err == MDB_PAGE_NOTFOUND)
		qrngd_log("store %s: it is damaged: move the directory away, and queues begin "
			  "empty and counters at zero",
			  path);
	else
		qrngd_log("store %s: %s", path, mdb_strerror(err));
	return -1;
}

static int open_table(struct qrngd_store *store)
{
	MDB_txn *txn;
	int err = mdb_txn_begin(store->env, NULL, 0, &txn);

	if (err)
		return err;
	err = mdb_dbi_open(txn, NULL, 0, &store->dbi);
	if (!err)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return err;
}

static int open_database(struct qrngd_store *store)
{
	int err = mdb_env_create(&store->env);

	if (err)
		return complain(store->path, err);
	err = mdb_env_set_mapsize(store->env, MAP_SIZE);
	if (!err)
		err = mdb_env_open(store->env, store->path, MDB_NOLOCK | MDB_NORDAHEAD, 0600);
	if (!err)
		err = open_table(store);
	if (!err)
		return 0;
	mdb_env_close(store->env);
	return complain(store->path, err);
}

/* Right after it was opened: an empty store becomes one of this format. */
static int check_format(struct qrngd_store *store)
{
	struct qrngd_entry format = { .type = QRNGD_ENTRY_FORMAT };
	bool there;

	qrngd_store_begin(store);
	there = qrngd_store_get(store, &format);
	if (!there) {
		format.values[0] = QRNGD_STORE_FORMAT;
		qrngd_store_put(store, &format);
	}
	if (qrngd_store_end(store) != 0)
		return -1;
	if (format.values[0] == QRNGD_STORE_FORMAT)
		return 0;
	return complain(store->path, MDB_VERSION_MISMATCH);
}

/* The page may be older, after a power cut, or newer, after a crash. */
static void merge_counts(struct qrngd_store *store)
{
	unsigned int queue;

	qrngd_store_begin(store);
	for (queue = 0; queue < QRNGD_QUEUES; queue++) {
		struct qrngd_entry entry = { .type = QRNGD_ENTRY_COUNTS_OF, .queue = queue };

		if (qrngd_store_get(store, &entry))
			qrngd_page_raise(store->page, queue, entry.values);
	}
	qrngd_store_end(store);
}

int qrngd_store_open(struct qrngd_store *store, const char *path)
{
	memset(store, 0, sizeof(*store));
	store->path = path;
	if (check_directory(path) != 0)
		return -1;
	store->lock_fd = qrngd_page_open(path, &store->page);
	if (store->lock_fd < 0)
		return -1;
	if (qrngd_probe(path) != 0) {
		complain(path, MDB_CORRUPTED);
		goto err_probe;
	}
	pthread_mutex_init(&store->lock, NULL);
	if (open_database(store) != 0)
		goto err_database;
	if (check_format(store) != 0)
		goto err_format;
	merge_counts(store);
	return 0;

err_format:
	mdb_env_close(store->env);
err_database:
	pthread_mutex_destroy(&store->lock);
err_probe:
	qrngd_page_close(store->page, store->lock_fd);
	return -1;
}

struct qrngd_queue_counts *qrngd_store_counts(struct qrngd_store *store,
					      enum qrngd_queue_kind queue)
{
	return qrngd_page_counts(store->page, queue);
}

void qrngd_store_begin(struct qrngd_store *store)
{
	pthread_mutex_lock(&store->lock);
	store->txn = NULL;
	store->err = mdb_txn_begin(store->env, NULL, 0, &store->txn);
}

bool qrngd_store_get(struct qrngd_store *store, struct qrngd_entry *entry)
{
	uint8_t bytes[QRNGD_ENTRY_KEY];
	MDB_val key = { sizeof(bytes), bytes }, value;
	int err;

	qrngd_entry_key(entry, bytes);
	if (store->err)
		return false;
	err = mdb_get(store->txn, store->dbi, &key, &value);
	if (err && err != MDB_NOTFOUND)
		store->err = err;
	return !err && qrngd_entry_read(entry, bytes, sizeof(bytes), value.mv_data, value.mv_size);
}

void qrngd_store_put(struct qrngd_store *store, const struct qrngd_entry *entry)
{
	uint8_t bytes[QRNGD_ENTRY_KEY], data[QRNGD_ENTRY_VALUE];
	MDB_val key = { sizeof(bytes), bytes }, value = { 0, data };

	qrngd_entry_key(entry, bytes);
	value.mv_size = qrngd_entry_value(entry, data);
	if (!store->err)
		store->err = mdb_put(store->txn, store->dbi, &key, &value, 0);
}

/* Return: as LMDB does; MDB_NOTFOUND when there is none left to go. */
static int delete_next(MDB_cursor *cursor, const struct qrngd_entry *first, uint64_t to)
{
	uint8_t bytes[QRNGD_ENTRY_KEY];
	MDB_val key = { sizeof(bytes), bytes }, value;
	struct qrngd_entry entry;
	int err;

	qrngd_entry_key(first, bytes);
	err = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	if (err)
		return err;
	if (!qrngd_entry_read(&entry, key.mv_data, key.mv_size, value.mv_data, value.mv_size) ||
	    entry.type != first->type || entry.queue != first->queue || entry.number >= to)
		return MDB_NOTFOUND;
	return mdb_cursor_del(cursor, 0);
}

void qrngd_store_trim(struct qrngd_store *store, enum qrngd_queue_kind queue, uint64_t from,
		      uint64_t to)
{
	const struct qrngd_entry first = { .type = QRNGD_ENTRY_SEGMENT,
					   .queue = queue,
					   .number = from };
	MDB_cursor *cursor;
	int err;

	if (store->err)
		return;
	err = mdb_cursor_open(store->txn, store->dbi, &cursor);
	if (!err) {
		while (!err)
			err = delete_next(cursor, &first, to);
		mdb_cursor_close(cursor);
	}
	if (err != MDB_NOTFOUND)
		store->err = err;
}

static void note(struct qrngd_store *store, int err)
{
	if (err && !store->failing)
		qrngd_log("store %s: %s; the queues go on in memory", store->path,
			  err == MDB_MAP_FULL ? "it is full" : mdb_strerror(err));
	if (!err && store->failing)
		qrngd_log("store %s: written again", store->path);
	store->failing = err != 0;
}

int qrngd_store_end(struct qrngd_store *store)
{
	int err = store->err;

	if (err && store->txn)
		mdb_txn_abort(store->txn);
	else if (!err)
		err = mdb_txn_commit(store->txn);
	note(store, err);
	pthread_mutex_unlock(&store->lock);
	return err ? -1 : 0;
}

uint64_t qrngd_store_setting(struct qrngd_store *store, unsigned int which, uint64_t configured)
{
	struct qrngd_entry entry = { .type = QRNGD_ENTRY_SETTING, .number = which };
	bool there;

	qrngd_store_begin(store);
	there = qrngd_store_get(store, &entry);
	qrngd_store_end(store);
	return there && entry.values[0] == configured ? entry.values[1] : configured;
}

int qrngd_store_set(struct qrngd_store *store, unsigned int which, uint64_t configured,
		    uint64_t value)
{
	const struct qrngd_entry entry = { .type = QRNGD_ENTRY_SETTING,
					   .number = which,
					   .values = { configured, value } };

	qrngd_store_begin(store);
	qrngd_store_put(store, &entry);
	return qrngd_store_end(store);
}

uint64_t qrngd_store_size(const struct qrngd_store *store)
{
	mdb_filehandle_t fd;
	struct stat about;

	if (mdb_env_get_fd(store->env, &fd) != 0 || fstat(fd, &about) != 0)
		return 0;
	return (uint64_t)about.st_blocks * 512;
}

void qrngd_store_close(struct qrngd_store *store)
{
	mdb_env_close(store->env);
	pthread_mutex_destroy(&store->lock);
	qrngd_page_close(store->page, store->lock_fd);
}
