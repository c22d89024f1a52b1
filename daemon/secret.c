// SPDX-License-Identifier: MIT
#include "secret.h"

#include <sys/mman.h>

#include "host.h"

void *qrngd_secret_alloc(size_t len)
{
	void *secret = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED)
		return NULL;
	/*
	 * Both are a second line of defence, so the daemon does without if it must. Memory that
	 * is never touched is not taken.
	 */
	(void)mlock2(secret, len, MLOCK_ONFAULT);
	(void)madvise(secret, len, MADV_DONTDUMP);
	return secret;
}

void qrngd_secret_free(void *secret, size_t len)
{
	if (!secret)
		return;
	qrng_wipe(secret, len);
	munmap(secret, len);
}
