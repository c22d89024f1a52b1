/* SPDX-License-Identifier: MIT */
/* How many connections this process can bear. */
#ifndef QRNGD_CAPACITY_H
#define QRNGD_CAPACITY_H

#include "options.h"

/* What a connection costs this process at the most, whatever is asked for. */
#define QRNGD_CONNECTION_BYTES ((size_t)256 * 1024)

/*
 * Requests at a time on one, by HTTP/2 and HTTP/3. Each of them may cost as much: their usual
 * 100 would be too much for one client.
 */
#define QRNGD_HTTP2_STREAMS 16

/**
 * struct qrngd_capacity - how many connections there may be, whatever the operator wishes
 * @connections: so many
 * @reason: why no more, a clause for people
 */
struct qrngd_capacity {
	unsigned int connections;
	char reason[80];
};

/**
 * qrngd_capacity() - find out how many connections there may be
 * @options: all settings; to be called before there are threads
 * @passed: sockets that came with the process, of which each thread has one
 * @capacity: as many as the limits allow: of open files, which is raised as far as may
 *	be, of address space and data (setrlimit), and of the control group's memory,
 *	which counts what the kernel holds for a connection, too
 *
 * Running out is no way to find out how much there is: the library ends the process when
 * memory or descriptors that it needs itself are refused.
 *
 * Return: 0, or -1 after a line has said what is too little.
 */
int qrngd_capacity(const struct qrngd_options *options, unsigned int passed,
		   struct qrngd_capacity *capacity);

#endif /* QRNGD_CAPACITY_H */
