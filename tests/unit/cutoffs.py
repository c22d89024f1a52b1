#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recompute the cut-offs of the adaptive proportion test, exactly.

SP 800-90B 4.4.2: the cut-off is the smallest count c for which a window of W
samples, each equal to the first one with probability 2^-H, shows at least c of
them with a probability of at most alpha. The sums carry 400 decimal digits, far
more than it would take for rounding to move a cut-off by one.

    cutoffs.py            print the C file
    cutoffs.py --check F  say in TAP whether file F holds the exact numbers
"""
import re
import sys
from decimal import Decimal, getcontext

# -log2 of alpha: 20 to 40 for the intermittent level, twice that for the permanent one.
LEVELS = (*range(20, 41), *range(42, 81, 2))
STEP = 64  # of quality, in bits per 1024
# Name in the C file: window, bits in a sample.
TABLES = {"byte_cutoffs": (512, 8), "bit_cutoffs": (1024, 1)}
PER_LINE = 14

HEAD = """\
// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Made and checked by tests/unit/cutoffs.py. */
#include "cutoffs.h"

#define QUALITIES	16
#define LEVELS		41

/*
 * A row for claims of 64, 128, ... 1024 bits in 1024; in it, a column for each level
 * 2^-20, 2^-21, ... 2^-40, 2^-42, ... 2^-80.
 */"""

TAIL = """\
static u16 look_up(const u16 table[QUALITIES][LEVELS], u32 quality, u32 bits)
{
	return table[quality / 64 - 1][bits <= 40 ? bits - 20 : bits / 2];
}

/**
 * qrng_cutoff_bytes() - cut-off of the adaptive proportion test on bytes
 * @quality: min-entropy claimed, in bits per 1024 bits: 64 to 1024, rounded down to a
 *	multiple of 64
 * @bits: -log2 of the probability of a false alarm: 20 to 40, or an even 42 to 80
 *
 * SP 800-90B 4.4.2, window of 512 samples.
 *
 * Return: the least count of the first sample at which the test fails.
 */
u16 qrng_cutoff_bytes(u32 quality, u32 bits)
{
	return look_up(byte_cutoffs, quality, bits);
}

/**
 * qrng_cutoff_bits() - the same for single bits, window of 1024 samples
 * @quality: as above
 * @bits: as above
 *
 * Return: that count; 1025, which no window reaches, where a claim is so low that even
 * a window of equal bits is no rare event.
 */
u16 qrng_cutoff_bits(u32 quality, u32 bits)
{
	return look_up(bit_cutoffs, quality, bits);
}"""

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


def cutoffs(window, bits, levels):
    """For each level the smallest c with P(X >= c) <= 2^-level, X ~ Binomial(window, 2^-bits)."""
    p = Decimal(2) ** (-Decimal(bits))
    q = 1 - p
    found = {}
    tail = Decimal(0)
    for c in range(window, -1, -1):
        tail += Decimal(CHOOSE[window][c]) * p ** c * q ** (window - c)
        for level in levels:
            if level not in found and tail > Decimal(2) ** -level:
                found[level] = c + 1
        if len(found) == len(levels):
            break
    return [found[level] for level in levels]


def table(name):
    window, width = TABLES[name]
    for quality in range(STEP, 1024 + 1, STEP):
        bits = Decimal(quality) * width / 1024
        yield quality, cutoffs(window, bits, LEVELS)


def print_table(name):
    width = TABLES[name][1]
    what = "byte" if width == 8 else "bit"
    print(f"static const u16 {name}[QUALITIES][LEVELS] = {{")
    for quality, cuts in table(name):
        print(f"\t{{\t/* {quality}: {quality * width / 1024:g} bits a {what} */")
        for at in range(0, len(cuts), PER_LINE):
            print("\t\t" + " ".join(f"{c}," for c in cuts[at:at + PER_LINE]))
        print("\t},")
    print("};\n")


def print_file():
    print(HEAD)
    for name in TABLES:
        print_table(name)
    print(TAIL)


def tap(number, good, text, *diagnostics):
    print(f"{'ok' if good else 'not ok'} {number} - {text}")
    for line in diagnostics:
        print("# " + line)
    return good


def check_table(number, path, name):
    with open(path, encoding="ascii") as source:
        body = re.search(r"\b%s\[QUALITIES\]\[LEVELS\] = \{\n(.*?)\n\};" % name, source.read(), re.S)
    numbers = re.sub(r"/\*.*?\*/", "", body.group(1) if body else "")
    held = [[int(n) for n in re.findall(r"\d+", row)] for row in re.findall(r"\{(.*?)\}", numbers, re.S)]
    want = list(table(name))
    wrong = [f"{quality}: holds {got}, exact is {exact}"
             for got, (quality, exact) in zip(held, want) if got != exact]
    good = held == [exact for _, exact in want]
    count = len(want) * len(LEVELS)
    return tap(number, good, f"{path}: {name} are the {count} exact numbers", *wrong)


def check_known(number):
    wrong = [str(known) for known in KNOWN if cutoffs(*known[:2], known[2:3]) != [known[3]]]
    return tap(number, not wrong, f"{len(KNOWN)} cut-offs are those another program found", *wrong)


def check(path):
    print(f"1..{len(TABLES) + 1}")
    good = [check_table(i, path, name) for i, name in enumerate(TABLES, 1)]
    good.append(check_known(len(TABLES) + 1))
    return 0 if all(good) else 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2]))
    print_file()
