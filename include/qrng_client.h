/* SPDX-License-Identifier: MIT */
/*
 * qrng_client: random bytes of the qrng kernel module for programs in C and C++
 *
 *   #include <qrng_client.h>                   Debian: qrng-dev; pkg-config --cflags qrng
 *
 *   unsigned char key[32];
 *   int fd = qrng_open();
 *
 *   if (fd < 0 || qrng_read(fd, key, sizeof(key)))
 *           err(1, "no random bytes");
 *
 * Nothing has to be linked. A descriptor may be shared by threads, and by processes after a
 * fork: each of them gets other bytes. Functions that fail return -1 and set errno; nothing ever
 * takes the device's place.
 */
#ifndef _QRNG_CLIENT_H
#define _QRNG_CLIENT_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include "qrng.h"

/**
 * qrng_open() - open the generator
 *
 * Each open file is a generator of its own in the kernel.
 *
 * Return: a descriptor, which close() closes; -1: ENOENT when the module is not loaded.
 */
static inline int qrng_open(void)
{
	return open("/dev/" QRNG_DRBG_DEVICE, O_RDONLY | O_CLOEXEC);
}

/** qrng_wipe() - overwrite bytes that are secret, even if nobody looks at them afterwards */
static inline void qrng_wipe(void *secret, size_t len)
{
	volatile unsigned char *byte = (volatile unsigned char *)secret;

	while (len--)
		*byte++ = 0;
}

/**
 * qrng_read() - get random bytes, all of them
 * @fd: of qrng_open(), or any other device of the module's
 * @out: where they go
 * @len: how many
 *
 * Waits until a noise source has passed its start-up test, and goes on after signals.
 *
 * Return: 0; -1, with nothing left in @out: ENODEV when there is no card, EIO when it failed and
 * the operator wants errors rather than waiting, EAGAIN with O_NONBLOCK instead of waiting.
 */
static inline int qrng_read(int fd, void *out, size_t len)
{
	unsigned char *at = (unsigned char *)out;
	size_t done = 0;
	ssize_t got;
	int error;

	while (done < len) {
		got = read(fd, at + done, len - done);
		if (got > 0) {
			done += (size_t)got;
		} else if (!got || errno != EINTR) {
			error = got ? errno : EIO;
			qrng_wipe(out, done);
			errno = error;
			return -1;
		}
	}
	return 0;
}

/**
 * qrng_reseed() - have a new seed mixed into the file's generator, now
 * @fd: of qrng_open()
 *
 * Return: 0; -1: as qrng_read().
 */
static inline int qrng_reseed(int fd)
{
	return ioctl(fd, QRNG_IOC_RESEED);
}

/**
 * qrng_info() - what the generator is, and what it works from
 * @fd: of qrng_open()
 * @info: filled in
 *
 * Return: 0; -1: ENOTTY when it is another device.
 */
static inline int qrng_info(int fd, struct qrng_file_info *info)
{
	return ioctl(fd, QRNG_IOC_INFO, info);
}

/**
 * qrng_set_generator() - make another kind of generator of the file's
 * @fd: of qrng_open()
 * @id: enum qrng_generator_id
 *
 * Return: 0; -1: EINVAL when there is none of that number.
 */
static inline int qrng_set_generator(int fd, enum qrng_generator_id id)
{
	__u32 number = (__u32)id;

	return ioctl(fd, QRNG_IOC_SET_GENERATOR, &number);
}

/**
 * struct qrng_watch - for a program that makes bytes of its own from ours
 * @page: where the kernel shows the generation
 * @mine: a page that the kernel clears in child processes
 * @seen: the generation of the last look
 *
 * Such a program takes a new key of ours whenever qrng_watch_moved() says so: after a reseed,
 * when the machine has slept, in a copy of a virtual machine, in a child process. A look costs two
 * loads and no call of the kernel, so that it can come before each use.
 */
struct qrng_watch {
	const struct qrng_generation_page *page;
	volatile unsigned char *mine;
	__u64 seen;
};

/**
 * qrng_watch_open() - begin to watch
 * @watch: filled in; the first look says that it moved
 * @fd: of qrng_open(); it may be closed afterwards
 *
 * Return: 0; -1: errors of mmap() and madvise().
 */
static inline int qrng_watch_open(struct qrng_watch *watch, int fd)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *page, *mine;

	page = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return -1;
	mine = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mine == MAP_FAILED)
		goto err_page;
	if (madvise(mine, size, MADV_WIPEONFORK))
		goto err_mine;
	watch->page = (const struct qrng_generation_page *)page;
	watch->mine = (volatile unsigned char *)mine;
	watch->seen = 0;
	return 0;

err_mine:
	munmap(mine, size);
err_page:
	munmap(page, size);
	return -1;
}

/**
 * qrng_watch_moved() - look whether a new key is due
 * @watch: of qrng_watch_open(); a thread has its own, or a lock
 *
 * To be asked before the key is read, not after: what moves meanwhile shows the next time.
 *
 * Return: 1 if anything happened since the last look, or there was none; else 0.
 */
static inline int qrng_watch_moved(struct qrng_watch *watch)
{
	__u64 generation = __atomic_load_n(&watch->page->generation, __ATOMIC_ACQUIRE);

	if (watch->seen == generation && *watch->mine)
		return 0;
	watch->seen = generation;
	*watch->mine = 1;
	return 1;
}

/** qrng_watch_close() - stop watching; @watch: of qrng_watch_open() */
static inline void qrng_watch_close(struct qrng_watch *watch)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);

	munmap((void *)watch->mine, size);
	munmap((void *)watch->page, size);
}

#endif /* _QRNG_CLIENT_H */
