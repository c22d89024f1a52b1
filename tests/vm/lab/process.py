# SPDX-License-Identifier: MIT
"""Child processes that can not outlive the lab, however it ends."""

import ctypes
import os
import signal
import subprocess

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def _die_with_parent(parent):
    # Runs between fork and exec. The parent may be gone already: then no signal would come.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def spawn(argv, **kwargs):
    """Starts @argv so that the kernel kills it when this process dies, even by SIGKILL.

    Call it from the main thread only: the death signal follows the thread that forked.
    """
    parent = os.getpid()
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.Popen(argv, preexec_fn=lambda: _die_with_parent(parent), **kwargs)


def stop(process, patience=5):
    """Ends @process: SIGTERM, after @patience seconds SIGKILL. Harmless if it ended by itself."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
