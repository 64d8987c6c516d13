"""Where bills come from, behind one small seam: list, open, size, etag.

Here: the local store. Object stores (s3, abfss, gs) will be siblings of `LocalStore` with the same four
methods. Not here: what the files mean, and anything that writes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from ingestion import environment
from ingestion.errors import LandingError, reading


@dataclass(frozen=True)
class Entry:
    """One object of a store. `key` is relative to the source, with forward slashes."""

    key: str
    uri: str
    size: int
    modified: datetime
    etag: str | None
    version: str  # changes whenever the object is rewritten

    @property
    def name(self) -> str:
        return self.key.rsplit("/", 1)[-1]


class Store(Protocol):
    uri: str
    single: bool  # the source is one file

    def list(self) -> list[Entry]: ...

    def stat(self, key: str) -> Entry | None: ...

    def open(self, key: str) -> BinaryIO: ...

    def describe(self, key: str) -> str: ...


class LocalStore:
    """A folder, or one file, of this machine."""

    def __init__(self, source: str, exclude: Path | None = None) -> None:
        self.uri = source
        path = Path(environment.local(source)).expanduser()
        if not os.path.lexists(path):
            raise LandingError(f"{source}: no such file or folder; check --source")
        self.single = not path.is_dir()
        self._single = path.name if not path.is_dir() else None
        self._root = path if path.is_dir() else path.parent
        self._exclude = exclude.resolve() if exclude else None
        if self._exclude and self._root.resolve().is_relative_to(self._exclude):
            raise LandingError(
                f"{source}: lies inside the lake {exclude}; give the provider's files as --source"
            )

    def list(self) -> list[Entry]:
        """Every file under the source, sorted by key; hidden files and folders are left out."""
        keys = [self._single] if self._single else list(self._walk())
        return [entry for key in sorted(keys) if (entry := self.stat(key))]

    def stat(self, key: str) -> Entry | None:
        path = self._root / key
        with reading(self.describe(key)):
            try:
                facts = path.stat()
            except FileNotFoundError:
                return None
        modified = datetime.fromtimestamp(facts.st_mtime, UTC)
        version = f"{facts.st_size}-{facts.st_mtime_ns}-{facts.st_ino}"
        return Entry(key, path.resolve().as_uri(), facts.st_size, modified, None, version)

    def open(self, key: str) -> BinaryIO:
        return (self._root / key).open("rb")

    def describe(self, key: str) -> str:
        """The key as the user would write it."""
        return str(self._root / key)

    def _walk(self):
        def fail(error: OSError) -> None:
            with reading(error.filename or self.uri):
                raise error

        for folder, names, files in os.walk(self._root, onerror=fail):
            inside = Path(folder)
            names[:] = sorted(n for n in names if not n.startswith(".") and not self._excluded(inside / n))
            yield from (
                (inside / n).relative_to(self._root).as_posix() for n in files if not n.startswith(".")
            )

    def _excluded(self, folder: Path) -> bool:
        return self._exclude is not None and folder.resolve() == self._exclude


def open_store(source: str, exclude: Path | None = None) -> LocalStore:
    """The store behind a source URI; `exclude` is a folder (the lake) that is never read as a source."""
    kind = environment.scheme(source)
    if kind in (None, "file"):
        return LocalStore(source, exclude)
    raise LandingError(
        f"{source}: {kind}:// sources cannot be landed yet; copy the export to a local folder "
        "(keep its folders) and give that as --source"
    )
