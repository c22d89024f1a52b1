#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The description of the API against the server that runs, and each parameter against bad input.

Nothing here knows a route: a new one is tested as soon as it is in the table."""

import json
import sys
import urllib.parse

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, note, ok, stop_cleanly

daemon = Daemon()
# Answers without an end are looked at only as far as their head.
ENDLESS = {"/v1/stream", "/v1/stream/events", "/v1/events"}
PATHS = {}
DOCUMENT = {}
ROUTES = {}
# Of keys, which nobody asked for here.
KEYLESS = {"/v1/quota"}
# Those that answer with a WebSocket or not at all.
SOCKETS = set()
# What fits the few parameters that have no default.
REQUIRED = {}


def described():
    response, body = daemon.get("/openapi.json")
    document = json.loads(body)
    DOCUMENT.update(document)
    equal(response.headers["Content-Type"], "application/json", "the description is JSON")
    ok(document["openapi"].startswith("3.1."), "OpenAPI 3.1", document["openapi"])
    operations = [method for path in document["paths"].values() for method in path.values()]
    equal(len({operation["operationId"] for operation in operations}), len(operations),
          "operation ids are unique")
    ok(all(operation["summary"].endswith(".") for operation in operations),
       "each path says what it gives")
    ok(all(parameter["description"] and "default" in parameter["schema"]
           or parameter.get("required") or parameter["schema"]["type"] == "string"
           for operation in operations for parameter in operation["parameters"]),
       "each parameter has a meaning, and a default unless it is required")
    for path, methods in document["paths"].items():
        PATHS[path] = methods
        # What is not for everybody has a test of its own, reload.t.
        if "get" in methods and "security" not in methods["get"]:
            ROUTES[path] = resolve(methods["get"])
        if "101" in methods.get("get", {"responses": {}})["responses"]:
            SOCKETS.add(path)


def resolve(node):
    """The description with what is only referred to put in its place."""
    if isinstance(node, list):
        return [resolve(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return resolve(target)
    return {name: resolve(item) for name, item in node.items()}


def required(operation):
    """The parameters without a default, with a value that will do."""
    return {parameter["name"]: "a,b,c" for parameter in operation["parameters"]
            if parameter.get("required")}


def url(path, values):
    return path + ("?" + urllib.parse.urlencode(values) if values else "")


def status_of(path, values, method="GET"):
    """The status and headers of an answer; the body only if it ends."""
    connection = daemon.http()
    connection.request(method, url(path, values))
    response = connection.getresponse()
    body = b"" if path in ENDLESS and response.status == 200 else response.read()
    connection.close()
    return response, body


def test_defaults():
    for path, operation in ROUTES.items():
        response, body = status_of(path, required(operation))
        kind = response.headers["Content-Type"].split(";")[0]
        responses = operation["responses"]
        described_as = responses.get(str(response.status), responses["default"]).get("content", {})
        good = (426,) if path in SOCKETS else (404,) if path in KEYLESS else (200, 429, 503)
        ok(response.status in good and kind in described_as,
           f"{path} answers as described", response.status, kind, body[:300])
        head, _ = status_of(path, required(operation), "HEAD")
        ok(head.status == response.status, f"{path}: HEAD like GET", head.status)
        ok(response.headers["Cache-Control"] == "no-store" and response.headers["QRNG-Engine"],
           f"{path}: not cached, and says where it comes from")


def bad_values(schema):
    """Values that this type of parameter must refuse, already encoded."""
    yield from ("", "%00", "%zz" if schema["type"] == "string" else "%31", "%80%ff")
    if schema["type"] == "integer":
        yield from (str(schema["minimum"] - 1), str(schema["maximum"] + 1), "1e3", "0x1", "+1",
                    "--1", "-", "1.0", "9" * 400, "-" + "9" * 400, "abc", "1%00", "1,2")
    elif schema["type"] == "number":
        yield from ("nan", "inf", "-inf", "0x1p1", "1e999", "-1e999", "1..2", "e", "-", "1e",
                    "%20", "9" * 400, repr(schema["minimum"] - 1), repr(schema["maximum"] * 2 + 1))
    elif "enum" in schema:
        yield from (schema["enum"][0].swapcase() if schema["enum"][0].isalpha() else "x",
                    schema["enum"][0] + "x", schema["enum"][0] + ",", "nonsense", "%20")
    else:
        yield from ("%", "%4", "%ed%a0%80", "%c0%80", "a%00b", "x" * (schema["maxLength"] + 1))


def refused(path, operation, name, query):
    """A list of what is wrong with the refusal, empty if nothing."""
    rest = {key: value for key, value in required(operation).items() if key != name}
    connection = daemon.http()
    connection.request("GET", path + "?" + "&".join([*(f"{k}={v}" for k, v in rest.items()), query]))
    response = connection.getresponse()
    if response.status == 200:
        connection.close()
        return [f"{path}?{query[:60]}: 200"]
    body = response.read()
    connection.close()
    document = json.loads(body)
    if (response.status != 400 or document["parameter"] != name or not document["allowed"]
            or response.headers["Content-Type"] != "application/problem+json"):
        return [f"{path}?{query[:60]}: {response.status} {body[:200]}"]
    return []


def test_bad_input():
    for path, operation in ROUTES.items():
        wrong = []
        for parameter in operation["parameters"]:
            name, schema = parameter["name"], parameter["schema"]
            for value in bad_values(schema):
                wrong += refused(path, operation, name, f"{name}={value}")
            wrong += refused(path, operation, name, name)
            good = schema.get("default", schema.get("enum", ["1"])[0])
            good = urllib.parse.quote(str(good))
            wrong += refused(path, operation, name, f"{name}={good}&{name}={good}")
            wrong += refused(path, operation, name.upper(), f"{name.upper()}={good}")
            wrong += refused(path, operation, f"%{ord(name[0]):x}{name[1:]}",
                             f"%{ord(name[0]):x}{name[1:]}={good}")
        wrong += refused(path, operation, "nothing", "nothing=1")
        ok(not wrong, f"{path}: bad values are refused by name", *wrong[:20])


def test_limits():
    """The ends of each range are allowed; only heads, since the answers may be long."""
    for path, operation in ROUTES.items():
        wrong = []
        for parameter in operation["parameters"]:
            schema = parameter["schema"]
            ends = [schema[key] for key in ("minimum", "maximum") if key in schema]
            for value in ends + schema.get("enum", []):
                values = {**required(operation), parameter["name"]: value}
                response, body = status_of(path, values, "HEAD")
                good = 426 if path in SOCKETS else 200
                if response.status not in ((good, 400) if ends else (good,)) + (429, 503):
                    wrong.append(f"{url(path, values)}: {response.status}")
        ok(not wrong, f"{path}: the ends of the ranges are answered", *wrong[:20])


def answer_to(path, method):
    """The head of an answer, whose body may have no end."""
    connection = daemon.http()
    try:
        connection.request(method, path)
        return connection.getresponse()
    finally:
        connection.close()


def test_methods():
    """Each path answers others than its own with 405, and what is not for everybody so."""
    wrong = []
    for path, methods in PATHS.items():
        known = {method.upper() for method in methods}
        known |= {"HEAD"} if "GET" in known else set()
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"):
            response = answer_to(path, method) if method not in known else None
            if response and (response.status != 405 or
                             set(response.headers["Allow"].split(", ")) != known):
                wrong.append(f"{method} {path}: {response.status} {response.headers['Allow']}")
        for method in known & {"GET", "POST", "PATCH"}:
            if "security" in methods[method.lower()]:
                response = answer_to(path, method)
                if response.status != 403:
                    wrong.append(f"{method} {path}: {response.status}")
    ok(not wrong, "other methods, and who may not, are refused", *wrong)


def test_page():
    response, body = daemon.get("/")
    equal(response.headers["Content-Type"], "text/html; charset=utf-8", "the page is HTML")
    text = body.decode()
    ok(all(f"<code>{path}</code>" in text for path in PATHS), "the page shows every path")
    ok(all(f"<code>{parameter['name']}</code>" in text for operation in ROUTES.values()
           for parameter in operation["parameters"]), "and every parameter")


described()
note(f"{len(ROUTES)} paths")
test_defaults()
test_bad_input()
test_limits()
test_methods()
test_page()
stop_cleanly(daemon)
done()
