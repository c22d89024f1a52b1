// SPDX-License-Identifier: MIT
/*
 * Any datagram in place of the kernel's: nothing is read beyond its end, and what comes
 * of it is printable, and JSON as far as its quotes go.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>

#include "../../tools/drbg.h"
#include "../../netlink/json.h"
#include "../../netlink/listener.h"
#include "../../tools/output.h"
#include "../../tools/pool.h"
#include "../../tools/source.h"

#define FAMILY	0x1c

static const struct object *const objects[] = {
	&source_object, &health_object, &stats_object, &drbg_object, &pool_object, &event_object,
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void require_json(const char *text)
{
	size_t quotes = 0;

	for (; *text; text++) {
		require(*text >= ' ' && *text < 0x7f);
		quotes += *text == '"';
		if (*text == '\\')
			require(*++text == 'u');
	}
	require(quotes % 2 == 0);
}

static void require_lines(const char *text)
{
	for (; *text; text++)
		require((*text >= ' ' && *text < 0x7f) || *text == '\n');
}

static void show(const struct object *object, const struct record *record)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	require(out);
	json_put_record(out, object, record);
	fflush(out);
	require_json(text);
	output_record(out, object, record);
	output_table(out, object, record, 1);
	fclose(out);
	require_lines(text);
	free(text);
}

static int on_answer(const struct nlmsghdr *nlh, void *data)
{
	struct session *session = data;
	const struct field *wrong;
	struct record record;
	size_t i;

	for (i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		wrong = record_parse(objects[i], nlh, &record);
		if (wrong)
			session_malformed(session, wrong->key);
		else
			show(objects[i], &record);
	}
	return MNL_CB_OK;
}

static bool on_heard(enum heard heard, const struct record *event, void *data)
{
	const struct timespec time = event_time(event);
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)data;
	require(out && heard == HEARD_EVENT);
	event_print(out, false, event, &time);
	fclose(out);
	require_lines(text);
	/* Each is one line, whatever is in it. */
	require(strchr(text, '\n') == text + len - 1);
	free(text);
	return true;
}

static void fuzz_answer(const struct nlmsghdr *nlh, const struct nlmsghdr *request)
{
	struct session session = { .seq = 7, .port = 8, .request = request };

	session_digest(&session, nlh, nlh->nlmsg_len, on_answer, &session);
	require(memchr(session.refusal.reason, 0, sizeof(session.refusal.reason)));
}

static void fuzz_event(const struct nlmsghdr *nlh)
{
	struct listener listener = { .tell = on_heard, .session.family.id = FAMILY };

	listener_digest(&listener, nlh, nlh->nlmsg_len);
}

static struct nlmsghdr *make_request(void *buffer)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);

	mnl_nlmsg_put_extra_header(nlh, sizeof(struct genlmsghdr));
	mnl_attr_put_strz(nlh, QRNG_A_SOURCE_NAME, "quantis.0");
	mnl_attr_put_u32(nlh, QRNG_A_SOURCE_ALPHA, 99);
	return nlh;
}

/* The header is ours but for type and flags: the kernel alone writes it, the length above all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t types[] = { FAMILY, NLMSG_ERROR, NLMSG_DONE, GENL_ID_CTRL };
	_Alignas(struct nlmsghdr) char request[256];
	struct nlmsghdr *nlh;
	size_t len;

	if (size < 3 || size > 4096)
		return 0;
	len = MNL_ALIGN(sizeof(*nlh) + size - 3);
	nlh = calloc(1, len);
	require(nlh);
	nlh->nlmsg_len = sizeof(*nlh) + size - 3;
	nlh->nlmsg_type = types[data[0] % 4];
	nlh->nlmsg_flags = data[1] | data[2] << 8;
	memcpy(mnl_nlmsg_get_payload(nlh), data + 3, size - 3);
	fuzz_event(nlh);
	nlh->nlmsg_seq = 7;
	nlh->nlmsg_pid = 8;
	fuzz_answer(nlh, make_request(request));
	free(nlh);
	return 0;
}
