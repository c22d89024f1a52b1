// SPDX-License-Identifier: MIT
/* Is there noise, who gets it, and is the clock right? */
#include <string.h>

#include "doctor.h"
#include "root.h"

#define CLASS "/sys/class/qrng"
#define HWRNG "/sys/class/misc/hw_random"

/* No machine has an earlier date than this program. */
#define WRITTEN 1767225600 /* 2026-01-01 */

static bool look_at_source(const char *name, void *data)
{
	struct doctor *doctor = data;
	char state[ROOT_LINE_MAX];

	if (!strcmp(name, "drbg") || !root_line(doctor->root, state, CLASS "/%s/state", name))
		return true;
	if (!strcmp(state, "healthy"))
		doctor_say(doctor, DOCTOR_OK, "source", NULL, "%s is healthy", name);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, "source", "qrngctl, and dmesg | grep qrng",
			   "%s is not healthy but %s", name, state);
	return true;
}

static void look_at_generator(struct doctor *doctor)
{
	char state[ROOT_LINE_MAX];

	root_line(doctor->root, state, CLASS "/drbg/state");
	if (!strcmp(state, "ready"))
		doctor_say(doctor, DOCTOR_OK, "drbg", NULL, "the generator is ready");
	else
		doctor_say(doctor, DOCTOR_PROBLEM, "drbg", "qrngctl tells more",
			   "the generator is not ready but %s", state[0] ? state : "not there");
}

static void look_at_hwrng(struct doctor *doctor)
{
	char current[ROOT_LINE_MAX];

	root_line(doctor->root, current, HWRNG "/rng_current");
	if (!strncmp(current, "quantis.", 8))
		doctor_say(doctor, DOCTOR_OK, "hwrng", NULL, "/dev/hwrng is %s", current);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, "hwrng",
			   "echo quantis.0 > " HWRNG "/rng_current",
			   "/dev/hwrng is %s, not a card of ours",
			   current[0] ? current : "nobody's");
	if (root_runs(doctor->root, "rngd"))
		doctor_say(doctor, DOCTOR_OK, "rngd", NULL, "rngd runs");
	else
		doctor_say(doctor, DOCTOR_NOTE, "rngd", "apt-get install rng-tools-debian",
			   "rngd does not run: of /dev/hwrng the kernel's pool gets only what the "
			   "kernel takes by itself");
}

/** doctor_noise() - the sources, the generator, /dev/hwrng and who drinks there */
void doctor_noise(struct doctor *doctor)
{
	if (!doctor->loaded)
		return;
	root_each(doctor->root, CLASS, look_at_source, doctor);
	look_at_generator(doctor);
	if (doctor->cards)
		look_at_hwrng(doctor);
}

/** doctor_clock() - signed answers tell when they were made, and TLS asks for the date */
void doctor_clock(struct doctor *doctor)
{
	if (doctor->now < WRITTEN)
		doctor_say(doctor, DOCTOR_PROBLEM, "clock", "timedatectl set-time, or NTP",
			   "the clock is before 2026: signed answers would be dated wrong");
	else if (!doctor->synchronised)
		doctor_say(doctor, DOCTOR_NOTE, "clock", "timedatectl set-ntp true",
			   "nobody keeps the clock right: signed answers may be dated wrong");
	else
		doctor_say(doctor, DOCTOR_OK, "clock", NULL, "kept right");
}
