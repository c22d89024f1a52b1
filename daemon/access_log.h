/* SPDX-License-Identifier: MIT */
/*
 * A line for each request that has ended: who asked for which path, and what came of it.
 * Neither queries nor headers nor bodies are in it, as they may hold what is secret.
 */
#ifndef QRNGD_ACCESS_LOG_H
#define QRNGD_ACCESS_LOG_H

#include "h2o_compat.h"

/**
 * qrngd_access_log_open() - open what the setting names
 * @path: a file to append to, "-": standard error, or NULL: nothing
 *
 * Return: the descriptor, -1 for nothing, -2 after a line has said what is wrong.
 */
int qrngd_access_log_open(const char *path);

/** qrngd_access_log_close() - close what qrngd_access_log_open() has opened */
void qrngd_access_log_close(int fd);

/**
 * qrngd_access_log_register() - have each request logged while there is a log
 * @path: one of the library's paths
 */
void qrngd_access_log_register(h2o_pathconf_t *path);

#endif /* QRNGD_ACCESS_LOG_H */
