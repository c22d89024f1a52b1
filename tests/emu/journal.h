/* SPDX-License-Identifier: MIT */
/*
 * The log: one line for each thing worth knowing. Lines starting "VIOLATION: " mean that
 * the driver broke a rule, lines starting "PROTOCOL: " that a peer did.
 */
#ifndef EMU_JOURNAL_H
#define EMU_JOURNAL_H

#include <stdbool.h>
#include <stdio.h>

struct journal {
	FILE *file;
	unsigned int violations; /* lines written so far */
};

/* Opens the log at @path, appending, or stderr if NULL. Returns false with errno set. */
bool journal_open(struct journal *journal, const char *path);
void journal_close(struct journal *journal);

/* Writes one line as printf would. */
void journal_line(struct journal *journal, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Writes a VIOLATION line; after the first thousand they are only counted by the caller. */
void journal_violation(struct journal *journal, const char *what);

#endif
