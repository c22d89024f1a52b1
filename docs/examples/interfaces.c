// SPDX-License-Identifier: MIT
/*
 * interfaces: uses each interface of the kernel module once, and says what it got.
 *
 *   gcc -o interfaces interfaces.c -lmnl     (Debian: libmnl-dev, and our qrng.h and qrandom.h)
 *   ./interfaces [SOURCE]                    as root, since noise and reseeds are not for everybody
 *
 * SOURCE is a name in /sys/class/qrng; "quantis.0" if none is given. Exit code 0 if all worked.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "qrandom.h"
#include "qrng.h"

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "interfaces: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_or_die(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

static void ioctl_or_die(int fd, unsigned long request, void *argument, const char *name)
{
	if (ioctl(fd, request, argument) < 0)
		die(name);
}

/* Reads wait until there is something, and may give less than was asked for. */
static void read_and_show(const char *name, int fd)
{
	unsigned char bytes[16];
	size_t done = 0, i;
	ssize_t got;

	while (done < sizeof(bytes)) {
		got = read(fd, bytes + done, sizeof(bytes) - done);
		if (got < 0 && errno != EINTR)
			die(name);
		if (got > 0)
			done += got;
	}
	printf("%-20s", name);
	for (i = 0; i < sizeof(bytes); i++)
		printf("%02x", bytes[i]);
	putchar('\n');
	explicit_bzero(bytes, sizeof(bytes));
}

/* /dev/qrng_drbg: a generator for each open file. */
static void show_generator(void)
{
	int fd = open_or_die("/dev/" QRNG_DRBG_DEVICE);
	__u32 wanted = QRNG_GENERATOR_AES256_CTR;
	struct qrng_file_info info;

	ioctl_or_die(fd, QRNG_IOC_SET_GENERATOR, &wanted, "QRNG_IOC_SET_GENERATOR");
	read_and_show("/dev/" QRNG_DRBG_DEVICE, fd);
	ioctl_or_die(fd, QRNG_IOC_RESEED, NULL, "QRNG_IOC_RESEED");
	ioctl_or_die(fd, QRNG_IOC_INFO, &info, "QRNG_IOC_INFO");
	printf("  of this file:     generator %u, %llu bytes so far, seed %llu of %llu\n",
	       info.generator, (unsigned long long)info.output_bytes,
	       (unsigned long long)info.generation, (unsigned long long)info.current_generation);
	close(fd);
}

/*
 * The generation page: whoever makes bytes of his own from ours looks at it before each use,
 * which costs one load, and takes fresh ones from us when it has moved.
 */
static const volatile struct qrng_generation_page *map_generation(void)
{
	int fd = open_or_die("/dev/" QRNG_DRBG_DEVICE);
	void *page = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ, MAP_SHARED, fd, 0);

	if (page == MAP_FAILED)
		die("mmap of /dev/" QRNG_DRBG_DEVICE);
	close(fd);
	return page;
}

/* Noise as it is, but tested: of all cards; of the source that the kernel has chosen. */
static void show_noise(const char *path)
{
	int fd = open_or_die(path);

	read_and_show(path, fd);
	close(fd);
}

/* /dev/qrandomN: noise of one card, and what the vendor's library asks about it. */
static void show_vendor(void)
{
	int fd = open_or_die("/dev/" QRANDOM_CLASS "0");
	__u32 version, present, working;

	read_and_show("/dev/" QRANDOM_CLASS "0", fd);
	ioctl_or_die(fd, QRANDOM_IOC_BOARD_VERSION, &version, "QRANDOM_IOC_BOARD_VERSION");
	ioctl_or_die(fd, QRANDOM_IOC_MODULES, &present, "QRANDOM_IOC_MODULES");
	ioctl_or_die(fd, QRANDOM_IOC_STATUS, &working, "QRANDOM_IOC_STATUS");
	printf("  of this card:     version %#x, modules %#x, of which %#x work\n", version, present,
	       working);
	close(fd);
}

/* sysfs: one value a file, see docs/ABI. */
static void show_sysfs(const char *source)
{
	char path[96], value[32];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/class/qrng/%s/state", source);
	file = fopen(path, "r");
	if (!file || !fgets(value, sizeof(value), file))
		die(path);
	fclose(file);
	printf("sysfs:              %s is %s", path, value);
}

/** struct family - what generic netlink says of ours */
struct family {
	uint16_t id;
	uint32_t events;
};

static struct mnl_socket *open_netlink(void)
{
	static const struct timeval limit = { .tv_sec = 10 };
	struct mnl_socket *netlink = mnl_socket_open(NETLINK_GENERIC);

	if (!netlink || mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(netlink), SOL_SOCKET, SO_RCVTIMEO, &limit,
		       sizeof(limit)) < 0)
		die("netlink");
	return netlink;
}

/* Receives once and has each message looked at: 1: there is more to come, 0, -1 with errno. */
static int receive(struct mnl_socket *netlink, mnl_cb_t look, void *data)
{
	_Alignas(struct nlmsghdr) char buffer[8192];
	ssize_t len = mnl_socket_recvfrom(netlink, buffer, sizeof(buffer));

	return len < 0 ? -1 : mnl_cb_run(buffer, len, 0, 0, look, data);
}

/* Sends a request, with one string if @value is given, and waits until all of its answer came. */
static int ask(struct mnl_socket *netlink, uint16_t family, uint8_t command, uint16_t attribute,
	       const char *value, mnl_cb_t look, void *data)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic = mnl_nlmsg_put_extra_header(request, sizeof(*generic));
	int ret;

	request->nlmsg_type = family;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	generic->cmd = command;
	generic->version = QRNG_GENL_VERSION;
	if (value)
		mnl_attr_put_strz(request, attribute, value);
	if (mnl_socket_sendto(netlink, request, request->nlmsg_len) < 0)
		return -1;
	do {
		ret = receive(netlink, look, data);
	} while (ret > 0);
	return ret;
}

static const struct nlattr *find(const struct nlmsghdr *message, uint16_t type)
{
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, message, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attribute) == type)
			return attribute;
	errno = ENODATA;
	die("an attribute that should be there");
}

/* The family has one group, "events". */
static int look_family(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *group, *attribute;
	struct family *family = data;

	family->id = mnl_attr_get_u16(find(message, CTRL_ATTR_FAMILY_ID));
	mnl_attr_for_each_nested(group, find(message, CTRL_ATTR_MCAST_GROUPS))
		mnl_attr_for_each_nested(attribute, group)
			if (mnl_attr_get_type(attribute) == CTRL_ATTR_MCAST_GRP_ID)
				family->events = mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

static int look_source(const struct nlmsghdr *message, void *data)
{
	*(__u32 *)data = mnl_attr_get_u32(find(message, QRNG_A_SOURCE_QUALITY));
	return MNL_CB_OK;
}

static int look_event(const struct nlmsghdr *message, void *data)
{
	*(__u32 *)data = mnl_attr_get_u32(find(message, QRNG_A_EVENT_KIND));
	return MNL_CB_OK;
}

/* Netlink: a request, and the event that tells everybody what came of it. */
static void reseed(struct mnl_socket *netlink, const struct family *family)
{
	static const struct timespec moment = { .tv_nsec = 50000000 };
	struct mnl_socket *events = open_netlink();
	int group = (int)family->events;
	__u32 kind = QRNG_EVENT_SOURCE_ADDED;

	if (mnl_socket_setsockopt(events, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		die("multicast group " QRNG_GENL_EVENTS);
	/* EAGAIN: the last reseed is too near, or noise for another is still to come. */
	while (ask(netlink, family->id, QRNG_CMD_DRBG_RESEED, 0, NULL, NULL, NULL) < 0) {
		if (errno != EAGAIN)
			die("QRNG_CMD_DRBG_RESEED");
		nanosleep(&moment, NULL);
	}
	while (kind != QRNG_EVENT_RESEED)
		if (receive(events, look_event, &kind) < 0)
			die("waiting for an event");
	mnl_socket_close(events);
}

int main(int argc, char **argv)
{
	const volatile struct qrng_generation_page *page;
	const char *source = argc > 1 ? argv[1] : "quantis.0";
	struct mnl_socket *netlink = open_netlink();
	struct family family = { 0 };
	__u32 quality = 0;
	__u64 before;

	show_generator();
	show_noise("/dev/" QRNG_RAW_DEVICE);
	show_noise("/dev/hwrng");
	show_vendor();
	show_sysfs(source);
	if (ask(netlink, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, QRNG_GENL_NAME,
		look_family, &family) < 0)
		die("netlink family " QRNG_GENL_NAME);
	if (ask(netlink, family.id, QRNG_CMD_SOURCE_GET, QRNG_A_SOURCE_NAME, source, look_source,
		&quality) < 0)
		die(source);
	printf("netlink:            %s claims %u bits of entropy in 1024\n", source, quality);
	page = map_generation();
	before = page->generation;
	reseed(netlink, &family);
	printf("event:              reseeded; the mapped generation went from %llu to %llu\n",
	       (unsigned long long)before, (unsigned long long)page->generation);
	mnl_socket_close(netlink);
	return 0;
}
