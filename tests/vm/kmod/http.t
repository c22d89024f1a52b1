#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The daemon on the module in a guest: a client outside asks for bytes and raw noise, and what
befalls card and module reaches /v1/events, /readyz and /metrics."""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from prometheus_client.parser import text_string_to_metric_families  # noqa: E402
from lab.outside import check, get, main  # noqa: E402


def ask_for_noise(base, size):
    """Raw noise: a card that is slow today is asked again, as the daemon advises."""
    for _ in range(60):
        status, headers, body = get(base, f"/v1/random?source=raw&bytes={size}")
        if status != 429 or b"the noise sources did not give" not in body:
            break
    return status, headers, body


def ask_for_bytes(base):
    """Bytes of the generator and of the card, told apart by their headers."""
    status, headers, body = get(base, "/v1/random?bytes=100000")
    check(status == 200 and len(body) == 100000 and headers["QRNG-Generator"] != "raw"
          and headers["QRNG-Source"] == "quantis.0" and int(headers["QRNG-Generation"]) >= 1
          and headers["QRNG-Engine"] == "device", "bytes, and where they come from", headers)
    answers = []
    for size in (1, 4096, 20000):
        status, headers, body = ask_for_noise(base, size)
        check(status == 200 and len(body) == size, f"{size} bytes of raw noise", body[:300])
        answers.append(body)
    check(headers["QRNG-Generator"] == "raw" and headers["QRNG-Source"] == "quantis.0"
          and headers["QRNG-Generation"] is None, "which says that it is", headers)
    check(answers[1][:64] not in answers[2], "and comes once")
    # An emulated card's noise: 256 values, 78 of each expected.
    counts = [answers[2].count(value) for value in range(256)]
    check(min(counts) > 20 and max(counts) < 160, "it looks like noise", counts)


def ask_for_too_much(base):
    """A quota of 30000 bytes and one more each second."""
    status, headers, body = get(base, "/v1/random?source=raw&bytes=20000")
    check(status == 429 and int(headers["Retry-After"]) > 3000
          and "quota" in json.loads(body)["detail"], "the quota is used up: 429", body)
    status, _, body = get(base, "/v1/random?source=raw&bytes=30001")
    check(status == 400 and "30000" in json.loads(body)["allowed"], "more than there ever is: 400",
          body)
    check(get(base, "/v1/random?bytes=30001")[0] == 200, "the generator has no quota")


def ask_for_metrics(base):
    """All of them, read by Prometheus' own client library."""
    body = get(base, "/metrics")[2].decode()
    families = list(text_string_to_metric_families(body))
    values = {(sample.name, *(label for _, label in sorted(sample.labels.items()))): sample.value
              for family in families for sample in family.samples}
    check(len(values) == sum(len(family.samples) for family in families)
          and all(family.documentation and family.type != "unknown" for family in families),
          "/metrics is valid", body)
    wanted = {("qrngd_raw_bytes_total",): 24097, ("qrngd_raw_refusals_total", "quota"): 1,
              ("qrngd_drbg_state", "ready"): 1, ("qrngd_drbg_state", "stalled"): 0,
              ("qrngd_source_modules", "quantis.0", "present"): 4,
              ("qrngd_source_modules", "quantis.0", "working"): 4,
              ("qrngd_source_health_failures_total", "quantis.0", "rct"): 0,
              ("qrngd_source_quality_ratio", "quantis.0"): 0.75,
              ("qrngd_events_total", "listening"): 1}
    for name, value in wanted.items():
        check(values.get(name) == value, f"{' '.join(name)} is {value}", values.get(name))
    check(values[("qrngd_source_raw_bytes_total", "quantis.0")]
          >= values[("qrngd_source_used_bytes_total", "quantis.0")] >= 24097
          and values[("qrngd_drbg_reseeds_total",)] >= 1
          and values[("qrngd_drbg_output_bytes_total",)] >= 32, "and what the module counts", body)


def client(base):
    """Uses the daemon, and says to the guest that it is done."""
    try:
        ask_for_bytes(base)
        ask_for_too_much(base)
        ask_for_metrics(base)
    finally:
        get(base, "/done")


if __name__ == "__main__":
    main(client, "--kernel", "6.1", "--card", "--speed 0.1", "--timeout", "300", HERE / "http.sh")
