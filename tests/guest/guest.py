# SPDX-License-Identifier: MIT
"""A Debian system with our packages in it, and its starts in a machine with an emulated card."""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tests/guest"
sys.path.insert(0, str(TREE / "tests/vm"))

from lab import disk, options, report  # noqa: E402
from lab.apt import archive_for  # noqa: E402
from lab.cache import cache_root, locked  # noqa: E402
from lab.card import Rack  # noqa: E402
from lab.chroot import Chroot  # noqa: E402
from lab.deadline import PATIENCE, factor, stretch  # noqa: E402
from lab.image import Image  # noqa: E402
from lab.klog import KernelLog  # noqa: E402
from lab.machine import Machine  # noqa: E402
from lab.say import LabError, progress  # noqa: E402
from lab.tap import Tap  # noqa: E402

_VERSION = re.compile(r'^(#define QRNG_VERSION\s+)"(.*)"', re.MULTILINE)
_LIMIT = 900
_MEMORY_MB = 1024

# What udev would load for the processor that QEMU shows, and an emulated one is slow with.
_ARGUMENTS = ["root=/dev/vda", "rw", "mitigations=off", "systemd.show_status=0",
              "modprobe.blacklist=kvm,kvm_amd,powernow_k8,acpi_cpufreq,pcspkr,floppy,psmouse"]

# What an earlier and a later version are called. Nothing else of them is different.
PREVIOUS = "0.0.1"
NEXT = "99.0"


def version():
    """The version of this tree."""
    return _VERSION.search((TREE / "uapi/qrng.h").read_text())[2]


def readme(number):
    """The commands of the block @number, from 0, of the README's part on installing."""
    part = (TREE / "README.md").read_text().split("\n## Install\n")[1].split("\n## ")[0]
    blocks = re.findall(r"(?:^    .*\n)+", part, re.MULTILINE)
    return [line.strip() for line in blocks[number].splitlines()]


def manual(name):
    """The blocks of commands that a page of docs/ shows, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", (TREE / "docs" / name).read_text(), re.MULTILINE | re.DOTALL)


def _make(command, folder):
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        raise LabError(f"{' '.join(command)}:\n{done.stdout[-6000:]}".rstrip())
    return [folder / line for line in done.stdout.splitlines() if line.endswith(".deb")]


_ARCHIVES = "var/cache/apt/archives"


def _share_downloads(tree, cache, out):
    """Gives the system what apt has downloaded for others, or keeps what it has (@out)."""
    cache.mkdir(exist_ok=True)
    source, target = (tree / _ARCHIVES, cache) if out else (cache, tree / _ARCHIVES)
    for deb in source.glob("*.deb"):
        if not (target / deb.name).exists():
            shutil.copy(deb, target)


def _rename_version(path, pattern, text):
    old = path.read_text()
    path.write_text(re.sub(pattern, text, old, count=1, flags=re.MULTILINE))


def _copy_tree(target):
    """What git tracks of this tree, or would."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=TREE,
                            check=True, capture_output=True).stdout
    subprocess.run(f"tar -c --null --ignore-failed-read -T - | tar -x -C '{target}'", shell=True,
                   cwd=TREE, input=listed, check=True)


def packages_called(name):
    """The packages of this tree, if its version were @name."""
    target = TREE / "build/guest" / name
    with tempfile.TemporaryDirectory(prefix="qrng-other.") as folder:
        copy = Path(folder)
        _copy_tree(copy)
        _rename_version(copy / "uapi/qrng.h", _VERSION.pattern, rf'\1"{name}"')
        _rename_version(copy / "CHANGELOG.md", r"^## \S+,", f"## {name},")
        progress(f"the same as version {name}")
        return _make(["tools/package", str(target)], copy)


class Guest:
    """The system in the folder @tree."""

    def __init__(self, tree, tap):
        self.chroot = Chroot(tree)
        self._tap = tap
        self._folder = tree.parent
        self._install_scripts()

    def _install_scripts(self):
        put = self.chroot.put
        put(HERE / "init.sh", "/opt/guest/init")
        put(TREE / "tests/vm/guest/tap.sh", "/usr/lib/tap.sh")
        for part in HERE.glob("*.sh"):
            put(part, f"/opt/guest/{part.name}")
        put(HERE / "guest.service", "/etc/systemd/system/guest.service")
        self.chroot.write("/etc/fstab", "/dev/vda / ext4 defaults 0 0\n")
        self.chroot.write("/etc/hostname", "guest\n")
        self.chroot.write("/opt/guest/version", f"VERSION={version()}\nNEXT={NEXT}\n")
        self.chroot.write("/opt/guest/readme", "".join(line + "\n" for line in readme(1)))
        for number, block in enumerate(manual("openssl.md")):
            self.chroot.write(f"/opt/guest/openssl{number}", f"set -e\n{block}")
        self.chroot.write("/opt/guest/clients", manual("clients.md")[0])
        # Here a start takes as long as the machine outside is busy.
        self.chroot.write("/etc/systemd/system/qrng-ready.service.d/slow.conf",
                          "[Service]\nExecStart=\nExecStart=/usr/lib/qrng/qrng-ready 600\n"
                          "TimeoutStartSec=700\n")
        self.chroot.run("chmod +x /opt/guest/init; systemctl enable guest.service; "
                        "systemctl mask serial-getty@ttyS0 getty@tty1 apt-daily.timer "
                        "apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer "
                        "fstrim.timer e2scrub_reap")

    def install(self, command, folder):
        """Runs an apt-get @command in @folder of the system; returns its output."""
        cache = cache_root() / "guest/archives"
        _share_downloads(self.chroot.tree, cache, False)
        try:
            return self.chroot.run(command, folder)
        except LabError:
            # The lists are as old as the system in the cache; packages may have moved on.
            self.chroot.run("apt-get update")
            return self.chroot.run(command, folder)
        finally:
            _share_downloads(self.chroot.tree, cache, True)

    def add(self, debs, folder):
        """Puts packages into a folder of the guest."""
        for deb in debs:
            self.chroot.put(deb, f"{folder}/{deb.name}")

    def add_suite(self, suite):
        """Lets apt find packages of one more suite, if it is told to."""
        self.chroot.write(f"/etc/apt/sources.list.d/{suite}.list", archive_for(suite).line())
        self.chroot.run("apt-get update")

    def add_tree(self, folder):
        """Puts the files of this tree, and nothing that was built of them, into a folder of the guest."""
        target = self.chroot.tree / folder.lstrip("/")
        target.mkdir(parents=True)
        _copy_tree(target)

    def add_own(self, folder, names=("",)):
        """Makes the packages of this tree as the README has it, and puts those whose name begins
        with one of @names into a folder of the guest."""
        command = readme(0)[0]
        # Other tests make them at the same time, in the same place.
        with locked(TREE / "build/deb.lock"):
            progress(command)
            made = _make(["make", "-s", *command.split()[1:]], TREE)
            self.add([deb for deb in made if deb.name.startswith(names)], folder)

    def boot(self, script, release=None, limit=_LIMIT, again=False):
        """Starts the system with its newest kernel, or with @release, runs @script, and adds what
        it says to the results. It has @limit seconds for that. If @again, the system is what the
        boot before has left, instead of what was installed."""
        tree = self.chroot.tree
        self.chroot.write("/usr/lib/lab.env", f"LAB_FACTOR={int(factor() * stretch() + 1)}\n"
                          f"LAB_PATIENCE={PATIENCE}\n")
        release = release or disk.releases(tree)[-1]
        progress(f"starting {release} for {script}")
        boot = disk.make(tree, release, self._folder, again)
        opts = options.parse(["--timeout", str(limit), "--card", "--speed 0.1",
                              str(HERE / script)])
        opts.disk, opts.memory = boot.disk, _MEMORY_MB
        opts.append = [*_ARGUMENTS, f"guest.script={script}"]
        self._run(opts, boot)

    def _run(self, opts, boot):
        klog = KernelLog(self._folder / "console.log")
        rack = Rack(opts.emulator, opts.card, self._folder)
        machine = Machine(opts, self._folder, rack, self._tap, klog)
        try:
            machine.start(boot, boot.initrd)
            machine.run()
            report.add(machine, self._tap, klog)
        finally:
            machine.stop()
            rack.stop()
            klog.close()


def install(system, tap):
    """The README's second command, in a folder that holds what the first one made."""
    folder = "/root/qrng"
    system.add_own(f"{folder}/build/deb")
    said = system.install(readme_line := readme(0)[1], folder)
    tap.result("Building initial module" in said, f"README: {readme_line}", said)


def run(suite, test):
    """Has @test, a function of a guest and a list of results, do its work; returns the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tap = Tap(sys.stdout)
    try:
        with guest(suite, tap) as made:
            test(made, tap)
    except LabError as error:
        sys.exit(f"guest: {error}")
    return 0 if tap.finish() else 1


@contextmanager
def guest(suite, tap):
    """A Guest with a fresh Debian @suite, gone after the block."""
    with Image(suite).copy() as tree:
        yield Guest(tree, tap)
