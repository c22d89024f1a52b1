// SPDX-License-Identifier: MIT
/*
 * The OpenSSL 3 provider "qrng": random bytes from the qrng kernel module. See provider(7),
 * provider-base(7) and docs/openssl.md.
 */
#include <stdbool.h>
#include <stdlib.h>

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>

#include "provider.h"
#include "qrng.h"

#define NAME	     "qrng"
#define DEVICE	     "/dev/" QRNG_DRBG_DEVICE
#define TIMEOUT	     "10" /* seconds */

static const OSSL_ALGORITHM algorithms[] = {
	{ "QRNG", "provider=" NAME, random_functions, "generator of the qrng kernel module" },
	{ "QRNG-SEED", "provider=" NAME, seed_functions, "seeds from the qrng kernel module" },
	{ NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache)
{
	(void)context;
	*no_cache = 0;
	return operation == OSSL_OP_RAND ? algorithms : NULL;
}

static const OSSL_PARAM *gettable_params(void *context)
{
	static const OSSL_PARAM gettable[] = {
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_NAME, NULL, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_VERSION, NULL, 0),
		OSSL_PARAM_utf8_ptr(OSSL_PROV_PARAM_BUILDINFO, NULL, 0),
		OSSL_PARAM_uint(OSSL_PROV_PARAM_STATUS, NULL),
		OSSL_PARAM_END,
	};

	(void)context;
	return gettable;
}

static int put_text(OSSL_PARAM params[], const char *name, const char *text)
{
	OSSL_PARAM *wanted = OSSL_PARAM_locate(params, name);

	return !wanted || OSSL_PARAM_set_utf8_ptr(wanted, text);
}

static int get_params(void *context, OSSL_PARAM params[])
{
	OSSL_PARAM *status = OSSL_PARAM_locate(params, OSSL_PROV_PARAM_STATUS);

	(void)context;
	return put_text(params, OSSL_PROV_PARAM_NAME, "quantum random number generators") &&
	       put_text(params, OSSL_PROV_PARAM_VERSION, QRNG_VERSION) &&
	       put_text(params, OSSL_PROV_PARAM_BUILDINFO, QRNG_VERSION) &&
	       (!status || OSSL_PARAM_set_uint(status, 1));
}

static const OSSL_ITEM *get_reasons(void *context)
{
	(void)context;
	return complaint_reasons;
}

static void teardown(void *context)
{
	free(context);
}

#define CALL(name, function) { OSSL_FUNC_PROVIDER_##name, (void (*)(void))(function) }

static const OSSL_DISPATCH provider_functions[] = {
	CALL(TEARDOWN, teardown),
	CALL(GETTABLE_PARAMS, gettable_params),
	CALL(GET_PARAMS, get_params),
	CALL(QUERY_OPERATION, query),
	CALL(GET_REASON_STRINGS, get_reasons),
	{ 0, NULL },
};

static OSSL_FUNC_core_get_params_fn *find_get_params(const OSSL_DISPATCH *calls)
{
	for (; calls->function_id; calls++)
		if (calls->function_id == OSSL_FUNC_CORE_GET_PARAMS)
			return OSSL_FUNC_core_get_params(calls);
	return NULL;
}

/* What the section of the configuration has that activates us; the strings stay as long as we. */
static bool read_settings(struct provider *provider, OSSL_FUNC_core_get_params_fn *get)
{
	OSSL_PARAM settings[] = {
		{ "device", OSSL_PARAM_UTF8_PTR, &provider->device, 0, 0 },
		{ "timeout", OSSL_PARAM_UTF8_PTR, &provider->timeout, 0, 0 },
		OSSL_PARAM_END,
	};

	provider->device = DEVICE;
	provider->timeout = TIMEOUT;
	return !get || get(provider->complaint.core, settings);
}

/**
 * OSSL_provider_init() - what OpenSSL calls when it has loaded us
 * @core: who calls
 * @in: what it offers
 * @out: set; what we offer
 * @context: set; handed to that
 *
 * Settings are looked at when the device is opened: OpenSSL forgets what goes wrong here.
 *
 * Return: 1, or 0 when there is no memory, or the caller does not tell its settings.
 */
__attribute__((visibility("default"))) int OSSL_provider_init(const OSSL_CORE_HANDLE *core,
							      const OSSL_DISPATCH *in,
							      const OSSL_DISPATCH **out,
							      void **context)
{
	struct provider *provider = calloc(1, sizeof(*provider));

	if (!provider)
		return 0;
	complaint_init(&provider->complaint, core, in);
	if (!read_settings(provider, find_get_params(in))) {
		free(provider);
		return 0;
	}
	*out = provider_functions;
	*context = provider;
	return 1;
}
