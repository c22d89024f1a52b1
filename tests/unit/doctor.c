// SPDX-License-Identifier: MIT
/* What the doctor says of machines that are folders. */
#include "suite.h"

#include <ftw.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/doctor.h"
#include "../../uapi/qrng.h"

#define RELEASE	  "6.1.0-1-test"
#define MODULES	  "/lib/modules/" RELEASE
#define SLOT	  "/sys/bus/pci/devices/0000:03:00.0"
#define LATER	  1800000000
#define SIGNATURE "~Module signature appended~\n"

/** struct machine - a folder, and what was said of it */
struct machine {
	char root[64];
	struct doctor doctor;
	char *said;
	size_t len;
	FILE *out;
};

static void note(const struct finding *finding, void *data)
{
	static const char marks[] = { '+', '-', '!' };

	fprintf(data, "%c %s: %s\n", marks[finding->level], finding->check, finding->text);
	assert_true(finding->level != DOCTOR_PROBLEM || finding->remedy);
}

static void make_folders(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
}

static void put(const struct machine *machine, const char *path, const char *text)
{
	char full[PATH_MAX];
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	make_folders(full);
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void set_mode(const struct machine *machine, const char *path, mode_t mode)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	assert_int_equal(chmod(full, mode), 0);
}

static void put_link(const struct machine *machine, const char *path, const char *target)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	unlink(full);
	assert_int_equal(symlink(target, full), 0);
}

static void take(const struct machine *machine, const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", machine->root, path);
	assert_int_equal(remove(full), 0);
}

/* A machine on which all is well, but for a daemon, which is not installed. */
static void build(struct machine *machine)
{
	char group[64];

	put(machine, SLOT "/vendor", "0x179a\n");
	put(machine, SLOT "/device", "0x0001\n");
	put_link(machine, SLOT "/driver", "../../../bus/pci/drivers/qrng_quantis");
	put(machine, "/sys/module/qrng/version", QRNG_VERSION "\n");
	put(machine, MODULES "/modules.dep", "kernel/a.ko:\nupdates/dkms/qrng.ko: kernel/a.ko\n");
	put(machine, MODULES "/updates/dkms/qrng.ko", "code");
	put(machine, "/dev/qrng_drbg", "");
	set_mode(machine, "/dev/qrng_drbg", 0444);
	put(machine, "/dev/qrng_raw", "");
	set_mode(machine, "/dev/qrng_raw", 0440);
	snprintf(group, sizeof(group), "root:x:0:\nqrng:x:%u:\n", getegid());
	put(machine, "/etc/group", group);
	put(machine, "/sys/class/qrng/quantis.0/state", "healthy\n");
	put(machine, "/sys/class/qrng/drbg/state", "ready\n");
	put(machine, "/sys/class/misc/hw_random/rng_current", "quantis.0\n");
	put(machine, "/proc/77/comm", "rngd\n");
}

static int set_up(void **state)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	snprintf(machine->root, sizeof(machine->root), "/tmp/qrng-doctor.XXXXXX");
	assert_non_null(mkdtemp(machine->root));
	machine->doctor = (struct doctor){ .root = machine->root,
					   .release = RELEASE,
					   .now = LATER,
					   .synchronised = true,
					   .tell = note };
	build(machine);
	*state = machine;
	return 0;
}

static int take_any(const char *path, const struct stat *about, int type, struct FTW *place)
{
	(void)about;
	(void)type;
	(void)place;
	return remove(path);
}

static int tear_down(void **state)
{
	struct machine *machine = *state;

	assert_int_equal(nftw(machine->root, take_any, 8, FTW_DEPTH | FTW_PHYS), 0);
	free(machine->said);
	free(machine);
	return 0;
}

static const char *examine(struct machine *machine)
{
	free(machine->said);
	machine->doctor.data = machine->out = open_memstream(&machine->said, &machine->len);
	machine->doctor.problems = 0;
	doctor_examine(&machine->doctor);
	fclose(machine->out);
	return machine->said;
}

static void says(struct machine *machine, const char *line)
{
	if (strstr(examine(machine), line))
		return;
	print_error("wanted %s\ngot:\n%s", line, machine->said);
	fail();
}

static void a_machine_where_all_is_well_has_no_problem(void **state)
{
	struct machine *machine = *state;

	assert_null(strchr(examine(machine), '!'));
	assert_null(strstr(machine->said, "- "));
	assert_int_equal(machine->doctor.problems, 0);
	assert_non_null(strstr(machine->said, "+ card: 1 of them\n"));
}

static void cards_and_drivers(void **state)
{
	struct machine *machine = *state;

	put_link(machine, SLOT "/driver", "../../../bus/pci/drivers/quantis_pci");
	says(machine,
	     "! driver: the card in 0000:03:00.0 belongs to another driver, quantis_pci\n");
	take(machine, SLOT "/driver");
	says(machine, "! driver: the module did not take the card in 0000:03:00.0\n");
	put(machine, SLOT "/device", "0x0002\n");
	says(machine, "! card: there is none\n");
	assert_int_equal(machine->doctor.problems, 1);
}

static void modules_that_are_not_loaded(void **state)
{
	struct machine *machine = *state;

	take(machine, "/sys/module/qrng/version");
	says(machine, "! module: loaded, but of version , and this program is of " QRNG_VERSION);
	put(machine, "/sys/module/qrng/version", QRNG_VERSION "\n");
	put(machine, MODULES "/modules.dep", "kernel/qrng.konfig:\n");
	says(machine, "- module: loaded by hand: it is not installed for " RELEASE);
	take(machine, "/sys/module/qrng/version");
	take(machine, "/sys/module/qrng");
	says(machine, "! module: not installed\n");
	put(machine, "/lib/modules/5.10.0-9/modules.dep", "extra/qrng.ko.xz:\n");
	says(machine,
	     "! module: there is one for 5.10.0-9, but not for the kernel that runs, " RELEASE);
	put(machine, MODULES "/modules.dep", "updates/dkms/qrng.ko:\n");
	says(machine, "! module: installed, not loaded\n");
	put(machine, "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	says(machine, "! module: not signed");
	put(machine, MODULES "/updates/dkms/qrng.ko", "code" SIGNATURE);
	says(machine, "! module: not loaded; this kernel loads only what a key signed");
	put(machine, "/sys/kernel/security/lockdown", "[none] integrity\n");
	put(machine, "/sys/module/module/parameters/sig_enforce", "Y\n");
	says(machine, "! module: not loaded; this kernel loads only what a key signed");
	take(machine, SLOT "/device");
	says(machine, "- module: installed; a card would load it\n");
}

static void devices_that_are_not_as_they_should_be(void **state)
{
	struct machine *machine = *state;

	set_mode(machine, "/dev/qrng_raw", 0400);
	says(machine, "! device: /dev/qrng_raw has mode 0400");
	take(machine, "/dev/qrng_drbg");
	says(machine, "! device: the module is loaded, but there is no /dev/qrng_drbg\n");
	put(machine, "/etc/group", "root:x:0:\n");
	says(machine, "! device: there is no group qrng");
}

static void noise_that_does_not_come(void **state)
{
	struct machine *machine = *state;

	put(machine, "/sys/class/qrng/quantis.0/state", "open\n");
	says(machine, "! source: quantis.0 is not healthy but open\n");
	put(machine, "/sys/class/qrng/drbg/state", "stalled\n");
	says(machine, "! drbg: the generator is not ready but stalled\n");
	put(machine, "/sys/class/misc/hw_random/rng_current", "tpm-rng-0\n");
	says(machine, "! hwrng: /dev/hwrng is tpm-rng-0, not a card of ours\n");
	take(machine, "/proc/77/comm");
	says(machine, "- rngd: rngd does not run");
}

static void clocks(void **state)
{
	struct machine *machine = *state;

	machine->doctor.synchronised = false;
	says(machine, "- clock: nobody keeps the clock right");
	machine->doctor.now = 1000;
	says(machine, "! clock: the clock is before 2026");
}

/* Answers once with @answer on the socket @path. Return: the process that does. */
static pid_t serve(const char *path, const char *answer)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), peer;
	char request[256];
	pid_t pid;

	snprintf(name.sun_path, sizeof(name.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	if (pid) {
		close(fd);
		return pid;
	}
	peer = accept(fd, NULL, NULL);
	if (read(peer, request, sizeof(request)) <= 0 ||
	    write(peer, answer, strlen(answer)) != (ssize_t)strlen(answer))
		_exit(1);
	_exit(0);
}

static void answers(struct machine *machine, const char *path, const char *answer, const char *line)
{
	pid_t pid = serve(path, answer);
	int status;

	says(machine, line);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(unlink(path), 0);
}

static void daemons(void **state)
{
	struct machine *machine = *state;
	char path[96], conf[128];

	put(machine, "/usr/sbin/qrngd", "");
	says(machine, "! daemon: installed, but does not run\n");
	put(machine, "/proc/78/comm", "qrngd\n");
	snprintf(path, sizeof(path), "%s/socket", machine->root);
	snprintf(conf, sizeof(conf), "[server]\nlisten = unix:%s\n", path);
	put(machine, "/etc/qrng/qrngd.conf", conf);
	says(machine, "! daemon: runs, but nobody is at unix:");
	answers(machine, path, "HTTP/1.1 200 OK\r\n\r\n", "+ daemon: answers on unix:");
	answers(machine, path, "HTTP/1.1 503 Service Unavailable\r\n\r\n",
		"! daemon: answers on unix:");
	answers(machine, path, "SSH-2.0-OpenSSH_9.2p1\r\n", "! daemon: what is at unix:");
	put(machine, "/etc/qrng/qrngd.conf", "[server]\nlisten = [::1]:1\n");
	says(machine, "! daemon: runs, but nobody is at [::1]:1\n");
}

#define with_machine(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	with_machine(a_machine_where_all_is_well_has_no_problem),
	with_machine(cards_and_drivers),
	with_machine(modules_that_are_not_loaded),
	with_machine(devices_that_are_not_as_they_should_be),
	with_machine(noise_that_does_not_come),
	with_machine(clocks),
	with_machine(daemons),
};

SUITE(tests)
