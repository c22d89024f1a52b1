# SPDX-License-Identifier: MIT
"""A private apt root: fetches Debian packages without touching the machine's apt state.

The mirror hosts and the keyring are those of the machine's own apt configuration, so
nothing here names a host: a suite the machine does not list is looked for beside one it does.
"""

import re
import subprocess
from collections import namedtuple
from pathlib import Path

from .say import LabError


class Archive(namedtuple("Archive", "uri suite signed_by")):
    """One suite on one host."""

    def line(self):
        """What apt reads of it in a list of sources."""
        key = f"[signed-by={self.signed_by}] " if self.signed_by else ""
        return f"deb {key}{self.uri} {self.suite} main\n"


_ONE_LINE = re.compile(r"deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+\S")


def _parse_one_line(text):
    for line in text.splitlines():
        match = _ONE_LINE.match(line.strip())
        if match:
            key = re.search(r"signed-by=(\S+)", match["options"] or "")
            yield Archive(match["uri"], match["suite"], key[1] if key else None)


def _stanza_fields(stanza):
    """The fields of one deb822 stanza, names in lower case, continuation lines joined."""
    fields, name = {}, None
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += "\n" + line.strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.lower()
            fields[name] = value.strip()
    return fields


def _parse_deb822(text):
    for stanza in re.split(r"\n\s*\n", text):
        fields = _stanza_fields(stanza)
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        key = fields.get("signed-by", "")
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                # A key written into the stanza itself has no path to point at.
                yield Archive(uri, suite, key if key.startswith("/") else None)


def _source_files():
    out = subprocess.run(
        ["apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"],
        check=True, capture_output=True, text=True).stdout
    paths = dict(re.findall(r"(\w+)='([^']*)'", out))
    files = [Path(paths["LIST"])]
    files += sorted(p for p in Path(paths["PARTS"]).glob("*") if p.suffix in (".list", ".sources"))
    return [f for f in files if f.is_file()]


def machine_archives():
    """Every archive the machine's apt is configured with, in order."""
    found = []
    for path in _source_files():
        text = path.read_text()
        parse = _parse_deb822 if path.suffix == ".sources" else _parse_one_line
        found += parse(text)
    return found


def archive_for(suite):
    """The archive that carries @suite: on the host of the machine's own archive of that kind."""
    security = suite.endswith("-security")
    debian = [a for a in machine_archives()
              if re.fullmatch(r"bookworm(-updates|-security)?|bullseye(-security)?|trixie(-security)?",
                              a.suite)]
    same_kind = [a for a in debian if a.suite.endswith("-security") == security]
    if same_kind:
        return same_kind[0]._replace(suite=suite)
    if debian:
        # Mirrors keep both trees side by side: .../debian and .../debian-security.
        base = debian[0].uri.rstrip("/").removesuffix("-security")
        return debian[0]._replace(uri=base + ("-security" if security else ""), suite=suite)
    raise LabError("apt sources of this machine name no Debian archive (looked for suites like bookworm)")


class AptRoot:
    """One suite's package lists and downloads, all under one directory."""

    def __init__(self, path, suite):
        self.path = Path(path)
        self.suite = suite
        self.config = self.path / "apt.conf"

    def _write_config(self):
        for sub in ("lists/partial", "cache/archives/partial", "none"):
            (self.path / sub).mkdir(parents=True, exist_ok=True)
        (self.path / "status").touch()
        (self.path / "sources.list").write_text(archive_for(self.suite).line())
        self.config.write_text(
            f'Dir::Etc::sourcelist "{self.path}/sources.list";\n'
            f'Dir::Etc::sourceparts "{self.path}/none";\n'
            f'Dir::Etc::preferences "{self.path}/none/none";\n'
            f'Dir::Etc::preferencesparts "{self.path}/none";\n'
            f'Dir::State "{self.path}";\n'
            f'Dir::State::Lists "{self.path}/lists";\n'
            f'Dir::State::status "{self.path}/status";\n'
            f'Dir::Cache "{self.path}/cache";\n'
            f'Dir::Cache::archives "{self.path}/cache/archives";\n'
            'APT::Architecture "amd64";\n'
            'APT::Sandbox::User "root";\n'
            'APT::Update::Error-Mode "any";\n'
            'Acquire::Retries "3";\n'
            'Acquire::http::Timeout "60";\n')

    def _run(self, *argv, cwd=None):
        done = subprocess.run([argv[0], "-c", str(self.config), *argv[1:]], cwd=cwd,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise LabError(f"{' '.join(argv)} ({self.suite}): {last[0] if last else 'failed'}")
        return done.stdout

    def update(self):
        """Fetches the suite's package lists."""
        self._write_config()
        self._run("apt-get", "-q", "update")

    def _show_all(self, packages):
        """Package name -> control fields of its newest candidate, for each of @packages."""
        out = self._run("apt-cache", "show", "--no-all-versions", *packages)
        stanzas = [dict(line.split(": ", 1) for line in stanza.splitlines()
                        if re.match(r"\S+: ", line)) for stanza in out.split("\n\n")]
        return {fields["Package"]: fields for fields in stanzas if "Package" in fields}

    def show(self, package):
        """The newest candidate's control fields as a dict."""
        return self._show_all([package])[package]

    def closure(self, packages, wanted):
        """@packages and what they depend on as far as the names match the regex @wanted."""
        todo, seen = set(packages), {}
        while todo:
            level = self._show_all(sorted(todo))
            seen |= level
            # Of alternatives (a | b) the first: that is the signed image, not its unsigned twin.
            depends = {name for fields in level.values()
                       for name in re.findall(r"(?:^|,)\s*([a-z0-9.+-]+)", fields.get("Depends", ""))
                       if re.match(wanted, name)}
            todo = depends - seen.keys()
        return seen

    def download(self, packages, directory):
        """Downloads @packages (verified by apt) into @directory, returns the .deb paths."""
        self._run("apt-get", "-q", "download", *packages, cwd=directory)
        return sorted(Path(directory).glob("*.deb"))
