#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns the published vectors beside this file into C tables: generate.py FOLDER

Each table becomes FOLDER/TABLE.c; tests/core/vectors.h declares them. Every vector knows the
file and line it came from, so that a failure names it.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
_SECTION = re.compile(r"\[(?P<name>[^]=]+?)(?: = (?P<value>[^]]*))?\]$")
_FIELD = re.compile(r"(?P<name>\w+) =(?: (?P<value>\S.*))?$")


class Vector:
    """One vector: its fields in order (a name can come twice) and the section it is in."""

    def __init__(self, at, sections):
        self.at = at
        self.sections = dict(sections)
        self.fields = []

    def all(self, name):
        """The values of every field @name."""
        return [value for key, value in self.fields if key == name]

    def get(self, name):
        """The value of the one field @name, empty if there is none."""
        values = self.all(name)
        if len(values) > 1:
            raise ValueError(f"{self.at}: {name} is there {len(values)} times")
        return values[0] if values else ""


def read(name):
    """The vectors of the file @name, a blank line between any two."""
    vectors, sections, vector = [], {}, None
    for number, line in enumerate((HERE / name).read_text(encoding="ascii").splitlines(), 1):
        section, field = _SECTION.match(line), _FIELD.match(line)
        if not line:
            vector = None
        elif section:
            sections.pop(section["name"], None)
            sections[section["name"]] = section["value"]
        elif field:
            if vector is None:
                vector = Vector(f"{name}:{number}", sections)
                vectors.append(vector)
            vector.fields.append((field["name"], field["value"] or ""))
        elif not line.startswith("#"):
            raise ValueError(f"{name}:{number}: neither section nor field: {line[:40]}")
    return vectors


def octets(digits, length=None):
    """A C initialiser of struct bytes; @length cuts what stands for nothing in a file."""
    data = bytes.fromhex(digits)[:length]
    return '{ (const u8 *)"%s", %d }' % ("".join(f"\\x{b:02x}" for b in data), len(data))


def initialiser(vector, **members):
    """A C initialiser of the vector's struct; @members are C already."""
    lines = [f'\t\t.at = "{vector.at}",', *(f"\t\t.{k} = {v}," for k, v in members.items())]
    return "\t{\n" + "\n".join(lines) + "\n\t},\n"


def table(kind, name, rows):
    """The C of one table."""
    return (f"const struct {kind} {name}_vectors[] = {{\n{''.join(rows)}}};\n"
            f"const u32 {name}_count = {len(rows)};\n")


def stream_of(vector):
    """The key stream, which a published encryption shows as a difference."""
    plain, cipher = (bytes.fromhex(vector.get(name)) for name in ("PLAINTEXT", "CIPHERTEXT"))
    return vector.get("KEYSTREAM") or bytes(a ^ b for a, b in zip(plain, cipher)).hex()


def chacha20(name):
    return table("stream_vector", name, [
        initialiser(v, key=octets(v.get("KEY")), stream=octets(stream_of(v)),
                    counter=octets(int(v.get("COUNTER")).to_bytes(4, "little").hex() + v.get("NONCE")))
        for v in read("ChaCha20.rsp")])


def aes_ctr(name):
    return table("stream_vector", name, [
        initialiser(v, key=octets(v.get("KEY")), stream=octets(stream_of(v)),
                    counter=octets(v.get("IV")))
        for v in read("AES256CTR.rsp")])


def aes_ecb(name):
    files = [f"ECB{kind}256.rsp" for kind in ("GFSbox", "KeySbox", "VarKey", "VarTxt", "MMT")]
    return table("aes_vector", name, [
        initialiser(v, key=octets(v.get("KEY")), plain=octets(v.get("PLAINTEXT")),
                    cipher=octets(v.get("CIPHERTEXT")))
        for file in files for v in read(file)])


def sha256(name):
    file = {"sha256_short": "SHA256ShortMsg.rsp", "sha256_long": "SHA256LongMsg.rsp"}[name]
    return table("sha256_vector", name, [
        initialiser(v, message=octets(v.get("Msg"), int(v.get("Len")) // 8),
                    digest=octets(v.get("MD")))
        for v in read(file)])


def sha256_monte(name):
    seed, *digests = read("SHA256Monte.rsp")
    return (f"const struct bytes {name}_seed = {octets(seed.get('Seed'))};\n" +
            table("sha256_vector", name,
                  [initialiser(v, digest=octets(v.get("MD"))) for v in digests]))


def pair(values):
    """A C initialiser of two struct bytes; a file leaves out what no vector of it has."""
    return "{ %s }" % ", ".join(octets(v) for v in values or ["", ""])


def ctr_drbg(name):
    df = {"AES-256 use df": "true", "AES-256 no df": "false"}
    rows = []
    for v in read(name.replace("ctr_drbg", "CTR_DRBG") + ".rsp"):
        # The last section without a value is the one the vector is in.
        section = [key for key, value in v.sections.items() if value is None][-1]
        rows.append(initialiser(
            v, df=df[section], entropy=octets(v.get("EntropyInput")), nonce=octets(v.get("Nonce")),
            personal=octets(v.get("PersonalizationString")),
            reseed_entropy=octets(v.get("EntropyInputReseed")),
            reseed_additional=octets(v.get("AdditionalInputReseed")),
            additional=pair(v.all("AdditionalInput")), fresh=pair(v.all("EntropyInputPR")),
            returned=octets(v.get("ReturnedBits"))))
    return table("drbg_vector", name, rows)


TABLES = {"aes_ctr": aes_ctr, "aes_ecb": aes_ecb, "chacha20": chacha20,
          "ctr_drbg_no_reseed": ctr_drbg, "ctr_drbg_pr_false": ctr_drbg,
          "ctr_drbg_pr_true": ctr_drbg, "sha256_long": sha256, "sha256_monte": sha256_monte,
          "sha256_short": sha256}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in TABLES.items():
        (folder / f"{name}.c").write_text(
            "/* SPDX-License-Identifier: MIT */\n"
            "/* Made by tests/vectors/generate.py from the .rsp files beside it. */\n"
            f'#include "../../tests/core/vectors.h"\n\n{make(name)}')


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py FOLDER")
    main()
