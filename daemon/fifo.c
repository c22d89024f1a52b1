// SPDX-License-Identifier: MIT
#include "fifo.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "count.h"
#include "log.h"

/* What waits there for readers; more would only be older. */
#define PIPE_SIZE 262144

/* Made at a time, and in the cache until it is written. */
#define CHUNK_SIZE 65536

/* A pipe has room for whole pages. */
#define PAGE_SIZE 4096

/* How often the engine is looked at while it has nothing and somebody waits. */
#define WAIT_MS 200

/* Ends the wait for a reader, where nothing else can. */
#define SIGNAL_END SIGUSR2
#define END_WAIT_US 1000

/* "/proc/self/fd/" and a number. */
#define NAME_MAX_LEN 32

static int fail(const struct qrngd_fifo *fifo, const char *reason)
{
	qrngd_log("fifo %s: %s", fifo->path, reason);
	return -1;
}

/* By this name the file is opened again, whoever has another one at its path now. */
static void name_of(const struct qrngd_fifo *fifo, char name[NAME_MAX_LEN])
{
	snprintf(name, NAME_MAX_LEN, "/proc/self/fd/%d", fifo->handle);
}

int qrngd_fifos_mode(const char *text)
{
	char *end;
	long mode = strtol(text, &end, 8);

	return *end || end == text || mode < 0 || mode > 0777 ? -1 : (int)mode;
}

/* Return: 0, or -1 if there is no such user. */
static int find_user(const char *name, size_t len, uid_t *user)
{
	char text[64];
	const struct passwd *entry;

	snprintf(text, sizeof(text), "%.*s", (int)len, name);
	entry = getpwnam(text);
	if (entry)
		*user = entry->pw_uid;
	return !len || entry ? 0 : -1;
}

static int find_group(const char *name, gid_t *group)
{
	const struct group *entry = getgrnam(name);

	if (entry)
		*group = entry->gr_gid;
	return !*name || entry ? 0 : -1;
}

/* @owner: "USER", "USER:GROUP" or ":GROUP" */
static int give_away(const struct qrngd_fifo *fifo, const char *owner)
{
	size_t len = strcspn(owner, ":");
	const char *group_name = owner[len] ? owner + len + 1 : "";
	uid_t user = (uid_t)-1;
	gid_t group = (gid_t)-1;

	if (find_user(owner, len, &user) != 0 || find_group(group_name, &group) != 0) {
		qrngd_log("fifo-owner %s: there is no such user or group", owner);
		return -1;
	}
	if (fchownat(fifo->handle, "", user, group, AT_EMPTY_PATH) != 0)
		return fail(fifo, strerror(errno));
	return 0;
}

/* Who feeds it must be able to, unless another owner is asked for, who is to let them. */
static int find_owner(const struct qrngd_fifo *fifo, const struct qrngd_options *options,
		      const struct qrngd_identity *identity)
{
	if (options->fifo_owner)
		return give_away(fifo, options->fifo_owner);
	if (!identity->wanted ||
	    fchownat(fifo->handle, "", identity->uid, identity->gid, AT_EMPTY_PATH) == 0)
		return 0;
	return fail(fifo, strerror(errno));
}

/* Nobody else can open it before it is whose it shall be. */
static int dress(const struct qrngd_fifo *fifo, const struct qrngd_options *options,
		 const struct qrngd_identity *identity)
{
	char name[NAME_MAX_LEN];

	if (find_owner(fifo, options, identity) != 0)
		return -1;
	name_of(fifo, name);
	if (chmod(name, (mode_t)qrngd_fifos_mode(options->fifo_mode)) != 0)
		return fail(fifo, strerror(errno));
	return 0;
}

static int take_hold(struct qrngd_fifo *fifo)
{
	struct stat about;

	fifo->handle = open(fifo->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fifo->handle < 0 || fstat(fifo->handle, &about) != 0)
		return fail(fifo, strerror(errno));
	if (!S_ISFIFO(about.st_mode))
		return fail(fifo, "there is something else, which is left alone");
	fifo->device = about.st_dev;
	fifo->inode = about.st_ino;
	return 0;
}

static void remove_made(const struct qrngd_fifo *fifo)
{
	struct stat about;

	if (fifo->made && lstat(fifo->path, &about) == 0 && about.st_dev == fifo->device &&
	    about.st_ino == fifo->inode)
		unlink(fifo->path);
}

static int open_one(struct qrngd_fifo *fifo, const char *path, const struct qrngd_options *options,
		    struct qrngd_engine *engine, const struct qrngd_identity *identity)
{
	fifo->path = path;
	fifo->handle = -1;
	fifo->stop = eventfd(0, EFD_CLOEXEC);
	if (fifo->stop < 0)
		return fail(fifo, strerror(errno));
	fifo->made = mkfifo(path, 0) == 0;
	if (!fifo->made && errno != EEXIST) {
		fail(fifo, strerror(errno));
		goto err_made;
	}
	if (take_hold(fifo) != 0 || (fifo->made && dress(fifo, options, identity) != 0))
		goto err_hold;
	if (qrngd_supply_init(&fifo->supply, engine) != 0) {
		fail(fifo, "out of memory");
		goto err_hold;
	}
	return 0;

err_hold:
	remove_made(fifo);
	if (fifo->handle >= 0)
		close(fifo->handle);
err_made:
	close(fifo->stop);
	return -1;
}

int qrngd_fifos_open(struct qrngd_fifos *fifos, const struct qrngd_options *options,
		     struct qrngd_engine *engine, const struct qrngd_identity *identity)
{
	while (fifos->count < options->fifo.count) {
		const char *path = options->fifo.items[fifos->count];

		if (open_one(&fifos->items[fifos->count], path, options, engine, identity) != 0)
			return -1;
		fifos->count++;
	}
	return 0;
}

/* What fits in without waiting, in pages. */
static size_t room(int fd, size_t size)
{
	int waiting = 0;
	size_t left;

	if (ioctl(fd, FIONREAD, &waiting) != 0)
		waiting = 0;
	left = size > (size_t)waiting ? (size - (size_t)waiting) & ~(size_t)(PAGE_SIZE - 1) : 0;
	if (left < PAGE_SIZE)
		return PAGE_SIZE;
	return left < CHUNK_SIZE ? left : CHUNK_SIZE;
}

/* What did not fit is lost, so that nothing lies about until there is room. */
static bool write_chunk(struct qrngd_fifo *fifo, int fd, size_t size)
{
	uint8_t chunk[CHUNK_SIZE];
	size_t len = room(fd, size);
	ssize_t written;

	qrngd_supply_draw(&fifo->supply, chunk, len);
	written = write(fd, chunk, len);
	qrng_wipe(chunk, len);
	if (written > 0)
		qrngd_count(&fifo->bytes, (uint64_t)written);
	return written > 0 || errno == EAGAIN || errno == EINTR;
}

/* Return: whether there may be room now; false when nobody reads any more, or at the end. */
static bool wait_for_room(const struct qrngd_fifo *fifo, int fd)
{
	struct pollfd polled[] = { { .fd = fd, .events = POLLOUT },
				   { .fd = fifo->stop, .events = POLLIN } };

	while (poll(polled, 2, -1) < 0 && errno == EINTR)
		continue;
	return !polled[1].revents && !(polled[0].revents & POLLERR);
}

/* The same for bytes, while the engine has none. */
static bool wait_for_bytes(const struct qrngd_fifo *fifo, int fd)
{
	struct pollfd polled[] = { { .fd = fd }, { .fd = fifo->stop, .events = POLLIN } };

	return poll(polled, 2, WAIT_MS) <= 0;
}

static void serve(struct qrngd_fifo *fifo, int fd)
{
	int size = fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
	bool more = true;

	if (size < 0)
		size = fcntl(fd, F_GETPIPE_SZ);
	qrngd_count(&fifo->readers, 1);
	while (more && wait_for_room(fifo, fd)) {
		if (qrngd_supply_ready(&fifo->supply))
			more = write_chunk(fifo, fd, (size_t)size);
		else
			more = wait_for_bytes(fifo, fd);
	}
}

static void *feed(void *arg)
{
	struct qrngd_fifo *fifo = arg;
	char name[NAME_MAX_LEN];

	name_of(fifo, name);
	while (!atomic_load(&fifo->stopping)) {
		/* Sleeps until there is a reader. */
		int fd = open(name, O_WRONLY | O_CLOEXEC);

		if (fd < 0 && errno == EINTR)
			continue;
		if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
			fail(fifo, strerror(errno));
			break;
		}
		if (!atomic_load(&fifo->stopping))
			serve(fifo, fd);
		close(fd);
	}
	return NULL;
}

static void on_signal(int number)
{
	(void)number;
}

int qrngd_fifos_start(struct qrngd_fifos *fifos)
{
	/* Without SA_RESTART, so that open() comes back. */
	const struct sigaction action = { .sa_handler = on_signal };
	unsigned int i;

	sigaction(SIGNAL_END, &action, NULL);
	for (i = 0; i < fifos->count; i++) {
		struct qrngd_fifo *fifo = &fifos->items[i];

		fifo->running = pthread_create(&fifo->thread, NULL, feed, fifo) == 0;
		if (!fifo->running)
			return fail(fifo, "no thread could be started");
		qrngd_log("feeding %s", fifo->path);
	}
	return 0;
}

/* A signal may come just before the call that it is for. */
static void wait_for_end(const struct qrngd_fifo *fifo)
{
	while (pthread_tryjoin_np(fifo->thread, NULL) != 0) {
		pthread_kill(fifo->thread, SIGNAL_END);
		usleep(END_WAIT_US);
	}
}

/*
 * As long as there is this reader, nobody waits for one. But a FIFO may be ours to write into
 * alone.
 */
static void end_thread(struct qrngd_fifo *fifo)
{
	static const uint64_t one = 1;
	char name[NAME_MAX_LEN];
	int reader;

	name_of(fifo, name);
	atomic_store(&fifo->stopping, true);
	(void)!write(fifo->stop, &one, sizeof(one));
	reader = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	wait_for_end(fifo);
	if (reader >= 0)
		close(reader);
}

void qrngd_fifos_close(struct qrngd_fifos *fifos)
{
	while (fifos->count) {
		struct qrngd_fifo *fifo = &fifos->items[--fifos->count];

		if (fifo->running)
			end_thread(fifo);
		remove_made(fifo);
		close(fifo->handle);
		close(fifo->stop);
		qrngd_supply_wipe(&fifo->supply);
	}
}
