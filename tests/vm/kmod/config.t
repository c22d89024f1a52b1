#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""/v1/config and the module: what it shows, what the kernel takes and refuses. The client is here."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.outside import check, main  # noqa: E402

TOKEN = "a token of more than 32 characters"


def ask(base, wish=None):
    """(status, document) of a look at the settings, or of a wish to change them."""
    request = urllib.request.Request(
        base + "/v1/config", method="PATCH" if wish else "GET",
        data=json.dumps(wish).encode() if wish else None,
        headers={"Authorization": "Bearer " + TOKEN})
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def refused(base, wish, status, *words):
    got, document = ask(base, wish)
    check(got == status and all(word in document["detail"] for word in words),
          f"refused: {json.dumps(wish)[:70]}", f"{got} {document}")


def client(base):
    status, document = ask(base)
    module = document["module"]
    check(status == 200 and module["drbg"]["policy"]["value"] == "block" and
          module["drbg"]["reseed_interval"]["allowed"].startswith("1 to 86400"),
          "the module's settings are shown, with what is allowed", document)
    check(module["sources"]["quantis.0"]["enabled"]["value"] == 1, "and the card's", module)
    status, document = ask(base, {"daemon": {"drain": 3}, "module": {
        "drbg": {"reseed_interval": 120, "policy": "error", "grace_bytes": "2MiB"},
        "sources": {"quantis.0": {"quality": 700, "enabled": True}}}})
    drbg = document.get("module", {}).get("drbg", {})
    check(status == 200 and (drbg["reseed_interval"]["value"], drbg["policy"]["value"],
                             drbg["grace_bytes"]["value"]) == (120, "error", 2 << 20) and
          document["module"]["sources"]["quantis.0"]["quality"]["value"] == 700 and
          document["daemon"]["drain"]["value"] == 3,
          "daemon, generator and card are changed by one request", document)
    refused(base, {"module": {"drbg": {"reseed_interval": 0}}}, 409, "kernel:", "reseed-interval", "86400")
    refused(base, {"module": {"sources": {"quantis.0": {"quality": 5000}}}}, 409, "kernel:")
    refused(base, {"module": {"sources": {"quantis.7": {"quality": 700}}}}, 409, "quantis.7", "kernel:")
    refused(base, {"daemon": {"drain": 4}, "module": {"drbg": {"reseed_interval": 0}}}, 409, "kernel:")
    refused(base, {"module": {"drbg": {"policy": "hope"}}}, 400, "block, error")
    refused(base, {"module": {"drbg": {"generation": 4}}}, 400, "no such setting")
    refused(base, {"module": {"drbg": 4}}, 400, "object")
    refused(base, {"module": {"nonsense": {}}}, 400, "drbg")
    status, document = ask(base)
    check(document["daemon"]["drain"]["value"] == 3 and
          document["module"]["drbg"]["reseed_interval"]["value"] == 120,
          "what was refused has changed nothing", document)
    # The guest waits for this one.
    check(ask(base, {"module": {"drbg": {"reseed_interval": 77}}})[0] == 200, "and the module goes on")


if __name__ == "__main__":
    main(client, "--kernel", "6.1", "--card", "--timeout", "240", HERE / "config.sh")
