// SPDX-License-Identifier: MIT
/* The sub-commands that change something. Each shows in JSON what came of it. */
#include <linux/netlink.h>

#include "complaint.h"
#include "connect.h"
#include "drbg.h"
#include "qrngctl.h"
#include "setting.h"
#include "source.h"

static int change_source(struct session *session, const struct call *call, uint8_t command)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct nlmsghdr *nlh = session_request(session, buffer, command, NLM_F_ACK);
	const char *name = call->words[0];
	int ret;

	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, name);
	ret = setting_put(nlh, &source_object, call->words + 1, call->count - 1);
	if (ret)
		return ret;
	ret = fetch_nothing(session, nlh);
	if (ret)
		return source_complaint(session, &source_object, name, ret);
	return call->json ? source_show(session, call, name) : QRNGCTL_OK;
}

static int source_change_command(const struct call *call, uint8_t command)
{
	struct session session;
	int ret;

	if (!source_name_ok(call->words[0]) ||
	    setting_check(&source_object, call->words + 1, call->count - 1))
		return QRNGCTL_USAGE;
	ret = connect_session(&session);
	if (ret)
		return ret;
	ret = change_source(&session, call, command);
	session_close(&session);
	return ret;
}

/** source_set_command() - set something of a source */
int source_set_command(const struct call *call)
{
	return source_change_command(call, QRNG_CMD_SOURCE_SET);
}

/** source_reset_command() - let a source start anew without waiting */
int source_reset_command(const struct call *call)
{
	return source_change_command(call, QRNG_CMD_SOURCE_RESET);
}

static int change_drbg(struct session *session, const struct call *call, uint8_t command)
{
	_Alignas(struct nlmsghdr) char buffer[SESSION_REQUEST_MAX];
	struct nlmsghdr *nlh = session_request(session, buffer, command, NLM_F_ACK);
	int ret;

	ret = setting_put(nlh, &drbg_object, call->words, call->count);
	if (ret)
		return ret;
	ret = fetch_nothing(session, nlh);
	if (ret)
		return complaint(session, &drbg_object, ret);
	return call->json ? drbg_show(session, call) : QRNGCTL_OK;
}

static int drbg_change_command(const struct call *call, uint8_t command)
{
	struct session session;
	int ret;

	ret = setting_check(&drbg_object, call->words, call->count);
	if (!ret)
		ret = connect_session(&session);
	if (ret)
		return ret;
	ret = change_drbg(&session, call, command);
	session_close(&session);
	return ret;
}

/** drbg_set_command() - set something of the generator */
int drbg_set_command(const struct call *call)
{
	return drbg_change_command(call, QRNG_CMD_DRBG_SET);
}

/** drbg_reseed_command() - reseed the generator now */
int drbg_reseed_command(const struct call *call)
{
	return drbg_change_command(call, QRNG_CMD_DRBG_RESEED);
}
