// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "root.h"

static bool join(char to[ROOT_PATH_MAX], const char *root, const char *path)
{
	int len = snprintf(to, ROOT_PATH_MAX, "%s%s", root, path);

	return len > 0 && len < ROOT_PATH_MAX;
}

static FILE *open_at(const char *root, const char *format, va_list args)
{
	char path[ROOT_PATH_MAX], full[ROOT_PATH_MAX];
	int len = vsnprintf(path, sizeof(path), format, args);

	if (len < 0 || (size_t)len >= sizeof(path) || !join(full, root, path))
		return NULL;
	return fopen(full, "re");
}

/** root_open() - open a file to read; NULL if it is not there or not for us */
FILE *root_open(const char *root, const char *format, ...)
{
	va_list args;
	FILE *file;

	va_start(args, format);
	file = open_at(root, format, args);
	va_end(args);
	return file;
}

/** root_stat() - what is known of a file; false if there is none */
bool root_stat(const char *root, const char *path, struct stat *about)
{
	char full[ROOT_PATH_MAX];

	return join(full, root, path) && !stat(full, about);
}

/** root_has() - is there such a file? */
bool root_has(const char *root, const char *path)
{
	struct stat about;

	return root_stat(root, path, &about);
}

/**
 * root_line() - read the first line of a file
 * @root: where the machine is
 * @to: gets it without its end; "" if there is none
 * @format: of the path
 *
 * Return: false if there is no such file.
 */
bool root_line(const char *root, char to[ROOT_LINE_MAX], const char *format, ...)
{
	va_list args;
	FILE *file;

	va_start(args, format);
	file = open_at(root, format, args);
	va_end(args);
	to[0] = '\0';
	if (!file)
		return false;
	if (fgets(to, ROOT_LINE_MAX, file))
		to[strcspn(to, "\n")] = '\0';
	else
		to[0] = '\0';
	fclose(file);
	return true;
}

/** root_link() - the last name in where a link leads to; false if it is none */
bool root_link(const char *root, const char *path, char to[ROOT_LINE_MAX])
{
	char full[ROOT_PATH_MAX], target[ROOT_LINE_MAX];
	const char *name;
	ssize_t len;

	to[0] = '\0';
	if (!join(full, root, path))
		return false;
	len = readlink(full, target, sizeof(target) - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	memcpy(to, name, strlen(name) + 1);
	return true;
}

/** root_each() - tell of each entry of a folder, but for hidden ones */
void root_each(const char *root, const char *path, root_entry_fn tell, void *data)
{
	char full[ROOT_PATH_MAX];
	struct dirent *entry;
	DIR *folder;

	folder = join(full, root, path) ? opendir(full) : NULL;
	if (!folder)
		return;
	do {
		entry = readdir(folder);
	} while (entry && (entry->d_name[0] == '.' || tell(entry->d_name, data)));
	closedir(folder);
}

/** struct search - for a process */
struct search {
	const char *root;
	const char *program;
	bool found;
};

static bool is_program(const char *name, void *data)
{
	struct search *search = data;
	char comm[ROOT_LINE_MAX];

	search->found = isdigit((unsigned char)name[0]) &&
			root_line(search->root, comm, "/proc/%s/comm", name) &&
			!strcmp(comm, search->program);
	return !search->found;
}

/** root_runs() - does a program of that name run? */
bool root_runs(const char *root, const char *program)
{
	struct search search = { root, program, false };

	root_each(root, "/proc", is_program, &search);
	return search.found;
}
