// SPDX-License-Identifier: MIT
#include "inifile.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"

/* Whoever gives us a file that is none of ours gets no thousand lines. */
#define MISTAKES_MAX 10

/**
 * struct reading - what the library's callbacks share
 * @file: what is being read
 * @stream: the same, open
 * @line: the buffer of getline()
 * @size: bytes of @line
 */
struct reading {
	struct qrngd_inifile *file;
	FILE *stream;
	char *line;
	size_t size;
};

void qrngd_inifile_complain(struct qrngd_inifile *file, const char *format, ...)
{
	char text[640];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	qrngd_log("%s:%u: %s", file->path, file->number, text);
	file->mistakes++;
}

static bool is_text(const char *line, size_t len)
{
	size_t i;

	if (len && line[len - 1] == '\n')
		len--;
	if (len && line[len - 1] == '\r')
		len--;
	for (i = 0; i < len; i++)
		if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
			return false;
	return true;
}

/* What the library would cut or misread is for us to find. */
static bool is_readable(struct reading *reading, size_t len, size_t room)
{
	if (!is_text(reading->line, len))
		qrngd_inifile_complain(reading->file, "control characters are no text");
	else if (len >= room)
		qrngd_inifile_complain(reading->file, "a line of %zu bytes at most is needed",
				       room - 1);
	else
		return true;
	return false;
}

/* The library would tell of a section only when there is something in it. */
static void tell_section(struct reading *reading, const char *line)
{
	size_t len;

	if (*line++ != '[')
		return;
	len = strcspn(line, "];");
	if (line[len] == ']')
		reading->file->section(reading->file, line, len);
}

/*
 * Gives the library a line at a time, so that we know which. A line that begins with
 * blanks would go on with the value of the last one; here it is like any other.
 */
static char *next_line(char *to, int room, void *data)
{
	struct reading *reading = data;
	const char *from;
	ssize_t len;

	do {
		if (reading->file->mistakes >= MISTAKES_MAX)
			return NULL;
		len = getline(&reading->line, &reading->size, reading->stream);
		if (len < 0)
			return NULL;
		reading->file->number++;
	} while (!is_readable(reading, (size_t)len, (size_t)room));
	from = reading->line + strspn(reading->line, " \t");
	tell_section(reading, from);
	memcpy(to, from, strlen(from) + 1);
	return to;
}

static int on_value(void *data, const char *section, const char *name, const char *value)
{
	const struct reading *reading = data;
	unsigned int before = reading->file->mistakes;

	reading->file->value(reading->file, section, name, value);
	return reading->file->mistakes == before;
}

static FILE *open_file(const struct qrngd_inifile *file, bool optional)
{
	FILE *stream = fopen(file->path, "re");
	struct stat about;

	if (!stream) {
		if (!optional || errno != ENOENT)
			qrngd_log("%s: %s", file->path, strerror(errno));
		return NULL;
	}
	if (fstat(fileno(stream), &about) == 0 && !S_ISDIR(about.st_mode))
		return stream;
	qrngd_log("%s: a directory is no %s", file->path, file->kind);
	fclose(stream);
	errno = EISDIR;
	return NULL;
}

/* The library names only the first line that it could not make sense of. */
static void check_structure(struct reading *reading, int line)
{
	if (line <= 0 || reading->file->mistakes)
		return;
	reading->file->number = (unsigned int)line;
	qrngd_inifile_complain(reading->file, "neither [section] nor name = value nor ; comment");
}

int qrngd_inifile_read(struct qrngd_inifile *file, bool optional)
{
	struct reading reading = { .file = file };
	int ret;

	reading.stream = open_file(file, optional);
	if (!reading.stream)
		return optional && errno == ENOENT ? 0 : -1;
	ret = ini_parse_stream(next_line, &reading, on_value, &reading);
	check_structure(&reading, ret);
	if (ferror(reading.stream)) {
		qrngd_log("%s: %s", file->path, strerror(errno));
		file->mistakes++;
	}
	fclose(reading.stream);
	free(reading.line);
	return file->mistakes ? -1 : 1;
}
