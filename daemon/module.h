/* SPDX-License-Identifier: MIT */
/* The kernel module's settings: shown and changed over generic netlink. */
#ifndef QRNGD_MODULE_H
#define QRNGD_MODULE_H

#include <jansson.h>

#include "json.h"

/**
 * qrngd_module_show() - write what can be set, as a member "module"
 * @json: open for members; null if the module is not there
 */
void qrngd_module_show(struct qrngd_json *json);

/**
 * qrngd_module_change() - change settings
 * @wish: {"drbg": {KEY: VALUE}, "sources": {NAME: {KEY: VALUE}}}, keys and values as
 *	qrngctl knows them
 * @detail: what went wrong, in the kernel's words where it said so
 * @size: bytes of @detail
 *
 * All is read before anything is sent; then the generator and each source take all that
 * is meant for them or nothing, in this order, up to the first that refuses.
 *
 * Return: the status of the answer: 200, 400 for a wish that is none, 403 without the
 * right to change the module, 409 if the kernel refuses, 503 without a module.
 */
int qrngd_module_change(json_t *wish, char *detail, size_t size);

#endif /* QRNGD_MODULE_H */
