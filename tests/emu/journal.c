// SPDX-License-Identifier: MIT
#include "journal.h"

#include <stdarg.h>

/* a driver that breaks a rule in its read loop must not fill the disk */
#define VIOLATION_LINES 1000u

bool journal_open(struct journal *journal, const char *path)
{
	journal->violations = 0;
	journal->file = path ? fopen(path, "ae") : stderr;
	if (!journal->file)
		return false;
	setvbuf(journal->file, NULL, _IOLBF, 0);
	return true;
}

void journal_close(struct journal *journal)
{
	if (journal->file && journal->file != stderr)
		fclose(journal->file);
	journal->file = NULL;
}

void journal_line(struct journal *journal, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(journal->file, format, args);
	va_end(args);
	fputc('\n', journal->file);
}

void journal_violation(struct journal *journal, const char *what)
{
	if (journal->violations > VIOLATION_LINES)
		return;
	if (journal->violations++ < VIOLATION_LINES)
		journal_line(journal, "VIOLATION: %s", what);
	else
		journal_line(journal, "VIOLATION: more than %u, further ones are only counted",
			     VIOLATION_LINES);
}
