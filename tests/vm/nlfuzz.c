// SPDX-License-Identifier: MIT
/*
 * nlfuzz: talks to the module over netlink like somebody who got it wrong, or means harm.
 *
 *   nlfuzz run SEED MESSAGES    every command with attributes of every kind, right and wrong,
 *                               cut, stretched, nested, several in one; dumps left half read
 *   nlfuzz policies             asks the kernel what it takes, as anybody may
 *   nlfuzz mend                 switches on whatever may have been switched off
 *
 * Each answer must be well-formed and come in time, and nobody but root may set anything. Prints what
 * was done, or "wrong: SEED MESSAGE: ..." and ends with exit code 1.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../../uapi/qrng.h"
#include "seeded.h"

#define ROOM	    8192
#define ANSWER_ROOM 65536
#define PATIENCE    60 /* seconds */

static struct {
	unsigned long messages, answers, errors, done;
} count;

static uint16_t family;
static uint32_t group;
static unsigned long seed, message;
static _Alignas(8) char buffer[ROOM];
static _Alignas(8) char answer[ANSWER_ROOM];
static uint8_t wrote[65536]; /* by sequence number: the command that was sent */

static void wrong(const char *what, long number)
{
	printf("wrong: %lu %lu: %s (%ld)\n", seed, message, what, number);
	exit(1);
}

static int open_socket(void)
{
	static const int options[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK };
	const struct timeval patience = { .tv_sec = PATIENCE };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), on = 1;

	if (fd < 0)
		wrong("socket", errno);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (one_in(2))
			setsockopt(fd, SOL_NETLINK, options[i], &on, sizeof(on));
	if (group && one_in(4))
		setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

/* Building messages */

static struct nlmsghdr *begin(char *at, uint16_t type, uint8_t command, uint16_t flags)
{
	struct nlmsghdr *head = (struct nlmsghdr *)at;
	struct genlmsghdr *genl = NLMSG_DATA(head);

	*head = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = type,
				   .nlmsg_flags = NLM_F_REQUEST | flags,
				   .nlmsg_seq = (uint32_t)message };
	*genl = (struct genlmsghdr){ .cmd = command, .version = QRNG_GENL_VERSION };
	return head;
}

static void put(struct nlmsghdr *head, uint16_t type, const void *data, size_t length)
{
	struct nlattr *attr = (struct nlattr *)((char *)head + NLMSG_ALIGN(head->nlmsg_len));

	*attr = (struct nlattr){ .nla_type = type, .nla_len = (uint16_t)(NLA_HDRLEN + length) };
	memcpy((char *)attr + NLA_HDRLEN, data, length);
	memset((char *)attr + NLA_HDRLEN + length, 0, NLA_ALIGN(length) - length);
	head->nlmsg_len = NLMSG_ALIGN(head->nlmsg_len) + NLA_HDRLEN + (uint32_t)NLA_ALIGN(length);
}

static void put_number(struct nlmsghdr *head, uint16_t type, size_t size)
{
	uint64_t value = one_in(2) ? below(100) : draw_edge();

	put(head, type, &value, size);
}

static void put_text(struct nlmsghdr *head, uint16_t type)
{
	static const char *const names[] = { "quantis.0", "quantis.1", "", "quantis.0\0x",
					     "a-name-that-is-longer-than-any-name-may-be" };
	const char *name = names[one_in(3) ? below(5) : 0];

	put(head, type, name, strlen(name) + !one_in(8));
}

static void put_noise(struct nlmsghdr *head, uint16_t type)
{
	char noise[256];

	fill(noise, sizeof(noise));
	put(head, type, noise, below(sizeof(noise)));
}

static void put_plain(struct nlmsghdr *head, uint16_t type)
{
	switch (below(4)) {
	case 0:
		put_text(head, one_in(3) ? type : QRNG_A_SOURCE_NAME);
		break;
	case 1:
		put_number(head, type, one_in(4) ? 1 + below(8) : 4);
		break;
	case 2:
		put_number(head, type, 8);
		break;
	default:
		put_noise(head, type);
	}
}

static uint16_t a_type(void)
{
	return (uint16_t)(one_in(10) ? draw() : below(QRNG_A_SOURCE_MAX + 4));
}

/* An attribute, at most @depth deep inside others. */
static void put_something(struct nlmsghdr *head, unsigned int depth)
{
	uint32_t starts[8];
	unsigned int nests = 0;

	while (nests < depth && one_in(5)) {
		starts[nests++] = NLMSG_ALIGN(head->nlmsg_len);
		put(head, a_type() | (one_in(2) ? NLA_F_NESTED : 0), "", 0);
	}
	put_plain(head, a_type());
	while (nests--) {
		struct nlattr *nest = (struct nlattr *)((char *)head + starts[nests]);

		nest->nla_len = (uint16_t)(head->nlmsg_len - starts[nests]);
	}
}

/* After this, the lengths may lie; what is sent is still inside the buffer. */
static void spoil(struct nlmsghdr *head)
{
	char *body = NLMSG_DATA(head);
	size_t length = head->nlmsg_len - NLMSG_HDRLEN;

	for (uint64_t flips = 1 + below(4); flips; flips--)
		body[below(length)] ^= (char)(1 << below(8));
	if (one_in(4))
		head->nlmsg_len = (uint32_t)below(head->nlmsg_len + 64);
	if (one_in(8))
		head->nlmsg_flags ^= (uint16_t)(1 << below(16));
}

/* What has the right type and mostly a value that is allowed, to get past the checks. */
static void put_setting(struct nlmsghdr *head, uint8_t command)
{
	static const struct {
		uint8_t command;
		uint8_t attr;
		uint8_t size;
		uint32_t least, many;
	} settings[] = {
		{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_QUALITY, 4, 1, 1025 },
		{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_ALPHA, 4, 20, 22 },
		{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_ENABLED, 4, 0, 2 },
		{ QRNG_CMD_SOURCE_SET, QRNG_A_SOURCE_MODULES, 4, 0, 17 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_GENERATOR, 4, 0, 5 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_RESEED_INTERVAL, 4, 1, 5 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_RESEED_BYTES, 8, 65535, 100000 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_GRACE_SECONDS, 4, 0, 3 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_GRACE_BYTES, 8, 0, 100000 },
		{ QRNG_CMD_DRBG_SET, QRNG_A_DRBG_POLICY, 4, 0, 3 },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		uint64_t value = settings[i].least + below(settings[i].many);

		if (settings[i].command == command && one_in(3))
			put(head, settings[i].attr, &value, settings[i].size);
	}
}

static size_t build(char *at)
{
	uint8_t command = (uint8_t)(one_in(12) ? draw() : 1 + below(QRNG_CMD_MAX));
	uint16_t flags = (uint16_t)((one_in(2) ? NLM_F_ACK : 0) | (one_in(4) ? NLM_F_DUMP : 0));
	struct nlmsghdr *head = begin(at, family, command, flags);
	bool sensible = one_in(2);
	size_t length;

	if (one_in(2) && command != QRNG_CMD_DRBG_GET && command < QRNG_CMD_DRBG_SET)
		put(head, QRNG_A_SOURCE_NAME, "quantis.0", sizeof("quantis.0"));
	if (sensible)
		put_setting(head, command);
	for (uint64_t attributes = sensible ? 0 : below(4); attributes; attributes--)
		put_something(head, 3);
	length = NLMSG_ALIGN(head->nlmsg_len);
	if (one_in(4))
		spoil(head);
	return length;
}

/* Judging answers */

static bool is_steering(int command)
{
	return command >= QRNG_CMD_SOURCE_SET && command <= QRNG_CMD_DRBG_RESEED;
}

static void judge_error(const struct nlmsghdr *head)
{
	const struct nlmsgerr *error = NLMSG_DATA(head);
	int command = wrote[error->msg.nlmsg_seq % sizeof(wrote)];

	if (head->nlmsg_len < NLMSG_LENGTH(sizeof(*error)))
		wrong("an error that is too short", head->nlmsg_len);
	if (error->error > 0 || error->error < -4095)
		wrong("an error with an impossible number", error->error);
	if (!error->error && geteuid() && is_steering(command))
		wrong("an ordinary user steered by command", command);
	count.errors += error->error != 0;
	count.done += error->error == 0;
}

static void judge_attributes(const char *at, size_t length)
{
	while (length >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)at;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > length)
			wrong("an attribute with an impossible length", attr->nla_len);
		at += step;
		length -= step < length ? step : length;
	}
}

static void judge(const struct nlmsghdr *head)
{
	const struct genlmsghdr *genl = NLMSG_DATA(head);

	count.answers++;
	if (head->nlmsg_type == NLMSG_ERROR)
		judge_error(head);
	if (head->nlmsg_type != family)
		return;
	if (head->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN))
		wrong("an answer that is too short", head->nlmsg_len);
	judge_attributes((const char *)genl + GENL_HDRLEN,
			 head->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
}

/* Returns whether anything came. */
static bool receive(int fd, int flags)
{
	ssize_t length = recv(fd, answer, sizeof(answer), flags);
	const struct nlmsghdr *head = (const struct nlmsghdr *)answer;

	for (ssize_t left = length; left > 0 && NLMSG_OK(head, (size_t)left);
	     head = NLMSG_NEXT(head, left))
		judge(head);
	return length > 0;
}

/* A question whose answer nobody may refuse. */
static void expect_answer(void)
{
	struct nlmsghdr *head = begin(buffer, family, QRNG_CMD_DRBG_GET, 0);
	const struct nlmsghdr *first = (const struct nlmsghdr *)answer;
	time_t end = time(NULL) + PATIENCE;
	int fd = open_socket();

	if (send(fd, head, head->nlmsg_len, 0) < 0)
		wrong("a good message can not be sent", errno);
	do {
		if (!receive(fd, 0) || time(NULL) > end)
			wrong("no answer to a good message", errno);
		if (first->nlmsg_type == NLMSG_ERROR)
			wrong("an error for a good message",
			      ((struct nlmsgerr *)NLMSG_DATA(first))->error);
	} while (first->nlmsg_type != family || first->nlmsg_seq != (uint32_t)message);
	close(fd);
}

static void send_some(int fd)
{
	struct nlmsghdr *head;
	size_t length = 0;

	do {
		message++;
		length += build(buffer + length);
	} while (one_in(4) && length < ROOM / 4);
	for (size_t at = 0; at + NLMSG_HDRLEN <= length; at += NLMSG_ALIGN(head->nlmsg_len)) {
		head = (struct nlmsghdr *)(buffer + at);
		if (head->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN) || head->nlmsg_len > length)
			break;
		/* What is no request, the kernel only acknowledges. */
		wrote[head->nlmsg_seq % sizeof(wrote)] =
			head->nlmsg_flags & NLM_F_REQUEST ?
				((struct genlmsghdr *)NLMSG_DATA(head))->cmd : 0;
	}
	count.messages++;
	send(fd, buffer, one_in(16) ? below(length) : length, MSG_DONTWAIT);
}

static void fuzz(unsigned long messages)
{
	int fd = open_socket();

	while (message < messages) {
		send_some(fd);
		if (!one_in(3))
			while (receive(fd, MSG_DONTWAIT))
				;
		if (one_in(20)) {
			close(fd);
			fd = open_socket();
		}
		if (one_in(200))
			expect_answer();
	}
	close(fd);
	expect_answer();
}

/* Finding the family */

static const struct nlattr *find(const char *at, size_t length, int type)
{
	for (size_t step; length >= NLA_HDRLEN; at += step, length -= step < length ? step : length) {
		const struct nlattr *attr = (const struct nlattr *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		step = NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

static const struct nlattr *inside(const struct nlattr *nest, int type)
{
	return nest ? find((const char *)nest + NLA_HDRLEN, nest->nla_len - NLA_HDRLEN, type) : NULL;
}

static uint32_t group_of(const struct nlattr *groups)
{
	const struct nlattr *id = inside(inside(groups, 1), CTRL_ATTR_MCAST_GRP_ID);

	return id ? *(const uint32_t *)((const char *)id + NLA_HDRLEN) : 0;
}

static void resolve(void)
{
	struct nlmsghdr *head = begin(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	const char *attrs = answer + NLMSG_LENGTH(GENL_HDRLEN);
	const struct nlattr *id;
	int fd = open_socket();
	ssize_t length;

	put(head, CTRL_ATTR_FAMILY_NAME, QRNG_GENL_NAME, sizeof(QRNG_GENL_NAME));
	send(fd, head, head->nlmsg_len, 0);
	length = recv(fd, answer, sizeof(answer), 0) - NLMSG_LENGTH(GENL_HDRLEN);
	id = length > 0 ? find(attrs, (size_t)length, CTRL_ATTR_FAMILY_ID) : NULL;
	if (!id)
		wrong("no family of that name", 0);
	family = *(const uint16_t *)((const char *)id + NLA_HDRLEN);
	group = group_of(find(attrs, (size_t)length, CTRL_ATTR_MCAST_GROUPS));
	close(fd);
}

static void ask_for_policies(void)
{
	struct nlmsghdr *head = begin(buffer, GENL_ID_CTRL, CTRL_CMD_GETPOLICY, NLM_F_DUMP);
	int fd = open_socket();

	put(head, CTRL_ATTR_FAMILY_ID, &family, sizeof(family));
	send(fd, head, head->nlmsg_len, 0);
	do {
		if (!receive(fd, 0))
			wrong("no policies come", errno);
	} while (((struct nlmsghdr *)answer)->nlmsg_type == GENL_ID_CTRL);
	printf("answers=%lu\n", count.answers);
	close(fd);
}

static void mend(void)
{
	const uint32_t on = 1, modules = 0xf;
	struct nlmsghdr *head;
	int fd = open_socket();

	head = begin(buffer, family, QRNG_CMD_SOURCE_SET, NLM_F_ACK);
	put(head, QRNG_A_SOURCE_NAME, "quantis.0", sizeof("quantis.0"));
	put(head, QRNG_A_SOURCE_ENABLED, &on, sizeof(on));
	put(head, QRNG_A_SOURCE_MODULES, &modules, sizeof(modules));
	send(fd, head, head->nlmsg_len, 0);
	receive(fd, 0);
	head = begin(buffer, family, QRNG_CMD_SOURCE_RESET, NLM_F_ACK);
	put(head, QRNG_A_SOURCE_NAME, "quantis.0", sizeof("quantis.0"));
	send(fd, head, head->nlmsg_len, 0);
	receive(fd, 0);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc == 2 && (!strcmp(argv[1], "mend") || !strcmp(argv[1], "policies"))) {
		resolve();
		argv[1][0] == 'm' ? mend() : ask_for_policies();
		return 0;
	}
	if (argc != 4 || strcmp(argv[1], "run") != 0) {
		fputs("usage: nlfuzz run SEED MESSAGES | nlfuzz policies | nlfuzz mend\n", stderr);
		return 1;
	}
	seed = seeded_state = strtoul(argv[2], NULL, 0);
	resolve();
	fuzz(strtoul(argv[3], NULL, 0));
	printf("messages=%lu answers=%lu errors=%lu done=%lu\n", count.messages, count.answers,
	       count.errors, count.done);
	return 0;
}
