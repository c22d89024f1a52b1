// SPDX-License-Identifier: MIT
/* What the kernel answers a request: messages, errors, and its words for these. */
#include <errno.h>
#include <stdio.h>
#include <linux/genetlink.h>

#include "session.h"

/** struct exchange - what the callbacks of one mnl_cb_run2() share */
struct exchange {
	struct session *session;
	mnl_cb_t answer;
	void *data;
};

static int on_answer(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;

	return exchange->answer(nlh, exchange->data);
}

/* The attribute of the request that begins so many bytes behind the request's begin. */
static uint16_t attr_at(const struct nlmsghdr *request, uint32_t offset)
{
	const struct nlattr *attr;

	if (!request)
		return 0;
	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if ((const char *)attr - (const char *)request == offset)
			return mnl_attr_get_type(attr);
	return 0;
}

/** struct range - what a policy says of a number; each bit of @known for one of them */
struct range {
	unsigned int known;
	uint64_t min;
	uint64_t max;
};

static int on_policy(const struct nlattr *attr, void *data)
{
	uint16_t type = mnl_attr_get_type(attr);
	struct range *range = data;

	if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return MNL_CB_OK;
	if (type == NL_POLICY_TYPE_ATTR_MIN_VALUE_U) {
		range->min = mnl_attr_get_u64(attr);
		range->known |= 1;
	} else if (type == NL_POLICY_TYPE_ATTR_MAX_VALUE_U) {
		range->max = mnl_attr_get_u64(attr);
		range->known |= 2;
	}
	return MNL_CB_OK;
}

static void read_policy(const struct nlattr *attr, struct refusal *refusal)
{
	struct range range = { 0 };

	if (mnl_attr_validate(attr, MNL_TYPE_NESTED) < 0)
		return;
	mnl_attr_parse_nested(attr, on_policy, &range);
	refusal->limited = range.known == 3;
	refusal->min = range.min;
	refusal->max = range.max;
}

static int on_extended_ack(const struct nlattr *attr, void *data)
{
	struct session *session = data;
	struct refusal *refusal = &session->refusal;

	switch (mnl_attr_get_type(attr)) {
	case NLMSGERR_ATTR_MSG:
		if (!mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			snprintf(refusal->reason, sizeof(refusal->reason), "%s",
				 mnl_attr_get_str(attr));
		break;
	case NLMSGERR_ATTR_OFFS:
		if (!mnl_attr_validate(attr, MNL_TYPE_U32))
			refusal->attr = attr_at(session->request, mnl_attr_get_u32(attr));
		break;
	case NLMSGERR_ATTR_POLICY:
		read_policy(attr, refusal);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

/* Errors are negative, and no larger than this; -INT_MIN would be no number at all. */
#define ERROR_MAX	4095

/* @fixed: bytes of the payload before the attributes of the extended ack. */
static int fail(struct session *session, const struct nlmsghdr *nlh, size_t fixed, int error)
{
	/* libmnl would reckon on from an offset behind the end. */
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && fixed <= mnl_nlmsg_get_payload_len(nlh))
		mnl_attr_parse(nlh, fixed, on_extended_ack, session);
	errno = error < 0 && error >= -ERROR_MAX ? -error : EBADMSG;
	return MNL_CB_ERROR;
}

/* An error, or with the number 0 the end of an answer. */
static int on_error(const struct nlmsghdr *nlh, void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct exchange *exchange = data;
	size_t fixed = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < fixed)
		return session_malformed(exchange->session, "error");
	if (!err->error)
		return MNL_CB_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && err->msg.nlmsg_len > sizeof(err->msg))
		fixed += err->msg.nlmsg_len - sizeof(err->msg);
	return fail(exchange->session, nlh, fixed, err->error);
}

/* The end of a dump, which can come early and with an error. */
static int on_done(const struct nlmsghdr *nlh, void *data)
{
	const struct exchange *exchange = data;
	const int *error = mnl_nlmsg_get_payload(nlh);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*error) || *error >= 0)
		return MNL_CB_STOP;
	return fail(exchange->session, nlh, sizeof(*error), *error);
}

/**
 * session_digest() - work through one datagram of the answer
 * @session: knows the request's number
 * @buffer: the datagram, aligned as a struct nlmsghdr
 * @len: its bytes
 * @answer: called with each message; MNL_CB_ERROR with errno set ends the request
 * @data: given to @answer
 *
 * Return: 1 when more is to come, 0 at the end, -errno with @session->refusal set
 * to the kernel's words if it had any.
 */
int session_digest(struct session *session, const void *buffer, size_t len, mnl_cb_t answer,
		   void *data)
{
	/* libmnl only reads it, but does not promise to. */
	mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	struct exchange exchange = { session, answer, data };
	int ret;

	ret = mnl_cb_run2(buffer, len, session->seq, session->port, on_answer, &exchange, control,
			  NLMSG_MIN_TYPE);
	if (ret < 0)
		return -errno;
	return ret > MNL_CB_STOP;
}

/**
 * session_malformed() - give up on an answer
 * @session: the session
 * @key: the part of it that is not as uapi/qrng.h says
 *
 * Return: MNL_CB_ERROR with errno set, for a callback to pass on.
 */
int session_malformed(struct session *session, const char *key)
{
	struct refusal *refusal = &session->refusal;

	snprintf(refusal->reason, sizeof(refusal->reason), "malformed answer: %s", key);
	errno = EBADMSG;
	return MNL_CB_ERROR;
}
