/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, into the error queue of the program that loaded us. The core's own functions
 * are called for that: a program may bring another copy of libcrypto than the one we are linked
 * with, and the queue is in that.
 */
#ifndef _QRNG_PROVIDER_COMPLAINT_H
#define _QRNG_PROVIDER_COMPLAINT_H

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

/** enum reason - what ERR_GET_REASON() gives of our errors */
enum reason {
	REASON_SETTING = 1,
	REASON_MEMORY,
	REASON_OPEN,
	REASON_NO_DEVICE,
	REASON_READ,
	REASON_ENDED,
	REASON_TIMEOUT,
	REASON_RESEED,
	REASON_STRENGTH,
	REASON_PREDICTION,
	REASON_STATE,
	REASON_LENGTH,
};

/**
 * struct complaint - who is told
 * @core: handed to the functions
 * @new_error: begins an error; none of the functions is there if nobody wants to know
 * @set_debug: says where it happened
 * @set_text: says what happened
 */
struct complaint {
	const OSSL_CORE_HANDLE *core;
	OSSL_FUNC_core_new_error_fn *new_error;
	OSSL_FUNC_core_set_error_debug_fn *set_debug;
	OSSL_FUNC_core_vset_error_fn *set_text;
};

extern const OSSL_ITEM complaint_reasons[];

void complaint_init(struct complaint *complaint, const OSSL_CORE_HANDLE *core,
		    const OSSL_DISPATCH *calls);
void complaint_begin(const struct complaint *complaint, const char *file, int line,
		     const char *function);
void complaint_say(const struct complaint *complaint, enum reason reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds an error to the queue of the thread: a reason and the details, never a random byte. */
#define complain(complaint, ...)                                                                   \
	do {                                                                                       \
		complaint_begin(complaint, __FILE__, __LINE__, __func__);                          \
		complaint_say(complaint, __VA_ARGS__);                                             \
	} while (0)

#endif /* _QRNG_PROVIDER_COMPLAINT_H */
