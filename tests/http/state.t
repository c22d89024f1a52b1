#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the daemon says of itself: status, sources, readiness, metrics."""

import json
import os
import random
import re
import sys

sys.dont_write_bytecode = True
from prometheus_client.parser import text_string_to_metric_families

from harness import Daemon, done, equal, ok, scratch, stop_cleanly, wait_until

daemon = Daemon("--threads", "2")


def scrape(server):
    """The metrics as {(name, labels): value}, read by Prometheus' own client library."""
    response, body = server.get("/metrics")
    equal(response.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8",
          "the content type of the exposition format")
    families = list(text_string_to_metric_families(body.decode()))
    ok(all(family.documentation and family.type != "unknown" for family in families),
       "each metric has a type and a meaning")
    names = [family.name for family in families]
    equal(len(set(names)), len(names), "no metric comes twice")
    samples = [sample for family in families for sample in family.samples]
    ok(len({(s.name, tuple(sorted(s.labels.items()))) for s in samples}) == len(samples),
       "no sample comes twice")
    return {(s.name, *sorted(s.labels.items())): s.value for s in samples}


def test_metrics():
    before = scrape(daemon)
    for _ in range(7):
        daemon.get("/v1/random?bytes=1000")
    daemon.get("/v1/random?bytes=0")
    daemon.get("/no/such/path")
    after = scrape(daemon)

    def grown(name, *labels):
        return after.get((name, *labels), 0) - before.get((name, *labels), 0)

    equal(grown("qrngd_http_requests_total", ("path", "/v1/random"), ("status", "2xx")), 7,
          "good answers are counted")
    equal(grown("qrngd_http_requests_total", ("path", "/v1/random"), ("status", "4xx")), 1,
          "bad requests, too")
    equal(grown("qrngd_http_requests_total", ("path", ""), ("status", "4xx")), 1,
          "paths that are none are not spelt out")
    equal(grown("qrngd_http_request_duration_seconds_count"), 10, "ten requests took their time")
    equal(after[("qrngd_http_request_duration_seconds_bucket", ("le", "+Inf"))],
          after[("qrngd_http_request_duration_seconds_count",)], "all are in the last bucket")
    buckets = [value for key, value in after.items()
               if key[0] == "qrngd_http_request_duration_seconds_bucket"]
    equal(buckets, sorted(buckets), "buckets are cumulated")
    ok(0 < grown("qrngd_http_request_duration_seconds_sum") < 60, "the sum is in seconds")
    equal(grown("qrngd_random_bytes_total"), 7000, "random bytes are counted")
    ok(grown("qrngd_http_body_bytes_total") > 7000, "and bodies")
    equal((after[("qrngd_ready",)], after[("qrngd_engine_health", ("status", "healthy"))],
           after[("qrngd_source_info", ("source", "kernel"), ("state", "healthy"))]), (1, 1, 1),
          "health shows")


def test_status():
    document = json.loads(daemon.get("/v1/status")[1])
    ok(document["ready"] is True and document["provenance"]["engine"] == "embedded"
       and len(document["threads"]) == 2 and document["connections"] >= 1, "/v1/status", document)
    equal(json.loads(daemon.get("/v1/sources")[1])["sources"],
          [{"name": "kernel", "state": "healthy"}], "/v1/sources")
    equal(daemon.get("/v1/health")[1][:10], daemon.get("/health")[1][:10], "/v1/health")


def test_figures():
    """Figures about a source's noise, against what the noise itself says."""
    noise = random.Random(1).randbytes(1024)
    path = scratch("noise")
    with open(path, "wb") as file:
        file.write(noise)
    daemon = Daemon("--source", path)
    wait_until(lambda: daemon.health()[0] == 200)
    samples = scrape(daemon)
    counts = [noise.count(byte) for byte in range(256)]
    runs = [len(run) for run in re.findall("0+|1+", "".join(f"{byte:08b}" for byte in noise))]
    for name, value, digits in (
            ("raw_bytes_total", 1024, 0),
            ("ones_ratio", sum(byte.bit_count() for byte in noise) / 8192, 5),
            ("longest_run_bits", max(runs), 0),
            ("chi_square", sum((count - 4) ** 2 / 4 for count in counts), 2)):
        got = samples.get((f"qrngd_source_{name}", ("source", path)), -1)
        equal(round(got, digits), round(value, digits), f"its noise's {name}")
    ok(abs(samples[("qrngd_source_serial_correlation", ("source", path))]) < 0.2,
       "and how much neighbours have in common")
    stop_cleanly(daemon)


def test_loss():
    """A source of zeroes never passes its start-up test."""
    zeroes = scratch("zeroes")
    os.symlink("/dev/zero", zeroes)
    broken = Daemon("--source", zeroes)
    ok(wait_until(lambda: broken.health()[1]["status"] == "failed"), "a source fails")
    response, body = broken.get("/readyz")
    ok(response.status == 503 and json.loads(body)["status"] == 503
       and response.headers["Retry-After"], "then /readyz is 503", body)
    equal(broken.get("/healthz")[0].status, 200, "but the daemon is alive")
    samples = scrape(broken)
    equal((samples[("qrngd_ready",)], samples[("qrngd_engine_health", ("status", "failed"))]), (0, 1),
          "metrics say so, too")
    equal(json.loads(broken.get("/v1/status")[1])["ready"], False, "and /v1/status")
    stop_cleanly(broken)


test_metrics()
test_status()
test_figures()
test_loss()
stop_cleanly(daemon)
done()
