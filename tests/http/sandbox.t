#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon's own sandbox: what the process gives up, what it can't do, and which files it opens."""

import fnmatch
import hashlib
import json
import os
import pwd
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import urllib.request

sys.dont_write_bytecode = True
from harness import (PATIENCE, RELEASE, ROOT, Daemon, done, equal, note, ok, scratch, skip,
                     stop_cleanly, wait_until)

CAGE = os.path.join(ROOT, "build/tests/http/cage")
TOKEN = "t" * 40
IS_ROOT = os.getuid() == 0
CAP_NET_ADMIN = 1 << 12
CAP_SYS_RESOURCE = 1 << 24


def write(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path + ".new", mode)
    os.rename(path + ".new", path)
    return path


def statuses(daemon):
    """/proc/PID/task/TID/status of every thread, as dicts."""
    found = []
    for task in os.listdir(f"/proc/{daemon.process.pid}/task"):
        with open(f"/proc/{daemon.process.pid}/task/{task}/status", encoding="utf-8") as status:
            found.append(dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line))
    return found


def fields(daemon, name):
    """What the threads have there, without repetition."""
    return {status[name] for status in statuses(daemon)}


def capabilities():
    with open("/proc/self/status", encoding="ascii") as status:
        return int(re.search(r"^CapEff:\s+(\w+)", status.read(), re.M).group(1), 16)


def landlock_abi(daemon):
    found = re.search(r"Landlock ABI (\d+)", daemon.log())
    return int(found.group(1)) if found else 0


def test_what_is_given_up():
    daemon = Daemon("--threads", "3", "--source", "/dev/urandom", binary=RELEASE)
    wait_until(lambda: len(statuses(daemon)) == 5)
    equal(len(statuses(daemon)), 5, "one thread waits for signals, three answer, one reads noise")
    equal((fields(daemon, "Seccomp"), fields(daemon, "NoNewPrivs")), ({"2"}, {"1"}),
          "each has a filter of system calls, and gains no rights")
    equal([fields(daemon, name) for name in ("CapPrm", "CapEff", "CapInh", "CapAmb")],
          [{"0" * 16}] * 4, "and no capability")
    equal(daemon.get("/v1/random?bytes=64")[0].status, 200, "which it needs none of")
    with open(f"/proc/{daemon.process.pid}/limits", encoding="ascii") as limits:
        ok(re.search(r"Max core file size +0 +0 ", limits.read()), "there are no core files")
    ok(daemon.stat("VmLck") > 0, "keys are locked into memory")
    equal(daemon.stop(), 0, "it ends well")
    daemon = Daemon("--sandbox", "off", binary=RELEASE)
    equal((fields(daemon, "Seccomp"), fields(daemon, "NoNewPrivs"), "sandbox: off" in daemon.log()),
          ({"0"}, {"0"}, True), "without the sandbox all stays as it was, and a line says so")
    daemon.stop()


def mappings(pid):
    """Of what it may write to: (first address, length, flags as of proc(5)), in turn."""
    with open(f"/proc/{pid}/smaps", encoding="ascii", errors="replace") as smaps:
        for line in smaps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) ", line)
            if found:
                first, last = int(found[1], 16), int(found[2], 16)
                writable = "w" in found[3]
            elif line.startswith("VmFlags:") and writable:
                yield first, last - first, line.split()[1:]


def read_memory(pid, regions):
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for first, length, _ in regions:
            memory.seek(first)
            yield memory.read(length)


def look_at_keys(pid, port):
    """What is in locked pages, such as keys and what was made by them, is nowhere else."""
    for _ in range(50):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/random?bytes=64", timeout=PATIENCE) as answer:
            answer.read()
    try:
        regions = list(mappings(pid))
        locked = [region for region in regions if "lo" in region[2]]
        kept = b"".join(read_memory(pid, locked))
        others = b"".join(read_memory(pid, [region for region in regions if "lo" not in region[2]]))
    except OSError as error:
        skip("keys are in locked pages alone", f"this machine's root may not look into memory: {error}")
        return
    hidden = sum(length for _, length, flags in locked if "dd" in flags)
    # One for each thread that answers, and one for what these are seeded from.
    ok(hidden >= 4096 * len(os.listdir(f"/proc/{pid}/task")),
       "pages of generators are locked, and kept out of core files besides", locked)
    pieces = {kept[at:at + 32] for at in range(0, len(kept) - 31, 16)}
    # What is as mixed as random bytes are.
    pieces = {piece for piece in pieces if len(set(piece)) >= 20}
    ok(len(pieces) >= 16, "keys are in locked pages", len(pieces))
    equal(sum(piece in others for piece in pieces), 0, f"and nowhere else in {len(others) >> 20} MiB")


def test_memory():
    """A limit of locked memory can't be raised by who is nobody."""
    def start(limit, look=None):
        def become():
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (limit, limit))
            os.setgroups([])
            os.setgid(pwd.getpwnam("nobody").pw_gid)
            os.setuid(pwd.getpwnam("nobody").pw_uid)
        process = subprocess.Popen([RELEASE, "--listen", "127.0.0.1:0", "--engine", "embedded"],
                                   stderr=subprocess.PIPE, text=True, preexec_fn=become)
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "listening" in line:
                break
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            locked = int(re.search(r"^VmLck:\s+(\d+)", status.read(), re.M).group(1))
        if look:
            look(process.pid, int(re.search(r"http://127\.0\.0\.1:(\d+)", lines[-1]).group(1)))
        process.terminate()
        process.communicate(timeout=PATIENCE)
        return locked, "".join(lines), process.returncode

    if not IS_ROOT:
        skip("limits of locked memory", "only root can become another user")
        return
    few, log, status = start(1 << 20, look_at_keys)
    ok(0 < few <= 1024 and "keys alone are locked into it, as RLIMIT_MEMLOCK is 1024 KiB" in log and
       status == 0, f"within a limit keys are locked, {few} KiB, and a line says so", log)
    none, log, status = start(0)
    ok(none == 0 and "can't be locked" in log and status == 0,
       "with none for that either it says what follows, and starts", none, log)
    if not capabilities() & CAP_SYS_RESOURCE:
        skip("without a limit all memory is locked", "this machine's root may not raise limits")
        return
    most, log, status = start(resource.RLIM_INFINITY)
    ok(most > 4 * few and "memory:" not in log and status == 0,
       f"without one all memory is locked, {most} KiB", log)


def test_user():
    for args, wanted in ((["--user", "no-such-user"], "user no-such-user: there is no such user"),
                         (["--user", "nobody", "--group", "no-such-group"],
                          "group no-such-group: there is no such group"),
                         (["--group", "nogroup"], "group nogroup: it needs a user")):
        done_so = subprocess.run([RELEASE, "--listen", "127.0.0.1:0", *args], capture_output=True,
                                 text=True, timeout=PATIENCE, check=False)
        ok(done_so.returncode == 1 and wanted in done_so.stderr, " ".join(args), done_so.stderr)
    folder = scratch("open")
    os.makedirs(folder)
    os.chmod(folder, 0o755)
    os.chmod(os.path.dirname(folder), 0o711)
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    admin, key = os.path.join(folder, "admin"), scratch("secret/key.pem")
    os.makedirs(os.path.dirname(key), mode=0o700)
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    daemon = Daemon("--threads", "2", "--user", "nobody", "--group", "daemon", "--admin-socket", admin,
                    "--signing-key", key, binary=RELEASE)
    group = str(__import__("grp").getgrnam("daemon").gr_gid)
    equal(fields(daemon, "Uid"), {"\t".join([str(nobody.pw_uid)] * 4)}, "it becomes the user")
    equal(fields(daemon, "Gid"), {"\t".join([group] * 4)}, "with the group")
    ok("0" not in next(iter(fields(daemon, "Groups"))).split(), "and none of root's")
    equal([fields(daemon, name) for name in ("CapPrm", "CapEff", "CapBnd")], [{"0" * 16}] * 3,
          "and has no capability, nor will")
    equal(daemon.get("/v1/random?bytes=8&signed=1")[0].status, 200, "what root had to read it has read")
    equal(daemon.get("/metrics")[0].status, 200, "it knows about itself")
    about = os.stat(admin)
    equal((about.st_uid, stat.S_IMODE(about.st_mode)), (nobody.pw_uid, 0o600),
          "the admin socket is that user's")
    daemon.signal(signal.SIGHUP)
    ok(wait_until(lambda: "settings not loaded again" in daemon.log()) and
       f"signing-key {key}: Permission denied" in daemon.log(),
       "what it may not read it can't read again", daemon.log())
    equal((daemon.get("/v1/random?bytes=8&signed=1")[0].status, daemon.stop(), os.path.exists(admin)),
          (200, 0, False), "it goes on with what it has, and takes its sockets away at the end")


def test_not_root():
    command = [RELEASE, "--listen", "127.0.0.1:0", "--user", "nobody"]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False,
                             preexec_fn=(lambda: os.setuid(1)) if IS_ROOT else None)
    ok(refused.returncode == 1 and "user nobody: only root can become another user" in refused.stderr,
       "who is not root can't become another user", refused.stderr)
    refused = subprocess.run([*command[:3], "--module-control", "on"], capture_output=True, text=True,
                             timeout=PATIENCE, check=False,
                             preexec_fn=(lambda: os.setuid(1)) if IS_ROOT else None)
    ok(refused.returncode == 1 and "no CAP_NET_ADMIN to keep" in refused.stderr,
       "nor keep a capability that is not there", refused.stderr)


def test_module_control():
    if not capabilities() & CAP_NET_ADMIN:
        skip("CAP_NET_ADMIN is kept when asked for", "it is not there to keep")
        return
    for args in ([], ["--user", "nobody"]):
        daemon = Daemon("--module-control", "on", *args, binary=RELEASE)
        equal((fields(daemon, "CapEff"), daemon.get("/v1/random")[0].status),
              ({f"{CAP_NET_ADMIN:016x}"}, 200),
              f"CAP_NET_ADMIN alone is kept when asked for {args}")
        daemon.stop()


def test_cage(has_landlock):
    """What the daemon's own objects let a program do behind the door."""
    log = scratch("cage/logs/public")
    os.makedirs(os.path.dirname(log))
    token = write(scratch("cage/token/file"), hashlib.sha256(TOKEN.encode()).hexdigest())
    stranger = write(scratch("cage/other"), "secret")
    said = subprocess.run([CAGE, stranger, "--engine", "embedded", "--admin-token", token,
                           "--public-log", log], capture_output=True, text=True, timeout=PATIENCE,
                          check=False)
    came = dict(line.split() for line in said.stdout.splitlines())
    for name, wanted in (("thread", "done"), ("read-named", "done"), ("write-log", "done"),
                         ("socket-netlink-generic", "done"), ("execve", "SIGSYS"),
                         ("ptrace", "SIGSYS"), ("process_vm_readv", "SIGSYS"), ("setuid", "SIGSYS"),
                         ("mount", "SIGSYS"), ("unshare", "SIGSYS"), ("fork", "EPERM"),
                         ("mmap-exec", "EPERM"), ("mprotect-exec", "EPERM"),
                         ("socket-packet", "EPERM"), ("socket-inet", "EPERM"),
                         ("socket-netlink-route", "EPERM"), ("ioctl", "EPERM"),
                         ("tgkill-others", "EPERM"), ("setrlimit", "EPERM")):
        equal(came.pop(name, said.stderr), wanted, f"in the sandbox, {name}: {wanted}")
    if has_landlock:
        equal(came, {"read-stranger": "EACCES", "write-named": "EACCES", "remove-log": "EACCES"},
              "a file that no setting names is out of reach, and a named one for other use")
    else:
        skip("files are out of reach", "this kernel has no Landlock")


def test_new_places():
    """A reload may name what is replaced, but not what the sandbox was not made for."""
    token = write(scratch("places/token"), hashlib.sha256(TOKEN.encode()).hexdigest())
    config = scratch("places/qrngd.conf")
    elsewhere = write(scratch("elsewhere/token"), hashlib.sha256(TOKEN.encode()).hexdigest())
    beside = write(scratch("places/beside"), hashlib.sha256(TOKEN.encode()).hexdigest())
    write(config, f"[admin]\nadmin-token = {token}\n")
    daemon = Daemon("--config", config, binary=RELEASE)
    headers = {"Authorization": "Bearer " + TOKEN}

    def reload():
        response, body = daemon.get("/v1/config/reload", "POST", headers=headers)
        return response.status, json.loads(body)

    write(token, hashlib.sha256(TOKEN.encode()).hexdigest())
    equal(reload()[0], 200, "files that were replaced are read again")
    write(config, f"[admin]\nadmin-token = {beside}\n")
    equal(reload()[0], 200, "and others beside them")
    if not landlock_abi(daemon):
        skip("a reload that names other places is refused", "this kernel has no Landlock")
        daemon.stop()
        return
    for name, path in (("admin-token", elsewhere), ("api-keys", "/etc/shadow"),
                       ("tls-key", "/etc/shadow"), ("public-log", "/etc/cron.d/qrngd")):
        if not os.path.exists(os.path.dirname(path)):
            continue
        write(config, f"[admin]\nadmin-token = {token}\n" if name != "admin-token" else "")
        with open(config, "a", encoding="utf-8") as file:
            section = {"admin-token": "admin", "api-keys": "access", "tls-key": "tls",
                       "public-log": "signatures"}[name]
            file.write(f"[{section}]\n{name} = {path}\n")
        status, document = reload()
        ok(status == 409 and f"{name} {path}: " in document["detail"] and
           "restart qrngd" in document["detail"], f"a reload with {name} = {path} is refused", document)
        response, body = daemon.get("/v1/config", "PATCH", json.dumps({"daemon": {name: path}}), headers)
        ok(response.status == 400 and "restart qrngd" in json.loads(body)["detail"],
           "and so is a request for it", body)
    ok(not os.path.exists("/etc/cron.d/qrngd"), "nothing was written there")
    daemon.stop()
    write(config, f"[admin]\nadmin-token = {elsewhere}\n")
    daemon = Daemon("--config", config, binary=RELEASE)
    equal(reload()[0], 200, "a new start takes it up")
    daemon.stop()


def documented():
    """The first column of the table of files in docs/security.md: paths and names of settings."""
    with open(os.path.join(ROOT, "docs/security.md"), encoding="utf-8") as file:
        table = re.search(r"^\| opened after the start .*?\n\n", file.read(), re.M | re.S).group()
    return re.findall(r"`([^`]+)`", " ".join(line.split("|")[1] for line in table.strip().splitlines()[2:]))


def use(daemon, token):
    """Asks for all that might open a file."""
    headers = {"Authorization": "Bearer " + token}
    for path in ("/", "/openapi.json", "/v1/status", "/v1/health", "/metrics", "/v1/config", "/v1/keys",
                 "/v1/random?bytes=8&signed=1", "/v1/random?source=raw", "/v1/random?bytes=3000000",
                 "/v1/image/random?width=64&height=64", "/v1/strings?length=8", "/telemetry", "/nothing"):
        daemon.get(path, headers=headers)
    daemon.get("/v1/config", "PATCH", b'{"daemon": {"drain": 3}}', headers)
    daemon.get("/v1/config/reload", "POST", headers=headers)
    before = daemon.log().count("settings loaded again")
    daemon.signal(signal.SIGHUP)
    ok(wait_until(lambda: daemon.log().count("settings loaded again") > before), "a traced one reloads")
    daemon.get("/v1/random?bytes=8&signed=1", headers=headers)


def opened_after_start(trace):
    """The paths that threads opened once the daemon listened."""
    with open(trace, encoding="utf-8", errors="replace") as file:
        text = file.read()
    after = text[text.index('"qrngd: listening'):]
    return set(re.findall(r'\b(?:open|openat|openat2|creat|execve)\((?:AT_FDCWD, )?"([^"]*)"', after))


def refused_after_start(trace):
    """Calls of the daemon's own that its sandbox did not let through."""
    with open(trace, encoding="utf-8", errors="replace") as file:
        text = file.read()
    after = text[text.index("SECCOMP_SET_MODE_FILTER"):]
    return [line for line in after.splitlines() if re.search(r"= -1 E(PERM|ACCES)\b", line)]


def test_documented_files():
    trace = scratch("trace")
    try:
        works = subprocess.run(["strace", "-o", trace, "true"], stderr=subprocess.DEVNULL,
                               check=False).returncode == 0
    except FileNotFoundError:
        works = False
    if not works:
        skip("no file is opened after the start but those that docs/security.md names",
             "there is no strace, or it may not trace")
        return
    folder = scratch("traced")
    certificate, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
    values = {"admin-token": write(os.path.join(folder, "token"),
                                   hashlib.sha256(TOKEN.encode()).hexdigest()),
              "api-keys": write(os.path.join(folder, "keys"), "[anonymous]\n"),
              "signing-key": key, "tls-key": key, "tls-certificate": certificate,
              "tls-client-ca": certificate, "tls-client-auth": "optional",
              "listen-tls": "127.0.0.1:0", "public-log": os.path.join(folder, "public"),
              "access-log": os.path.join(folder, "access"), "engine": "auto",
              "admin-socket": os.path.join(folder, "admin"), "source": "/dev/urandom"}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=x", "-days",
                    "3", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    daemon = Daemon(*[word for name, value in values.items() for word in ("--" + name, value)],
                    binary=RELEASE, under=["strace", "-f", "-q", "-s", "200", "-o", trace])
    child = subprocess.run(["pgrep", "-P", str(daemon.process.pid)], capture_output=True, text=True,
                           check=True).stdout.split()[0]
    daemon.signal = lambda number: os.kill(int(child), number)
    use(daemon, TOKEN)
    stop_cleanly(daemon)
    names = documented()
    wanted = [values.get(name, name) for name in names] + ["/dev/qrng_drbg"]
    opened = opened_after_start(trace)
    strangers = sorted(path for path in opened
                       if not any(fnmatch.fnmatchcase(path, pattern) for pattern in wanted))
    equal(strangers, [], "no file is opened after the start but those that docs/security.md names")
    refused = refused_after_start(trace)
    equal(refused, [], "and nothing that the daemon itself does is refused")
    seen = {"/proc/self/statm", values["admin-token"], values["public-log"], certificate}
    ok(seen <= opened, "and the trace has seen those that must be", seen - opened)
    note(f"opened: {', '.join(sorted(os.path.basename(path) for path in opened))}")


def main():
    probe = Daemon(binary=RELEASE)
    has_landlock = landlock_abi(probe) > 0
    ok(has_landlock or "this kernel has no Landlock" in probe.log(), "a line says whether files are limited",
       probe.log())
    probe.stop()
    test_what_is_given_up()
    test_memory()
    if IS_ROOT and shutil.which("openssl"):
        test_user()
    else:
        skip("root becomes another user", "this is not root")
    test_not_root()
    test_module_control()
    test_cage(has_landlock)
    test_new_places()
    test_documented_files()
    done()


main()
