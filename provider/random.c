// SPDX-License-Identifier: MIT
/*
 * The algorithms QRNG, a generator, and QRNG-SEED, from which OpenSSL's own generators seed
 * themselves: provider-rand(7). Both draw from the device; nothing else ever takes its place.
 *
 * They differ in when the device must be there. Without a generator OpenSSL gives no bytes, so
 * that QRNG says at once that it has none. But without a seed source OpenSSL silently takes the
 * system's: QRNG-SEED is therefore always there, and fails when a seed is asked for.
 *
 * Parents are ignored, as the kernel seeds our generator. So is what callers add: the device
 * takes no input, and needs none.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "device.h"
#include "provider.h"

#define STRENGTH    256	  /* bits: the key of each generator the module has */
#define MAX_REQUEST 65536 /* bytes; OpenSSL cuts what is larger */

/**
 * struct random - a generator, or a seed source
 * @complaint: who is told of errors
 * @device: where the bytes come from
 * @state: EVP_RAND_STATE_*
 * @locking: somebody asked for locks
 * @lock: taken by OpenSSL around whatever it calls, if so
 */
struct random {
	const struct complaint *complaint;
	struct device device;
	int state;
	bool locking;
	pthread_mutex_t lock;
};

static void *new_context(void *context, void *parent, const OSSL_DISPATCH *calls)
{
	const struct provider *provider = context;
	struct random *random = calloc(1, sizeof(*random));

	(void)parent;
	(void)calls;
	if (!random) {
		complain(&provider->complaint, REASON_MEMORY, "%zu bytes", sizeof(*random));
		return NULL;
	}
	random->complaint = &provider->complaint;
	random->state = EVP_RAND_STATE_UNINITIALISED;
	device_init(&random->device, provider->device, provider->timeout, random->complaint);
	pthread_mutex_init(&random->lock, NULL);
	return random;
}

static void free_context(void *context)
{
	struct random *random = context;

	if (!random)
		return;
	device_close(&random->device);
	pthread_mutex_destroy(&random->lock);
	free(random);
}

/*
 * What anybody may ask the module for, a new seed from its root, is no new noise: what is known of
 * the root's state foretells it. So nobody is promised prediction resistance (SP 800-90A, 8.8).
 *
 * Return: whether what is wanted can be had.
 */
static bool can_promise(const struct random *random, unsigned int strength,
			int prediction_resistance)
{
	if (strength > STRENGTH)
		complain(random->complaint, REASON_STRENGTH, "%u bits, should be at most %d",
			 strength, STRENGTH);
	else if (prediction_resistance)
		complain(random->complaint, REASON_PREDICTION,
			 "the module reseeds when it has new noise, not when it is asked");
	else
		return true;
	return false;
}

static bool is_instantiated(const struct random *random)
{
	if (random->state != EVP_RAND_STATE_UNINITIALISED)
		return true;
	complain(random->complaint, REASON_STATE, "asked before it was instantiated");
	return false;
}

/* A device that failed is asked again the next time. */
static bool note_result(struct random *random, bool good)
{
	random->state = good ? EVP_RAND_STATE_READY : EVP_RAND_STATE_ERROR;
	return good;
}

static int instantiate_seed(void *context, unsigned int strength, int prediction_resistance,
			    const unsigned char *personal, size_t personal_len,
			    const OSSL_PARAM params[])
{
	struct random *random = context;

	(void)personal;
	(void)personal_len;
	(void)params;
	return can_promise(random, strength, prediction_resistance) && note_result(random, true);
}

static int instantiate_random(void *context, unsigned int strength, int prediction_resistance,
			      const unsigned char *personal, size_t personal_len,
			      const OSSL_PARAM params[])
{
	struct random *random = context;

	(void)personal;
	(void)personal_len;
	(void)params;
	return can_promise(random, strength, prediction_resistance) &&
	       device_open(&random->device) && note_result(random, true);
}

static int uninstantiate(void *context)
{
	struct random *random = context;

	device_close(&random->device);
	random->state = EVP_RAND_STATE_UNINITIALISED;
	return 1;
}

static int generate(void *context, unsigned char *out, size_t len, unsigned int strength,
		    int prediction_resistance, const unsigned char *added, size_t added_len)
{
	struct random *random = context;

	(void)added;
	(void)added_len;
	if (!is_instantiated(random) || !can_promise(random, strength, prediction_resistance))
		return 0;
	if (len > MAX_REQUEST) {
		complain(random->complaint, REASON_LENGTH, "%zu bytes, should be at most %d", len,
			 MAX_REQUEST);
		return 0;
	}
	return note_result(random, device_read(&random->device, out, len));
}

static int reseed(void *context, int prediction_resistance, const unsigned char *entropy,
		  size_t entropy_len, const unsigned char *added, size_t added_len)
{
	struct random *random = context;

	(void)entropy;
	(void)entropy_len;
	(void)added;
	(void)added_len;
	return is_instantiated(random) && can_promise(random, 0, prediction_resistance) &&
	       device_reseed(&random->device);
}

static size_t get_seed(void *context, unsigned char **buffer, int entropy, size_t min_len,
		       size_t max_len, int prediction_resistance, const unsigned char *added,
		       size_t added_len)
{
	size_t len = entropy > 0 ? ((size_t)entropy + 7) / 8 : 0;
	struct random *random = context;

	(void)added;
	(void)added_len;
	if (!is_instantiated(random) || !can_promise(random, 0, prediction_resistance))
		return 0;
	len = len > min_len ? len : min_len;
	if (!len || len > max_len) {
		complain(random->complaint, REASON_LENGTH, "a seed of %zu bytes, at most %zu", len,
			 max_len);
		return 0;
	}
	*buffer = malloc(len);
	if (!*buffer) {
		complain(random->complaint, REASON_MEMORY, "%zu bytes", len);
		return 0;
	}
	if (note_result(random, device_read(&random->device, *buffer, len)))
		return len;
	free(*buffer);
	*buffer = NULL;
	return 0;
}

static void clear_seed(void *context, unsigned char *buffer, size_t len)
{
	(void)context;
	if (buffer)
		explicit_bzero(buffer, len);
	free(buffer);
}

static int enable_locking(void *context)
{
	struct random *random = context;

	random->locking = true;
	return 1;
}

static int take_lock(void *context)
{
	struct random *random = context;

	return !random->locking || !pthread_mutex_lock(&random->lock);
}

static void release_lock(void *context)
{
	struct random *random = context;

	if (random->locking)
		pthread_mutex_unlock(&random->lock);
}

static const OSSL_PARAM *gettable_ctx_params(void *context, void *provider)
{
	static const OSSL_PARAM gettable[] = {
		OSSL_PARAM_int(OSSL_RAND_PARAM_STATE, NULL),
		OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, NULL),
		OSSL_PARAM_size_t(OSSL_RAND_PARAM_MAX_REQUEST, NULL),
		OSSL_PARAM_uint(OSSL_DRBG_PARAM_RESEED_COUNTER, NULL),
		OSSL_PARAM_END,
	};

	(void)context;
	(void)provider;
	return gettable;
}

/*
 * A generator of OpenSSL's own that is our child reseeds when our counter has moved: after each
 * reseed of the kernel's, and in the copy of a virtual machine.
 */
static int get_ctx_params(void *context, OSSL_PARAM params[])
{
	const struct random *random = context;
	OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
	OSSL_PARAM *strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
	OSSL_PARAM *max = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
	OSSL_PARAM *counter = OSSL_PARAM_locate(params, OSSL_DRBG_PARAM_RESEED_COUNTER);
	unsigned int generation;

	if (counter && device_generation(&random->device, &generation) &&
	    !OSSL_PARAM_set_uint(counter, generation))
		return 0;
	return (!state || OSSL_PARAM_set_int(state, random->state)) &&
	       (!strength || OSSL_PARAM_set_uint(strength, STRENGTH)) &&
	       (!max || OSSL_PARAM_set_size_t(max, MAX_REQUEST));
}

/* The state is in the kernel, and is wiped there when the file is closed. */
static int verify_zeroization(void *context)
{
	const struct random *random = context;

	return random->device.fd < 0;
}

#define CALL(name, function) { OSSL_FUNC_RAND_##name, (void (*)(void))(function) }
#define CALLS_BUT_INSTANTIATE                                                                      \
	CALL(NEWCTX, new_context), CALL(FREECTX, free_context),                                    \
		CALL(UNINSTANTIATE, uninstantiate), CALL(GENERATE, generate),                      \
		CALL(RESEED, reseed), CALL(ENABLE_LOCKING, enable_locking),                        \
		CALL(LOCK, take_lock), CALL(UNLOCK, release_lock),                                 \
		CALL(GETTABLE_CTX_PARAMS, gettable_ctx_params),                                    \
		CALL(GET_CTX_PARAMS, get_ctx_params), CALL(GET_SEED, get_seed),                    \
		CALL(CLEAR_SEED, clear_seed), CALL(VERIFY_ZEROIZATION, verify_zeroization),        \
	{                                                                                          \
		0, NULL                                                                            \
	}

const OSSL_DISPATCH random_functions[] = {
	CALL(INSTANTIATE, instantiate_random),
	CALLS_BUT_INSTANTIATE,
};

const OSSL_DISPATCH seed_functions[] = {
	CALL(INSTANTIATE, instantiate_seed),
	CALLS_BUT_INSTANTIATE,
};
