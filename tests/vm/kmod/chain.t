#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Card registers to HTTP client: the client is here, everything else is in the guest."""

import http.client
import json
import sys
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from lab.outside import check, get, main  # noqa: E402

LONG = 100 << 20


def download(base):
    """How a long download ended: "whole", "broken", or "short" if it lied about its end."""
    received = 0
    try:
        with urllib.request.urlopen(f"{base}/v1/random?bytes={LONG}", timeout=60) as answer:
            while piece := answer.read(1 << 16):
                received += len(piece)
            # Python ends quietly when a body is cut: what it still waits for tells.
            cut = answer.length
    except (http.client.IncompleteRead, ConnectionError, TimeoutError) as error:
        return "broken", f"{received} bytes, then {error!r}"
    if received == LONG:
        return "whole", ""
    return ("broken" if cut else "short"), f"{received} bytes, {cut} more announced"


def client(base):
    """Uses the daemon while the guest watches."""
    status, headers, body = get(base, "/v1/random?bytes=1000000")
    check(status == 200 and len(body) == 1000000, "a client outside gets its bytes", status)
    check(headers["QRNG-Engine"] == "device" and headers["QRNG-Source"] == "quantis.0",
          "they say that they come from the card", headers)
    check(body != get(base, "/v1/random?bytes=1000000")[2], "the next ones are others")
    status, telemetry, body = get(base, "/health")
    document = json.loads(body)
    check(status == 200 and (document["engine"], document["status"]) == ("device", "ok"), "/health is good", body)
    buffered = int(telemetry["X-RNG-Entropy-Buffered-kB"])
    check(0 < buffered <= 16 and buffered == document["entropy_buffered_kb"] and 0 < document["entropy_buffered_pct"] <= 100
          and document["reseed_interval_ms"] > 0 and document["reseed_age_ms"] >= 0,
          "and tells how much noise waits in the module", body)
    end, why = download(base)
    check(end in ("whole", "broken"), f"the card is pulled in a long download: it is {end}", why)


if __name__ == "__main__":
    main(client, "--kernel", "6.1", "--card", "--speed 0.1", "--timeout", "240", HERE / "chain.sh")
