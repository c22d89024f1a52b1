/* SPDX-License-Identifier: MIT */
/* The system calls that the daemon makes once it runs; the kernel refuses all others. */
#ifndef QRNGD_SYSCALLS_H
#define QRNGD_SYSCALLS_H

/**
 * qrngd_syscalls_limit() - from now on make no other calls but these
 *
 * Holds for all threads, those to come included. What is not in the tables of syscalls.c
 * fails with EPERM, and what only an intruder would try ends the process.
 *
 * Return: 0, or -1 after a line has said why not.
 */
int qrngd_syscalls_limit(void);

#endif /* QRNGD_SYSCALLS_H */
