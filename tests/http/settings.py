#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the manual pages and docs/operations.md say of each setting, as the table in the code has it.

As a program: settings.py rows|man prints it, for the tables of one or the page of the other."""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QRNGD = os.path.join(ROOT, "build/bin/qrngd")


def settings():
    """A list of dicts: section, name, doc, allowed, unit (or none), default, because."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("QRNGD_")}
    text = subprocess.run([QRNGD, "--print-config"], capture_output=True, text=True, check=True,
                          env=clean).stdout.replace("\n;   ", " ")
    found, section = [], None
    for paragraph in text.split("\n\n"):
        heading = re.match(r"\[(.*)\]", paragraph)
        if heading:
            section = heading.group(1)
            continue
        said = dict(re.findall(r"^; ([a-z0-9-]+): (.*)$", paragraph, re.M))
        name = next(iter(said))
        found.append({"unit": "", **said, "section": section, "name": name, "doc": said[name]})
    return found


def row(setting):
    """Its line in the table of docs/operations.md."""
    default = f"`{setting['default']}`" if re.fullmatch(r"[\w.:/-]*[\d/.][\w.:/-]*|on|off|auto",
                                                        setting["default"]) else setting["default"]
    unit = f", {setting['unit']}" if setting["unit"] else ""
    return (f"| `{setting['name']}` | {setting['doc']} | {setting['allowed']}{unit} | {default} | "
            f"{setting['because']} |")


def entry(setting):
    """Its lines in qrngd.conf.5."""
    def escaped(text):
        return text.replace("\\", "\\e").replace("-", "\\-")

    unit = f"; unit: {setting['unit']}" if setting["unit"] else ""
    return "\n".join([".TP", f".B {escaped(setting['name'])}",
                      escaped(f"{setting['doc'][0].upper()}{setting['doc'][1:]}."),
                      escaped(f"Allowed: {setting['allowed']}{unit}."),
                      escaped(f"Default: {setting['default']}.")])


def main():
    section = None
    for setting in settings():
        if setting["section"] != section:
            section = setting["section"]
            if sys.argv[1] == "rows":
                print(f"\n### [{section}]\n\n| setting | is | allowed | default | because |\n"
                      "| --- | --- | --- | --- | --- |")
            else:
                print(f".SS [{section}]")
        print(row(setting) if sys.argv[1] == "rows" else entry(setting))


if __name__ == "__main__":
    main()
