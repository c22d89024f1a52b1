#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""LoKey's API: data in each format out of queues that keep their word, configuration, state, metrics."""

import http.client
import json
import os
import sys

from prometheus_client.parser import text_string_to_metric_families

sys.dont_write_bytecode = True
from harness import PATIENCE, RELEASE, done, equal, ok, scratch, stop_cleanly, wait_until
from lokey import Lokey, noise_source

daemon = Lokey()
FORMATS = {f"{sign}int{bits}": (bits // 8, (0, 2 ** bits) if sign else (-2 ** (bits - 1), 2 ** (bits - 1)))
           for bits in (8, 16, 32, 64) for sign in ("", "u")}


def api(path, method="GET", body=None, headers=None, of=None):
    return (of or daemon).ask("API", path, method, body, headers)


def data(of=None, **order):
    return api("/api/v1/data", "POST", {"source": "fortuna", **order}, of=of)


def figures(of, queue):
    return api("/api/v1/status", of=of)[2][queue]


def test_formats():
    for name, (_, (low, high)) in FORMATS.items():
        status, headers, answer = data(format=name, limit=500)
        equal((status, headers["Content-Type"], len(answer)), (200, "application/json; charset=utf-8", 500), f"{name}: 500 numbers")
        ok(all(isinstance(value, int) and low <= value < high for value in answer), f"{name}: within its range")
        middle = (low + high) // 2
        ok(180 < sum(value >= middle for value in answer) < 320, f"{name}: all over its range")
    for limit in (1, 100000):
        equal(len(data(format="uint8", limit=limit)[2]), limit, f"{limit} values")
        equal(len(data(format="uint64", limit=limit)[2]), limit, f"{limit} long ones")
        status, headers, answer = data(format="binary", limit=limit)
        equal((status, headers["Content-Type"], headers["Content-Disposition"], len(answer), headers["Content-Length"]),
              (200, "application/octet-stream", "attachment; filename=random.bin", limit, str(limit)), f"{limit} bytes")


def test_numbers_are_big_endian():
    """One and the same bytes in every format, as they are not consumed."""
    peek = Lokey()
    equal(api("/api/v1/config/consume", "PUT", {"consume": False}, of=peek)[2], {"consume": False}, "consuming is switched off")
    plain = data(peek, format="binary", limit=4096)[2]
    equal(data(peek, format="binary", limit=4096)[2], plain, "then all get the same, as they were told")
    for name, (width, (low, _)) in FORMATS.items():
        wanted = [int.from_bytes(plain[at:at + width], "big", signed=low < 0) for at in range(0, 4096, width)]
        ok(data(peek, format=name, limit=4096 // width)[2] == wanted, f"{name} is big-endian, and no byte is lost between items")
    equal(data(peek, format="binary", limit=64, offset=2)[2], plain[512:576], "an offset is one of items")
    stop_cleanly(peek)


def test_every_client_gets_other_bytes():
    """LoKey gives everybody the same until it is told not to."""
    equal(api("/api/v1/config/consume")[2], {"consume": True}, "what is handed out is gone by default")
    seen = [data(format="binary", limit=16)[2] for _ in range(50)] + [data(format="binary", limit=100000)[2][:16] for _ in range(3)]
    equal(len(set(seen)), 53, "no two answers are the same")
    fresh = Lokey()
    wait_until(lambda: figures(fresh, "fortuna")["queue_percentage"] == 100)
    before = figures(fresh, "fortuna")["consumed_count"]
    for _ in range(8):
        data(fresh, format="binary", limit=64)
    equal(figures(fresh, "fortuna")["consumed_count"] - before, 2, "and eight requests of 64 bytes take two items of 256, not 56")
    stop_cleanly(fresh)


def test_mistakes():
    for body, named in ((b"", "Invalid request body"), (b"{", "Invalid request body"), (b"[]", "Invalid request body"),
                        ({}, "format"), ({"format": "int9"}, "format"), ({"format": 8}, "format"), ({"format": "uint8", "limit": 0}, "limit"),
                        ({"format": "uint8", "limit": 100001}, "limit"), ({"format": "uint8", "limit": "1"}, "limit"), ({"format": "uint8", "limit": 1.5}, "limit"),
                        ({"format": "uint8", "offset": -1}, "offset"), ({"format": "uint8", "source": "virtio"}, "source"), ({"format": "uint8", "source": None}, "source")):
        status, _, answer = api("/api/v1/data", "POST", body)
        ok(status == 400 and named in answer["error"], f"{body}: 400", status, answer)
    status, _, answer = data(format="uint8", limit=3, chunk_size=31, comment="older clients send that")
    equal((status, len(answer)), (200, 3), "what older clients send besides is ignored")
    equal(len(api("/api/v1/data", "POST", {"format": "binary", "source": "fortuna"})[2]), 1, "what is left out has a default")
    equal(api("/api/v1/data")[0], 405, "it is only for POST")


def test_orders_said_again():
    """What a thread remembers of the last ones, 128 characters long at most, is theirs; of mistakes it remembers nothing."""
    orders = [json.dumps({"format": "binary", "limit": limit, "source": "fortuna"}) for limit in range(10, 17)]
    orders += [json.dumps({"format": "binary", "limit": 17, "comment": "x" * length, "source": "fortuna"}) for length in (58, 59, 60, 1000)]
    wrong = [orders[0].replace("binary", "binarx"), orders[0][:-1], orders[0] + "x", ""]
    wanted = [(200, limit) for limit in range(10, 17)] + [(200, 17)] * 4 + [400] * 4
    connection = http.client.HTTPConnection("127.0.0.1", daemon.ports["API"], timeout=PATIENCE)

    def ask(order):
        connection.request("POST", "/api/v1/data", body=order)
        response = connection.getresponse()
        content = response.read()
        return (200, len(content)) if response.status == 200 else response.status

    for turn in ("once", "again"):
        found = [ask(order) for order in orders + wrong for _ in range(2)]
        equal(found, [status for status in wanted for _ in range(2)], f"each order said twice, {turn}")
    ordered = [7, 2, 2, 0, 1, 7, 3, 0, 4, 1, 9, 2, 0, 8]
    equal([ask(orders[i]) for i in ordered], [wanted[i] for i in ordered], "or in any order")
    connection.close()


def test_noise():
    status, _, answer = data(format="uint32", limit=8, source="trng")
    ok(status == 503 and "no raw noise here" in answer["error"], "without a source of noise: 503 that says so", answer)
    equal(data(format="binary", limit=100000, source="trng")[0], 503, "however much is asked for")
    noisy = Lokey("--source", noise_source("noise"))
    ok(wait_until(lambda: data(noisy, format="uint32", limit=8, source="trng")[0] == 200), "with one there is noise")
    status, headers, answer = data(noisy, format="binary", limit=1000, source="trng")
    equal((status, len(answer), headers["QRNG-Generator"]), (200, 1000, "raw"), "which no generator made")
    quality = api("/api/v1/status", of=noisy)[2]["trng_quality"]
    bits = quality["monobit"]
    ok(bits["total"] == bits["zeros"] + bits["ones"] > 8000 and 0.45 < bits["average"] < 0.55, "the noise was looked at", quality)
    equal((quality["apt"]["window_size"], quality["apt"]["cutoff"], sorted(quality["repetition_count"])), (512, 290, ["current_run", "failures", "last_value"]),
          "by LoKey's formulas")
    ok(quality["sp800_90b"]["rct_cutoff"] < 20 and quality["sp800_90b"]["apt_cutoff"] < 100 and quality["sp800_90b"]["startup_samples_left"] == 0,
       "and by those of SP 800-90B", quality["sp800_90b"])
    equal(api("/api/v1/health", of=noisy)[2]["status"], "healthy", "all is well")
    stop_cleanly(noisy)


def test_never_shorter_in_silence():
    """LoKey gives what it has, and says nothing."""
    with open(scratch("drop"), "wb") as file:
        file.write(os.urandom(6000))
    scarce = Lokey("--source", scratch("drop"))
    statuses = {}
    def look():
        status, _, answer = data(scarce, format="binary", limit=100000, source="trng")
        statuses[status] = answer
        return 503 in statuses or 404 in statuses
    ok(wait_until(look), "more than there is", statuses)
    ok(200 not in statuses and all("error" in answer for answer in statuses.values()), "is never cut short", statuses)
    stop_cleanly(scarce)


def test_configuration():
    equal(api("/api/v1/config/queue")[2], {"trng_queue_size": 500000, "fortuna_queue_size": 10000, "virtio_queue_size": 15000}, "the queues' sizes")
    wanted = {"trng_queue_size": 1000, "fortuna_queue_size": 5000, "virtio_queue_size": 20}
    equal(api("/api/v1/config/queue", "PUT", wanted)[2], wanted, "can be changed")
    equal(api("/api/v1/config/queue", "PUT", {"trng_queue_size": 10, "fortuna_queue_size": 1000000})[2],
          {"trng_queue_size": 10, "fortuna_queue_size": 1000000, "virtio_queue_size": 20}, "as older clients do, who know two of them")
    for wrong in (9, 1000001, -1, 0, "100", 20.5):
        status, _, answer = api("/api/v1/config/queue", "PUT", {"trng_queue_size": 50, "virtio_queue_size": wrong})
        ok(status == 400 and "virtio_queue_size" in answer["error"], f"{wrong!r} is refused", answer)
    equal(api("/api/v1/config/queue")[2]["trng_queue_size"], 10, "and nothing of such a request is done")
    for path in ("/api/v1/config/virtio", "/config/virtio"):
        for source in ("both", "trng", "fortuna"):
            equal(api(path, "PUT", {"seeding_source": source, "queue_size": 30})[2], {"seeding_source": source, "queue_size": 30}, f"{path}: {source}")
        equal(api(path)[2], {"seeding_source": "fortuna", "queue_size": 30}, f"{path}: and there it is")
        equal(api(path, "PUT", {"seeding_source": "dice"})[0], 400, f"{path}: nothing else")
    for path in ("/api/v1/config/consume", "/api/v1/config/consumption", "/config/consumption"):
        equal(api(path, "PUT", {"consume": True})[2], {"consume": True}, path)
        for wrong in ({}, {"consume": 1}, [], b"x"):
            equal(api(path, "PUT", wrong)[0], 400, f"{path}: {wrong} is refused")


def test_virtio_configuration_keeps_what_is_queued():
    """With LoKey's store it deletes both other queues, and all that comes later."""
    fresh = Lokey()
    wait_until(lambda: figures(fresh, "fortuna")["queue_percentage"] == 100)
    api("/api/v1/config/virtio", "PUT", {"seeding_source": "fortuna", "queue_size": 100}, of=fresh)
    after = figures(fresh, "fortuna")
    equal((after["queue_current"], after["queue_capacity"]), (10000, 10000), "the other queues are as they were")
    stop_cleanly(fresh)


def test_strangers_may_not_configure():
    for path, body in (("/api/v1/config/queue", {"trng_queue_size": 10}), ("/api/v1/config/consume", {"consume": False}),
                       ("/config/virtio", {"seeding_source": "trng"}), ("/config/consumption", {"consume": False})):
        status, headers, answer = api(path, "PUT", body, {"Origin": "https://evil.example"})
        ok(status == 403 and "Access-Control-Allow-Origin" not in headers, f"{path}: not for pages of others", answer)
        equal(api(path, "PUT", body, {"Forwarded": "for=192.0.2.1"})[0], 403, f"{path}: nor through a proxy")
    equal(api("/api/v1/config/consume")[2], {"consume": True}, "nothing has changed")


def test_cors():
    status, headers, _ = api("/api/v1/config/queue", "OPTIONS", headers={"Origin": "https://a.example"})
    equal((status, headers["Access-Control-Allow-Methods"], headers["Access-Control-Allow-Headers"]),
          (204, "GET, POST, PUT, DELETE, OPTIONS", "Content-Type, Authorization, Accept"), "OPTIONS: 204, with what LoKey says")
    for path in ("/api/v1/data", "/nothing"):
        status, headers, _ = api(path, "OPTIONS")
        equal((status, headers["Access-Control-Allow-Origin"]), (204, "*"), f"OPTIONS {path}")
    equal(data(format="uint8", limit=1)[1]["Access-Control-Allow-Origin"], "*", "any page may have bytes")


def test_state():
    status, _, answer = api("/api/v1/health")
    equal((status, answer["status"], answer["details"]), (200, "degraded", {"api": True, "controller": False, "fortuna": True, "virtio": True, "database": True}),
          "without noise it is degraded")
    os.symlink("/dev/zero", scratch("zeroes"))
    broken = Lokey("--source", scratch("zeroes"))
    wait_until(lambda: broken.health()[1]["status"] == "failed")
    status, _, answer = api("/api/v1/health", of=broken)
    equal((status, answer["status"]), (503, "unhealthy"), "without anything it is unhealthy")
    equal(data(broken, format="uint8")[0], 503, "and gives nothing")
    stop_cleanly(broken)
    status, _, answer = api("/api/v1/status")
    equal(sorted(answer), ["database", "fortuna", "trng", "trng_quality", "virtio"], "/api/v1/status")
    names = {"queue_current", "queue_capacity", "queue_percentage", "queue_dropped", "consumed_count", "unconsumed_count", "total_generated"}
    equal((set(answer["fortuna"]), set(answer["virtio"])), (names | {"polling_count"}, names), "with LoKey's names")
    equal(answer["database"], {"size_bytes": 0, "size_human": "0 B (in-memory)", "path": "memory://queues"}, "in memory")
    store = scratch("store")
    kept = Lokey("--lokey-store", store)
    answer = api("/api/v1/status", of=kept)[2]["database"]
    ok(answer["size_bytes"] > 0 and answer["size_human"].endswith("B") and answer["path"] == store, "or where the store is", answer)
    stop_cleanly(kept)


def test_metrics_are_live():
    """LoKey's change only when somebody asks for its status."""
    def scrape(path):
        return {sample.name: sample.value for family in text_string_to_metric_families(api(path)[2].decode()) for sample in family.samples if not sample.labels}
    before = scrape("/metrics")
    equal([f"{queue}_{name}" for queue in ("trng", "fortuna", "virtio") for name in
           ("queue_current", "queue_capacity", "queue_percentage", "consumed", "unconsumed") if f"{queue}_{name}" not in before], [], "LoKey's names are there")
    ok("database_size_bytes" in before and "process_resident_memory_bytes" in before, "all of them", sorted(before))
    for _ in range(4):
        data(format="binary", limit=256)
    ok(scrape("/api/v1/metrics")["fortuna_consumed"] >= before["fortuna_consumed"] + 4, "and they move by themselves")


def test_description():
    document = api("/swagger/doc.json")[2]
    ok("/api/v1/data" in document["paths"] and "post" in document["paths"]["/api/v1/data"] and "/v1/random" not in document["paths"],
       "/swagger/doc.json describes what is on this port", sorted(document["paths"]))
    status, headers, page = api("/swagger/index.html")
    ok(status == 200 and headers["Content-Type"].startswith("text/html") and b"/api/v1/data" in page, "/swagger/index.html shows it")
    there = json.loads(daemon.get("/openapi.json")[1])["paths"]
    ok({"/api/v1/data", "/fortuna/generate", "/virtio/stream", "/controller/info", "/v1/random"} <= set(there), "where the daemon listens all is described")
    equal(api("/v1/random")[0], 404, "on this port is nothing else")


def test_memory():
    small = Lokey(binary=RELEASE)
    wait_until(lambda: figures(small, "fortuna")["queue_percentage"] == 100)
    data(small, format="uint64", limit=100000)
    ok(small.stat("VmHWM") < 48 * 1024, "all of it takes less than 48 MiB with the default queues", small.stat("VmHWM"))
    small.stop()


test_formats()
test_numbers_are_big_endian()
test_every_client_gets_other_bytes()
test_mistakes()
test_orders_said_again()
test_noise()
test_never_shorter_in_silence()
test_virtio_configuration_keeps_what_is_queued()
test_strangers_may_not_configure()
test_cors()
test_state()
test_metrics_are_live()
test_description()
test_configuration()
test_memory()
stop_cleanly(daemon)
done()
