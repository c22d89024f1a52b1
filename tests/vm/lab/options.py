# SPDX-License-Identifier: MIT
"""The command line of tests/vm/run."""

import argparse
import errno
import random
import re
import socket
import uuid
from pathlib import Path

from . import catalogue

TREE = Path(__file__).resolve().parents[3]
_TIMEOUT = 120
_MEMORY_MB = 512


def free_port(address):
    """One that QEMU can have in a while: the kernel gives none of these to who just connects."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as sock:
            try:
                sock.bind((address, port))
                return port
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise argparse.ArgumentTypeError(f"address {address}: {error.strerror}") from error


def _forward(text):
    match = re.fullmatch(r"(?:(?P<address>[0-9.]+):)?(?P<host>\d+):(?P<guest>\d+)", text)
    if not match or max(int(match["host"]), int(match["guest"])) > 65535 or not int(match["guest"]):
        raise argparse.ArgumentTypeError(f"'{text}' is not [ADDRESS:]HOSTPORT:GUESTPORT")
    address = match["address"] or "127.0.0.1"
    return address, int(match["host"]) or free_port(address), int(match["guest"])


def _existing(text):
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"no file {text}")
    return path


def _directory(text):
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"no directory {text}")
    return path.resolve()


def _copy(text):
    source, colon, target = text.partition(":")
    if not colon or not target.startswith("/"):
        raise argparse.ArgumentTypeError(f"'{text}' is not SOURCE:/ABSOLUTE/TARGET")
    return _existing(source), target


def _kernel(text):
    if not catalogue.might_be(text):
        raise argparse.ArgumentTypeError(
            f"'{text}' is not known, allowed are {', '.join(catalogue.NAMES)}")
    return text


def _count(text):
    if not text.isdecimal() or int(text) > 8:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of cards from 0 to 8")
    return int(text)


def _seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds")
    return value


def _generation(text):
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a UUID") from error


def _parser():
    parser = argparse.ArgumentParser(
        prog="tests/vm/run", allow_abbrev=False,
        description="Boots a stock Debian kernel and runs SCRIPT in it; TAP on stdout, exit code "
                    "0 only if everything passed and the kernel log is clean.")
    add = parser.add_argument
    add("--kernel", default="6.1", type=_kernel, metavar="VERSION",
        help=", ".join(catalogue.NAMES))
    add("--flavour", default="amd64", choices=catalogue.FLAVOURS)
    add("--card", action="append", metavar="'EMU ARGS'", default=[],
        help="arguments of the card emulator; given again: of the next card")
    add("--cards", type=_count, metavar="N", help="how many cards are plugged in at the start (1)")
    add("--no-card", dest="cards", action="store_const", const=0, help="the same as --cards 0")
    add("--forward", action="append", type=_forward, default=[], metavar="[ADDR:]PORT:GUESTPORT",
        help="a guest port to be reached from here (PORT 0: a free one, printed); gives the "
             "guest a network")
    add("--copy", action="append", type=_generation, default=[], metavar="UUID",
        help="after the guest has ended, go on with the copy its script made (host copy), with "
             "this VM generation ID; given again: once more")
    add("--timeout", type=_seconds, metavar="SEC",
        help=f"time limit for the guest ({_TIMEOUT}; none with --interactive)")
    add("--keep", action="store_true", help="keep the directory with logs and initramfs")
    add("--module", type=_existing, metavar="PATH", help="this module instead of building qrng.ko")
    add("--no-module", action="store_true", help="no module at all")
    add("--icount", action="store_true", help="one CPU whose clock counts instructions")
    add("--append", action="append", default=[], metavar="KARGS", help="more kernel arguments")
    add("--file", action="append", type=_copy, default=[], metavar="SRC:DST",
        help="one more file for the guest")
    add("--save", type=_directory, metavar="DIR",
        help="where images of the guest's memory go (host save)")
    add("--coverage", type=_directory, metavar="DIR",
        help="where the module's counts of executed lines go; with the debug kernel")
    add("--rng", type=Path, metavar="PATH",
        help="a virtio-rng whose bytes QEMU reads from this file or FIFO (rng-random)")
    add("--tree", action="append", type=_directory, default=[], metavar="FOLDER",
        help="a folder whose files go into the guest, with the paths they have below it")
    add("--interactive", action="store_true",
        help="console on this terminal, a shell after the script")
    add("--emulator", type=Path, default=TREE / "build/bin/qrng-emu", help=argparse.SUPPRESS)
    add("script", type=_existing, metavar="SCRIPT")
    # For those who start a machine with a system of its own, not by this command line.
    parser.set_defaults(disk=None, memory=_MEMORY_MB)
    return parser


def _join_card_arguments(argv, own):
    """Makes `--card --speed max` and a bare `--card` digestible: an argument that follows and
    looks like an option, yet is none of ours, belongs to the emulator."""
    out, rest = [], list(argv)
    while rest:
        word = rest.pop(0)
        if word != "--card":
            out.append(word)
        elif rest and (not rest[0] or rest[0].startswith("-")) and rest[0] not in own:
            out.append(f"--card={rest.pop(0)}")
        else:
            out.append("--card=")
    return out


def parse(argv):
    """The options as a namespace; ends the program with a clear line if they make no sense."""
    parser = _parser()
    own = set(parser._option_string_actions)
    options = parser.parse_args(_join_card_arguments(argv, own))
    if options.cards is None:
        options.cards = max(1, len(options.card))
    if options.timeout is None and not options.interactive:
        options.timeout = _TIMEOUT
    return options
