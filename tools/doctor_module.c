// SPDX-License-Identifier: MIT
/* Is the module loaded, and if not, why not? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../uapi/qrng.h"
#include "doctor.h"
#include "root.h"

#define CHECK	  "module"
#define SIGNATURE "~Module signature appended~\n"

/* Is the file of this path the module, whatever it is packed with? */
static bool is_module(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return !strncmp(name, "qrng.ko", 7) && (!name[7] || name[7] == '.');
}

/* Where the module is for a kernel, below its folder. Return: false if it has none. */
static bool find_module(const char *root, const char *release, char to[ROOT_LINE_MAX])
{
	FILE *list = root_open(root, "/lib/modules/%s/modules.dep", release);
	size_t size = 0;
	char *line = NULL;
	bool found = false;

	if (!list)
		return false;
	while (!found && getline(&line, &size, list) > 0) {
		line[strcspn(line, ":")] = '\0';
		found = is_module(line) && strlen(line) < ROOT_LINE_MAX;
		if (found)
			memcpy(to, line, strlen(line) + 1);
	}
	free(line);
	fclose(list);
	return found;
}

/** struct kernels - the names of those that have the module */
struct kernels {
	const char *root;
	char names[ROOT_LINE_MAX];
	size_t len;
};

static bool add_kernel(const char *release, void *data)
{
	struct kernels *kernels = data;
	size_t room = sizeof(kernels->names) - kernels->len;
	char path[ROOT_LINE_MAX];

	if (strlen(release) + 3 < room && find_module(kernels->root, release, path))
		kernels->len += (size_t)snprintf(kernels->names + kernels->len, room, "%s%s",
						 kernels->len ? ", " : "", release);
	return true;
}

static void say_not_installed(struct doctor *doctor)
{
	struct kernels kernels = { .root = doctor->root };

	root_each(doctor->root, "/lib/modules", add_kernel, &kernels);
	if (kernels.len)
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK,
			   "install the headers of this kernel (linux-headers-...), then: "
			   "dkms autoinstall",
			   "there is one for %s, but not for the kernel that runs, %s",
			   kernels.names, doctor->release);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK, "install qrng-dkms, or: make dkms",
			   "not installed");
}

/* Is a signature at the end of the file? Return: -1 if that can't be told. */
static int is_signed(const struct doctor *doctor, const char *path)
{
	char end[sizeof(SIGNATURE)] = "";
	size_t len = strlen(path);
	FILE *file;

	if (len < 3 || strcmp(path + len - 3, ".ko"))
		return -1;
	file = root_open(doctor->root, "/lib/modules/%s/%s", doctor->release, path);
	if (!file)
		return -1;
	if (!fseek(file, -(long)strlen(SIGNATURE), SEEK_END))
		end[fread(end, 1, strlen(SIGNATURE), file)] = '\0';
	fclose(file);
	return !strcmp(end, SIGNATURE);
}

/* Does the kernel load only what is signed? */
static bool wants_signature(const struct doctor *doctor)
{
	char line[ROOT_LINE_MAX];

	root_line(doctor->root, line, "/sys/kernel/security/lockdown");
	if (strstr(line, "[integrity]") || strstr(line, "[confidentiality]"))
		return true;
	root_line(doctor->root, line, "/sys/module/module/parameters/sig_enforce");
	return line[0] == 'Y';
}

/* Installed and a card is there, so something kept it from loading. */
static void say_not_loaded(struct doctor *doctor, const char *path)
{
	if (wants_signature(doctor) && !is_signed(doctor, path))
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK, "docs/install.md, Secure Boot",
			   "not signed, and this kernel (locked down, or started with Secure Boot) "
			   "loads nothing without a signature");
	else if (wants_signature(doctor))
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK,
			   "mokutil --import /var/lib/dkms/mok.pub, then restart the machine",
			   "not loaded; this kernel loads only what a key signed that it knows, "
			   "and perhaps it does not know this one");
	else
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK,
			   "modprobe qrng; if that fails: dmesg | tail", "installed, not loaded");
}

static void say_loaded(struct doctor *doctor)
{
	char version[ROOT_LINE_MAX], path[ROOT_LINE_MAX];

	root_line(doctor->root, version, "/sys/module/qrng/version");
	if (strcmp(version, QRNG_VERSION) != 0)
		doctor_say(doctor, DOCTOR_PROBLEM, CHECK,
			   "modprobe -r qrng && modprobe qrng, or restart the machine",
			   "loaded, but of version %s, and this program is of " QRNG_VERSION,
			   version);
	else if (!find_module(doctor->root, doctor->release, path))
		doctor_say(doctor, DOCTOR_NOTE, CHECK, "install qrng-dkms, or: make dkms",
			   "loaded by hand: it is not installed for %s, so it will be gone after "
			   "the next start",
			   doctor->release);
	else
		doctor_say(doctor, DOCTOR_OK, CHECK, NULL, "loaded, version %s", version);
}

/** doctor_module() - the module: loaded, installed, signed, for this kernel? */
void doctor_module(struct doctor *doctor)
{
	char path[ROOT_LINE_MAX];

	doctor->loaded = root_has(doctor->root, "/sys/module/qrng");
	if (doctor->loaded)
		say_loaded(doctor);
	else if (!find_module(doctor->root, doctor->release, path))
		say_not_installed(doctor);
	else if (doctor->cards)
		say_not_loaded(doctor, path);
	else
		doctor_say(doctor, DOCTOR_NOTE, CHECK, NULL, "installed; a card would load it");
}
