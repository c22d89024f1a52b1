#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Python's module random, on quantum bytes, and a stream. client.py [URL]"""

import random
import sys
from urllib.request import urlopen

URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"


class Quantum(random.Random):
    """Shuffles, choices, gaussians: all of them draw from these two."""

    def getrandbits(self, k, /):
        with urlopen(f"{URL}/v1/random?bytes={(k + 7) // 8}") as answer:
            return int.from_bytes(answer.read(), "big") >> (-k % 8)

    def random(self):
        return self.getrandbits(53) / 2**53


quantum = Quantum()
print("dice:  ", *quantum.choices("⚀⚁⚂⚃⚄⚅", k=6))
print("order: ", *quantum.sample(["Ada", "Emmy", "Grace", "Lise"], 4))
print("normal:", quantum.gauss(100, 15))
with urlopen(f"{URL}/v1/stream?chunk_size=8&rate=64&max_bytes=48") as stream:
    while portion := stream.read(8):
        print("stream:", portion.hex(" "), flush=True)
