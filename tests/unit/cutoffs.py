#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recompute the cut-offs of the adaptive proportion test, exactly.

SP 800-90B 4.4.2: the cut-off is the smallest count c for which a window of W
samples, each equal to the first one with probability 2^-H, shows at least c of
them with a probability of at most alpha. The sums carry 400 decimal digits, far
more than it would take for rounding to move a cut-off by one.

    cutoffs.py            print the tables as the C file holds them
    cutoffs.py --check F  say in TAP whether file F holds the exact numbers
"""
import re
import sys
from decimal import Decimal, getcontext

LEVELS = (30, 60)
STEP = 64  # of quality, in bits per 1024
# Name in the C file: window, bits in a sample.
TABLES = {"byte_apt_cutoffs": (512, 8), "bit_apt_cutoffs": (1024, 1)}

# Cut-offs computed elsewhere, by another program: window, H, alpha in bits, cut-off.
KNOWN = (
    (1024, "0.5", 20, 793), (1024, "0.5", 30, 810), (1024, "0.5", 40, 824),
    (1024, "0.8", 20, 664), (1024, "0.8", 30, 683), (1024, "0.8", 40, 699),
    (1024, "0.9", 20, 625), (1024, "0.9", 30, 645), (1024, "0.9", 40, 661),
    (1024, "1", 20, 589), (1024, "1", 30, 609), (1024, "1", 40, 625),
    (512, "1", 20, 311), (512, "1", 30, 325), (512, "1", 40, 336),
    (512, "4", 20, 62), (512, "4", 30, 71), (512, "4", 40, 78),
    (512, "6", 20, 25), (512, "6", 30, 31), (512, "6", 40, 35),
    (512, "7", 20, 18), (512, "7", 30, 22), (512, "7", 40, 26),
    (512, "7.5", 20, 15), (512, "7.5", 30, 19), (512, "7.5", 40, 22),
    (512, "8", 20, 13), (512, "8", 30, 16), (512, "8", 40, 19),
)

getcontext().prec = 400


def binomials(n):
    row = [1]
    for k in range(n):
        row.append(row[-1] * (n - k) // (k + 1))
    return row


CHOOSE = {window: binomials(window) for window, _ in TABLES.values()}


def cutoff(window, bits, alpha_bits):
    """Smallest c with P(X >= c) <= 2^-alpha_bits, X ~ Binomial(window, 2^-bits)."""
    p = Decimal(2) ** (-Decimal(bits))
    q = 1 - p
    alpha = Decimal(2) ** -alpha_bits
    tail = Decimal(0)
    for c in range(window, -1, -1):
        tail += Decimal(CHOOSE[window][c]) * p ** c * q ** (window - c)
        if tail > alpha:
            return c + 1
    return 0


def table(name):
    window, width = TABLES[name]
    for quality in range(STEP, 1024 + 1, STEP):
        bits = Decimal(quality) * width / 1024
        yield quality, [cutoff(window, bits, level) for level in LEVELS]


def print_table(name):
    width = TABLES[name][1]
    what = "byte" if width == 8 else "bit"
    print(f"static const u16 {name}[][2] = {{")
    for q, c in table(name):
        print(f"\t{{ {c[0]:4d}, {c[1]:4d} }},\t/* {q:4d}: {q * width / 1024:g} bits a {what} */")
    print("};")


def tap(number, good, text, *diagnostics):
    print(f"{'ok' if good else 'not ok'} {number} - {text}")
    for line in diagnostics:
        print("# " + line)
    return good


def check_table(number, path, name):
    with open(path, encoding="ascii") as source:
        body = re.search(r"\b%s\[\]\[2\] = \{\n(.*?)\n\};" % name, source.read(), re.S)
    held = re.findall(r"^\t\{ *(\d+), *(\d+) \}", body.group(1), re.M) if body else []
    want = [tuple(str(c) for c in cuts) for _, cuts in table(name)]
    wrong = [f"holds {got}, exact is {exact}" for got, exact in zip(held, want) if got != exact]
    return tap(number, held == want, f"{path}: {name} are the {len(want)} exact pairs", *wrong)


def check_known(number):
    wrong = [str(known) for known in KNOWN if cutoff(*known[:3]) != known[3]]
    return tap(number, not wrong, f"{len(KNOWN)} cut-offs are those another program found", *wrong)


def check(path):
    print(f"1..{len(TABLES) + 1}")
    good = [check_table(i, path, name) for i, name in enumerate(TABLES, 1)]
    good.append(check_known(len(TABLES) + 1))
    return 0 if all(good) else 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2]))
    for each in TABLES:
        print_table(each)
