// SPDX-License-Identifier: MIT
#include "lokey/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "lokey/entry.h"

/* A page that points to one before it keeps a reader busy for ever. */
#define PROBE_MAX_S 60

/* Where LMDB keeps the numbers of free pages. */
#define FREE_TABLE 0

/* Reads all of a table; of values that is all there is to find out. */
static int read_all(MDB_txn *txn, MDB_dbi dbi, bool entries)
{
	volatile uint8_t byte;
	struct qrngd_entry entry;
	MDB_val key, value;
	MDB_cursor *cursor;
	size_t i;
	int err = mdb_cursor_open(txn, dbi, &cursor);

	if (err)
		return err;
	while (!err && !(err = mdb_cursor_get(cursor, &key, &value, MDB_NEXT))) {
		for (i = 0; i < value.mv_size; i++)
			byte = ((const uint8_t *)value.mv_data)[i];
		if (entries && !qrngd_entry_read(&entry, key.mv_data, key.mv_size, value.mv_data,
						 value.mv_size))
			err = MDB_CORRUPTED;
	}
	(void)byte;
	mdb_cursor_close(cursor);
	return err == MDB_NOTFOUND ? 0 : err;
}

/* Our table, and the one of pages that are free. Pages behind the end may be none of both. */
static int read_through(MDB_env *env, const char *path)
{
	MDB_txn *txn;
	MDB_dbi dbi;
	int err = mdb_env_open(env, path, MDB_RDONLY | MDB_NOLOCK, 0600);

	if (!err)
		err = mdb_txn_begin(env, NULL, MDB_RDONLY, &txn);
	if (!err)
		err = mdb_dbi_open(txn, NULL, 0, &dbi);
	if (!err)
		err = read_all(txn, dbi, true);
	return err ? err : read_all(txn, FREE_TABLE, false);
}

/* It ends however it does: nobody hears what it has to say about that. */
static void __attribute__((noreturn)) be_child(const char *path)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGALRM };
	MDB_env *env;
	size_t i;

	for (i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], SIG_DFL);
	close(STDERR_FILENO);
	/* Nor does it keep the store locked for a daemon that is no more. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(PROBE_MAX_S);
	_exit(mdb_env_create(&env) == 0 && read_through(env, path) == 0 ? 0 : 1);
}

/* Two pages come before all else: a process that was killed before had told it nothing. */
static bool was_begun(const char *file)
{
	struct stat about;

	return stat(file, &about) == 0 && about.st_size >= 2 * sysconf(_SC_PAGESIZE);
}

int qrngd_probe(const char *path)
{
	char file[PATH_MAX];
	int status;
	pid_t child;

	snprintf(file, sizeof(file), "%s/data.mdb", path);
	if (!was_begun(file)) {
		if (unlink(file) == 0)
			qrngd_log("store %s: its database had hardly been begun; it is made anew",
				  path);
		return 0;
	}
	child = fork();
	if (child == 0)
		be_child(path);
	if (child < 0)
		return -1;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
