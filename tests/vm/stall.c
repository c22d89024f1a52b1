// SPDX-License-Identifier: MIT
/*
 * stall: keeps every CPU from running anything ordinary for some seconds, as a hypervisor that
 * has no time for its guest does.
 *
 *   stall SECONDS
 *
 * One real-time process per CPU; the kernel's limit for such processes must be switched off
 * (kernel.sched_rt_runtime_us = -1).
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void hog(int cpu, long seconds)
{
	const struct sched_param param = { .sched_priority = 50 };
	struct timespec now;
	cpu_set_t cpus;
	time_t end;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) ||
	    sched_setscheduler(0, SCHED_FIFO, &param)) {
		perror("stall");
		_exit(1);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + seconds;
	while (now.tv_sec < end)
		clock_gettime(CLOCK_MONOTONIC, &now);
	_exit(0);
}

int main(int argc, char **argv)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), cpu;
	long seconds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	int status, failed = 0;

	if (seconds < 1 || seconds > 15) {
		fputs("usage: stall SECONDS (1 to 15)\n", stderr);
		return 1;
	}
	for (cpu = 0; cpu < cpus; cpu++)
		if (!fork())
			hog((int)cpu, seconds);
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 1 : 0;
}
