// SPDX-License-Identifier: MIT
#include "capacity.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "log.h"
#include "statm.h"

/* Descriptors that are not connections: for each thread, and for the process. */
#define FDS_PER_THREAD	8
#define FDS_PER_PROCESS 64

#define MIB ((uint64_t)1 << 20)

/* Pictures that are there only as a whole, a generator, buffers that are kept. */
#define USED_PER_THREAD (40 * MIB)
/* Besides that a stack, and what the C library sets aside for a thread that allocates. */
#define SPACE_PER_THREAD (USED_PER_THREAD + 72 * MIB)
/* A UDP socket, and both ends of the way to a thread. */
#define FDS_PER_DATAGRAMS 3
/* The file, its name, and what ends its thread. */
#define FDS_PER_FIFO 3

/* Both buffers of a socket. */
#define KERNEL_PER_CONNECTION ((uint64_t)256 * 1024)

static int too_few_files(const struct qrngd_options *options, rlim_t limit, rlim_t needed)
{
	qrngd_log("the limit is %llu open files, but threads = %u needs %llu",
		  (unsigned long long)limit, options->threads, (unsigned long long)needed);
	return -1;
}

static unsigned int lokey_listeners(const struct qrngd_options *options)
{
	if (options->lokey != QRNGD_LOKEY_ON)
		return 0;
	return options->lokey_api.count + options->lokey_controller.count +
	       options->lokey_fortuna.count + options->lokey_virtio.count;
}

static int fit_files(const struct qrngd_options *options, unsigned int passed,
		     struct qrngd_capacity *capacity)
{
	rlim_t listeners = options->listen.count + options->listen_tls.count + passed +
			   lokey_listeners(options) +
			   (options->http3 ? FDS_PER_DATAGRAMS : 0) *
				   (options->listen_tls.count + passed);
	rlim_t own = FDS_PER_PROCESS + (rlim_t)options->threads * (FDS_PER_THREAD + listeners) +
		     (rlim_t)options->fifo.count * FDS_PER_FIFO;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= own + capacity->connections)
		return 0;
	if (limit.rlim_cur <= own)
		return too_few_files(options, limit.rlim_cur, own + 1);
	capacity->connections = (unsigned int)(limit.rlim_cur - own);
	snprintf(capacity->reason, sizeof(capacity->reason), "the limit is %llu open files",
		 (unsigned long long)limit.rlim_cur);
	return 0;
}

/**
 * struct memory_limit - one limit of memory
 * @name: what operators know it by
 * @bytes: the limit
 * @used: bytes of it that are used already, or set aside for threads
 * @each: bytes that a connection takes of it
 */
struct memory_limit {
	const char *name;
	uint64_t bytes;
	uint64_t used;
	uint64_t each;
};

static int fit_memory(const struct memory_limit *limit, struct qrngd_capacity *capacity)
{
	uint64_t room = limit->bytes > limit->used ? (limit->bytes - limit->used) / limit->each : 0;
	unsigned long long mib = limit->bytes / MIB;
	unsigned long long needed = (limit->used + limit->each) / MIB + 1;

	if (room >= capacity->connections)
		return 0;
	if (!room) {
		qrngd_log("%s is %llu MiB, but one connection needs %llu MiB", limit->name, mib,
			  needed);
		return -1;
	}
	capacity->connections = (unsigned int)room;
	snprintf(capacity->reason, sizeof(capacity->reason), "%s is %llu MiB", limit->name, mib);
	return 0;
}

static bool read_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");
	bool found;

	if (!file)
		return false;
	found = fgets(line, size, file) != NULL;
	fclose(file);
	return found;
}

/* Return: the number a file holds, or UINT64_MAX when it holds none: "max", or no file */
static uint64_t read_number(const char *path)
{
	char line[64], *end;
	uint64_t number;

	if (!read_line(path, line, sizeof(line)))
		return UINT64_MAX;
	number = strtoull(line, &end, 10);
	return end == line ? UINT64_MAX : number;
}

/* The limit of one hierarchy of control groups: the least on the way to its root. */
static uint64_t group_limit(const char *root, char *path, const char *name)
{
	uint64_t least = UINT64_MAX, found;
	char file[4096];
	char *slash;

	do {
		snprintf(file, sizeof(file), "%s%s/%s", root, path, name);
		found = read_number(file);
		if (found < least)
			least = found;
		slash = strrchr(path, '/');
		if (slash)
			*slash = '\0';
	} while (slash);
	return least;
}

/* Lines of /proc/self/cgroup are NUMBER:CONTROLLERS:PATH, without controllers in version 2. */
static uint64_t control_group_limit(void)
{
	uint64_t least = UINT64_MAX, found = UINT64_MAX;
	char line[4096];
	FILE *file = fopen("/proc/self/cgroup", "re");

	while (file && fgets(line, sizeof(line), file)) {
		char *path = strchr(line, '/');

		line[strcspn(line, "\n")] = '\0';
		if (path && strstr(line, ":memory:"))
			found = group_limit("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes");
		else if (path && strstr(line, "0::"))
			found = group_limit("/sys/fs/cgroup", path, "memory.max");
		if (found < least)
			least = found;
	}
	if (file)
		fclose(file);
	return least;
}

static uint64_t limit_of(__rlimit_resource_t resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

static int fit_memories(const struct qrngd_options *options, struct qrngd_capacity *capacity)
{
	uint64_t space = (uint64_t)options->threads * SPACE_PER_THREAD;
	bool several = options->http2 || options->http3;
	uint64_t each = QRNGD_CONNECTION_BYTES * (several ? QRNGD_HTTP2_STREAMS : 1);
	const struct memory_limit limits[] = {
		{ "the limit of address space", limit_of(RLIMIT_AS),
		  qrngd_statm(QRNGD_STATM_MAPPED) + space, each },
		{ "the limit of data", limit_of(RLIMIT_DATA),
		  qrngd_statm(QRNGD_STATM_DATA) + space, each },
		{ "the memory of the control group", control_group_limit(),
		  qrngd_statm(QRNGD_STATM_RESIDENT) + options->threads * USED_PER_THREAD,
		  each + KERNEL_PER_CONNECTION },
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (fit_memory(&limits[i], capacity) != 0)
			return -1;
	return 0;
}

int qrngd_capacity(const struct qrngd_options *options, unsigned int passed,
		   struct qrngd_capacity *capacity)
{
	capacity->connections = UINT_MAX;
	if (fit_files(options, passed, capacity) != 0)
		return -1;
	return fit_memories(options, capacity);
}
