// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "complaint.h"
#include "output.h"
#include "qrngctl.h"
#include "../netlink/value.h"

/* The limits that the kernel knows come before ours: it may be newer. */
static void print_allowed(const struct field *field, const struct refusal *refusal)
{
	struct limits limits = { refusal->min, refusal->max };
	struct field judged = *field;
	char allowed[160];

	if (refusal->limited)
		judged.limits = &limits;
	if (!judged.limits)
		return;
	value_allowed(&judged, allowed, sizeof(allowed));
	fprintf(stderr, "; allowed: %s", allowed);
}

/* The kernel's words begin with the attribute they are about, and say what is allowed. */
static bool tells_itself(const struct refusal *refusal, const struct field *field)
{
	size_t len = strlen(field->key), i;

	for (i = 0; i < len; i++)
		if (refusal->reason[i] != (field->key[i] == '_' ? '-' : field->key[i]))
			return false;
	return refusal->reason[len] == ':';
}

static void print_reason(const struct session *session, const struct object *object, int error)
{
	const struct refusal *refusal = &session->refusal;
	const struct field *field = object ? record_field(object, refusal->attr) : NULL;

	if (field && tells_itself(refusal, field))
		field = NULL;
	fputs("qrngctl: ", stderr);
	if (field)
		fprintf(stderr, "%s: ", field->key);
	fputs("kernel: ", stderr);
	if (refusal->reason[0]) {
		output_safe(stderr, refusal->reason);
		fprintf(stderr, " (%s)", strerror(-error));
	} else {
		fputs(strerror(-error), stderr);
	}
	if (field)
		print_allowed(field, refusal);
	fputc('\n', stderr);
}

/**
 * complaint() - say on stderr why a request failed
 * @session: the session, for the kernel's words
 * @object: the table of what was asked for or set, NULL if none
 * @error: what session_ask() returned
 *
 * Return: the enum qrngctl_exit that belongs to it.
 */
int complaint(const struct session *session, const struct object *object, int error)
{
	switch (error) {
	case -ENOENT:
		fputs("qrngctl: module qrng is not loaded; load it with: modprobe qrng\n", stderr);
		return QRNGCTL_NO_MODULE;
	case -EPERM:
		fputs("qrngctl: not permitted: this needs CAP_NET_ADMIN, as root has it\n", stderr);
		return QRNGCTL_PERMISSION;
	default:
		print_reason(session, object, error);
		return QRNGCTL_FAILED;
	}
}
