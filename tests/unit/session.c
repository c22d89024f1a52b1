// SPDX-License-Identifier: MIT
/* What qrngctl makes of the kernel's answers, errors and nonsense. */
#include "suite.h"

#include <errno.h>
#include <limits.h>

#include "../../netlink/session.h"
#include "message.h"
#include "random.h"

static int count_answers(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	++*(int *)data;
	return MNL_CB_OK;
}

static int refuse_answers(const struct nlmsghdr *nlh, void *data)
{
	(void)nlh;
	return session_malformed(data, "state");
}

static struct session new_session(void)
{
	return (struct session){ .seq = MESSAGE_SEQ, .port = MESSAGE_PORT };
}

static int digest(struct session *session, const struct nlmsghdr *nlh, int *answers)
{
	void *copy = message_copy(nlh, nlh->nlmsg_len);
	int ret;

	ret = session_digest(session, copy, nlh->nlmsg_len, count_answers, answers);
	free(copy);
	return ret;
}

/* @quoted: bytes of the request that the kernel sends back beyond its header. */
static struct nlmsghdr *put_error(struct message *message, int error, uint16_t flags, size_t quoted)
{
	struct nlmsghdr *nlh = message_begin(message, NLMSG_ERROR, flags);
	struct nlmsgerr *err = mnl_nlmsg_put_extra_header(nlh, sizeof(*err) + quoted);

	err->error = error;
	err->msg.nlmsg_len = sizeof(err->msg) + (quoted ? quoted : 40);
	return nlh;
}

static void answers_go_on_until_the_ack(void **state)
{
	struct session session = new_session();
	struct message message;
	int answers = 0;

	(void)state;
	assert_int_equal(digest(&session, message_answer(&message, 0), &answers), 1);
	assert_int_equal(digest(&session, message_answer(&message, NLM_F_MULTI), &answers), 1);
	assert_int_equal(answers, 2);
	assert_int_equal(digest(&session, put_error(&message, 0, NLM_F_CAPPED, 0), &answers), 0);
	assert_int_equal(answers, 2);
	assert_string_equal(session.refusal.reason, "");
}

static void a_dump_ends_with_done(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	int answers = 0;

	(void)state;
	nlh = message_begin(&message, NLMSG_DONE, NLM_F_MULTI);
	assert_int_equal(digest(&session, nlh, &answers), 0);
	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = 0;
	assert_int_equal(digest(&session, nlh, &answers), 0);
}

static void a_dump_can_end_in_an_error(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	int answers = 0;

	(void)state;
	nlh = message_begin(&message, NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS);
	*(int *)mnl_nlmsg_put_extra_header(nlh, sizeof(int)) = -ENOBUFS;
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "too many");
	assert_int_equal(digest(&session, nlh, &answers), -ENOBUFS);
	assert_string_equal(session.refusal.reason, "too many");
}

/* What fetch_list() asks for again. */
static void a_dump_of_a_changing_list_is_interrupted(void **state)
{
	struct session session = new_session();
	struct message message;
	int answers = 0;

	(void)state;
	assert_int_equal(digest(&session, message_answer(&message, NLM_F_MULTI | NLM_F_DUMP_INTR),
				&answers), -EINTR);
}

static void errors_carry_the_kernels_words(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	int answers = 0;

	(void)state;
	nlh = put_error(&message, -EINVAL, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, 20);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "attribute missing");
	assert_int_equal(digest(&session, nlh, &answers), -EINVAL);
	assert_string_equal(session.refusal.reason, "attribute missing");
	/* A kernel that quotes the whole request puts the words behind it. */
	session = new_session();
	nlh = put_error(&message, -ENODEV, NLM_F_ACK_TLVS, 24);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "no such source");
	assert_int_equal(digest(&session, nlh, &answers), -ENODEV);
	assert_string_equal(session.refusal.reason, "no such source");
	assert_int_equal(answers, 0);
}

/* What alpha=99 would be: the request, and the kernel's policy for the attribute. */
static void errors_name_the_attribute_and_its_range(void **state)
{
	struct session session = new_session();
	struct message request, message;
	struct nlmsghdr *asked = message_answer(&request, 0), *nlh;
	struct nlattr *policy;
	int answers = 0;

	(void)state;
	mnl_attr_put_strz(asked, 2, "quantis.0");
	mnl_attr_put_u32(asked, 5, 99);
	session.request = asked;
	nlh = put_error(&message, -ERANGE, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "integer out of range");
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, asked->nlmsg_len - 8);
	policy = mnl_attr_nest_start(nlh, NLMSGERR_ATTR_POLICY);
	mnl_attr_put_u32(nlh, NL_POLICY_TYPE_ATTR_TYPE, NL_ATTR_TYPE_U32);
	mnl_attr_put_u64(nlh, NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 20);
	mnl_attr_put_u64(nlh, NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 40);
	mnl_attr_nest_end(nlh, policy);
	assert_int_equal(digest(&session, nlh, &answers), -ERANGE);
	assert_int_equal(session.refusal.attr, 5);
	assert_true(session.refusal.limited);
	assert_int_equal(session.refusal.min, 20);
	assert_int_equal(session.refusal.max, 40);
	/* An offset into the middle of something blames nobody. */
	session.refusal.attr = 0;
	nlh = put_error(&message, -ERANGE, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS, asked->nlmsg_len - 4);
	assert_int_equal(digest(&session, nlh, &answers), -ERANGE);
	assert_int_equal(session.refusal.attr, 0);
}

static void errors_can_come_without_words(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	int answers = 0;

	(void)state;
	nlh = put_error(&message, -EPERM, NLM_F_CAPPED, 0);
	assert_int_equal(digest(&session, nlh, &answers), -EPERM);
	assert_string_equal(session.refusal.reason, "");
	/* Not announced by the flag, so they are not words. */
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "noise");
	assert_int_equal(digest(&session, nlh, &answers), -EPERM);
	assert_string_equal(session.refusal.reason, "");
}

static void words_are_cut_and_must_end(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	char words[1000];
	int answers = 0;

	(void)state;
	memset(words, 'x', sizeof(words));
	nlh = put_error(&message, -EINVAL, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	mnl_attr_put(nlh, NLMSGERR_ATTR_MSG, sizeof(words), words);
	assert_int_equal(digest(&session, nlh, &answers), -EINVAL);
	assert_string_equal(session.refusal.reason, "");
	nlh = put_error(&message, -EINVAL, NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	words[sizeof(words) - 1] = '\0';
	mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, words);
	assert_int_equal(digest(&session, nlh, &answers), -EINVAL);
	assert_int_equal(strlen(session.refusal.reason), sizeof(session.refusal.reason) - 1);
}

static void a_cut_off_error_is_malformed(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh = message_begin(&message, NLMSG_ERROR, 0);
	int answers = 0;

	(void)state;
	mnl_nlmsg_put_extra_header(nlh, 4);
	assert_int_equal(digest(&session, nlh, &answers), -EBADMSG);
	assert_non_null(strstr(session.refusal.reason, "malformed"));
}

/* Found by the fuzzer: the negative of INT_MIN is none. */
static void an_error_out_of_range_is_malformed(void **state)
{
	static const int errors[] = { INT_MIN, -4096, 1, INT_MAX };
	struct session session = new_session();
	struct message message;
	int answers = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		assert_int_equal(digest(&session, put_error(&message, errors[i], 0, 0), &answers),
				 -EBADMSG);
	assert_int_equal(digest(&session, put_error(&message, -4095, 0, 0), &answers), -4095);
}

static void answers_to_others_are_not_ours(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	int answers = 0;

	(void)state;
	nlh = message_answer(&message, 0);
	nlh->nlmsg_seq++;
	assert_true(digest(&session, nlh, &answers) < 0);
	nlh = message_answer(&message, 0);
	nlh->nlmsg_pid++;
	assert_true(digest(&session, nlh, &answers) < 0);
	assert_int_equal(answers, 0);
}

static void a_reader_can_refuse_an_answer(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh = message_answer(&message, 0);

	(void)state;
	assert_int_equal(session_digest(&session, nlh, nlh->nlmsg_len, refuse_answers, &session),
			 -EBADMSG);
	assert_string_equal(session.refusal.reason, "malformed answer: state");
}

static void a_request_is_what_the_family_wants(void **state)
{
	struct session session = { .family.id = MESSAGE_FAMILY, .seq = 9 };
	struct message message;
	const struct genlmsghdr *genl;
	const struct nlmsghdr *nlh;

	(void)state;
	nlh = session_request(&session, message.bytes, 2, NLM_F_DUMP);
	genl = mnl_nlmsg_get_payload(nlh);
	assert_int_equal(nlh->nlmsg_type, MESSAGE_FAMILY);
	assert_int_equal(nlh->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(nlh->nlmsg_len, 20);
	assert_int_equal(nlh->nlmsg_seq, 10);
	assert_int_equal(genl->cmd, 2);
	assert_int_equal(genl->version, 1);
}

/*
 * No spoilt datagram may be read beyond its end; what comes of it does not matter.
 * The message's own length stays: libmnl takes it for negative from 2^31 on, and
 * the kernel alone sets it.
 */
static void spoilt_datagrams_do_no_harm(void **state)
{
	struct session session = new_session();
	struct message message;
	struct nlmsghdr *nlh;
	uint64_t choice = 6;
	int answers = 0, i, flips;
	size_t len;
	char *copy;

	(void)state;
	for (i = 0; i < 50000; i++) {
		nlh = put_error(&message, -EINVAL, NLM_F_ACK_TLVS | (i % 2 ? NLM_F_CAPPED : 0), 20);
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, "words");
		len = nlh->nlmsg_len - random_below(&choice, 2) * random_below(&choice, 60);
		copy = message_copy(nlh, len);
		for (flips = random_below(&choice, 4); flips; flips--)
			copy[4 + random_below(&choice, len - 4)] = random_next(&choice);
		session_digest(&session, copy, len, count_answers, &answers);
		free(copy);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(answers_go_on_until_the_ack),
	cmocka_unit_test(a_dump_ends_with_done),
	cmocka_unit_test(a_dump_can_end_in_an_error),
	cmocka_unit_test(a_dump_of_a_changing_list_is_interrupted),
	cmocka_unit_test(errors_carry_the_kernels_words),
	cmocka_unit_test(errors_name_the_attribute_and_its_range),
	cmocka_unit_test(errors_can_come_without_words),
	cmocka_unit_test(words_are_cut_and_must_end),
	cmocka_unit_test(a_cut_off_error_is_malformed),
	cmocka_unit_test(an_error_out_of_range_is_malformed),
	cmocka_unit_test(answers_to_others_are_not_ours),
	cmocka_unit_test(a_reader_can_refuse_an_answer),
	cmocka_unit_test(a_request_is_what_the_family_wants),
	cmocka_unit_test(spoilt_datagrams_do_no_harm),
};

SUITE(tests)
