// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include "doctor.h"
#include "../netlink/json.h"
#include "output.h"
#include "qrngctl.h"

#define TEXT_MAX 1024

static const char *const levels[] = {
	[DOCTOR_OK] = "ok",
	[DOCTOR_NOTE] = "note",
	[DOCTOR_PROBLEM] = "problem",
};

/**
 * doctor_say() - tell of a finding
 * @doctor: the examination
 * @level: how bad it is
 * @check: what was looked at, one word
 * @remedy: what to do, NULL: nothing
 * @format: what was found
 */
void doctor_say(struct doctor *doctor, enum doctor_level level, const char *check,
		const char *remedy, const char *format, ...)
{
	char text[TEXT_MAX];
	const struct finding finding = { level, check, text, remedy };
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	doctor->problems += level == DOCTOR_PROBLEM;
	doctor->tell(&finding, doctor->data);
}

/** doctor_examine() - look at everything, from the card to the daemon */
void doctor_examine(struct doctor *doctor)
{
	doctor_cards(doctor);
	doctor_module(doctor);
	doctor_drivers(doctor);
	doctor_devices(doctor);
	doctor_noise(doctor);
	doctor_daemon(doctor);
	doctor_clock(doctor);
}

static void print_finding(const struct finding *finding, void *data)
{
	FILE *out = data;

	fprintf(out, "%-8s %-8s ", levels[finding->level], finding->check);
	output_safe(out, finding->text);
	if (finding->remedy)
		fprintf(out, "\n%18sdo: %s", "", finding->remedy);
	fputc('\n', out);
}

/** struct findings - an array on its way out */
struct findings {
	FILE *out;
	const char *comma;
};

static void json_finding(const struct finding *finding, void *data)
{
	struct findings *findings = data;

	fprintf(findings->out, "%s{\"level\":\"%s\",\"check\":\"%s\",\"text\":", findings->comma,
		levels[finding->level], finding->check);
	json_put_string(findings->out, finding->text);
	if (finding->remedy) {
		fputs(",\"remedy\":", findings->out);
		json_put_string(findings->out, finding->remedy);
	}
	fputc('}', findings->out);
	findings->comma = ",";
}

static bool clock_is_kept(void)
{
	struct timex state = { 0 };

	return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}

/** doctor_command() - say what is wrong on this machine */
int doctor_command(const struct call *call)
{
	struct findings findings = { stdout, "" };
	struct doctor doctor = {
		.root = "",
		.now = time(NULL),
		.synchronised = clock_is_kept(),
		.tell = call->json ? json_finding : print_finding,
		.data = call->json ? (void *)&findings : stdout,
	};
	struct utsname system;

	uname(&system);
	doctor.release = system.release;
	if (call->json)
		fputs("{\"findings\":[", stdout);
	doctor_examine(&doctor);
	if (call->json)
		printf("],\"problems\":%zu}\n", doctor.problems);
	return doctor.problems ? QRNGCTL_BAD_NEWS : QRNGCTL_OK;
}
