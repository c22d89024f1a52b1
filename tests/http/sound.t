#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Sound, read back by other people's decoders: length, depth, and how it falls with frequency."""

import io
import math
import struct
import subprocess
import sys
import wave

sys.dont_write_bytecode = True
from harness import Daemon, done, equal, ok, scratch, stop_cleanly

daemon = Daemon()
SIGMAS = 6.5


def fetch(query):
    response, body = daemon.get("/v1/sound?" + query)
    return response.headers["Content-Type"], body


def samples(query):
    """All samples of a WAV file, as numbers around zero."""
    kind, body = fetch(query)
    with wave.open(io.BytesIO(body)) as file:
        width, data = file.getsampwidth(), file.readframes(file.getnframes())
        about = (kind, file.getnchannels(), width, file.getframerate(), file.getnframes())
    if width == 1:
        return about, [byte - 128 for byte in data]
    if width == 2:
        return about, list(struct.unpack(f"<{len(data) // 2}h", data))
    return about, [int.from_bytes(data[i:i + 3], "little", signed=True) for i in range(0, len(data), 3)]


def flac(query):
    """What the flac programs make of an answer: what is in it, its samples, how decoding ended."""
    kind, body = fetch(query + "&format=flac")
    path = scratch("sound.flac")
    with open(path, "wb") as file:
        file.write(body)
    about = subprocess.run(["metaflac", "--show-channels", "--show-bps", "--show-sample-rate",
                            "--show-total-samples", path], capture_output=True, check=False)
    run = subprocess.run(["flac", "--decode", "--silent", "--stdout", "--force-raw-format",
                          "--endian=little", "--sign=signed", path], capture_output=True, check=False)
    return kind, tuple(map(int, about.stdout.split())), run.stdout, run.returncode


def test_files():
    for query, wanted in (
            ("seconds=1", ("audio/wav", 1, 2, 44100, 44100)),
            ("seconds=0.5&rate=8000&channels=2&bits=8", ("audio/wav", 2, 1, 8000, 4000)),
            ("seconds=2.5&rate=96000&channels=2&bits=24&noise=pink", ("audio/wav", 2, 3, 96000, 240000)),
            ("seconds=0.001&rate=8000&noise=brown", ("audio/wav", 1, 2, 8000, 8))):
        about, got = samples(query)
        equal(about, wanted, query)
        equal(len(got), wanted[1] * wanted[4], "and as many samples as it says")
        kind, about, raw, code = flac(query)
        _, channels, width, rate, frames = wanted
        ok(kind == "audio/flac" and about == (channels, 8 * width, rate, frames), f"{query} as FLAC",
           about)
        ok(len(raw) == channels * width * frames and code == 0, "and that is as long", len(raw), code)
    response, _ = daemon.get("/v1/sound?seconds=3600&rate=192000&channels=2&bits=24", method="HEAD")
    equal(response.headers["Content-Length"], str(44 + 3600 * 192000 * 6), "an hour is announced")


def band(values, low, high):
    """The power between two frequencies, as parts of the rate, by Goertzel's method."""
    power, count, size = 0, 0, 2048
    for start in range(0, len(values) - size, 8 * size):
        part = values[start:start + size]
        for step in range(8):
            angle = 2 * math.pi * round(size * (low + (high - low) * step / 8)) / size
            factor, before, last = 2 * math.cos(angle), 0.0, 0.0
            for value in part:
                before, last = last, value + factor * last - before
            power += before * before + last * last - factor * before * last
            count += 1
    return power / count


def test_last_samples():
    """They once were what the memory held before."""
    ends = [fetch("seconds=0.01&rate=8000")[1][-16:] for _ in range(60)]
    different = [len({end[place] for end in ends}) for place in range(16)]
    ok(min(different) > 20, "the last samples of a short file are noise like the others", different)


def test_white():
    _, got = samples("seconds=4&bits=8")
    counts = [got.count(value) for value in range(-128, 128)]
    expected = len(got) / 256
    chi = sum((count - expected) ** 2 for count in counts) / expected
    ok(abs(chi - 255) < SIGMAS * math.sqrt(2 * 255), "white noise is even over all samples", chi)
    _, both = samples("seconds=2&channels=2")
    left, right = both[::2], both[1::2]
    product = sum(a * b for a, b in zip(left, right)) / len(left) / (65536 ** 2 / 12)
    ok(abs(product) < SIGMAS / math.sqrt(len(left)), "channels know nothing of each other", product)


def test_slopes():
    for colour, slope in (("white", 0), ("pink", 3), ("brown", 6)):
        _, got = samples(f"noise={colour}&seconds=20")
        octaves = 4
        fall = 10 * math.log10(band(got, 0.01, 0.012) / band(got, 0.16, 0.192)) / octaves
        ok(abs(fall - slope) < 0.8, f"{colour} falls by {slope} dB for each octave", fall)
        clipped = sum(abs(value) >= 32767 for value in got) / len(got)
        ok(clipped < 0.001, f"{colour} does not clip", clipped)


test_files()
test_last_samples()
test_white()
test_slopes()
stop_cleanly(daemon)
done()
