# SPDX-License-Identifier: MIT
"""QEMU's command line, and whether this machine's KVM can be used."""

import re
from collections import namedtuple
from pathlib import Path

PROGRAM = "qemu-system-x86_64"

# Descriptors QEMU inherits: console (None: it gets this terminal, and writes a copy to the file
# terminal_log), tap and qmp.
Channels = namedtuple("Channels", "console tap qmp terminal_log")


def has_kvm():
    """True if the CPU itself offers virtualisation; an open /dev/kvm alone proves nothing."""
    flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    hardware = flags and {"vmx", "svm"} & set(flags[1].split())
    try:
        with open("/dev/kvm", "r+b", buffering=0):
            return bool(hardware)
    except OSError:
        return False


def _acceleration(icount):
    if icount:
        # One nanosecond of guest time for each instruction: speed without a stop watch.
        return ["-accel", "tcg", "-cpu", "max,-cx16", "-smp", "1",
                "-icount", "shift=0,sleep=off"]
    # The PCI proxy of QEMU 7.2 deadlocks if two threads reach one card at once: the first gives up
    # the big lock while it sends, and wants it back with the card's lock held; the second has
    # the big lock and waits for the card's. So all CPUs share a thread, or there is only one.
    if has_kvm():
        return ["-accel", "kvm", "-cpu", "host", "-smp", "1"]
    # Without -cx16 QEMU 7.2 corrupts 6.12 guests now and then.
    return ["-accel", "tcg,thread=single", "-cpu", "max,-cx16", "-smp", "2"]


def _kernel_arguments(interactive, extra):
    # Generous kernel watchdogs: on a loaded machine an emulated CPU may stand still for seconds. It
    # is then also blind for ten ticks of its timer, which at the boot would be a broken one, and a panic.
    # Somebody at the terminal sees warnings and worse, a script's log has everything.
    return " ".join(["console=ttyS0", f"loglevel={5 if interactive else 8}", "printk.devkmsg=on", "oops=panic", "panic=-1",
                     "no_timer_check", "watchdog_thresh=60", "rcupdate.rcu_cpu_stall_timeout=120", *extra])


def _console(fd, log):
    if fd is None:
        # Ctrl-C belongs to the guest's shell; Ctrl-A X ends QEMU.
        return ["-chardev", f"stdio,id=console,mux=on,signal=off,logfile={log}"]
    return ["-chardev", f"socket,id=console,fd={fd}"]


def _network(forwards):
    if not forwards:
        return []
    rules = ",".join(f"hostfwd=tcp:{address}:{port}-:{guest}" for address, port, guest in forwards)
    return ["-netdev", f"user,id=net,{rules}",
            "-device", "virtio-net-pci,netdev=net,romfile="]


def _rng(path):
    """A source of entropy that the guest may ask, fed from a file outside."""
    if not path:
        return []
    return ["-object", f"rng-random,id=rng,filename={path}", "-device", "virtio-rng-pci,rng=rng"]


def _share(directory):
    """A folder the guest can write into."""
    if not directory:
        return []
    return ["-virtfs", f"local,path={directory},mount_tag=coverage,security_model=none"]


def _disk(path):
    """The disk that a whole system starts from; what is written to it stays."""
    if not path:
        return []
    return ["-drive", f"file={path},if=virtio,format=raw,cache=unsafe"]


def command_line(options, kernel, initramfs, channels, cards, more=()):
    """The whole command. @cards: (id, fd) of cards present from the start; @more: arguments."""
    argv = [PROGRAM, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            *_acceleration(options.icount),
            "-m", f"{options.memory}M",
            "-object", f"memory-backend-memfd,id=ram,size={options.memory}M,share=on",
            "-machine", "pc,memory-backend=ram",
            "-kernel", str(kernel.image), "-initrd", str(initramfs),
            "-append", _kernel_arguments(options.interactive, options.append),
            *_console(channels.console, channels.terminal_log), "-serial", "chardev:console",
            "-chardev", f"socket,id=tap,fd={channels.tap}", "-serial", "chardev:tap",
            "-chardev", f"socket,id=qmp,fd={channels.qmp}", "-mon", "chardev=qmp,mode=control",
            *_network(options.forward), *_share(options.coverage), *_disk(options.disk),
            *_rng(options.rng), *more]
    for name, fd in cards:
        argv += ["-device", f"x-pci-proxy-dev,id={name},fd={fd}"]
    return argv
