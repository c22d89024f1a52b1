// SPDX-License-Identifier: MIT
#include "proxy.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum command {
	SYNC_SYSMEM,
	RET,
	CONFIG_WRITE,
	CONFIG_READ,
	BAR_WRITE,
	BAR_READ,
	SET_IRQFD,
	DEVICE_RESET,
	COMMANDS,
};

struct header {
	int32_t command;
	uint32_t padding;
	uint64_t size;
};

struct config_message {
	uint32_t address;
	uint32_t value;
	int32_t size;
};

struct bar_message {
	uint64_t address;
	uint64_t value;
	uint32_t size;
	uint8_t memory;
	uint8_t padding[3];
};

#define SYSMEM_SIZE 192 /* eight regions of guest memory, of no use to a card without DMA */
#define SYSMEM_FDS  8

static const uint64_t payload_size[COMMANDS] = {
	[SYNC_SYSMEM] = SYSMEM_SIZE,
	[CONFIG_WRITE] = sizeof(struct config_message),
	[CONFIG_READ] = sizeof(struct config_message),
	[BAR_WRITE] = sizeof(struct bar_message),
	[BAR_READ] = sizeof(struct bar_message),
	[SET_IRQFD] = 0,
	[DEVICE_RESET] = 0,
};

void proxy_init(struct proxy *proxy, struct emulator *emulator)
{
	proxy->emulator = emulator;
	proxy->fd = -1;
	proxy->used = 0;
}

void proxy_attach(struct proxy *proxy, int fd)
{
	proxy->fd = fd;
	proxy->used = 0;
	emulator_plug(proxy->emulator);
}

void proxy_close(struct proxy *proxy, const char *why)
{
	if (proxy->fd < 0)
		return;
	close(proxy->fd);
	proxy->fd = -1;
	emulator_unplug(proxy->emulator, why);
}

static void reject(struct proxy *proxy, const char *why)
{
	proxy->emulator->count.protocol_errors++;
	journal_line(&proxy->emulator->journal, "PROTOCOL: %s", why);
	proxy_close(proxy, "protocol error");
}

static void answer(struct proxy *proxy, uint64_t value)
{
	struct {
		struct header header;
		uint64_t value;
	} message = {{RET, 0, sizeof(value)}, value};
	ssize_t sent = send(proxy->fd, &message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent == (ssize_t)sizeof(message))
		return;
	if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
		proxy_close(proxy, "the peer has gone");
	else /* QEMU never has more than one question open */
		reject(proxy, "the peer asks, but takes no answers");
}

static void serve_config(struct proxy *proxy, const unsigned char *payload, bool write)
{
	struct config_message message;
	uint32_t size, value = 0;

	memcpy(&message, payload, sizeof(message));
	size = (uint32_t)message.size;
	if ((size != 1 && size != 2 && size != 4) || message.address > CONFIG_SIZE - size) {
		reject(proxy, "configuration access of impossible size or place");
		return;
	}
	if (write)
		emulator_config_write(proxy->emulator, message.address, size, message.value);
	else
		value = emulator_config_read(proxy->emulator, message.address, size);
	answer(proxy, value);
}

static void delay_read(const struct emulator *emulator)
{
	const struct faults *faults = &emulator->faults;
	const struct hostile *hostile = &emulator->settings.hostile;
	uint32_t usec = (faults->on[FAULT_SLOW_READ] ? faults->value[FAULT_SLOW_READ] : 0) +
			(hostile->on ? hostile->late_us : 0);
	struct timespec delay = {usec / 1000000, usec % 1000000 * 1000};

	if (usec)
		nanosleep(&delay, NULL);
}

static void serve_bar(struct proxy *proxy, const unsigned char *payload, bool write)
{
	struct bar_message message;
	struct access access;
	uint64_t value;

	memcpy(&message, payload, sizeof(message));
	if (message.size != 1 && message.size != 2 && message.size != 4 && message.size != 8) {
		reject(proxy, "BAR access of impossible size");
		return;
	}
	access = (struct access){.write = write, .size = message.size, .value = message.value};
	value = emulator_bar_access(proxy->emulator, &access, message.address, message.memory);
	if (!write)
		delay_read(proxy->emulator);
	answer(proxy, value);
}

static void dispatch(struct proxy *proxy, int32_t command, const unsigned char *payload)
{
	switch (command) {
	case CONFIG_WRITE:
	case CONFIG_READ:
		serve_config(proxy, payload, command == CONFIG_WRITE);
		break;
	case BAR_WRITE:
	case BAR_READ:
		serve_bar(proxy, payload, command == BAR_WRITE);
		break;
	case DEVICE_RESET:
		emulator_bus_reset(proxy->emulator);
		answer(proxy, 0);
		break;
	case SYNC_SYSMEM: /* no DMA, no interrupt; the descriptors are closed already */
	case SET_IRQFD:
		break;
	}
}

static bool check_header(struct proxy *proxy, const struct header *header)
{
	char why[96];

	if (header->command < 0 || header->command >= COMMANDS || header->command == RET)
		snprintf(why, sizeof(why), "unknown command %" PRId32, header->command);
	else if (header->size != payload_size[header->command])
		snprintf(why, sizeof(why),
			 "command %" PRId32 " with %" PRIu64 " bytes, not %" PRIu64,
			 header->command, header->size, payload_size[header->command]);
	else
		return true;
	reject(proxy, why);
	return false;
}

/* Handles every complete message in the buffer and keeps the rest for later. */
static void consume(struct proxy *proxy)
{
	size_t start = 0;
	struct header header;

	while (proxy->used - start >= sizeof(header)) {
		memcpy(&header, proxy->buffer + start, sizeof(header));
		if (!check_header(proxy, &header))
			return;
		if (proxy->used - start < sizeof(header) + header.size)
			break;
		dispatch(proxy, header.command, proxy->buffer + start + sizeof(header));
		if (proxy->fd < 0)
			return;
		start += sizeof(header) + header.size;
	}
	proxy->used -= start;
	memmove(proxy->buffer, proxy->buffer + start, proxy->used);
}

static void close_descriptors(struct msghdr *message)
{
	struct cmsghdr *control;

	for (control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
		size_t fds = (control->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < fds; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(control) + i * sizeof(fd), sizeof(fd));
			close(fd);
		}
	}
}

static ssize_t receive(struct proxy *proxy)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(SYSMEM_FDS * sizeof(int))];
	struct iovec room = {proxy->buffer + proxy->used, sizeof(proxy->buffer) - proxy->used};
	struct msghdr message = {
		.msg_iov = &room,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got = recvmsg(proxy->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (got > 0)
		close_descriptors(&message);
	return got;
}

void proxy_serve(struct proxy *proxy)
{
	ssize_t got = receive(proxy);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		proxy_close(proxy, "the peer has gone");
		return;
	}
	proxy->used += (size_t)got;
	consume(proxy);
}
