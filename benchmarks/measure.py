"""Runs a command as a process of its own and says what it took.

Here: time, processor time and memory of one command. Not here: which commands, and what the numbers mean.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Measurement:
    """Seconds on the clock, processor seconds (user and system), and the peak of resident memory in MB.

    Memory is that of the command and all its children together, looked at ten times a second, and no less
    than the operating system's own peak of the command until the last look.
    """

    wall: float
    cpu: float
    memory_mb: float


class Failed(Exception):
    """The command ended with an error; the message holds the end of what it wrote."""


def run(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Measurement:
    """Run ``command`` to its end, its output in ``log``, and measure it. Raises `Failed`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    # Python keeps what it compiled; where that is switched off, every start would compile all of dbt
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("w") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            list(command), stdout=output, stderr=subprocess.STDOUT, env={**inherited, **(environment or {})}
        )
        peaks: list[int] = [0]
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        ended.set()
        watcher.join()
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{log.read_text()[-4000:]}")
    # on Linux ru_maxrss starts with the peak of the process that started the command, so only macOS is asked
    own = usage.ru_maxrss if sys.platform == "darwin" else 0
    return Measurement(wall, usage.ru_utime + usage.ru_stime, max(own, *peaks) / 1e6)


def _watch(root: int, peaks: list[int], ended: threading.Event) -> None:
    while Path("/proc").exists() and not ended.wait(0.1):
        peaks.append(max(sum(_resident(process) for process in _tree(root)), _peak(root)))


def _tree(root: int) -> list[int]:
    """A process and all below it, from each process's parent in /proc."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # the name stands in parentheses and may hold anything; the parent is the second field after it
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found = [root]
    for process in found:
        found.extend(child for child, parent in parents.items() if parent == process)
    return found


def _peak(process: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
