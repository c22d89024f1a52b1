// SPDX-License-Identifier: MIT
#include "service.h"

#include <stdlib.h>

#include "log.h"

struct qrngd_lokey *qrngd_lokey_new(void)
{
	struct qrngd_lokey *lokey = calloc(1, sizeof(*lokey));

	if (!lokey || qrngd_fortuna_init(&lokey->fortuna) != 0)
		goto err_fortuna;
	return lokey;

err_fortuna:
	free(lokey);
	qrngd_log("out of memory");
	return NULL;
}

void qrngd_lokey_free(struct qrngd_lokey *lokey)
{
	if (!lokey)
		return;
	qrngd_fortuna_wipe(&lokey->fortuna);
	free(lokey);
}
