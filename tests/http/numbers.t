#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Numbers, strings and games: in range, without bias, in every format, never twice."""

import json
import math
import re
import sys
import time
import urllib.parse
import uuid
from collections import Counter

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, stop_cleanly

daemon = Daemon()
# A chi-square test fails by chance once in a thousand million runs.
SIGMAS = 6.5


def values(path, **query):
    """The values of a list, checked against its own head."""
    _, body = daemon.get(f"/v1/{path}?{urllib.parse.urlencode(query)}")
    document = json.loads(body)
    if document["count"] != len(document["values"]) or document["provenance"]["engine"] != "embedded":
        raise ValueError(f"{path}: {str(document)[:200]}")
    return document["values"]


def lines(path, **query):
    """The same as text."""
    response, body = daemon.get(f"/v1/{path}?{urllib.parse.urlencode({**query, 'format': 'text'})}")
    if response.headers["Content-Type"] != "text/plain; charset=utf-8" or body[-1:] != b"\n":
        raise ValueError(f"{path}: {response.headers} {body[-20:]}")
    return body.decode().splitlines()


def refusal(path, **query):
    """What a refused request is told: parameter and allowed."""
    response, body = daemon.get(f"/v1/{path}?{urllib.parse.urlencode(query)}")
    document = json.loads(body)
    return (response.status, document.get("parameter"), document.get("allowed"))


def even(sample, kinds, text):
    """Is each of @kinds kinds as frequent as any other? Wilson and Hilferty's approximation."""
    counts = Counter(sample)
    expected = len(sample) / kinds
    chi = sum((counts[kind] - expected) ** 2 for kind in counts) / expected
    chi += (kinds - len(counts)) * expected
    freedom = kinds - 1
    sigmas = ((chi / freedom) ** (1 / 3) - 1 + 2 / (9 * freedom)) / math.sqrt(2 / (9 * freedom))
    ok(abs(sigmas) < SIGMAS and len(counts) <= kinds, text, f"{sigmas:.1f} sigmas, {counts}"[:300])


def test_integers():
    for low, high in ((0, 0), (-3, 3), (1, 6), (0, 2 ** 64 - 1), (-2 ** 63, 2 ** 63 - 1),
                      (2 ** 64 - 1, 2 ** 64 - 1), (-2 ** 63, -2 ** 63)):
        got = [int(value) for value in values("integers", min=low, max=high, count=5000)]
        ok(len(got) == 5000 and min(got) >= low and max(got) <= high
           and min(got) <= (low + high) // 2 <= max(got), f"from {low} to {high}")
    even(values("integers", min=-3, max=9, count=100000), 13, "13 numbers come equally often")
    # Three quarters of 2^64: a remainder would come up twice as often in the first third.
    got = values("integers", min=0, max=3 * 2 ** 62 - 1, count=100000)
    even([int(value) // 2 ** 62 for value in got], 3, "a range that does not divide 2^64, too")
    ok(isinstance(values("integers", max=2 ** 53 - 1)[0], int)
       and isinstance(values("integers", max=2 ** 53)[0], str), "beyond 53 bits they are strings")
    ok(isinstance(values("integers", max=2 ** 53, strings=0)[0], int)
       and isinstance(values("integers", max=5, strings=1)[0], str), "or as asked for")
    for base in (2, 3, 16, 36):
        got = values("integers", min=-500, max=500, count=1000, base=base)
        ok(all(-500 <= int(value, base) <= 500 for value in got) and any("-" in v for v in got),
           f"base {base}")
    equal(len({int(line) for line in lines("integers", max=2 ** 64 - 1, count=1000)}), 1000, "as text")
    equal(refusal("integers", min=5, max=4), (400, "max", "min or more"), "an empty range")
    equal(refusal("integers", min=-1, max=2 ** 64 - 1)[:2], (400, "max"), "a range beyond 64 bits")
    got = values("integers", max=2 ** 64 - 1, count=1000000)
    equal(len(set(got)), 1000000, "a million numbers of 64 bits, no two the same")


def test_without_repetition():
    got = values("sequence", min=-4, max=5)
    equal(sorted(got), list(range(-4, 6)), "a sequence has all numbers")
    firsts = [values("sequence", min=0, max=2) for _ in range(600)]
    even([tuple(order) for order in firsts], 6, "each order of three is as likely as any other")
    got = values("sequence", min=1, max=8192)
    ok(sorted(got) == list(range(1, 8193)) and got != sorted(got), "the longest sequence")
    equal(refusal("sequence", min=0, max=8192), (400, "max", "at most 8191 more than min"), "no longer")
    got = values("sample", min=0, max=2 ** 64 - 1, count=8192)
    ok(len(set(got)) == 8192, "a sample of the widest range")
    got = [tuple(sorted(values("sample", min=1, max=4, count=2))) for _ in range(600)]
    even(got, 6, "each pair out of four is as likely as any other")
    equal(refusal("sample", min=1, max=3, count=4)[:2], (400, "count"), "more than there are")
    items = ["ä b", "c\"d", "e\\f", "<g>"]
    got = values("shuffle", items=",".join(items))
    equal(sorted(got), sorted(items), "shuffled items are the same")
    equal(sorted(lines("shuffle", items=",".join(items))), sorted(items), "as text, too")
    for wrong in (",a", "a,", "a,,b", ","):
        equal(refusal("shuffle", items=wrong)[:2], (400, "items"), f"an empty item in '{wrong}'")


def test_fractions():
    got = values("floats", count=100000)
    ok(all(0 <= value < 1 and value * 2 ** 53 == int(value * 2 ** 53) for value in got),
       "floats are multiples of 2^-53 below 1")
    even([int(value * 64) for value in got], 64, "and evenly spread")
    even([int(value * 2 ** 53) % 64 for value in got], 64, "down to the last bits")
    for places in (1, 2, 15, 16, 18):
        got = lines("decimals", places=places, count=1000)
        ok(all(re.fullmatch(rf"0\.\d{{{places}}}", value) for value in got), f"{places} places")
    even([value[-1] for value in lines("decimals", places=18, count=50000)], 10, "last places are even")
    got = values("gaussians", count=100000, mean=10, deviation=2)
    mean = sum(got) / len(got)
    variance = sum((value - mean) ** 2 for value in got) / len(got)
    ok(abs(mean - 10) < SIGMAS * 2 / math.sqrt(len(got))
       and abs(variance - 4) < SIGMAS * 4 * math.sqrt(2 / len(got)), "gaussians: mean and variance",
       mean, variance)
    even([int(2 * (1 + math.erf((value - 10) / 2 / math.sqrt(2))) * 8) for value in got], 32,
         "and shape")
    equal(set(values("gaussians", count=10, deviation=0, mean="-1e100")), {-1e100}, "no deviation at all")


def test_strings():
    got = values("strings", length=1000, count=50)
    even("".join(got), 62, "characters come equally often")
    alphabet = "aß\"\\€😀"
    got = values("strings", alphabet=alphabet, length=100, count=10)
    ok(all(len(value) == 100 and set(value) <= set(alphabet) for value in got), "any alphabet")
    equal({len(line) for line in lines("strings", alphabet=alphabet, length=1024, count=100)}, {1024},
          "as text")
    for wrong in ("a", "aa", "abca", "ßß", "".join(chr(0x4e00 + i) for i in range(257))):
        equal(refusal("strings", alphabet=wrong)[:2], (400, "alphabet"), f"alphabet {wrong[:10]}")
    _, body = daemon.get("/v1/strings?alphabet=01&length=77")
    equal(json.loads(body)["entropy_bits"], 77, "the entropy is told")
    for name, pattern in (("letters", "[A-Za-z]"), ("alphanumeric", "[A-Za-z0-9]"), ("digits", r"\d"),
                          ("hex", "[0-9a-f]"), ("printable", "[!-~]")):
        got = values("passwords", set=name, length=64, count=100)
        ok(all(re.fullmatch(pattern + "{64}", value) for value in got) and len(set(got)) == 100,
           f"passwords of {name}")
    _, body = daemon.get("/v1/diceware?words=10")
    document = json.loads(body)
    ok(len(document["values"][0].split()) == 10 and document["entropy_bits"] == 129.25,
       "ten words, 129 bits", document)
    words = Counter(word for phrase in values("diceware", words=64, count=2000) for word in phrase.split())
    ok(len(words) == 7776 and all(word.isascii() for word in words), "every word comes up", len(words))


def test_games():
    even(values("dice", sides=20, count=50000), 20, "dice are fair")
    even(values("coin", count=50000), 2, "coins are fair")
    equal(set(values("coin", count=100)), {"heads", "tails"}, "and have two sides")
    even(values("bits", count=50000), 2, "bits are fair")
    got = [uuid.UUID(value) for value in values("uuid", count=1000)]
    ok(all(value.version == 4 and value.variant == uuid.RFC_4122 for value in got)
       and len(set(got)) == 1000, "UUIDs of version 4")
    got = [uuid.UUID(value) for value in values("uuid", version=7, count=1000)]
    ok(all(value.version == 7 and value.variant == uuid.RFC_4122
           and abs((value.int >> 80) / 1000 - time.time()) < 600 for value in got)
       and len(set(got)) == 1000, "UUIDs of version 7 carry the time")


test_integers()
test_without_repetition()
test_fractions()
test_strings()
test_games()
stop_cleanly(daemon)
done()
