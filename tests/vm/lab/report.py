# SPDX-License-Identifier: MIT
"""What the lab itself has to say about a run, as TAP results after those of the script."""


def _script(machine, tap, klog):
    if machine.timed_out_after is not None:
        why = (f"ended by the time limit after {machine.timed_out_after:.0f} s; "
               "the last lines of the console:")
    elif machine.script_status is None:
        why = "the guest ended before its script did; the last lines of the console:"
    else:
        tap.result(machine.script_status == 0, "the script ended well",
                   f"exit code {machine.script_status}")
        return
    tap.result(False, "the script ended well", why)
    tap.diag("\n".join(f"| {line}" for line in klog.tail))


def _log(klog, tap):
    for finding in klog.findings:
        tap.result(False, f"kernel log: {finding[0]}", "\n".join(finding))
    if not klog.findings:
        tap.result(True, "the kernel log is clean")


def _cards(rack, tap):
    for card in rack:
        faults = card.faults()
        tap.result(not faults, f"{card.id} was used by its rules", "\n".join(faults[:50]))


def add(machine, tap, klog, interactive=False):
    """Adds the lab's results on the run of @machine."""
    if machine.boot_seconds is not None:
        tap.diag(f"guest ready after {machine.boot_seconds:.1f} s")
    for card in machine.rack:
        counts = card.counts()
        if counts:
            tap.diag(f"{card.id}: {counts}")
    if not interactive:
        _script(machine, tap, klog)
        if machine.script_status is not None:
            tap.check_plan()
    _log(klog, tap)
    _cards(machine.rack, tap)
    if tap.failed and machine.complaints():
        tap.diag(f"QEMU: {machine.complaints()}")


def conclude(machine, tap, klog, interactive):
    """Adds the lab's results and the plan; True if the whole run passed."""
    add(machine, tap, klog, interactive)
    return tap.finish()
