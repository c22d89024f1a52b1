/* SPDX-License-Identifier: MIT */
#ifndef QRNGD_PROBE_H
#define QRNGD_PROBE_H

/**
 * qrngd_probe() - read a database through
 * @path: of its directory
 *
 * LMDB takes the file for memory and trusts what is in it, so that a damaged one may bring
 * the process down that reads it: a child does.
 *
 * Return: 0 if all there is makes sense, or there is nothing; -1 otherwise.
 */
int qrngd_probe(const char *path);

#endif /* QRNGD_PROBE_H */
