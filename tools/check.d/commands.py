#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns what `make -n` prints (stdin) into a compile_commands.json (stdout).

So clang-tidy sees each file with the very flags the makefiles give it. A file that is compiled
more than once, with sanitizers and without, is listed as it comes first; generated files are not.
"""

import json
import os
import shlex
import sys


def compilations(line):
    """(source, command that compiles it) of each source file in one line of the shell."""
    if ".c" not in line or " -o " not in line:
        return
    # A recipe's line that goes on in the next one ends in a backslash.
    words = shlex.split(line.rstrip("\\\n"))
    at = words.index("-o")
    # Programs compiled and linked at once name libraries, several sources, even objects.
    sources = [word for word in words if word.endswith(".c") and not word.startswith("build/")]
    flags = [word for word in words[:at] + words[at + 2:]
             if not word.endswith((".c", ".o")) and not word.startswith(("-l", "-Wl,")) and word != "-c"]
    for source in sources:
        yield source, [*flags, "-c", source]


def main():
    commands = {}
    for line in sys.stdin:
        for source, command in compilations(line):
            commands.setdefault(source, command)
    here = os.getcwd()
    json.dump([{"directory": here, "file": source, "arguments": words}
               for source, words in sorted(commands.items())], sys.stdout, indent=1)


if __name__ == "__main__":
    main()
