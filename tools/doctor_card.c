// SPDX-License-Identifier: MIT
/* The cards, and who drives them; the devices, and who may use them. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../uapi/qrng.h"
#include "doctor.h"
#include "root.h"

#define PCI	 "/sys/bus/pci/devices"
#define VENDOR	 "0x179a"
#define DEVICE	 "0x0001"
#define DRIVER	 "qrng_quantis"
#define GROUP	 "qrng"

static bool is_card(const struct doctor *doctor, const char *slot)
{
	char vendor[ROOT_LINE_MAX], device[ROOT_LINE_MAX];

	return root_line(doctor->root, vendor, PCI "/%s/vendor", slot) &&
	       root_line(doctor->root, device, PCI "/%s/device", slot) &&
	       !strcmp(vendor, VENDOR) && !strcmp(device, DEVICE);
}

static bool count_card(const char *slot, void *data)
{
	struct doctor *doctor = data;

	if (is_card(doctor, slot))
		doctor->cards++;
	return true;
}

/** doctor_cards() - is there a card? */
void doctor_cards(struct doctor *doctor)
{
	doctor->cards = 0;
	root_each(doctor->root, PCI, count_card, doctor);
	if (doctor->cards)
		doctor_say(doctor, DOCTOR_OK, "card", NULL, "%u of them", doctor->cards);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, "card",
			   "look whether it sits well in its slot, and whether lspci -n shows "
			   "179a:0001",
			   "there is none");
}

static bool look_at_driver(const char *slot, void *data)
{
	struct doctor *doctor = data;
	char path[ROOT_LINE_MAX], driver[ROOT_LINE_MAX];

	if (!is_card(doctor, slot))
		return true;
	snprintf(path, sizeof(path), PCI "/%s/driver", slot);
	if (!root_link(doctor->root, path, driver) && doctor->loaded)
		doctor_say(doctor, DOCTOR_PROBLEM, "driver", "dmesg | grep qrng",
			   "the module did not take the card in %s", slot);
	else if (driver[0] && strcmp(driver, DRIVER) != 0)
		doctor_say(doctor, DOCTOR_PROBLEM, "driver",
			   "unload that module, keep it from loading (blacklist in "
			   "/etc/modprobe.d), then: modprobe qrng",
			   "the card in %s belongs to another driver, %s", slot, driver);
	else if (driver[0])
		doctor_say(doctor, DOCTOR_OK, "driver", NULL, "the card in %s is ours", slot);
	return true;
}

/** doctor_drivers() - has somebody else taken a card? */
void doctor_drivers(struct doctor *doctor)
{
	root_each(doctor->root, PCI, look_at_driver, doctor);
}

/* The number of a group. Return: false if there is none of that name. */
static bool find_group(const struct doctor *doctor, const char *name, gid_t *gid)
{
	FILE *file = root_open(doctor->root, "/etc/group");
	const struct group *group = NULL;

	if (!file)
		return false;
	do {
		group = fgetgrent(file);
	} while (group && strcmp(group->gr_name, name) != 0);
	if (group)
		*gid = group->gr_gid;
	fclose(file);
	return group != NULL;
}

static void look_at_node(struct doctor *doctor, const char *path, mode_t mode, gid_t gid)
{
	struct stat about;

	if (!root_stat(doctor->root, path, &about))
		doctor_say(doctor, DOCTOR_PROBLEM, "device", "dmesg | grep qrng",
			   "the module is loaded, but there is no %s", path);
	else if ((about.st_mode & 07777) != mode || about.st_gid != gid)
		doctor_say(doctor, DOCTOR_PROBLEM, "device",
			   "install 60-qrng.rules, or see who else has rules for it; then: "
			   "udevadm trigger",
			   "%s has mode %04o and group %u, should have %04o and %u", path,
			   about.st_mode & 07777, about.st_gid, mode, gid);
	else
		doctor_say(doctor, DOCTOR_OK, "device", NULL, "%s has mode %04o and group %u", path,
			   mode, gid);
}

/** doctor_devices() - do the devices belong to whom they should? */
void doctor_devices(struct doctor *doctor)
{
	gid_t gid = 0;

	if (!doctor->loaded)
		return;
	look_at_node(doctor, "/dev/" QRNG_DRBG_DEVICE, 0444, 0);
	if (find_group(doctor, GROUP, &gid))
		look_at_node(doctor, "/dev/" QRNG_RAW_DEVICE, 0440, gid);
	else
		doctor_say(doctor, DOCTOR_PROBLEM, "device",
			   "systemd-sysusers, or: addgroup --system " GROUP,
			   "there is no group " GROUP ", so nobody but root can read noise");
}
