# SPDX-License-Identifier: MIT
"""In the guest: every operation of uapi/qrng.yaml through the kernel's own client, and what has
to be refused, with the words it is refused with."""

import errno
import os
import socket
import struct
import subprocess
import sys
import time
import traceback

sys.path.insert(0, "/ynl")
from lib import Netlink, NlError, YnlFamily  # noqa: E402

SPEC = "/ynl/qrng.yaml"
NOBODY = 65534
CTRL_CMD_GETPOLICY = 10
# Said to be there at times only.
SOMETIMES = {"retry-ms", "grace-left-ms", "grace-left-bytes"}


class Tap:
    """Results on stdout."""

    def __init__(self):
        self.count = 0

    def ok(self, passed, text, detail=""):
        """One result."""
        self.count += 1
        print(f"{'ok' if passed else 'not ok'} {self.count} - {text}", flush=True)
        if not passed and detail:
            print("".join(f"# {line}\n" for line in str(detail).splitlines()), end="", flush=True)

    def equal(self, got, wanted, text):
        """A result that shows what it got instead."""
        self.ok(got == wanted, text, f"got {got!r}, wanted {wanted!r}")

    def refused(self, call, number, words, text):
        """@call must fail with the errno @number and say all of @words."""
        try:
            answer = call()
        except NlError as error:
            said = (error.nl_msg.extack or {}).get("msg", "")
            self.ok(error.error == number and all(word in said for word in words), text,
                    f"{errno.errorcode.get(error.error, error.error)}, said: {said!r}")
            return (error.nl_msg.extack or {})
        self.ok(False, text, f"it was done: {answer!r}")
        return {}


def family():
    """A client of its own; the schema was looked at where this was packed."""
    return YnlFamily(SPEC, schema="")


def eventually(condition, seconds=20):
    """Polls until @condition holds."""
    patience = int(os.environ["LAB_FACTOR"]) * int(os.environ["LAB_PATIENCE"])
    limit = time.monotonic() + seconds * patience
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True


class Listener:
    """Collects events."""

    def __init__(self):
        self.client = family()
        self.client.ntf_subscribe("events")
        self.seen = []

    def heard(self, kind, **wanted):
        """Has an event of this kind come, or does it come soon?"""
        def look():
            self.client.check_ntf()
            while self.client.async_msg_queue:
                self.seen.append(self.client.async_msg_queue.pop(0)["msg"])
            return any(event["kind"] == kind and wanted.items() <= event.items()
                       for event in self.seen)
        return eventually(look)

    def forget(self):
        """What comes from now on."""
        self.client.check_ntf()
        self.client.async_msg_queue.clear()
        self.seen.clear()


def attributes(client, operation, mode):
    """What the description says an answer holds."""
    return set(client.ops[operation].yaml[mode]["reply"]["attributes"])


def state(client, name="quantis.0"):
    """The state of a source."""
    return client.do("source-get", {"name": name})["state"]


def ready(client):
    """Is everything up?"""
    return (client.do("drbg-get", {})["state"] == "ready" and
            all(source["state"] == "healthy" for source in client.dump("source-get", {})))


def test_gets(tap, client):
    """Every get, do and dump, has every attribute of its description."""
    for operation in [name for name in client.ops if name.endswith("-get")]:
        spec = client.ops[operation]
        takes_name = "name" in spec.yaml["do"].get("request", {}).get("attributes", [])
        answer = client.do(operation, {"name": "quantis.1"} if takes_name else {})
        tap.equal(set(answer) - SOMETIMES, attributes(client, operation, "do") - SOMETIMES,
                  f"{operation} answers with what its description says")
        if takes_name:
            tap.equal(answer["name"], "quantis.1", f"{operation} tells of the source it was asked for")
        if "dump" not in spec.yaml:
            continue
        dump = client.dump(operation, {})
        wanted = attributes(client, operation, "dump") - SOMETIMES
        tap.ok(all(set(one) - SOMETIMES == wanted for one in dump),
               f"{operation}, dumped, answers with what its description says", dump)
        if takes_name:
            tap.equal([one["name"] for one in dump], ["quantis.0", "quantis.1"],
                      f"{operation}, dumped, has both cards")
    pools = client.dump("pool-get", {})
    tap.equal([pool["index"] for pool in pools], list(range(32)), "there are 32 pools, in order")


def test_values(tap, client):
    """What the answers say is true."""
    source = client.do("source-get", {"name": "quantis.0"})
    tap.equal([source[k] for k in ("state", "reason", "quality", "alpha", "enabled", "failures", "errno")],
              ["healthy", "none", 768, 30, 1, 0, 0], "a card in order says so")
    tap.equal([source[k] for k in ("modules", "modules-present", "modules-working")], [15] * 3,
              "with all its modules")
    health = client.do("health-get", {"name": "quantis.0"})
    tap.ok(1 < health["rct-cutoff"] < health["rct-cutoff-permanent"] and
           1 < health["apt-cutoff"] < health["apt-cutoff-permanent"] <= 512 and
           health["startup-passes"] == 1 and not health["startup-left"], "its tests are in use", health)
    stats = client.do("stats-get", {"name": "quantis.0"})
    tap.ok(stats["raw-bytes"] >= stats["used-bytes"] + stats["reserve-bytes"] > 0 and
           stats["starts"] == 1, "noise is counted", stats)
    drbg = client.do("drbg-get", {})
    tap.equal([drbg[k] for k in ("state", "reseed-reason", "generator", "policy", "kernel-seed")],
              ["ready", "first", "chacha20", "block", 0], "the generator is as it starts")
    with open("/sys/class/qrng/drbg/generation", encoding="ascii") as file:
        tap.equal(client.do("drbg-get", {})["generation"], int(file.read()), "sysfs agrees")


def limits(client, space, name):
    """(least, largest) of a number that can be set."""
    spec = client.attr_sets[space][name]
    if "enum" in spec.yaml:
        return 0, len(client.consts[spec.yaml["enum"]].entries) - 1
    checks = spec.yaml.get("checks", {})
    return checks.get("min", 0), checks.get("max", 2**(64 if spec.type == "u64" else 32) - 1)


def put(client, operation, values):
    """A set with numbers for enums, too, so that wrong ones can be sent; else as the client does it."""
    enums = {}
    for name in values:
        spec = client.ops[operation].attr_set[name]
        if "enum" in spec.yaml:
            enums[name] = spec.yaml.pop("enum")
    try:
        return client.do(operation, values)
    finally:
        for name, enum in enums.items():
            client.ops[operation].attr_set[name].yaml["enum"] = enum


def number(client, space, name, value):
    """An enum's word as its number."""
    spec = client.attr_sets[space][name]
    return client.consts[spec.yaml["enum"]].entries[value].value if "enum" in spec.yaml else value


def test_ranges(tap, client, operation, get, space, named):
    """Each setting takes its limits and refuses, in words, what lies beyond them."""
    settings = [n for n in client.ops[operation].yaml["do"]["request"]["attributes"] if n != "name"]
    before = client.do(get, named)
    for name in settings:
        least, largest = limits(client, space, name)
        # The card has four modules, whatever the protocol has room for.
        for value in (least, 15 if name == "modules" else largest):
            put(client, operation, {**named, name: value})
            now = number(client, space, name, client.do(get, named)[name])
            tap.equal(now, value, f"{operation} {name}={value}")
        bits = 64 if client.attr_sets[space][name].type == "u64" else 32
        for value in [v for v in (least - 1, largest + 1) if 0 <= v < 2**bits]:
            upper = str(largest) if largest + 1 < 2**bits else "more"
            extack = tap.refused(lambda v=value, n=name: put(client, operation, {**named, n: v}),
                                 errno.ERANGE, [name, "allowed", str(least), upper],
                                 f"{operation} {name}={value} is refused with the range")
            tap.equal(extack.get("bad-attr"), f".{name}", "and points at it")
        put(client, operation, {**named, name: number(client, space, name, before[name])})
    after = client.do(get, named)
    tap.equal({n: after[n] for n in settings}, {n: before[n] for n in settings},
              f"{operation} changes one without the others")


def test_drbg(tap, client):
    """All or nothing, and nothing is an error."""
    tap.refused(lambda: put(client, "drbg-set", {"policy": 1, "reseed-bytes": 1}), errno.ERANGE,
                ["reseed-bytes", "65536"], "a set with one wrong value is refused")
    tap.equal(client.do("drbg-get", {})["policy"], "block", "and has changed nothing")
    client.do("drbg-set", {"policy": "error", "grace-seconds": 7, "generator": "aes256-ctr"})
    drbg = client.do("drbg-get", {})
    tap.equal([drbg[n] for n in ("policy", "grace-seconds", "generator")], ["error", 7, "aes256-ctr"],
              "several are set at once, by name")
    client.do("drbg-set", {"policy": "block", "grace-seconds": 10, "generator": "chacha20"})
    tap.refused(lambda: client.do("drbg-set", {}), errno.EINVAL, ["nothing to set", "allowed"],
                "a set of nothing is refused with what there is")


def test_sources(tap, client):
    """Requests about no source, an unknown one, one that can not."""
    for operation in ("source-get", "health-get", "stats-get", "source-set", "source-test", "source-reset"):
        tap.refused(lambda o=operation: client.do(o, {}), errno.EINVAL, ["name", "missing"],
                    f"{operation} without a name is refused")
        tap.refused(lambda o=operation: client.do(o, {"name": "quantis.7"}), errno.ENODEV,
                    ["no source of that name"], f"{operation} of an unknown source is refused")
        for name in ("", "x" * 32):
            tap.refused(lambda o=operation, n=name: client.do(o, {"name": n}), errno.ERANGE,
                        ["name", "1 to 31"], f"{operation} of a name of {len(name)} characters is refused")
    tap.refused(lambda: client.do("source-set", {"name": "quantis.0"}), errno.EINVAL,
                ["nothing to set", "quality"], "a set of nothing is refused")
    tap.refused(lambda: client.do("source-set", {"name": "quantis.0", "modules": 16}), errno.EINVAL,
                ["modules", "allowed"], "a module that is not there is refused")
    tap.refused(lambda: client.do("source-set", {"name": "quantis.0", "quality": 512, "modules": 16}),
                errno.EINVAL, ["modules"], "with all that came along")
    tap.equal(client.do("source-get", {"name": "quantis.0"})["quality"], 768, "nothing of it was set")
    client.do("source-set", {"name": "quantis.0", "enabled": 0})
    tap.equal([state(client), state(client, "quantis.1")], ["disabled", "healthy"], "one source is disabled")
    for operation in ("source-test", "source-reset"):
        tap.refused(lambda o=operation: client.do(o, {"name": "quantis.0"}), errno.ESHUTDOWN,
                    ["disabled", "enabled to 1"], f"then {operation} is refused")
    client.do("source-set", {"name": "quantis.0", "enabled": 1})
    tap.ok(eventually(lambda: state(client) == "healthy"), "enabled, it comes back")


def test_events(tap, client):
    """What is done is told, to everybody who listens."""
    listener = Listener()
    before = time.clock_gettime(time.CLOCK_BOOTTIME) * 1000
    client.do("source-test", {"name": "quantis.0"})
    tap.ok(listener.heard("test-passed", source="quantis.0"),
           "a test on demand ends with an event", listener.seen)
    tap.equal(client.do("health-get", {"name": "quantis.0"})["tests"], 1, "and is counted")
    client.do("source-reset", {"name": "quantis.0"})
    tap.ok(listener.heard("source-state", **{"source-state": "healthy", "source": "quantis.0"}),
           "a reset ends with a healthy source", listener.seen)
    client.do("source-set", {"name": "quantis.1", "alpha": 32})
    tap.ok(listener.heard("source-config", source="quantis.1"),
           "a setting of a source is told", listener.seen)
    client.do("drbg-set", {"grace-seconds": 9})
    tap.ok(listener.heard("drbg-config", **{"drbg-state": "ready"}),
           "one of the generator, too", listener.seen)
    generation = client.do("drbg-get", {})["generation"]
    tap.ok(eventually(lambda: reseeded(client)), "a reseed on request is done once there is noise")
    tap.ok(listener.heard("reseed", **{"reseed-reason": "request"}),
           "and told, with its reason", listener.seen)
    tap.ok(client.do("drbg-get", {})["generation"] > generation, "the generation has moved")
    after = time.clock_gettime(time.CLOCK_BOOTTIME) * 1000
    times = [event["time-ms"] for event in listener.seen]
    tap.ok(times and int(before) <= min(times) and max(times) <= after,
           "events bear the time since boot", times)


def reseeded(client):
    """Asks for a reseed: was there enough noise?"""
    try:
        client.do("drbg-reseed", {})
    except NlError as error:
        if error.error != errno.EAGAIN:
            raise
        return False
    return True


def test_slow_listener(tap, client):
    """One that does not read holds up nobody, and is told that it has missed some."""
    listener = Listener()
    listener.client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    for count in range(200):
        client.do("drbg-set", {"grace-seconds": count % 7 + 1})
    try:
        while True:
            listener.client.sock.recv(65536, socket.MSG_DONTWAIT)
    except OSError as error:
        tap.equal(errno.errorcode[error.errno], "ENOBUFS", "a listener that does not read gets ENOBUFS")
    listener.client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    listener.forget()
    client.do("drbg-set", {"grace-seconds": 10})
    tap.ok(listener.heard("drbg-config"), "and hears what comes later")


class Raw:
    """Messages the client would not make."""

    def __init__(self, client):
        self.id = client.nlproto.family_id
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, Netlink.NETLINK_GENERIC)
        self.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, 1)
        self.sock.setsockopt(Netlink.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, 1)

    def ask(self, command, attrs=b"", version=1, flags=0, family_id=None):
        """Sends one request. Return: the errno of the answer, 0 for none."""
        genl = struct.pack("BBH", command, version, 0) + attrs
        flags |= Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK
        self.sock.send(struct.pack("=IHHII", 16 + len(genl), family_id or self.id, flags, 1, 0) + genl)
        while True:
            answer = self.sock.recv(65536)
            while answer:
                length, kind = struct.unpack_from("=IH", answer)
                if kind in (Netlink.NLMSG_ERROR, Netlink.NLMSG_DONE):
                    return -struct.unpack_from("=i", answer, 16)[0]
                answer = answer[(length + 3) & ~3:]


def attr(kind, payload):
    """One attribute."""
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def test_malformed(tap, client):
    """Whatever does not keep to the protocol is refused, and the family lives."""
    raw = Raw(client)
    name = attr(client.attr_sets["source"]["name"].value, b"quantis.0\0")
    quality = client.attr_sets["source"]["quality"].value
    grace = client.attr_sets["drbg"]["grace-seconds"].value
    ops = {n: o.req_value for n, o in client.ops.items()}
    cases = [
        ("a u32 of 2 bytes", ops["source-set"], name + attr(quality, bytes(2)), {}, errno.EINVAL),
        ("a u32 of 8 bytes", ops["drbg-set"], attr(grace, bytes(8)), {}, errno.EINVAL),
        ("a u32 of nothing", ops["drbg-set"], attr(grace, b""), {}, errno.EINVAL),
        ("a name without its end", ops["source-get"], attr(2, b"quantis.0"), {}, errno.EINVAL),
        ("a name of nothing", ops["source-get"], attr(2, b""), {}, errno.EINVAL),
        ("an attribute of another request", ops["source-get"], name + attr(quality, bytes(4)), {},
         errno.EINVAL),
        ("an unknown attribute", ops["source-get"], name + attr(999, bytes(4)), {}, errno.EINVAL),
        ("a padding attribute", ops["source-get"], attr(1, b"") + name, {}, errno.EINVAL),
        ("an attribute where none is taken", ops["drbg-get"], attr(2, bytes(4)), {}, errno.EINVAL),
        ("a padding attribute there", ops["drbg-reseed"], attr(1, b""), {}, errno.EINVAL),
        ("bytes behind the attributes", ops["source-get"], name + b"\1\2", {}, errno.EINVAL),
        ("an attribute longer than the message", ops["source-get"], struct.pack("=HH", 99, 2), {},
         errno.EINVAL),
        ("a choice in a dump", ops["source-get"], name, {"flags": Netlink.NLM_F_DUMP}, errno.EINVAL),
        ("a choice in a dump of pools", ops["pool-get"], attr(2, bytes(4)),
         {"flags": Netlink.NLM_F_DUMP}, errno.EINVAL),
        ("version 0", ops["drbg-get"], b"", {"version": 0}, errno.EPROTONOSUPPORT),
        ("version 2", ops["drbg-get"], b"", {"version": 2}, errno.EPROTONOSUPPORT),
        ("version 2 of a dump", ops["pool-get"], b"", {"version": 2, "flags": Netlink.NLM_F_DUMP},
         errno.EPROTONOSUPPORT),
        ("a dump of what has none", ops["drbg-get"], b"", {"flags": Netlink.NLM_F_DUMP}, errno.EOPNOTSUPP),
        ("an event as a request", client.msgs["event"].rsp_value, b"", {}, errno.EOPNOTSUPP),
        ("request 0", 0, b"", {}, errno.EOPNOTSUPP),
        ("request 255", 255, b"", {}, errno.EOPNOTSUPP),
    ]
    for text, command, attrs, more, wanted in cases:
        got = raw.ask(command, attrs, **more)
        tap.equal(errno.errorcode.get(got, got), errno.errorcode[wanted], f"refused: {text}")
    tap.equal(raw.ask(ops["source-get"], name), 0, "what keeps to it is answered")
    # A policy that checks numbers by functions makes the kernel warn when it is shown.
    tap.equal(raw.ask(CTRL_CMD_GETPOLICY, attr(Netlink.CTRL_ATTR_FAMILY_NAME, b"qrng\0"),
                      family_id=Netlink.GENL_ID_CTRL, flags=Netlink.NLM_F_DUMP), 0,
              "the policies can be looked at")


def as_child(mode):
    """What the children do; prints one line of words."""
    client = family()
    if mode == "listen":
        listener = Listener()
        print("listening", flush=True)
        print(f"heard {listener.heard('drbg-config')}", flush=True)
        return
    results = []
    for name, operation in client.ops.items():
        values = {n: 40 for n in ("alpha", "grace-seconds")
                  if n in operation.yaml["do"].get("request", {}).get("attributes", [])}
        if "name" in operation.yaml["do"].get("request", {}).get("attributes", []):
            values["name"] = "quantis.0"
        try:
            client.do(name, values)
            results.append(f"{name}=0")
        except NlError as error:
            results.append(f"{name}={errno.errorcode[error.error]}")
    Listener()
    print(*results, flush=True)


def child(mode, *before):
    """Starts this program again, as nobody if @mode is to ask."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if mode == "ask" else {}
    return subprocess.Popen([*before, "/bin/python3", __file__, mode], stdout=subprocess.PIPE,
                            text=True, **user)


def test_permissions(tap, client):
    """Everybody may look, nobody else may touch: not as root of a namespace of his own either."""
    before = client.do("drbg-get", {})["grace-seconds"]
    wanted = " ".join(f"{name}={'EPERM' if 'admin-perm' in op.yaml.get('flags', []) else 0}"
                      for name, op in client.ops.items())
    tap.equal(child("ask").communicate()[0].strip(), wanted,
              "an ordinary user may get and listen, and nothing else")
    tap.equal(child("ask", "unshare", "-U", "-r").communicate()[0].strip(), wanted,
              "root of a user namespace neither")
    tap.equal(client.do("drbg-get", {})["grace-seconds"], before, "nothing was set")
    listener = child("listen", "unshare", "-n")
    tap.equal(listener.stdout.readline().strip(), "listening", "another network namespace sees the family")
    client.do("drbg-set", {"grace-seconds": before})
    tap.equal(listener.communicate()[0].strip(), "heard True", "and hears its events")


def main():
    tap = Tap()
    client = family()
    tap.ok(eventually(lambda: ready(client), 30), "cards and generator are up")
    test_gets(tap, client)
    test_values(tap, client)
    test_permissions(tap, client)
    test_ranges(tap, client, "drbg-set", "drbg-get", "drbg", {})
    test_drbg(tap, client)
    test_ranges(tap, client, "source-set", "source-get", "source", {"name": "quantis.0"})
    test_sources(tap, client)
    test_events(tap, client)
    test_slow_listener(tap, client)
    test_malformed(tap, client)
    tap.ok(eventually(lambda: ready(client), 30), "cards and generator are still up")
    del client
    tap.equal(subprocess.call(["rmmod", "qrng"]), 0, "the module unloads")
    print(f"1..{tap.count}", flush=True)


if __name__ == "__main__":
    try:
        if len(sys.argv) > 1:
            as_child(sys.argv[1])
        else:
            main()
    except Exception:  # what went wrong is for people, on the channel they read
        print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), flush=True)
        sys.exit(1)
