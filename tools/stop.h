/* SPDX-License-Identifier: MIT */
/*
 * Commands that go on until somebody ends them: SIGINT and SIGTERM are their good end.
 */
#ifndef _QRNGCTL_STOP_H
#define _QRNGCTL_STOP_H

int stop_install(void);
int stop_wait(int fd, int timeout_ms);

#endif /* _QRNGCTL_STOP_H */
