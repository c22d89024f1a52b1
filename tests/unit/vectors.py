#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What generators, pools and metrics should say, computed apart from them.

Pure Python, from the books: AES of FIPS 197, Fortuna of Ferguson and Schneier (Practical
Cryptography, chapter 10), SHA-256 of hashlib. Known answers of others come first, so that
this program is not its own witness.

    vectors.py HEADER        print a header by its path, e.g. tests/unit/vectors.h
    vectors.py --check       say in TAP whether the headers hold just that
"""
import hashlib
import os
import sys
from fractions import Fraction

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def sbox():
    """FIPS 197 5.1.1: the inverse in GF(2^8), then an affine map."""
    power, log, x = [0] * 255, [0] * 256, 1
    for i in range(255):
        power[i], log[x] = x, i
        x ^= x << 1
        x = (x ^ 0x11b if x & 0x100 else x) & 0xff
    box = []
    for value in range(256):
        inverse = power[-log[value] % 255] if value else 0
        turned = [(inverse << turn | inverse >> (8 - turn)) & 0xff for turn in range(5)]
        box.append(0x63 ^ turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ turned[4])
    return box


SBOX = sbox()


def xtime(x):
    return (x << 1 ^ (0x1b if x & 0x80 else 0)) & 0xff


def expand(key):
    words = [list(key[i:i + 4]) for i in range(0, 32, 4)]
    rcon = 1
    for i in range(8, 60):
        word = list(words[-1])
        if i % 8 == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = xtime(rcon)
        elif i % 8 == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def aes256(key, block):
    keys = expand(key)
    state = [a ^ b for a, b in zip(block, keys[0])]
    for turn in range(1, 15):
        state = [SBOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if turn < 14:
            mixed = []
            for c in range(0, 16, 4):
                column = state[c:c + 4]
                total = column[0] ^ column[1] ^ column[2] ^ column[3]
                mixed += [column[i] ^ total ^ xtime(column[i] ^ column[(i + 1) % 4])
                          for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, keys[turn])]
    return bytes(state)


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


class Fortuna:
    """The generator."""

    def __init__(self):
        self.key, self.counter = bytes(32), 0

    def reseed(self, seed):
        self.key = sha256d(self.key + seed)
        self.counter += 1

    def blocks(self, count):
        out = b""
        for _ in range(count):
            out += aes256(self.key, self.counter.to_bytes(16, "little"))
            self.counter += 1
        return out

    def draw(self, size):
        out = self.blocks(-(-size // 16))[:size]
        self.key = self.blocks(2)
        return out


def chacha20(key, counter):
    """RFC 8439 2.3: one block, with a zero nonce."""
    def quarter(s, a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) % 2 ** 32
            s[z] = ((s[z] ^ s[x]) << turn | (s[z] ^ s[x]) >> (32 - turn)) % 2 ** 32

    first = [int.from_bytes(b"expand 32-byte k"[i:i + 4], "little") for i in range(0, 16, 4)]
    first += [int.from_bytes(key[i:i + 4], "little") for i in range(0, 32, 4)]
    first += [counter, 0, 0, 0]
    state = list(first)
    for _ in range(10):
        for i in range(4):
            quarter(state, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(state, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return b"".join(((a + b) % 2 ** 32).to_bytes(4, "little") for a, b in zip(state, first))


def aes256_ctr(key, counter):
    return aes256(key, counter.to_bytes(16, "big"))


class Erasure:
    """Fast key erasure: the first 32 bytes of each fill are the next key."""

    def __init__(self, block):
        self.block, self.key, self.spare = block, bytes(32), b""

    def reseed(self, seed):
        self.key = hashlib.sha256(b"qrng reseed 1\0" + self.key + seed).digest()
        self.spare = b""

    def draw(self, size):
        out = b""
        while len(out) < size:
            if not self.spare:
                fill = b"".join(self.block(self.key, i) for i in range(53 * 4))[:53 * 64]
                self.key, self.spare = fill[:32], fill[32:]
            part = size - len(out)
            out, self.spare = out + self.spare[:part], self.spare[part:]
        return out


class CtrDrbg:
    """SP 800-90A 10.2.1 with AES-256."""

    def __init__(self, derive):
        self.derive, self.key, self.v = derive, bytes(32), 0

    @staticmethod
    def df(data):
        text = len(data).to_bytes(4, "big") + (48).to_bytes(4, "big") + data + b"\x80"
        text += bytes(-len(text) % 16)
        temp = b""
        for i in range(3):
            chain = bytes(16)
            for at in range(0, 16 + len(text), 16):
                block = (i.to_bytes(4, "big") + bytes(12) + text)[at:at + 16]
                chain = aes256(bytes(range(32)), bytes(a ^ b for a, b in zip(chain, block)))
            temp += chain
        x, out = temp[32:], b""
        for _ in range(3):
            x = aes256(temp[:32], x)
            out += x
        return out

    def blocks(self, count):
        out = b""
        for _ in range(count):
            self.v = (self.v + 1) % 2 ** 128
            out += aes256_ctr(self.key, self.v)
        return out

    def update(self, data):
        temp = bytes(a ^ b for a, b in zip(self.blocks(3), data))
        self.key, self.v = temp[:32], int.from_bytes(temp[32:], "big")

    def reseed(self, seed):
        self.update(self.df(seed) if self.derive else seed)

    def draw(self, size):
        out = self.blocks(-(-size // 16))[:size]
        self.update(bytes(48))
        return out


class Pools:
    """The accumulator: events go to the pools in turn, for each source apart."""

    def __init__(self):
        self.pools = [b""] * 32
        self.turns = [0] * 256
        self.reseeds = 0

    def add(self, source, data):
        for at in range(0, len(data), 32):
            event = data[at:at + 32]
            self.pools[self.turns[source]] += bytes([source, len(event)]) + event
            self.turns[source] = (self.turns[source] + 1) % 32

    def reseed(self):
        self.reseeds += 1
        seed = b""
        for i in range(32):
            if self.reseeds % 2 ** i == 0:
                seed += sha256d(self.pools[i])
                self.pools[i] = b""
        return seed


def counting(start, size):
    """Bytes nobody takes for random, but each 251 bytes differ from the next."""
    return bytes((start + i) % 251 for i in range(size))


PYCRYPTO = ("7cbe2c17684ac223d08969ee8b565616717661c0d2f4758bd6ba140bf3791abd",
            "fd6648ba3086e919cee34904ef09a7ff021f77580558b8c3e9248275f23042bf")


def check_self():
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    block = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert aes256(key, block).hex() == "f3eed1bdb5d2a03c064b5a7e3db181f8"  # SP 800-38A F.1.5
    assert chacha20(bytes(32), 1).hex().startswith("9f07e7be5551387a98ba977c732d080d")  # RFC A.1
    for derive in (True, False):
        vector, drbg = cavp_vector(derive), CtrDrbg(derive)
        drbg.reseed(vector["EntropyInput"][0] + vector["Nonce"][0])
        for entropy in vector["EntropyInputPR"]:
            drbg.reseed(entropy)
            out = drbg.draw(64)
        assert out == vector["ReturnedBits"][0]
    # Another implementation's own test: pycrypto 2.6, FortunaGenerator.
    other = Fortuna()
    other.reseed(b"Hello")
    assert other.key.hex() == "0ea6919d4361551364242a4ba890f8f073676e82cf1a52bb880f7e496648b565"
    assert other.draw(32).hex() == PYCRYPTO[0]
    assert other.key.hex() == "33a1bb21987859caf2bbfc5615bef56de6b71ff9f37112d0c193a135160862b7"
    assert other.draw(32).hex() == PYCRYPTO[1]


def array(name, data):
    rows = [" ".join(f"0x{b:02x}," for b in data[i:i + 15]) for i in range(0, len(data), 15)]
    return f"static const u8 {name}[] = {{\n" + "".join(f"\t{row}\n" for row in rows) + "};\n"


def fortuna_vectors():
    fortuna = Fortuna()
    fortuna.reseed(b"Hello")
    yield array("fortuna_hello", fortuna.draw(32) + fortuna.draw(32))
    fortuna.reseed(counting(0, 100))
    tape = b"".join(fortuna.draw(size) for size in (0, 1, 15, 17, 33, 4000, 16))
    yield array("fortuna_tape_digest", hashlib.sha256(tape).digest())
    # The lowest byte of the counter overflows within this, and the carry shows.
    fortuna.draw(5000)
    yield array("fortuna_after_carry", fortuna.draw(48))


def pool_vectors():
    pools, digests = Pools(), b""
    for turn in range(70):
        pools.add(0, counting(turn, 2048 + turn))
        pools.add(7, counting(100 + turn, turn % 40))
        digests += pools.reseed()
        if turn in (0, 1, 3):
            yield array(f"pool_seed_{turn + 1}", digests[-32 * (1, 2, 0, 3)[turn]:])
    yield array("pool_seeds_digest", hashlib.sha256(digests).digest())


def splitmix(seed, size, mask=0xff):
    """The low bytes of what random.h makes of @seed."""
    state, out, limit = seed, [], 2 ** 64 - 1
    for _ in range(size):
        state = (state + 0x9e3779b97f4a7c15) & limit
        z = state
        z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & limit
        z = ((z ^ z >> 27) * 0x94d049bb133111eb) & limit
        out.append((z ^ z >> 31) & mask)
    return bytes(out)


def longest_run(data):
    bits = "".join(f"{byte:08b}" for byte in data)
    return max(len(run) for run in bits.replace("01", "0 1").replace("10", "1 0").split())


def figures(data):
    """Bytes, ones in a million, longest run, chi-square in thousandths, correlation."""
    n = len(data)
    ones = sum(bin(byte).count("1") for byte in data)
    chi = sum(Fraction((data.count(value) - Fraction(n, 256)) ** 2 * 256, n)
              for value in range(256))
    total, squares = sum(data), sum(byte * byte for byte in data)
    products = sum(data[i - 1] * data[i] for i in range(n))
    spread = n * squares - total ** 2
    correlation = Fraction(n * products - total ** 2, spread) if spread else 0
    return (n, ones * 10 ** 6 // (8 * n), longest_run(data), round(chi * 1000),
            round(correlation * 10 ** 6))


def metrics_vectors():
    """Each row: the noise's kind, seed, mask and size, and the figures of all of it."""
    rows = []
    for kind, seed, mask, size in (("counting", 0, 255, 10000), ("counting", 7, 255, 1),
                                   ("counting", 0, 255, 512), ("splitmix", 1, 255, 20000),
                                   ("splitmix", 2, 15, 3000), ("splitmix", 3, 254, 100000),
                                   ("splitmix", 4, 0, 5000), ("splitmix", 5, 255, 513),
                                   ("splitmix", 6, 1, 511)):
        data = counting(seed, size) if kind == "counting" else splitmix(seed, size, mask)
        rows.append(f"\t{{ {int(kind == 'counting')}, {seed}, {mask}, {size}, "
                    f"{{ {', '.join(str(figure) for figure in figures(data))} }} }},\n")
    yield ("static const struct {\n\tu32 counting, seed, mask, size;\n"
           "\tstruct qrng_figures figures;\n} metrics_vectors[] = {\n" + "".join(rows) + "};\n")


def cavp_vector(derive):
    """The first of NIST's with prediction resistance and no further input."""
    with open(f"{ROOT}/tests/vectors/CTR_DRBG_pr_true.rsp", encoding="ascii") as file:
        section = file.read().split(f"[AES-256 {'use' if derive else 'no'} df]")[1]
    fields = {}
    for line in section.split("COUNT = 0\n")[1].split("\n\n")[0].splitlines():
        name, _, value = line.partition(" =")
        fields.setdefault(name, []).append(bytes.fromhex(value))
    return fields


def answers():
    """What the self-test wants of each generator after a seed of 48 bytes."""
    for name, generator in (("chacha20", Erasure(chacha20)), ("aes256_ctr", Erasure(aes256_ctr)),
                            ("ctr_drbg", CtrDrbg(True)), ("fortuna", Fortuna())):
        generator.reseed(counting(0, 48))
        yield array(f"answer_{name}", generator.draw(5) + generator.draw(40))
    for derive in (True, False):
        vector, name = cavp_vector(derive), "df" if derive else "no_df"
        yield array(f"cavp_{name}_entropy", vector["EntropyInput"][0])
        if derive:
            yield array(f"cavp_{name}_nonce", vector["Nonce"][0])
        for i in (0, 1):
            yield array(f"cavp_{name}_fresh_{i + 1}", vector["EntropyInputPR"][i])
        yield array(f"cavp_{name}_returned", vector["ReturnedBits"][0])


def answers_header():
    return ("/* SPDX-License-Identifier: GPL-2.0-only OR MIT */\n"
            "/*\n * Printed by tests/unit/vectors.py, which computes what the generators answer after a\n"
            " * seed of the bytes 0 to 47: 5 bytes, then 40. The cavp_ ones are NIST's first vectors for\n"
            " * CTR_DRBG with prediction resistance.\n */\n"
            "#ifndef _QRNG_CORE_ANSWERS_H\n#define _QRNG_CORE_ANSWERS_H\n\n#include \"types.h\"\n\n"
            + "\n".join(answers()) + "\n#endif /* _QRNG_CORE_ANSWERS_H */\n")


HEAD = ("/* SPDX-License-Identifier: MIT */\n"
        "/* Printed by tests/unit/vectors.py, which says what is behind each. */\n\n")


def fortuna_header():
    return HEAD + "\n".join(list(fortuna_vectors()) + list(pool_vectors()))


def metrics_header():
    return HEAD + "\n".join(metrics_vectors())


HEADERS = {
    "tests/unit/vectors.h": fortuna_header,
    "tests/unit/vectors_metrics.h": metrics_header,
    "kmod/core/answers.h": answers_header,
}


def check(number, name):
    with open(f"{ROOT}/{name}", encoding="ascii") as file:
        same = file.read() == HEADERS[name]()
    print(f"{'ok' if same else 'not ok'} {number} - {name} is what vectors.py prints")
    return same


def main():
    check_self()
    if sys.argv[1:] == ["--check"]:
        print(f"1..{len(HEADERS)}")
        good = [check(i, name) for i, name in enumerate(HEADERS, 1)]
        return 0 if all(good) else 1
    if len(sys.argv) == 2 and sys.argv[1] in HEADERS:
        print(HEADERS[sys.argv[1]](), end="")
        return 0
    print(__doc__, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
