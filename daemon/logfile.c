// SPDX-License-Identifier: MIT
#include "logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

/* No line may come between a part of one and its being taken back. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A pipe is left alone: it takes a line of ours whole, or not. */
static void take_back(int fd, off_t len)
{
	struct stat about;

	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= len)
		(void)!ftruncate(fd, about.st_size - len);
}

int qrngd_logfile_append(int fd, const char *line, size_t len)
{
	ssize_t written;
	int ret = 0;

	pthread_mutex_lock(&lock);
	written = write(fd, line, len);
	if (written < 0)
		ret = -errno;
	else if ((size_t)written < len)
		ret = -ENOSPC;
	if (written > 0 && ret)
		take_back(fd, written);
	pthread_mutex_unlock(&lock);
	return ret;
}

/* The descriptor that appends may not be able to read. */
static bool is_torn(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	bool torn = false;
	char last;

	if (fd < 0)
		return false;
	if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size)
		torn = pread(fd, &last, 1, about.st_size - 1) == 1 && last != '\n';
	close(fd);
	return torn;
}

static int end_torn(const char *setting, const char *path, int fd)
{
	int err;

	if (!is_torn(path))
		return 0;
	err = qrngd_logfile_append(fd, "\n", 1);
	if (!err)
		qrngd_log("%s %s: its last line was not whole, and is ended", setting, path);
	return err;
}

int qrngd_logfile_open(const char *setting, const char *path)
{
	/* Who reads a pipe may have stopped, which must not hang who answers. */
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
	int err = fd < 0 ? -errno : end_torn(setting, path, fd);

	if (!err)
		return fd;
	qrngd_log("%s %s: %s", setting, path, strerror(-err));
	if (fd >= 0)
		close(fd);
	return -1;
}
