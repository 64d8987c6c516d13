"""What a lake on disk needs of a file system: names that only one can take, and writes that last.

Here: single calls. Not here: what they are made for (lake.py).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def share(source: Path, target: Path) -> None:
    """The same bytes under a second name, without a second copy where the file system can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def create_if_absent(record: Path, target: Path) -> None:
    """Give a file its final name, which only one of several can do. Raises FileExistsError."""
    try:
        os.link(record, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links; the lake's lock keeps others away
        if target.exists():
            raise FileExistsError(target) from None
        os.rename(record, target)


def write_synced(path: Path, text: str) -> None:
    """Create a text file that a power cut does not take back."""
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_empty(folder: Path) -> bool:
    """Whether the folder was empty, and is gone."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
