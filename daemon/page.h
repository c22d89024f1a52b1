/* SPDX-License-Identifier: MIT */
/* The table of routes, as a page for people. */
#ifndef QRNGD_PAGE_H
#define QRNGD_PAGE_H

#include <stddef.h>

/* daemon/page.js, which the page ends with. */
extern const char qrngd_page_script[];

/**
 * qrngd_page_write() - write the page
 * @len: bytes of it
 *
 * Return: the page, to be freed, or NULL when there is no memory.
 */
char *qrngd_page_write(size_t *len);

#endif /* QRNGD_PAGE_H */
