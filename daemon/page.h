/* SPDX-License-Identifier: MIT */
/* The table of routes, as a page for people. */
#ifndef QRNGD_PAGE_H
#define QRNGD_PAGE_H

#include <stddef.h>

#include "face.h"

/* daemon/page.js, which the page ends with. */
extern const char qrngd_page_script[];

/**
 * qrngd_page_write() - write the page
 * @len: bytes of it
 * @face: the interface whose routes it is about
 *
 * Return: the page, to be freed, or NULL when there is no memory.
 */
char *qrngd_page_write(size_t *len, enum qrngd_face face);

#endif /* QRNGD_PAGE_H */
