/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR BSD-3-Clause) */
/*
 * qrng: what the kernel module offers to programs
 *
 * Character device /dev/qrng_drbg (mode 0444)
 *
 *   read()   Output of a generator that belongs to this open file alone. Blocks
 *            until a noise source has passed its start-up test; EAGAIN instead
 *            with O_NONBLOCK. ENODEV as long as no source is there.
 *   splice() The same, but never waits: EAGAIN until there are bytes.
 *   poll()   POLLIN when a read would not block, POLLERR | POLLHUP when no
 *            source is left.
 *
 * Generic netlink family "qrng", version 1
 *
 *   QRNG_CMD_SOURCE_GET, do: one source by name; dump: every source.
 *
 *     request:  QRNG_A_SOURCE_NAME                          (do only)
 *     answer:   QRNG_A_SOURCE_NAME      NUL-terminated      "quantis.0"
 *               QRNG_A_SOURCE_STATE     u32                 enum qrng_source_state
 *               QRNG_A_SOURCE_QUALITY   u32                 entropy claim, bits in 1024
 *               QRNG_A_SOURCE_*         u64                 counters since the source came
 *
 *   QRNG_CMD_DRBG_GET, do: the generator.
 *
 *     answer:   QRNG_A_DRBG_STATE       u32                 enum qrng_drbg_state
 *               QRNG_A_DRBG_CIPHER      NUL-terminated      "chacha20"
 *               QRNG_A_DRBG_*           u64                 counters since load
 *
 *   Counters are bytes unless their name says otherwise. Every answer may grow
 *   new attributes; a reader skips those it does not know.
 */
#ifndef _UAPI_QRNG_H
#define _UAPI_QRNG_H

#define QRNG_VERSION		"0.1.0"

#define QRNG_DRBG_DEVICE	"qrng_drbg"
#define QRNG_SOURCE_NAME_MAX	32	/* with the final NUL */

#define QRNG_GENL_NAME		"qrng"
#define QRNG_GENL_VERSION	1

enum qrng_cmd {
	QRNG_CMD_UNSPEC,
	QRNG_CMD_SOURCE_GET,
	QRNG_CMD_DRBG_GET,

	__QRNG_CMD_MAX,
	QRNG_CMD_MAX = __QRNG_CMD_MAX - 1
};

enum qrng_source_attr {
	QRNG_A_SOURCE_UNSPEC,
	QRNG_A_SOURCE_PAD,
	QRNG_A_SOURCE_NAME,
	QRNG_A_SOURCE_STATE,
	QRNG_A_SOURCE_QUALITY,
	QRNG_A_SOURCE_RAW_BYTES,	/* read from the hardware and tested */
	QRNG_A_SOURCE_USED_BYTES,	/* handed to a consumer, each once */
	QRNG_A_SOURCE_RCT_FAILURES,	/* count: repetition count test */
	QRNG_A_SOURCE_APT_FAILURES,	/* count: adaptive proportion test */
	QRNG_A_SOURCE_STARTUP_PASSES,	/* count */
	QRNG_A_SOURCE_REGISTER_READS,	/* count: bus reads of any register */
	QRNG_A_SOURCE_OVERFLOWS,	/* count: bursts lost to a FIFO overflow */
	QRNG_A_SOURCE_TIMEOUTS,		/* count: no noise within the time limit */

	__QRNG_A_SOURCE_MAX,
	QRNG_A_SOURCE_MAX = __QRNG_A_SOURCE_MAX - 1
};

enum qrng_drbg_attr {
	QRNG_A_DRBG_UNSPEC,
	QRNG_A_DRBG_PAD,
	QRNG_A_DRBG_STATE,
	QRNG_A_DRBG_CIPHER,
	QRNG_A_DRBG_GENERATION,		/* grows by one with each reseed */
	QRNG_A_DRBG_RESEED_AGE_MS,	/* since the last reseed */
	QRNG_A_DRBG_SEED_BYTES,		/* tested noise mixed in */
	QRNG_A_DRBG_OUTPUT_BYTES,
	QRNG_A_DRBG_OPEN_FILES,		/* count */

	__QRNG_A_DRBG_MAX,
	QRNG_A_DRBG_MAX = __QRNG_A_DRBG_MAX - 1
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
};

enum qrng_drbg_state {
	QRNG_DRBG_UNSEEDED,		/* no source has passed its start-up test yet */
	QRNG_DRBG_READY,
	QRNG_DRBG_STALLED,		/* seeded, but no source is healthy now */
	QRNG_DRBG_NO_SOURCE,
};

#endif /* _UAPI_QRNG_H */
