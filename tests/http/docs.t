#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The documents against the daemon that runs: every path, parameter, header and metric, and each example."""

import hashlib
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from harness import PATIENCE, ROOT, Daemon, done, equal, ok, scratch, stop_cleanly, wait_until

daemon = Daemon("--http2", "off", "--threads", "1", "--lokey=prefix")
NAMES = ("api", "entropy-service", "lokey")
DOCUMENTS = {}
for name in NAMES:
    with open(os.path.join(ROOT, f"docs/{name}.md"), encoding="utf-8") as file:
        DOCUMENTS[name] = file.read()
OPENAPI = json.loads(daemon.get("/openapi.json")[1])


def rows(text):
    """The tables in a text, row by row, as lists of cells."""
    for line in text.splitlines():
        if line.startswith("| "):
            yield [cell.strip() for cell in line.strip("|").split(" |")]


def sections(text):
    """What stands under each heading, up to the next of any level: {heading: text}."""
    parts = re.split(r"^#{1,6} (.+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def as_written(parameter):
    """The cells of a parameter's row: its default, and what is allowed."""
    schema = parameter["schema"]
    default = schema.get("default", "")
    if "enum" in schema:
        allowed = ", ".join(f"`{word}`" for word in schema["enum"])
    elif schema["type"] == "string":
        allowed = f"text of {schema['minLength']} to {schema['maxLength']} bytes"
    elif schema["type"] == "number":
        default, allowed = f"{default:g}", f"{schema['minimum']:g} to {schema['maximum']:g}"
    else:
        allowed = f"{schema['minimum']} to {schema['maximum']}"
    if parameter.get("required"):
        return "must be given", allowed
    return f"`{default}`" if default != "" else "", allowed


def documented():
    """{(method, path): {parameter: (default, allowed)}} of all documents."""
    found = {}
    for text in DOCUMENTS.values():
        shared = {row[0]: tuple(row[1:3]) for row in rows(sections(text).get("Signed answers", ""))}
        for heading, body in sections(text).items():
            parameters = {}
            # Only a table that comes first is one of parameters.
            for row in rows(body.strip().split("\n\n")[0]):
                for name in re.findall(r"`([^`]+)`", row[0]):
                    parameters[name] = shared[f"`{name}`"] if "(#signed-answers)" in row[-1] else tuple(row[1:3])
            for method, path in re.findall(r"`(GET|POST|PUT|DELETE|PATCH) (/[^`]*)`", heading):
                ok((method, path) not in found, f"{method} {path} is described once")
                found[method, path] = parameters
    return found


def test_paths():
    described = documented()
    there = {(method.upper(), path): operation for path, methods in OPENAPI["paths"].items()
             for method, operation in methods.items()}
    equal(sorted(set(described) - set(there)), [], "nothing is described that is not there")
    for key, operation in there.items():
        wanted = {parameter["name"]: as_written(parameter) for parameter in operation["parameters"]}
        equal(described.get(key), wanted, f"{' '.join(key)} is described with each parameter")
    for name, text in DOCUMENTS.items():
        for link in re.findall(r"\]\(#([^)]+)\)", text):
            headings = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in sections(text)}
            ok(link in headings, f"{name}.md: there is a heading #{link}")


def test_headers():
    """Each header that answers have is in a table of headers, and each of ours in a table is in some answer."""
    tables = [cell for text in DOCUMENTS.values() for row in rows(text) for cell in row]
    told = {header.lower() for cell in tables for header in re.findall(r"`((?:Access|Content-Security|QRNG|Retry|X)-[\w%-]*[\w%]|Allow|Upgrade|Refresh|Vary)`", cell)}
    plain = {"date", "connection", "content-length", "server", "accept-ranges", "content-type", "cache-control",
             "transfer-encoding"}
    shared = Daemon("--cors-origin", "https://a.example")
    seen = {name.lower() for name in shared.get("/", headers={"Origin": "https://a.example"})[0].headers}
    stop_cleanly(shared)
    for path in ("/v1/random", "/v1/random?signed=1", "/v1/data/random", "/v1/test", "/v1/image/random", "/stream",
                 "/v1/random?source=raw", "/nothing"):
        seen |= {name.lower() for name in daemon.get(path)[0].headers}
    seen |= {name.lower() for name in daemon.get("/", method="POST")[0].headers}
    slow = Daemon("--raw-rate", "1", "--raw-burst", "1")
    seen |= {"retry-after"} if slow.get("/v1/random?source=raw&bytes=1")[0].status in (429, 503) else set()
    stop_cleanly(slow)
    equal(sorted(seen - plain - told), [], "no answer has a header that is not described")
    equal(sorted(told - seen), [], "no header is described that no answer has")


def exposed():
    """{metric: type} of both engines: what a daemon says, and the table of what the module's files become."""
    types = {}
    keys, token = scratch("keys"), scratch("token")
    with open(keys, "w", encoding="ascii") as file:
        file.write("[anonymous]\nrequests-per-second = 1000\n")
    with open(token, "w", encoding="ascii") as file:
        file.write(hashlib.sha256(b"x" * 32).hexdigest() + "  -\n")
    noisy = Daemon("--source", "/dev/urandom", "--api-keys", keys, "--admin-token", token)
    for server in (daemon, noisy):
        wait_until(lambda server=server: server.health()[0] == 200)
        text = server.get("/metrics", headers={"Authorization": "Bearer " + "x" * 32})[1].decode()
        types.update(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
    stop_cleanly(noisy)
    with open(os.path.join(ROOT, "daemon/device_metrics.c"), encoding="utf-8") as source:
        rest = source.read()
    for prefix, name, kind in re.findall(r'\b(SOURCE|DRBG) "(\w+)",\s+"(gauge|counter)"', rest):
        types[f"qrngd_{prefix.lower()}_{name}"] = kind
    return types


def test_metrics():
    there = exposed()
    names = re.compile(r"`((?:qrngd|process|trng|fortuna|virtio|database|rng|qrng_buffer|entropy_buffer|http|wss|drbg)_\w+)`")
    told = {name: row[1] for document in DOCUMENTS.values() for row in rows(document) for name in names.findall(row[0])}
    equal(sorted(set(there) - set(told)), [], "each metric is described")
    equal(sorted(set(told) - set(there)), [], "each metric that is described is there")
    wrong = {name: kind for name, kind in told.items()
             if kind in ("gauge", "counter", "histogram") and there.get(name) != kind}
    equal(wrong, {}, "each is of the type that is described")


ATTACKERS = ["A network client", "A hostile web page", "A VM guest", "A local user", "A hostile device", "A thief of the disk",
             "A snapshot cloner"]


def test_attackers():
    """docs/security.md: who may attack, and that the tests which it says show something are there."""
    with open(os.path.join(ROOT, "docs/security.md"), encoding="utf-8") as file:
        text = file.read()
    part = re.search(r"^## Who may attack.*?(?=^## )", text, re.M | re.S).group()
    told = {heading: re.findall(r"^\| .* \| .* \| (.*) \|$", rows, re.M)[2:]
            for heading, rows in re.findall(r"^### ([^\n]*)\n(.*?)(?=^###|\Z)", part, re.M | re.S)}
    equal(list(told), ATTACKERS, "docs/security.md tells of each attacker")
    equal([who for who in told if not any("`tests/" in cell for cell in told[who])], [], "and of a test for each")
    tests = re.findall(r"`(tests/[^`]+)`", text)
    equal([test for test in tests if not os.path.exists(os.path.join(ROOT, test))], [], f"all {len(tests)} tests it names are there")


def test_what_is_shown():
    """docs/lokey.md: for each path, and each of LoKey's weaknesses, a test that is there and has such a result."""
    parts = sections(DOCUMENTS["lokey"])
    table = list(rows(parts["Which test shows it"]))[2:]
    missing = []
    for _, test, result in table:
        with open(os.path.join(ROOT, test.strip("`")), encoding="utf-8") as file:
            missing += [] if result in file.read() else [(test, result)]
    equal(missing, [], f"docs/lokey.md names {len(table)} results of tests that are there")
    called = r"`((?:GET|POST|PUT) /[^`]*)`"
    shown = {name for row in table for name in re.findall(called, row[0])}
    equal([heading for heading in parts if re.search(called, heading) and re.search(called, heading)[1] not in shown], [], "and a test for each path")


def shape(value):
    """A JSON value without what changes from one answer to the next."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else type(value).__name__


def outline(text):
    """The same of any output: JSON by its members, heads by their names, other text by the lengths of its lines."""
    if text.startswith("{"):
        return shape(json.loads(text))
    if text.startswith("HTTP/"):
        # Which fields come first, and in which case, is up to the library.
        names = sorted(line.split(":")[0].lower() for line in text.strip().splitlines()[1:])
        return text.split()[:2] + names
    return [len(line) for line in text.splitlines()]


def examples():
    for text in DOCUMENTS.values():
        for block in re.findall(r"^```\n(\$ .*?)^```$", text, re.M | re.S):
            for example in re.split(r"^\$ ", block, flags=re.M)[1:]:
                yield example.split("\n", 1)


def test_examples():
    count = 0
    for command, wanted in examples():
        run = subprocess.run(["bash", "-c", "set -o pipefail; " + command.replace("localhost:8080", f"127.0.0.1:{daemon.port}")],
                             capture_output=True, text=True, timeout=PATIENCE, check=False)
        equal(outline(run.stdout.replace("\r", "")), outline(wanted), command)
        ok(run.returncode in (0, 23), "and it ends well", run.returncode, run.stderr)
        count += 1
    ok(count > 15, "there are examples", count)


test_paths()
test_headers()
test_metrics()
test_attackers()
test_what_is_shown()
test_examples()
stop_cleanly(daemon)
done()
