/* SPDX-License-Identifier: MIT */
/* Memory that stays in the machine's: it is not swapped out, dumped, or read by debuggers. */
#ifndef QRNGD_MEMORY_H
#define QRNGD_MEMORY_H

/**
 * qrngd_memory_guard() - lock memory as far as the limit goes; no core file from now on
 *
 * Without a limit (RLIMIT_MEMLOCK) all memory is locked as it is used, and so is what is
 * taken later. With one, that would end in a failure some day: then keys alone are locked,
 * by who allocates them. To be called before there is a second thread.
 */
void qrngd_memory_guard(void);

/** qrngd_memory_announce() - say if it is keys alone, and why */
void qrngd_memory_announce(void);

/**
 * qrngd_memory_hide() - keep debuggers of the same user away, and core files
 *
 * Again after each change of the user, with which the kernel forgets it.
 */
void qrngd_memory_hide(void);

#endif /* QRNGD_MEMORY_H */
