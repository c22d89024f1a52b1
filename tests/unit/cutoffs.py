#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recompute the cut-offs of the adaptive proportion test, exactly.

SP 800-90B 4.4.2: the cut-off is the smallest count c for which a window of W
samples, each equal to the first one with probability 2^-H, shows at least c of
them with a probability of at most alpha. The sums carry 400 decimal digits, far
more than it would take for rounding to move a cut-off by one.

    cutoffs.py            print the table as the C file holds it
    cutoffs.py --check F  exit 1 if file F holds other numbers
"""
import re
import sys
from decimal import Decimal, getcontext

WINDOW = 512
LEVELS = (30, 60)
STEP = 64  # of quality, in bits per 1024

getcontext().prec = 400


def binomials(n):
    row = [1]
    for k in range(n):
        row.append(row[-1] * (n - k) // (k + 1))
    return row


def cutoff(bits, alpha_bits):
    """Smallest c with P(X >= c) <= 2^-alpha_bits, X ~ Binomial(WINDOW, 2^-bits)."""
    p = Decimal(2) ** (-bits)
    q = 1 - p
    alpha = Decimal(2) ** -alpha_bits
    tail = Decimal(0)
    for c in range(WINDOW, -1, -1):
        tail += Decimal(CHOOSE[c]) * p ** c * q ** (WINDOW - c)
        if tail > alpha:
            return c + 1
    return 0


CHOOSE = binomials(WINDOW)


def table():
    for quality in range(STEP, 1024 + 1, STEP):
        bits = Decimal(quality) / 128
        yield quality, [cutoff(bits, level) for level in LEVELS]


def rows():
    return ["\t{ %3d, %3d },\t/* %4d: %g bits a byte */" % (c[0], c[1], q, q / 128)
            for q, c in table()]


def check(path):
    with open(path) as f:
        held = re.findall(r"^\t\{ *(\d+), *(\d+) \}", f.read(), re.M)
    want = [tuple(str(c) for c in cuts) for _, cuts in table()]
    print("1..1")
    if held == want:
        print("ok 1 - %s holds the %d exact pairs of cut-offs" % (path, len(want)))
        return 0
    print("not ok 1 - %s differs from the exact cut-offs" % path)
    for got, exact in zip(held, want):
        if got != exact:
            print("# holds %s, exact is %s" % (got, exact))
    return 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2]))
    print("\n".join(rows()))
