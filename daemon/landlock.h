/* SPDX-License-Identifier: MIT */
/* Landlock: a process lets the kernel refuse it files. */
#ifndef QRNGD_LANDLOCK_H
#define QRNGD_LANDLOCK_H

#include "places.h"

/**
 * qrngd_landlock_enter() - open nothing any more but in these places
 * @places: where, and for what
 *
 * What is open stays so. No TCP port can be bound or connected to any more either, and no
 * process outside be sent a signal, where the kernel knows how to. For a process with one
 * thread, which must have given up to gain rights (PR_SET_NO_NEW_PRIVS).
 *
 * Return: the kernel's ABI of Landlock, 0 if it has none, or -1 after a line has said what
 * went wrong.
 */
int qrngd_landlock_enter(const struct qrngd_places *places);

#endif /* QRNGD_LANDLOCK_H */
