// SPDX-License-Identifier: MIT
/*
 * The engine on the kernel module's /dev/qrng_drbg.
 *
 * The device itself decides whether there is something to be had (poll), sysfs adds
 * the names. The open file is given up as soon as its source is lost, so that the
 * module can be unloaded then, and opened again at the next look.
 */
#include "engine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "device_metrics.h"
#include "host.h"
#include "log.h"
#include "qrng.h"
#include "sysfs.h"

#define RAW_PATH "/dev/" QRNG_RAW_DEVICE

/* What the module keeps of tested noise for each source: docs/ABI. */
#define RESERVE_SIZE 16384

struct device_engine {
	struct qrngd_engine engine;
	const char *path;
	int fd;	    /* -1 while the device is lost */
	int raw_fd; /* -1 while nobody wants noise, too */
	void *page; /* its generation page, or one of zeroes in the same place */
	size_t page_size;
	uint64_t seeds; /* drawn so far: the generation where sysfs tells none */
};

static struct device_engine *device_of(struct qrngd_engine *engine)
{
	return (struct device_engine *)engine;
}

/* A file of the module that holds a number, 0 where there is none. */
static uint64_t read_number(const char *source, const char *file)
{
	uint64_t number = 0;

	qrngd_sysfs_number(source, file, &number);
	return number;
}

static void add_source(struct qrngd_engine_status *status, const char *name)
{
	char state[QRNGD_SOURCE_STATE_MAX];

	if (!qrngd_sysfs_read(name, "state", state, sizeof(state)))
		return;
	qrngd_source_status_add(status, name, state);
	status->buffered += read_number(name, "stats/reserve_bytes");
	status->buffered_max += RESERVE_SIZE;
}

static void add_sources(struct qrngd_engine_status *status)
{
	struct dirent *entry;
	DIR *dir = opendir(QRNGD_SYSFS_CLASS);

	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "drbg") != 0)
			add_source(status, entry->d_name);
	closedir(dir);
}

static bool any_source_unhealthy(const struct qrngd_engine_status *status)
{
	unsigned int i;

	for (i = 0; i < status->source_count; i++)
		if (strcmp(status->sources[i].state, "healthy") != 0)
			return true;
	return false;
}

static uint64_t read_generation(const struct device_engine *device)
{
	uint64_t generation;

	return qrngd_sysfs_number("drbg", "generation", &generation) ? generation : device->seeds;
}

static void read_reseed_age(struct qrngd_engine_status *status)
{
	status->reseeded = status->generation &&
			   qrngd_sysfs_number("drbg", "reseed_age_ms", &status->reseed_age_ms);
	status->reseed_interval_ms = read_number("drbg", "reseed_interval") * 1000;
}

static void lose_raw(struct device_engine *device)
{
	if (device->raw_fd >= 0)
		close(device->raw_fd);
	device->raw_fd = -1;
	qrngd_stock_wipe(&device->engine.stock);
}

/*
 * Other threads load the generation at any time, so there is always something in that
 * place: a mapping is never taken away, but replaced by another, and only once that is
 * there, as MAP_FIXED takes the old one away also when it fails.
 */
static void map_page(struct device_engine *device, int flags, int fd)
{
	void *page = mmap(NULL, device->page_size, PROT_READ, flags, fd, 0);

	if (page != MAP_FAILED &&
	    mremap(page, device->page_size, device->page_size, MREMAP_MAYMOVE | MREMAP_FIXED,
		   device->page) != MAP_FAILED)
		return;
	qrngd_log("device %s: its generation page cannot be mapped: %s", device->path,
		  strerror(errno));
	if (page != MAP_FAILED)
		munmap(page, device->page_size);
}

static void lose(struct device_engine *device)
{
	lose_raw(device);
	if (device->fd >= 0)
		map_page(device, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	if (device->fd >= 0)
		close(device->fd);
	device->fd = -1;
}

/* Anything but a character device would be read as if it were noise. */
static bool is_character_device(int fd)
{
	struct stat about;

	return fstat(fd, &about) == 0 && S_ISCHR(about.st_mode);
}

/* Another device, named by an operator, has no such page. */
static bool is_module(int fd)
{
	struct qrng_file_info info;

	return ioctl(fd, QRNG_IOC_INFO, &info) == 0 || errno != ENOTTY;
}

static int reopen_at(const char *path, int *fd)
{
	if (*fd >= 0)
		return 0;
	*fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return -errno;
	if (is_character_device(*fd))
		return 0;
	close(*fd);
	*fd = -1;
	return -ENOTTY;
}

static int reopen(struct device_engine *device)
{
	int err;

	if (device->fd >= 0)
		return 0;
	err = reopen_at(device->path, &device->fd);
	if (!err && is_module(device->fd))
		map_page(device, MAP_SHARED, device->fd);
	return err;
}

static bool generator_is(const char *wanted)
{
	char state[QRNGD_SOURCE_STATE_MAX];

	return qrngd_sysfs_read("drbg", "state", state, sizeof(state)) &&
	       strcmp(state, wanted) == 0;
}

/* What poll tells alike, sysfs tells apart; an error alone is a reader's who may not wait. */
static enum qrngd_health device_health(struct device_engine *device)
{
	struct pollfd poller = { .events = POLLIN };

	if (reopen(device) != 0)
		return QRNGD_LOST;
	poller.fd = device->fd;
	if (poll(&poller, 1, 0) < 0 || poller.revents & (POLLHUP | POLLNVAL)) {
		lose(device);
		return QRNGD_LOST;
	}
	if (poller.revents & POLLIN)
		return generator_is("grace") ? QRNGD_GRACE : QRNGD_HEALTHY;
	return poller.revents & POLLERR || generator_is("stalled") ? QRNGD_FAILED : QRNGD_STARTING;
}

static void device_check(struct qrngd_engine *engine, struct qrngd_engine_status *status)
{
	struct device_engine *device = device_of(engine);

	/* Before the health: a reseed in between is then noticed, not missed. */
	status->generation = read_generation(device);
	read_reseed_age(status);
	status->health = device_health(device);
	add_sources(status);
	if (generator_is("kernel"))
		qrngd_source_status_add(status, "kernel", "healthy");
	if (status->health == QRNGD_HEALTHY && any_source_unhealthy(status))
		status->health = QRNGD_DEGRADED;
	/* An open file keeps the module from being unloaded. */
	if (!qrngd_health_usable(status->health))
		lose(device);
}

static int device_seed(struct qrngd_engine *engine, uint8_t *seed, size_t len, uint64_t *generation)
{
	struct device_engine *device = device_of(engine);
	int err = reopen(device);
	ssize_t got;

	if (err)
		return err;
	got = read(device->fd, seed, len);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (got != (ssize_t)len) {
		lose(device);
		return -ENODEV;
	}
	device->seeds++;
	*generation = read_generation(device);
	return 0;
}

/* A read gives what there is; the reserve behind it fills again meanwhile. */
static int read_noise(struct device_engine *device, size_t len)
{
	struct qrngd_stock *stock = &device->engine.stock;
	uint8_t noise[4096];
	ssize_t got;

	do {
		size_t part = len - stock->len < sizeof(noise) ? len - stock->len : sizeof(noise);

		got = read(device->raw_fd, noise, part);
		if (got <= 0)
			break;
		qrngd_stock_put(stock, noise, (size_t)got, qrngd_now_ms());
		qrng_wipe(noise, (size_t)got);
	} while (stock->len < len);
	if (got > 0)
		return 0;
	return got < 0 ? -errno : -EIO;
}

static int device_noise(struct qrngd_engine *engine, uint8_t *to, size_t len)
{
	struct device_engine *device = device_of(engine);
	int err;

	if (qrngd_stock_take(&engine->stock, to, len, qrngd_now_ms()))
		return 0;
	err = reopen_at(RAW_PATH, &device->raw_fd);
	if (!err)
		err = read_noise(device, len);
	if (err == -EINTR)
		err = -EAGAIN;
	if (err && err != -EAGAIN)
		lose_raw(device);
	if (err)
		return err;
	return qrngd_stock_take(&engine->stock, to, len, qrngd_now_ms()) ? 0 : -EAGAIN;
}

static void device_expose(struct qrngd_engine *engine, const struct qrngd_engine_status *status,
			  FILE *out)
{
	(void)engine;
	qrngd_device_metrics(out, status);
}

static void device_close(struct qrngd_engine *engine)
{
	struct device_engine *device = device_of(engine);

	lose(device);
	munmap(device->page, device->page_size);
	pthread_mutex_destroy(&engine->lock);
	free(device);
}

static int device_start(struct qrngd_engine *engine, const struct qrngd_options *options)
{
	(void)engine;
	(void)options;
	return 0;
}

static const struct qrngd_engine_ops device_ops = {
	.name = "device",
	.start = device_start,
	.check = device_check,
	.seed = device_seed,
	.noise = device_noise,
	.expose = device_expose,
	.close = device_close,
};

static const char *reason_of(int err)
{
	switch (err) {
	case -ENOENT:
		return "No such file or directory; is the qrng module loaded?";
	case -ENOTTY:
		return "not a character device";
	default:
		return strerror(-err);
	}
}

static bool reserve_page(struct device_engine *device)
{
	device->page_size = (size_t)sysconf(_SC_PAGESIZE);
	device->page = mmap(NULL, device->page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (device->page == MAP_FAILED)
		return false;
	device->engine.moved = (const _Atomic uint64_t *)device->page;
	return true;
}

/* With "auto" the module may come later; else a path without a device is a mistake. */
static bool is_bearable(int err, const struct qrngd_options *options)
{
	return !err || err == -ENODEV || err == -ENXIO || err == -EIO ||
	       (err == -ENOENT && options->engine == QRNGD_ENGINE_AUTO);
}

struct qrngd_engine *qrngd_engine_device_open(const struct qrngd_options *options,
					      struct qrngd_events *events)
{
	struct device_engine *device = calloc(1, sizeof(*device));
	int err;

	if (!device || !reserve_page(device)) {
		qrngd_log("out of memory");
		goto err_memory;
	}
	device->path = options->device;
	device->fd = -1;
	device->raw_fd = -1;
	err = reopen(device);
	if (!is_bearable(err, options)) {
		qrngd_log("device %s: %s", options->device, reason_of(err));
		goto err_open;
	}
	device->engine.ops = &device_ops;
	device->engine.events = events;
	pthread_mutex_init(&device->engine.lock, NULL);
	return &device->engine;

err_open:
	munmap(device->page, device->page_size);
err_memory:
	free(device);
	return NULL;
}
