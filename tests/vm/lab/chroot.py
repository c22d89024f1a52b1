# SPDX-License-Identifier: MIT
"""Commands in a Debian system that is a folder: what an administrator would type before a boot."""

import shutil
import subprocess
from pathlib import Path

from .say import LabError

# With mounts of its own, which end with it. Where that is not allowed it runs without: what
# is installed here needs neither.
_ENTER = ("mount -t proc proc \"$0/proc\" && mount -t sysfs sys \"$0/sys\" && "
          "mount -t tmpfs tmp \"$0/tmp\" || :; exec chroot \"$0\" \"$@\"")
_APART = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
                "DEBIAN_FRONTEND": "noninteractive"}


def _may_mount():
    return subprocess.run([*_APART, "true"], capture_output=True, check=False).returncode == 0


class Chroot:
    """The system in the folder @tree; nothing in it is started."""

    def __init__(self, tree):
        self.tree = Path(tree)
        self._prefix = _APART if _may_mount() else []

    def run(self, command, folder="/root"):
        """Runs a shell @command, returns its output; LabError with that if it fails."""
        policy = self.tree / "usr/sbin/policy-rc.d"
        names = self.tree / "etc/resolv.conf"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        names.unlink(missing_ok=True)
        shutil.copy("/etc/resolv.conf", names)
        try:
            done = subprocess.run(
                [*self._prefix, "sh", "-c", _ENTER, str(self.tree), "sh", "-ec",
                 f"cd {folder}; {command}"],
                env=_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
        finally:
            policy.unlink()
            names.unlink()
        if done.returncode:
            raise LabError(f"in the guest's system: {command}\n{done.stdout[-6000:]}".rstrip())
        return done.stdout

    def put(self, source, target):
        """Copies the file @source to @target, a path of the system."""
        path = self.tree / str(target).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, path)

    def write(self, target, text):
        """Makes the file @target of the system."""
        path = self.tree / str(target).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
