/* SPDX-License-Identifier: MIT */
/*
 * What is wrong on a machine, in plain words. Looks only; each part tells what it finds.
 */
#ifndef _QRNGCTL_DOCTOR_H
#define _QRNGCTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/** enum doctor_level - how bad it is */
enum doctor_level {
	DOCTOR_OK,
	DOCTOR_NOTE,	/* worth to know; nothing is broken by it */
	DOCTOR_PROBLEM,
};

/**
 * struct finding - one thing that was looked at
 * @level: how bad it is
 * @check: what was looked at, one word
 * @text: what was found
 * @remedy: what to do, NULL: nothing
 */
struct finding {
	enum doctor_level level;
	const char *check;
	const char *text;
	const char *remedy;
};

typedef void (*finding_fn)(const struct finding *finding, void *data);

/**
 * struct doctor - an examination
 * @root: where the machine's files are, "": here
 * @release: of the running kernel
 * @now: seconds since 1970, by the machine's clock
 * @synchronised: somebody keeps that right
 * @tell: told of each finding
 * @data: given to @tell
 * @problems: how many there were
 * @cards: how many are in the machine; the first part counts them
 * @loaded: the module is; the second part finds out
 */
struct doctor {
	const char *root;
	const char *release;
	time_t now;
	bool synchronised;
	finding_fn tell;
	void *data;
	size_t problems;
	unsigned int cards;
	bool loaded;
};

void doctor_examine(struct doctor *doctor);
void doctor_say(struct doctor *doctor, enum doctor_level level, const char *check,
		const char *remedy, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The parts, in this order. */
void doctor_cards(struct doctor *doctor);
void doctor_module(struct doctor *doctor);
void doctor_drivers(struct doctor *doctor);
void doctor_devices(struct doctor *doctor);
void doctor_noise(struct doctor *doctor);
void doctor_daemon(struct doctor *doctor);
void doctor_clock(struct doctor *doctor);

#endif /* _QRNGCTL_DOCTOR_H */
