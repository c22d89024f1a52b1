/* SPDX-License-Identifier: MIT */
/*
 * What the sub-commands of qrngctl share: how they are called, how they end.
 */
#ifndef _QRNGCTL_H
#define _QRNGCTL_H

#include <stdbool.h>
#include <stdint.h>

/** enum qrngctl_exit - how the program ends; scripts rely on the numbers */
enum qrngctl_exit {
	QRNGCTL_OK,
	QRNGCTL_USAGE,		/* the command line was wrong */
	QRNGCTL_NO_MODULE,	/* the kernel has no generic-netlink family "qrng" */
	QRNGCTL_NO_SOURCE,	/* no source of that name */
	QRNGCTL_FAILED,		/* kernel, daemon, a file or stdout failed or refused */
	QRNGCTL_BAD_NEWS,	/* check: no random bytes now; source test, verify: failed */
	QRNGCTL_PERMISSION,	/* CAP_NET_ADMIN or the daemon's token is missing */
};

/**
 * struct call - one run of a sub-command
 * @json: answer in JSON
 * @interval_ms: between two looks
 * @key: file with the public key, NULL if none was named
 * @challenge: what an answer has to be about, NULL: anything
 * @max_age_s: how old an answer may be, negative: any age
 * @url: where the daemon is, NULL: where it usually is
 * @token: file with what the daemon lets one in by, NULL: nothing
 * @words: what came after the sub-command
 * @count: how many
 */
struct call {
	bool json;
	unsigned int interval_ms;
	const char *key;
	const char *challenge;
	int64_t max_age_s;
	const char *url;
	const char *token;
	const char *const *words;
	int count;
};

/* Each prints to stdout, complains on stderr and returns an enum qrngctl_exit. */
int overview_command(const struct call *call);
int check_command(const struct call *call);
int sources_command(const struct call *call);
int source_command(const struct call *call);
int source_set_command(const struct call *call);
int source_test_command(const struct call *call);
int source_reset_command(const struct call *call);
int health_command(const struct call *call);
int stats_command(const struct call *call);
int drbg_command(const struct call *call);
int drbg_set_command(const struct call *call);
int drbg_reseed_command(const struct call *call);
int pool_command(const struct call *call);
int monitor_command(const struct call *call);
int watch_command(const struct call *call);
int doctor_command(const struct call *call);
int verify_command(const struct call *call);
int key_add_command(const struct call *call);
int daemon_status_command(const struct call *call);
int daemon_reload_command(const struct call *call);
int daemon_keys_command(const struct call *call);
int daemon_quota_command(const struct call *call);
int daemon_verify_command(const struct call *call);

#endif /* _QRNGCTL_H */
