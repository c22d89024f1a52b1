#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Pictures, read back by other people's decoders: size, colours, and what is in them."""

import collections
import io
import math
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree
import zlib

sys.dont_write_bytecode = True
from PIL import Image

from harness import RELEASE, Daemon, done, equal, ok, scratch, skip, stop_cleanly, wait_until

daemon = Daemon()
SVG = "{http://www.w3.org/2000/svg}"
# A test of chance fails once in a thousand million runs.
SIGMAS = 6.5


def picture(path):
    """The decoded picture, and the content type it came with."""
    response, body = daemon.get("/v1/image/" + path)
    image = Image.open(io.BytesIO(body))
    image.load()
    return image, response.headers["Content-Type"]


def near(share, expected, count):
    """Is a share of @count as it should be, as far as chance allows?"""
    return abs(share - expected) < SIGMAS * math.sqrt(expected * (1 - expected) / count)


def test_random():
    for query, size, mode, kind in (
            ("random", (1024, 1024), "RGB", "image/png"),
            ("random?width=1&height=1", (1, 1), "RGB", "image/png"),
            ("random?width=4096&height=3", (4096, 3), "RGB", "image/png"),
            ("random?width=3&height=4096", (3, 4096), "RGB", "image/png"),
            ("random?width=101&height=77&mode=gray", (101, 77), "L", "image/png"),
            ("random?width=101&height=77&mode=mono", (101, 77), "1", "image/png"),
            ("random?width=4096&height=4096&mode=gray", (4096, 4096), "L", "image/png"),
            ("random?format=webp", (1024, 1024), "RGB", "image/webp"),
            ("random?format=webp&mode=gray&width=9&height=5", (9, 5), "RGB", "image/webp"),
            ("random?format=webp&mode=mono&width=13", (13, 1024), "RGB", "image/webp")):
        image, got = picture(query)
        equal((image.size, image.mode, got), (size, mode, kind), query)
        if mode == "RGB" and "mode" not in query and image.width * image.height > 1000:
            data = image.tobytes()
            bits = sum(bin(byte).count("1") for byte in data[:300000])
            ok(near(bits / (8 * min(len(data), 300000)), 0.5, 8 * min(len(data), 300000)),
               f"{query}: half of the bits are set")
    first, second = picture("random?width=64&height=64")[0], picture("random?width=64&height=64")[0]
    rows = [image.tobytes()[i:i + 192] for image in (first, second) for i in range(0, 12288, 192)]
    equal(len(set(rows)), 128, "no row comes twice")
    for query in ("random?format=webp&width=1025", "heatmap?format=webp&height=4096"):
        response, body = daemon.get("/v1/image/" + query)
        ok(response.status == 400 and b"1024 by 1024" in body, f"400 for {query}")


def test_heatmap():
    for query, mode in (("heatmap", "P"), ("heatmap?format=webp", "RGB"), ("heatmap?mode=gray", "P"),
                        ("heatmap?mode=mono&width=33", "P")):
        image, _ = picture(query)
        equal(image.mode, mode, query)
        pixels = image.convert("RGB").getdata()
        counts = collections.Counter(pixels)
        chances = [math.comb(8, bits) / 256 for bits in range(9)]
        if "mono" in query:
            chances = [sum(chances[:5]), sum(chances[5:])]
        shares = sorted(count / len(pixels) for count in counts.values())
        ok(len(shares) == len(chances) and all(near(share, chance, len(pixels)) for share, chance
                                               in zip(shares, sorted(chances))),
           f"{query}: as many bits as chance sets", shares)


def drawing(path):
    """The elements of an SVG drawing, after its paper."""
    response, body = daemon.get("/v1/image/" + path)
    equal(response.headers["Content-Type"], "image/svg+xml", f"{path} is SVG")
    return list(xml.etree.ElementTree.fromstring(body))[1:]


def test_plots():
    for name in ("bigrams", "bits", "walk", "histogram", "spectrum"):
        most = 300 * 65 // 8 if name == "bits" else 1048576
        for query in ("", "?width=64&height=64", "?bytes=256", f"?bytes={most}&width=300&height=65"):
            image, kind = picture(name + query)
            size = [int(re.search(rf"{side}=(\d+)", query)[1]) if side in query else 512
                    for side in ("width", "height")]
            ok(image.size == tuple(size) and kind == "image/png"
               and len(image.convert("RGB").getcolors()) > 1, f"{name}{query}")
    boxes = drawing("histogram?format=svg&bytes=65536")
    heights = [float(box.get("height")) for box in boxes if box.get("fill") == "#2060c0"]
    ok(len(heights) == 256 and abs(sum(heights) / 256 - 256) < 1 and min(heights) > 100,
       "the histogram has 256 bars around the middle", heights[:5])
    boxes = drawing("bigrams?format=svg&bytes=1048576")
    ok(len(boxes) == 64 * 64 and 4 < len({box.get("fill") for box in boxes}) <= 12,
       "pairs of bytes are neither all alike nor wild")
    boxes = drawing("bits?format=svg&bytes=512")
    ok(near(len(boxes) / 4096, 0.5, 4096), "half of the cells are dark", len(boxes))
    for query, cells in (("width=512&height=512&bytes=32768", 262144), ("width=64&height=65&bytes=519", 4152),
                         ("width=511&height=67&bytes=300", 2400), ("width=64&height=512&bytes=256", 2048)):
        boxes = drawing("bits?format=svg&" + query)
        width, height = (float(re.search(rf"{side}=(\d+)", query)[1]) for side in ("width", "height"))
        ok(near(len(boxes) / cells, 0.5, cells) and all(
            float(box.get("x")) + float(box.get("width")) <= width + 0.01
            and float(box.get("y")) + float(box.get("height")) <= height + 0.01
            and float(box.get("width")) >= 1 for box in boxes), f"bits?{query}: each has a cell on the paper", len(boxes))
    for query, most in (("width=64&height=64&bytes=513", 512), ("width=64&height=65&bytes=521", 520)):
        response, body = daemon.get("/v1/image/bits?" + query)
        ok(response.status == 400 and f"at most {most}," in body.decode(), f"bits?{query}: more bits than pixels", body)
    line, = [element for element in drawing("walk?format=svg&bytes=256") if element.tag == SVG + "polyline"]
    points = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
    steps = {round(abs(a[1] - b[1]), 3) for a, b in zip(points, points[1:])}
    ok(points[0] == (0, 256) and points[-1][0] == 512 and all(a[0] < b[0] for a, b in zip(points, points[1:]))
       and len(steps) > 1, "a walk goes from left to right", points[:3], points[-1])
    boxes = drawing("spectrum?format=svg&bytes=1048576")
    heights = [float(box.get("height")) for box in boxes if box.get("fill") == "#2060c0"]
    ok(len(heights) == 256 and 200 < min(heights) and max(heights) < 312,
       "the spectrum of noise is flat within 2 dB", min(heights), max(heights))


def test_qr():
    seen = set()
    for query, digits in (("", 64), ("?bytes=1", 2), ("?bytes=256&size=512", 512), ("?bytes=20&size=300", 40)):
        image, _ = picture("qr" + query)
        path = scratch("qr.png")
        image.convert("L").save(path)
        scan = subprocess.run(["zbarimg", "--quiet", "--raw", path], capture_output=True, text=True,
                              check=False)
        text = scan.stdout.strip()
        ok(re.fullmatch(rf"[0-9A-F]{{{digits}}}", text), f"qr{query}: a camera reads it", text, scan.stderr)
        seen.add(text)
    equal(len(seen), 4, "each says something else")
    ok(len(drawing("qr?format=svg")) > 200, "and as SVG")


def memory_of(daemon):
    """All that it has written itself; nothing where that may not be read."""
    parts = []
    try:
        with open(f"/proc/{daemon.process.pid}/maps", encoding="ascii") as maps, \
             open(f"/proc/{daemon.process.pid}/mem", "rb", 0) as memory:
            for line in maps:
                start, end = (int(number, 16) for number in line.split()[0].split("-"))
                if line.split()[1].startswith("rw") and end - start < 1 << 30:
                    memory.seek(start)
                    parts.append(memory.read(end - start))
    except OSError:
        pass
    return parts


def test_codes_are_wiped():
    """What a QR code shows is the bytes themselves."""
    own = Daemon(binary=RELEASE)
    code = own.get("/v1/image/qr?bytes=256&size=256")[1]
    at, packed = 8, b""
    while at < len(code):
        length, kind = struct.unpack(">I4s", code[at:at + 8])
        packed += code[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    rows = zlib.decompress(packed)
    rows = b"".join(rows[row * 129 + 1:(row + 1) * 129] for row in range(40, 120))
    if memory_of(own):
        ok(wait_until(lambda: not any(rows in part for part in memory_of(own)), 20), "no drawing of it stays in memory")
    else:
        skip("no drawing of it stays in memory", "another process's memory is not to be read here")
    stop_cleanly(own)


test_random()
test_heatmap()
test_plots()
test_qr()
test_codes_are_wiped()
stop_cleanly(daemon)
done()
