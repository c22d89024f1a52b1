#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the functions of the files named, C, shell and Python, and names the long ones.

A function counts from its first line to its closing brace, its comment left out. Lines that
begin with `note:` are for people: how long the C functions of each folder are.
"""

import ast
import re
import statistics
import sys
from collections import defaultdict

LIMIT = 60

_SHELL_FUNCTION = re.compile(r"(\w+)\(\)\s*\{?$")


def functions_c(lines):
    """Kernel style: only the braces of a function stand in the first column alone."""
    for number, line in enumerate(lines):
        if line != "{":
            continue
        first = number
        while first and re.match(r"[\w\s(]", lines[first - 1]):
            first -= 1
        last = lines.index("}", number)
        name = re.search(r"(\w+)\(", " ".join(lines[first:number]))
        yield name[1] if name else "?", first + 1, last - first + 1


def functions_shell(lines):
    for number, line in enumerate(lines):
        match = _SHELL_FUNCTION.match(line)
        if match and "}" in lines[number:]:
            yield match[1], number + 1, lines.index("}", number) - number + 1


def functions_python(lines):
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1


def functions(path):
    """(name, line, length) of each function of the file."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    if path.endswith((".c", ".h")):
        return functions_c(lines)
    if path.endswith(".py") or "python" in lines[0]:
        return functions_python(lines)
    return functions_shell(lines)


def main():
    lengths = defaultdict(list)
    for path in sys.argv[1:]:
        try:
            found = list(functions(path))
        except (SyntaxError, ValueError) as error:
            print(f"{path}:{getattr(error, 'lineno', 1)}: no function can be told apart: {error}")
            continue
        for name, line, length in found:
            if length > LIMIT:
                print(f"{path}:{line}: {name}() has {length} lines, {LIMIT} are allowed")
            if path.endswith((".c", ".h")):
                lengths[path.split("/")[0]].append(length)
    for folder, some in sorted(lengths.items()):
        some.sort()
        print(f"note: {folder}: {len(some)} C functions, median {statistics.median(some):g} lines, "
              f"90th percentile {some[len(some) * 9 // 10]}, longest {some[-1]}")


if __name__ == "__main__":
    main()
