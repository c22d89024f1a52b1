#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""LoKey's controller: raw noise from whatever source there is, and nothing in its place."""

import sys

sys.dont_write_bytecode = True
from harness import done, equal, ok, scratch, stop_cleanly, wait_until
from lokey import Lokey, noise_source


def controller(daemon, path):
    return daemon.ask("controller", path)


def test_values():
    path = noise_source("noise")
    noisy = Lokey("--source", path)
    wait_until(lambda: controller(noisy, "/health")[0] == 200)
    equal(controller(noisy, "/health")[2]["status"], "healthy", "/health")
    status, _, answer = controller(noisy, "/info")
    equal((status, answer["status"], answer["source"], answer["noise"]), (200, "running", path, True), "/info says which source")
    status, headers, answer = controller(noisy, "/generate")
    equal((status, len(bytes.fromhex(answer["data"])), answer["source"]), (200, 32, path), "one value is a string of 32 bytes, and says whence")
    equal(headers["QRNG-Generator"], "raw", "which no generator made")
    seen = [answer["data"]]
    for count in (2, 100):
        answer = controller(noisy, f"/generate?count={count}")[2]
        ok(isinstance(answer["data"], list) and [len(bytes.fromhex(value)) for value in answer["data"]] == [32] * count,
           f"{count} values are an array of 32 bytes each", answer)
        seen += answer["data"]
    equal(len(set(seen)), 103, "none of them comes twice")
    ok(len({value[:2] for value in seen}) > 40 and len({value[-2:] for value in seen}) > 40, "neither the first nor the last byte is lost or filled in")
    for wrong in ("0", "101", "-1", "x"):
        status, _, answer = controller(noisy, f"/generate?count={wrong}")
        equal((status, answer["error"]), (400, "Invalid count parameter (1-100)"), f"count={wrong} is refused")
    stop_cleanly(noisy)


def test_no_source():
    """LoKey once gave the time, and its documents still promise that."""
    kernel = Lokey()
    status, _, answer = controller(kernel, "/generate")
    ok(status == 503 and "no raw noise here" in answer["error"] and "data" not in answer, "without a source: 503 that says so", answer)
    status, _, answer = controller(kernel, "/health")
    equal((status, answer["status"], answer["details"]), (503, "unhealthy", {"device": False}), "and so does /health")
    equal(controller(kernel, "/info")[2]["noise"], False, "and /info")
    stop_cleanly(kernel)


def test_unconfigured_chip_is_no_noise():
    """FFFF0000 for ever, which LoKey serves as 4278190335 eight times in good health."""
    with open(scratch("chip"), "wb") as file:
        file.write(b"\xff\xff\x00\x00" * 65536)
    broken = Lokey("--source", scratch("chip"))
    wait_until(lambda: broken.health()[1]["status"] == "failed")
    status, _, answer = controller(broken, "/generate")
    ok(status == 503 and "data" not in answer, "what an unconfigured chip says is not given to anybody", answer)
    equal(controller(broken, "/health")[0], 503, "nor called healthy")
    stop_cleanly(broken)


test_values()
test_no_source()
test_unconfigured_chip_is_no_noise()
done()
