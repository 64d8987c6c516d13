"""Child processes as a command starts and ends them, with all that they started themselves.

Here: that, for Python programs of this environment. Not here: which programs (operating.py).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path


def start(arguments: list[str], log: Path) -> subprocess.Popen:
    """A child that the terminal's Ctrl-C does not reach: it is ended from here, in order."""
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # a shell that starts us in the background has SIGINT ignored, and children inherit that
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )


def is_ours(pid: int) -> bool:
    """Whether a process of this number is a Dagster of this environment; it may be another's by now."""
    told = _ps("-o", "command=", "-p", str(pid))
    return "dagster" in told and sys.executable in told


def end(pids: list[int]) -> None:
    """End these processes and all that they started, the code's server, runs and dbt among them."""
    children: dict[int, list[int]] = {}
    for line in _ps("-eo", "pid=,ppid=").splitlines():
        pid, parent = map(int, line.split())
        children.setdefault(parent, []).append(pid)
    waiting = list(pids)
    while waiting:  # parents first, so that none starts another child
        pid = waiting.pop(0)
        waiting += children.get(pid, ())
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def answers(url: str) -> bool:
    """Whether a page can be had."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def _ps(*options: str) -> str:
    try:
        return subprocess.run(["ps", *options], capture_output=True, text=True).stdout
    except FileNotFoundError:  # a bare container: then children end when their parent's heartbeat is gone
        return ""
