/* SPDX-License-Identifier: MIT */
/* Files that grow by whole lines, whatever befalls the disk or the process. */
#ifndef QRNGD_LOGFILE_H
#define QRNGD_LOGFILE_H

#include <stddef.h>

/**
 * qrngd_logfile_open() - open a file whose lines are to last
 * @setting: which setting names it, for the line about a fault
 * @path: the file, which is made if there is none
 *
 * A last line that is not whole, as a crash leaves it, is ended, so that the next one begins
 * anew.
 *
 * Return: a descriptor, or -1 after a line has said what is wrong.
 */
int qrngd_logfile_open(const char *setting, const char *path);

/**
 * qrngd_logfile_append() - append a line to a file, or nothing at all
 * @fd: of the file, opened to append
 * @line: the line, with its newline
 * @len: bytes of @line
 *
 * What a full disk took of a line is taken back.
 *
 * Return: 0, or -errno.
 */
int qrngd_logfile_append(int fd, const char *line, size_t len);

#endif /* QRNGD_LOGFILE_H */
