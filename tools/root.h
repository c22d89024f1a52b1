/* SPDX-License-Identifier: MIT */
/*
 * Files of a machine, below a root folder: "" for this machine, another one in tests.
 */
#ifndef _QRNGCTL_ROOT_H
#define _QRNGCTL_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#define ROOT_PATH_MAX	4096
#define ROOT_LINE_MAX	512

/* Told of an entry of a folder; false ends the walk. */
typedef bool (*root_entry_fn)(const char *name, void *data);

FILE *root_open(const char *root, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool root_stat(const char *root, const char *path, struct stat *about);
bool root_has(const char *root, const char *path);
bool root_line(const char *root, char to[ROOT_LINE_MAX], const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool root_link(const char *root, const char *path, char to[ROOT_LINE_MAX]);
void root_each(const char *root, const char *path, root_entry_fn tell, void *data);
bool root_runs(const char *root, const char *program);

#endif /* _QRNGCTL_ROOT_H */
