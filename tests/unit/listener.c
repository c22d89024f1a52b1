// SPDX-License-Identifier: MIT
/* What qrngctl hears: events, news of the controller, and nonsense; and the lines it makes of it. */
#include "suite.h"

#include <errno.h>
#include <limits.h>

#include "../../netlink/listener.h"
#include "message.h"
#include "random.h"

/** struct heard_list - what a listener was told */
struct heard_list {
	struct record events[8];
	size_t count;
	size_t enough;
};

static bool remember(enum heard heard, const struct record *event, void *data)
{
	struct heard_list *list = data;

	assert_int_equal(heard, HEARD_EVENT);
	list->events[list->count++] = *event;
	return list->count < list->enough;
}

static struct listener new_listener(struct heard_list *list)
{
	memset(list, 0, sizeof(*list));
	list->enough = 8;
	return (struct listener){ .tell = remember, .data = list,
				  .session.family.id = MESSAGE_FAMILY };
}

/* An event comes to nobody in particular: no number, no port. */
static struct nlmsghdr *put_event(struct message *message, uint32_t kind)
{
	struct nlmsghdr *nlh = message_answer(message, 0);
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	nlh->nlmsg_seq = 0;
	nlh->nlmsg_pid = 0;
	genl->cmd = QRNG_CMD_EVENT;
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_KIND, kind);
	mnl_attr_put(nlh, QRNG_A_EVENT_PAD, 0, NULL);
	mnl_attr_put_u64(nlh, QRNG_A_EVENT_TIME_MS, 1);
	return nlh;
}

static struct nlmsghdr *put_source_event(struct message *message)
{
	struct nlmsghdr *nlh = put_event(message, QRNG_EVENT_SOURCE_STATE);

	mnl_attr_put_strz(nlh, QRNG_A_EVENT_SOURCE, "quantis.0");
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_SOURCE_STATE, QRNG_SOURCE_FAILED);
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_SOURCE_REASON, QRNG_REASON_SILENT);
	return nlh;
}

static struct nlmsghdr *put_family(struct message *message, uint8_t command, const char *name)
{
	struct nlmsghdr *nlh = message_begin(message, GENL_ID_CTRL, 0);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	struct nlattr *groups, *group;

	nlh->nlmsg_seq = 0;
	nlh->nlmsg_pid = 0;
	genl->cmd = command;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	mnl_attr_put_u16(nlh, CTRL_ATTR_FAMILY_ID, 0x2a);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	group = mnl_attr_nest_start(nlh, 1);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, "other");
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 6);
	mnl_attr_nest_end(nlh, group);
	group = mnl_attr_nest_start(nlh, 2);
	mnl_attr_put_u32(nlh, CTRL_ATTR_MCAST_GRP_ID, 7);
	mnl_attr_put_strz(nlh, CTRL_ATTR_MCAST_GRP_NAME, QRNG_GENL_EVENTS);
	mnl_attr_nest_end(nlh, group);
	mnl_attr_nest_end(nlh, groups);
	return nlh;
}

static int digest(struct listener *listener, const struct nlmsghdr *nlh)
{
	void *copy = message_copy(nlh, nlh->nlmsg_len);
	int ret = listener_digest(listener, copy, nlh->nlmsg_len);

	free(copy);
	return ret;
}

static void events_are_heard(void **state)
{
	struct message message;
	struct heard_list list;
	struct listener listener = new_listener(&list);

	(void)state;
	assert_int_equal(digest(&listener, put_source_event(&message)), 0);
	assert_int_equal(list.count, 1);
	assert_true(record_is(&event_object, &list.events[0], QRNG_A_EVENT_SOURCE_REASON,
			      QRNG_REASON_SILENT));
	assert_false(listener.changed);
}

static void who_had_enough_hears_no_more(void **state)
{
	struct message message;
	struct heard_list list;
	struct listener listener = new_listener(&list);

	(void)state;
	list.enough = 1;
	digest(&listener, put_source_event(&message));
	digest(&listener, put_source_event(&message));
	assert_int_equal(list.count, 1);
	assert_true(listener.done);
}

static void messages_of_others_are_not_events(void **state)
{
	struct message message;
	struct heard_list list;
	struct listener listener = new_listener(&list);
	struct nlmsghdr *nlh;

	(void)state;
	nlh = put_source_event(&message);
	nlh->nlmsg_type++;
	assert_int_equal(digest(&listener, nlh), 0);
	nlh = put_source_event(&message);
	((struct genlmsghdr *)mnl_nlmsg_get_payload(nlh))->cmd = QRNG_CMD_SOURCE_GET;
	assert_int_equal(digest(&listener, nlh), 0);
	assert_int_equal(list.count, 0);
}

static void the_controller_tells_of_our_family_only(void **state)
{
	struct message message;
	struct heard_list list;
	struct listener listener = new_listener(&list);

	(void)state;
	assert_int_equal(digest(&listener, put_family(&message, CTRL_CMD_NEWFAMILY, "qrngx")), 0);
	assert_false(listener.changed);
	assert_int_equal(digest(&listener, put_family(&message, CTRL_CMD_DELFAMILY, "qrng")), 0);
	assert_true(listener.changed);
}

static void a_family_has_its_group(void **state)
{
	struct message message;
	struct family family;

	(void)state;
	assert_null(family_parse(put_family(&message, CTRL_CMD_NEWFAMILY, "qrng"), &family));
	assert_true(family.is_qrng);
	assert_int_equal(family.id, 0x2a);
	assert_int_equal(family.events, 7);
}

static void a_malformed_family_is_named(void **state)
{
	struct message message;
	struct nlmsghdr *nlh;
	struct nlattr *groups;
	struct family family;

	(void)state;
	nlh = message_answer(&message, 0);
	mnl_attr_put_u32(nlh, CTRL_ATTR_FAMILY_ID, 1);
	assert_string_equal(family_parse(nlh, &family), "family_id");
	nlh = message_answer(&message, 0);
	mnl_attr_put_str(nlh, CTRL_ATTR_FAMILY_NAME, "no end");
	assert_string_equal(family_parse(nlh, &family), "family_name");
	nlh = message_answer(&message, 0);
	groups = mnl_attr_nest_start(nlh, CTRL_ATTR_MCAST_GROUPS);
	mnl_attr_put_u32(nlh, 1, 5);
	mnl_attr_nest_end(nlh, groups);
	assert_string_equal(family_parse(nlh, &family), "mcast_groups");
}

static void a_malformed_event_ends_it(void **state)
{
	struct message message;
	struct heard_list list;
	struct listener listener = new_listener(&list);
	struct nlmsghdr *nlh = put_event(&message, 0);

	(void)state;
	mnl_attr_put_u16(nlh, QRNG_A_EVENT_GENERATION, 1);
	assert_int_equal(digest(&listener, nlh), -EBADMSG);
	assert_string_equal(listener.session.refusal.reason, "malformed answer: generation");
	/* Too short for a header. */
	nlh = message_begin(&message, MESSAGE_FAMILY, 0);
	assert_int_equal(digest(&listener, nlh), -EBADMSG);
}

/* Found by the fuzzer: libmnl hands on whatever number an error message has. */
static void an_error_beyond_numbers_is_one(void **state)
{
	static const int numbers[] = { INT_MIN, INT_MAX, 1 };
	struct heard_list list;
	struct message message;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct listener listener = new_listener(&list);
		struct nlmsghdr *nlh = message_answer(&message, 0);
		struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

		nlh->nlmsg_type = NLMSG_ERROR;
		nlh->nlmsg_len = MNL_NLMSG_HDRLEN + sizeof(*err);
		*err = (struct nlmsgerr){ .error = numbers[i], .msg.nlmsg_len = sizeof(err->msg) };
		assert_true(listener_digest(&listener, nlh, nlh->nlmsg_len) < 0);
	}
}

static void line_is(const char *want, bool json, const struct nlmsghdr *nlh)
{
	const struct timespec time = { 951782400, 123456789 };
	struct record event;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_null(record_parse(&event_object, nlh, &event));
	event_print(out, json, &event, &time);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void an_event_is_a_line(void **state)
{
	struct message message;
	struct nlmsghdr *nlh;

	(void)state;
	setenv("TZ", "UTC", 1);
	line_is("2000-02-29 00:00:00.123 quantis.0 source-state: state failed (a test or the "
		"hardware failed; will be retried), because silent (no noise came in time)\n",
		false, put_source_event(&message));
	line_is("{\"time\":\"2000-02-29T00:00:00.123Z\",\"kind\":\"source-state\",\"time_ms\":1,"
		"\"source\":\"quantis.0\",\"source_state\":\"failed\","
		"\"source_reason\":\"silent\"}\n", true, put_source_event(&message));
	nlh = put_event(&message, QRNG_EVENT_RESEED);
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_DRBG_STATE, QRNG_DRBG_READY);
	mnl_attr_put_u64(nlh, QRNG_A_EVENT_GENERATION, 154);
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_RESEED_REASON, QRNG_RESEED_INTERVAL);
	line_is("2000-02-29 00:00:00.123 drbg reseed: state ready (seeded, and a source is "
		"healthy), generation 154, last reseed interval (the interval was over)\n",
		false, nlh);
	nlh = put_event(&message, 99);
	mnl_attr_put_strz(nlh, QRNG_A_EVENT_SOURCE, "a\nb");
	mnl_attr_put_u32(nlh, QRNG_A_EVENT_MODULES, 5);
	line_is("2000-02-29 00:00:00.123 a\\x0ab unknown-99: modules 0,2\n", false, nlh);
}

static void a_note_is_a_line(void **state)
{
	const struct timespec time = { 951782400, 5000000 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	setenv("TZ", "UTC", 1);
	event_note(out, true, "lost-events", &time);
	event_note(out, false, "lost-events", &time);
	fclose(out);
	assert_string_equal(text, "{\"time\":\"2000-02-29T00:00:00.005Z\",\"kind\":"
				  "\"lost-events\"}\n"
				  "2000-02-29 00:00:00.005 qrngctl lost-events\n");
	free(text);
}

static void a_time_since_boot_becomes_one_on_the_wall(void **state)
{
	struct record event = { 0 };
	struct timespec boot, wall, got;
	size_t at = record_field(&event_object, QRNG_A_EVENT_TIME_MS) - event_object.fields;

	(void)state;
	clock_gettime(CLOCK_BOOTTIME, &boot);
	event.values[at].present = true;
	event.values[at].number = boot.tv_sec * 1000 - 500;
	got = event_time(&event);
	clock_gettime(CLOCK_REALTIME, &wall);
	/* It was before now, and the machine has not been busy for an hour in between. */
	assert_true(got.tv_sec <= wall.tv_sec && got.tv_sec > wall.tv_sec - 3600);
	assert_true(got.tv_nsec >= 0 && got.tv_nsec < 1000000000);
	/* A time to come is none that can be believed. */
	event.values[at].number = UINT64_MAX;
	assert_true(event_time(&event).tv_sec >= wall.tv_sec);
}

static void spoilt_events_do_no_harm(void **state)
{
	struct message message;
	struct heard_list list;
	struct nlmsghdr *nlh;
	uint64_t choice = 8;
	int i, flips;
	size_t at;

	(void)state;
	for (i = 0; i < 50000; i++) {
		struct listener listener = new_listener(&list);

		nlh = i % 2 ? put_source_event(&message) : put_family(&message, 1, "qrng");
		for (flips = random_below(&choice, 5); flips; flips--) {
			at = 16 + random_below(&choice, nlh->nlmsg_len - 16);
			message.bytes[at] = random_next(&choice);
		}
		digest(&listener, nlh);
		assert_true(list.count <= 1);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(events_are_heard),
	cmocka_unit_test(who_had_enough_hears_no_more),
	cmocka_unit_test(messages_of_others_are_not_events),
	cmocka_unit_test(the_controller_tells_of_our_family_only),
	cmocka_unit_test(a_family_has_its_group),
	cmocka_unit_test(a_malformed_family_is_named),
	cmocka_unit_test(a_malformed_event_ends_it),
	cmocka_unit_test(an_error_beyond_numbers_is_one),
	cmocka_unit_test(an_event_is_a_line),
	cmocka_unit_test(a_note_is_a_line),
	cmocka_unit_test(a_time_since_boot_becomes_one_on_the_wall),
	cmocka_unit_test(spoilt_events_do_no_harm),
};

SUITE(tests)
