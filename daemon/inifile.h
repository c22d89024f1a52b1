/* SPDX-License-Identifier: MIT */
/* Files of "name = value" in sections, read by libinih, with the lines that are wrong named. */
#ifndef QRNGD_INIFILE_H
#define QRNGD_INIFILE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct qrngd_inifile - a file that is being read
 * @path: the file
 * @kind: what it is, for people
 * @section: is there a section of that name? Complains if not; called for each that begins
 * @value: takes a value, or complains; what stands before any section has an empty one
 * @number: of the line
 * @mistakes: lines that won't do
 */
struct qrngd_inifile {
	const char *path;
	const char *kind;
	void (*section)(struct qrngd_inifile *file, const char *name, size_t len);
	void (*value)(struct qrngd_inifile *file, const char *section, const char *name,
		      const char *value);
	unsigned int number;
	unsigned int mistakes;
};

/**
 * qrngd_inifile_read() - read a file
 * @file: what to read, and who takes it
 * @optional: it is fine if there is none
 *
 * Each mistake gets a line that names the file and the line; after ten of them no more is
 * read.
 *
 * Return: 1, or 0 if there is none; -1 after lines have said what is wrong.
 */
int qrngd_inifile_read(struct qrngd_inifile *file, bool optional);

/**
 * qrngd_inifile_complain() - say what is wrong with the line that is being read
 * @file: the file
 * @format: as for printf, without a newline
 */
void qrngd_inifile_complain(struct qrngd_inifile *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* QRNGD_INIFILE_H */
