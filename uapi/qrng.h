/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * qrng: what the kernel module offers to programs
 *
 * Character device /dev/qrng_drbg (mode 0444)
 *
 *   read()   Output of a generator that belongs to this open file alone. Blocks
 *            until a noise source has passed its start-up test; EAGAIN instead
 *            with O_NONBLOCK. When the last healthy source is lost it goes on for
 *            the grace period, then blocks again, or gives EIO with policy "error".
 *            ENODEV as long as no source is there, after the grace period, too.
 *   splice() The same, but never waits: EAGAIN until there are bytes.
 *   poll()   POLLIN when a read would give bytes, POLLERR when it would give EIO,
 *            POLLERR | POLLHUP when no source is left.
 *   ioctl()  QRNG_IOC_INFO: struct qrng_file_info. QRNG_IOC_SET_GENERATOR: makes
 *            another generator of this file's, EINVAL when there is none of that
 *            number. QRNG_IOC_RESEED: mixes a seed of the root's into it, now;
 *            waits and fails as a read does. Everybody may, as they concern
 *            nobody else.
 *   mmap()   One page at offset 0, read-only: struct qrng_generation_page.
 *            EINVAL for any other place or size, EACCES for PROT_WRITE.
 *
 * Character device /dev/qrng_raw (mode 0440)
 *
 *   read()   Noise of all healthy sources in turns, health-tested but not processed,
 *            each byte once whoever reads it by whatever way. Blocks until there is
 *            some, then gives what there is, which may be less than was asked for;
 *            EAGAIN instead of blocking with O_NONBLOCK. ENODEV as long as no source
 *            is there. Bytes for which the buffer is bad are lost.
 *   splice() The same, but never waits.
 *   poll()   POLLIN when there is noise, POLLERR | POLLHUP when no source is left.
 *
 * Generic netlink family "qrng", version 1
 *
 *   uapi/qrng.yaml describes it for programs, docs/netlink.md lists every attribute. A
 *   message is a struct nlmsghdr, a struct genlmsghdr whose cmd is of enum qrng_cmd and
 *   whose version is QRNG_GENL_VERSION, and attributes of the enum named beside it:
 *
 *     request           attributes of the request       answer                 enum
 *     SOURCE_GET        NAME                            the source             qrng_source_attr
 *     SOURCE_GET, dump  none                            one for each source
 *     HEALTH_GET        NAME                            the source's tests     qrng_health_attr
 *     HEALTH_GET, dump  none                            one for each source
 *     STATS_GET         NAME                            the source's counters  qrng_stats_attr
 *     STATS_GET, dump   none                            one for each source
 *     DRBG_GET          none                            the generator          qrng_drbg_attr
 *     POOL_GET          none                            the pools together     qrng_pool_attr
 *     POOL_GET, dump    none                            one for each pool
 *     SOURCE_SET        NAME, and at least one of       none                   qrng_source_attr
 *                       QUALITY ALPHA ENABLED MODULES
 *     SOURCE_TEST       NAME                            none                   qrng_source_attr
 *     SOURCE_RESET      NAME                            none                   qrng_source_attr
 *     DRBG_SET          at least one of GENERATOR       none                   qrng_drbg_attr
 *                       RESEED_INTERVAL RESEED_BYTES
 *                       GRACE_SECONDS GRACE_BYTES POLICY
 *     DRBG_RESEED       none                            none                   qrng_drbg_attr
 *
 *   Attributes are NUL-terminated strings, u32 or u64, in the machine's byte order. Words,
 *   masks, settings in seconds and other small numbers are u32; bytes, milliseconds and
 *   counters, which never go back while the source or the module is there, are u64. In an
 *   answer every attribute is there unless "only" is said beside it. Any answer may grow
 *   new attributes and enums new values; a reader skips those it does not know.
 *
 *   A set changes what it is given and leaves the rest; with an error it has changed
 *   nothing. It holds when the acknowledgment (NLM_F_ACK) is there. So it is for
 *   SOURCE_RESET; SOURCE_TEST is acknowledged when the test has begun, its end is an event
 *   and a counter. Another QUALITY or ALPHA means a new start-up test, other MODULES or
 *   ENABLED a restart of the hardware.
 *
 *   A dump of sources that changed on the way bears NLM_F_DUMP_INTR: ask again.
 *
 *   Whoever may open a socket may get and listen, in any network namespace. Set, test,
 *   reset and reseed need CAP_NET_ADMIN in the first user namespace: EPERM.
 *
 *   Errors come with the extended acknowledgment (NETLINK_EXT_ACK), in words: which
 *   attribute, and what is allowed.
 *
 *     EPROTONOSUPPORT  another version than QRNG_GENL_VERSION
 *     EOPNOTSUPP       no such request; MODULES of a source that has none
 *     EINVAL           an attribute that is unknown, not taken here, missing, of the wrong
 *                      length; nothing to set; MODULES of which none is there
 *     ERANGE           a value outside its limits
 *     ENODEV           no source of that name, or it is gone
 *     ESHUTDOWN        the source is disabled, so it can not be tested or reset
 *     EBUSY            a test is under way already
 *     EIO              the source has failed, so it can not be tested
 *     EAGAIN           no reseed now: the healthy sources have not given enough since the last
 *     EINTR            a fatal signal came while the source was still busy
 *     ENOMEM, EMSGSIZE no memory for the answer
 *
 *   Multicast group "events": messages QRNG_CMD_EVENT with attributes of enum
 *   qrng_event_attr. KIND and TIME_MS are in all. Kinds QRNG_EVENT_DRBG_* and
 *   QRNG_EVENT_RESEED tell DRBG_STATE, GENERATION and RESEED_REASON, all others SOURCE,
 *   SOURCE_STATE and SOURCE_REASON; MODULES is in QRNG_EVENT_MODULE_FAILED only. The order
 *   is that of what happened to one source, or to the generator. Nobody waits for a
 *   listener: one that is too slow gets ENOBUFS at its next read and has missed some.
 */
#ifndef _UAPI_QRNG_H
#define _UAPI_QRNG_H

#define QRNG_VERSION		"0.1.0"

#include <linux/ioctl.h>
#include <linux/types.h>

#define QRNG_DRBG_DEVICE	"qrng_drbg"
#define QRNG_RAW_DEVICE		"qrng_raw"
#define QRNG_SOURCE_NAME_MAX	32	/* with the final NUL */

#define QRNG_GENL_NAME		"qrng"
#define QRNG_GENL_VERSION	1
#define QRNG_GENL_EVENTS	"events"

enum qrng_cmd {
	QRNG_CMD_UNSPEC,
	QRNG_CMD_SOURCE_GET,		/* do, dump */
	QRNG_CMD_DRBG_GET,
	QRNG_CMD_HEALTH_GET,		/* do, dump */
	QRNG_CMD_STATS_GET,		/* do, dump */
	QRNG_CMD_POOL_GET,		/* do: the whole; dump: a message for each pool */
	QRNG_CMD_SOURCE_SET,
	QRNG_CMD_SOURCE_TEST,		/* the start-up test, now */
	QRNG_CMD_SOURCE_RESET,		/* close the circuit: start anew, without waiting */
	QRNG_CMD_DRBG_SET,
	QRNG_CMD_DRBG_RESEED,
	QRNG_CMD_EVENT,			/* to the multicast group */

	__QRNG_CMD_MAX,
	QRNG_CMD_MAX = __QRNG_CMD_MAX - 1
};

enum qrng_source_attr {
	QRNG_A_SOURCE_UNSPEC,
	QRNG_A_SOURCE_PAD,
	QRNG_A_SOURCE_NAME,
	QRNG_A_SOURCE_STATE,		/* enum qrng_source_state */
	QRNG_A_SOURCE_QUALITY,		/* set; entropy claim H, bits in 1024 */
	QRNG_A_SOURCE_ALPHA,		/* set; intermittent level 2^-ALPHA, permanent 2^-2ALPHA */
	QRNG_A_SOURCE_ENABLED,		/* set; 0 or 1 */
	QRNG_A_SOURCE_MODULES,		/* set; mask of the card's modules that shall work */
	QRNG_A_SOURCE_MODULES_PRESENT,	/* mask */
	QRNG_A_SOURCE_MODULES_WORKING,	/* mask */
	QRNG_A_SOURCE_STATE_AGE_MS,	/* since the state was entered */
	QRNG_A_SOURCE_REASON,		/* enum qrng_source_reason: why it is in that state */
	QRNG_A_SOURCE_ERRNO,		/* of the last failure, 0: none */
	QRNG_A_SOURCE_FAILURES,		/* count: in a row */
	QRNG_A_SOURCE_RETRY_MS,		/* until the next try, in a state that waits */

	__QRNG_A_SOURCE_MAX,
	QRNG_A_SOURCE_MAX = __QRNG_A_SOURCE_MAX - 1
};

enum qrng_health_attr {
	QRNG_A_HEALTH_UNSPEC,
	QRNG_A_HEALTH_PAD,
	QRNG_A_HEALTH_NAME,		/* of the source */
	QRNG_A_HEALTH_RCT_CUTOFF,	/* samples: repetition count test, intermittent */
	QRNG_A_HEALTH_RCT_CUTOFF_PERMANENT,
	QRNG_A_HEALTH_APT_CUTOFF,	/* samples: adaptive proportion test, intermittent */
	QRNG_A_HEALTH_APT_CUTOFF_PERMANENT,
	QRNG_A_HEALTH_RCT_FAILURES,	/* count, both levels */
	QRNG_A_HEALTH_APT_FAILURES,	/* count, both levels */
	QRNG_A_HEALTH_INTERMITTENT,	/* count: bursts dropped at the intermittent level */
	QRNG_A_HEALTH_PERMANENT,	/* count: the source was stopped at the permanent level */
	QRNG_A_HEALTH_STARTUP_PASSES,	/* count */
	QRNG_A_HEALTH_STARTUP_LEFT,	/* samples: of the start-up test under way */
	QRNG_A_HEALTH_TESTS,		/* count: tests on demand */
	QRNG_A_HEALTH_TEST_FAILURES,	/* count: of these, failed */

	__QRNG_A_HEALTH_MAX,
	QRNG_A_HEALTH_MAX = __QRNG_A_HEALTH_MAX - 1
};

enum qrng_stats_attr {
	QRNG_A_STATS_UNSPEC,
	QRNG_A_STATS_PAD,
	QRNG_A_STATS_NAME,		/* of the source */
	QRNG_A_STATS_RAW_BYTES,		/* read from the hardware and tested */
	QRNG_A_STATS_USED_BYTES,	/* handed to a consumer, each once */
	QRNG_A_STATS_RESERVE_BYTES,	/* tested, waiting for a consumer */
	QRNG_A_STATS_REGISTER_READS,	/* count: bus reads of any register */
	QRNG_A_STATS_OVERFLOWS,		/* count: bursts lost to a FIFO overflow */
	QRNG_A_STATS_TIMEOUTS,		/* count: no noise within the time limit */
	QRNG_A_STATS_MODULE_FAILURES,	/* count: modules switched off because they failed */
	QRNG_A_STATS_STARTS,		/* count: times the hardware was reset and started */

	__QRNG_A_STATS_MAX,
	QRNG_A_STATS_MAX = __QRNG_A_STATS_MAX - 1
};

enum qrng_drbg_attr {
	QRNG_A_DRBG_UNSPEC,
	QRNG_A_DRBG_PAD,
	QRNG_A_DRBG_STATE,		/* enum qrng_drbg_state */
	QRNG_A_DRBG_STATE_AGE_MS,	/* since the state was entered */
	QRNG_A_DRBG_GENERATOR,		/* set; enum qrng_generator_id, of files opened later */
	QRNG_A_DRBG_GENERATION,		/* grows by one with each reseed */
	QRNG_A_DRBG_RESEED_AGE_MS,	/* since the last reseed */
	QRNG_A_DRBG_RESEED_REASON,	/* enum qrng_reseed_reason, of the last */
	QRNG_A_DRBG_RESEED_INTERVAL,	/* set; seconds */
	QRNG_A_DRBG_RESEED_BYTES,	/* set; output bytes after which a reseed is due */
	QRNG_A_DRBG_GRACE_SECONDS,	/* set; how long to go on without a healthy source */
	QRNG_A_DRBG_GRACE_BYTES,	/* set; how many bytes to give meanwhile */
	QRNG_A_DRBG_GRACE_LEFT_MS,	/* only while in grace */
	QRNG_A_DRBG_GRACE_LEFT_BYTES,	/* only while in grace */
	QRNG_A_DRBG_POLICY,		/* set; enum qrng_failure_policy, after the grace period */
	QRNG_A_DRBG_SEED_BYTES,		/* tested noise mixed in */
	QRNG_A_DRBG_OUTPUT_BYTES,
	QRNG_A_DRBG_OPEN_FILES,		/* count */
	QRNG_A_DRBG_KERNEL_SEED,	/* 1: a seed from the kernel alone will do */

	__QRNG_A_DRBG_MAX,
	QRNG_A_DRBG_MAX = __QRNG_A_DRBG_MAX - 1
};

enum qrng_pool_attr {
	QRNG_A_POOL_UNSPEC,
	QRNG_A_POOL_PAD,
	QRNG_A_POOL_INDEX,		/* dump only */
	QRNG_A_POOL_CREDIT,		/* bits of min-entropy claimed; do: of the next reseed */
	QRNG_A_POOL_FILL,		/* do only: bytes in pool 0 */
	QRNG_A_POOL_RESEEDS,		/* do only: count */

	__QRNG_A_POOL_MAX,
	QRNG_A_POOL_MAX = __QRNG_A_POOL_MAX - 1
};

enum qrng_event_attr {
	QRNG_A_EVENT_UNSPEC,
	QRNG_A_EVENT_PAD,
	QRNG_A_EVENT_KIND,		/* enum qrng_event */
	QRNG_A_EVENT_TIME_MS,		/* CLOCK_BOOTTIME */
	QRNG_A_EVENT_SOURCE,		/* its name, in events of a source */
	QRNG_A_EVENT_SOURCE_STATE,	/* enum qrng_source_state */
	QRNG_A_EVENT_SOURCE_REASON,	/* enum qrng_source_reason */
	QRNG_A_EVENT_MODULES,		/* mask, in events of modules */
	QRNG_A_EVENT_DRBG_STATE,	/* enum qrng_drbg_state, in events of the generator */
	QRNG_A_EVENT_GENERATION,	/* the same */
	QRNG_A_EVENT_RESEED_REASON,	/* enum qrng_reseed_reason */

	__QRNG_A_EVENT_MAX,
	QRNG_A_EVENT_MAX = __QRNG_A_EVENT_MAX - 1
};

enum qrng_event {
	QRNG_EVENT_SOURCE_ADDED,
	QRNG_EVENT_SOURCE_REMOVED,
	QRNG_EVENT_SOURCE_STATE,	/* it entered another state */
	QRNG_EVENT_SOURCE_CONFIG,	/* somebody set something of it */
	QRNG_EVENT_HEALTH_INTERMITTENT,
	QRNG_EVENT_HEALTH_PERMANENT,
	QRNG_EVENT_TEST_PASSED,		/* the test on demand */
	QRNG_EVENT_TEST_FAILED,
	QRNG_EVENT_MODULE_FAILED,	/* and was switched off */
	QRNG_EVENT_DRBG_STATE,		/* the generator entered another state */
	QRNG_EVENT_DRBG_CONFIG,		/* somebody set something of it */
	QRNG_EVENT_RESEED,
};

enum qrng_source_state {
	QRNG_SOURCE_STARTUP,		/* first start-up test under way */
	QRNG_SOURCE_HEALTHY,		/* the only state in which noise is used */
	QRNG_SOURCE_FAILED,		/* waits for the next try */
	QRNG_SOURCE_RECOVERING,		/* the hardware is reset and started */
	QRNG_SOURCE_GONE,		/* pulled out, for good */
	QRNG_SOURCE_VALIDATING,		/* start-up test again */
	QRNG_SOURCE_OPEN,		/* failed too often: rests for minutes */
	QRNG_SOURCE_HALF_OPEN,		/* one try after that */
	QRNG_SOURCE_DISABLED,		/* switched off by its operator */
};

enum qrng_source_reason {
	QRNG_REASON_NONE,
	QRNG_REASON_INTERMITTENT,	/* a health test failed at the intermittent level */
	QRNG_REASON_PERMANENT,		/* a health test failed at the permanent level */
	QRNG_REASON_HARDWARE,		/* it reported an error, or could not be started */
	QRNG_REASON_SILENT,		/* no noise came in time */
	QRNG_REASON_REMOVED,
	QRNG_REASON_RESUME,		/* the machine slept, or is the copy of another */
	QRNG_REASON_OPERATOR,		/* was told to */
};

enum qrng_drbg_state {
	QRNG_DRBG_UNSEEDED,		/* no source has passed its start-up test yet */
	QRNG_DRBG_READY,
	QRNG_DRBG_STALLED,		/* no source is healthy, and the grace period is over */
	QRNG_DRBG_NO_SOURCE,		/* none is there, and the grace period is over */
	QRNG_DRBG_GRACE,		/* no source is healthy, but a seed is: bytes flow */
	QRNG_DRBG_KERNEL,		/* seeded by the kernel alone, as its operator allows */
};

enum qrng_generator_id {
	QRNG_GENERATOR_CHACHA20,
	QRNG_GENERATOR_AES256_CTR,
	QRNG_GENERATOR_CTR_DRBG,	/* SP 800-90A */
	QRNG_GENERATOR_FORTUNA,
};

enum qrng_failure_policy {
	QRNG_POLICY_BLOCK,		/* readers wait */
	QRNG_POLICY_ERROR,		/* readers get EIO */
};

enum qrng_reseed_reason {
	QRNG_RESEED_NONE,		/* there was none yet */
	QRNG_RESEED_FIRST,
	QRNG_RESEED_INTERVAL,
	QRNG_RESEED_BYTES,
	QRNG_RESEED_REQUEST,
	QRNG_RESEED_RECOVERY,		/* a source is healthy again */
	QRNG_RESEED_RESUME,
	QRNG_RESEED_VMFORK,
};

/* Limits of what can be set. */
#define QRNG_QUALITY_MIN		64		/* bits in 1024 */
#define QRNG_QUALITY_MAX		1024
#define QRNG_ALPHA_MIN			20
#define QRNG_ALPHA_MAX			40
#define QRNG_RESEED_INTERVAL_MIN	1		/* seconds */
#define QRNG_RESEED_INTERVAL_MAX	86400
#define QRNG_RESEED_BYTES_MIN		65536
#define QRNG_GRACE_SECONDS_MAX		86400

/**
 * struct qrng_file_info - answer to QRNG_IOC_INFO
 * @state: enum qrng_drbg_state
 * @generator: enum qrng_generator_id, of this file
 * @generation: of the seed this file's generator works from, 0: none yet
 * @current_generation: of the root; the file follows at its next read
 * @output_bytes: read through this file
 * @reseed_age_ms: since the root's last reseed
 */
struct qrng_file_info {
	__u32 state;
	__u32 generator;
	__u64 generation;
	__u64 current_generation;
	__u64 output_bytes;
	__u64 reseed_age_ms;
};

/**
 * struct qrng_generation_page - one page of /dev/qrng_drbg, mapped read-only at offset 0
 * @generation: changes with every reseed, resume and VM fork: whoever derives bytes of
 *	its own from ours derives anew when it moved. Never 0 after the first seed
 */
struct qrng_generation_page {
	__u64 generation;
};

#define QRNG_IOC_MAGIC		0xe7
#define QRNG_IOC_INFO		_IOR(QRNG_IOC_MAGIC, 0, struct qrng_file_info)
#define QRNG_IOC_SET_GENERATOR	_IOW(QRNG_IOC_MAGIC, 1, __u32)	/* enum qrng_generator_id */
#define QRNG_IOC_RESEED		_IO(QRNG_IOC_MAGIC, 2)	/* this file, from the root */

#endif /* _UAPI_QRNG_H */
