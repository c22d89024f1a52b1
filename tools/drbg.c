// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "complaint.h"
#include "connect.h"
#include "drbg.h"
#include "../netlink/json.h"
#include "output.h"

/** drbg_show() - show the generator as it is now */
int drbg_show(struct session *session, const struct call *call)
{
	struct record drbg;
	int ret;

	ret = fetch_one(session, &drbg_object, QRNG_CMD_DRBG_GET, &drbg);
	if (ret)
		return complaint(session, &drbg_object, ret);
	if (call->json) {
		json_put_record(stdout, &drbg_object, &drbg);
		putchar('\n');
	} else {
		output_record(stdout, &drbg_object, &drbg);
	}
	return QRNGCTL_OK;
}

/** drbg_command() - show the generator */
int drbg_command(const struct call *call)
{
	struct session session;
	int ret;

	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = drbg_show(&session, call);
	session_close(&session);
	return ret;
}
