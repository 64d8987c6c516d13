"""Where bills come from, behind one small seam: list, stat, open, describe.

Here: folders of this machine, and buckets. Not here: what the files mean, anything that writes, and the
clients of the clouds (buckets/).
"""

from __future__ import annotations

import os
import stat
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, Self

from ingestion import buckets, environment
from ingestion.buckets import PART, Bucket, Found
from ingestion.errors import LandingError, SourceChanged, reading

_AHEAD = 4  # parts of an object that are fetched before they are asked for


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


class Reader(Protocol):
    """A file being read. `read` gives some bytes, at most `size` unless that is less than a part; none at the
    end.
    """

    def read(self, size: int, /) -> bytes: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Store(Protocol):
    uri: str
    single: bool  # the source is one file

    def list(self) -> list[Entry]: ...

    def stat(self, key: str) -> Entry | None: ...

    def open(self, key: str) -> Reader: ...

    def describe(self, key: str) -> str: ...


class LocalStore:
    """A folder, or one file, of this machine."""

    def __init__(self, source: str, exclude: Path | None = None) -> None:
        self.uri = source
        path = Path(environment.local(source)).expanduser()
        if not os.path.lexists(path):
            raise LandingError(f"{source}: no such file or folder; check --source")
        if path.exists() and not (path.is_dir() or path.is_file()):
            raise LandingError(f"{source}: neither a file nor a folder; copy what it gives to a file first")
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
        if not stat.S_ISREG(facts.st_mode):
            return None  # a pipe or a socket, which would be waited for
        modified = datetime.fromtimestamp(facts.st_mtime, UTC)
        version = f"{facts.st_size}-{facts.st_mtime_ns}-{facts.st_ino}"
        return Entry(key, path.resolve().as_uri(), facts.st_size, modified, None, version)

    def open(self, key: str) -> Reader:
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


class ObjectStore:
    """A bucket, a path in it, or one object."""

    def __init__(self, source: str, exclude: str = "") -> None:
        at = buckets.address(source)
        self.uri = source
        self.bucket: Bucket = buckets.open_bucket(at)
        whole = at.path and not source.endswith("/") and self.bucket.head(at.path)
        self.single = bool(whole)
        folder = at.path.rpartition("/")[0] if whole else at.path
        self._single = at.path.rpartition("/")[2] if whole else None
        self._prefix = f"{folder}/" if folder else ""
        self._exclude = _below(exclude, at.root)
        if self._exclude is not None and self._prefix.startswith(self._exclude):
            raise LandingError(
                f"{source}: lies inside the lake {exclude}; give the provider's files as --source"
            )

    def list(self) -> list[Entry]:
        """Every object under the source, sorted by key; hidden ones and empty stand-ins for folders are left
        out."""
        if self._single:
            entries = [self.stat(self._single)]
        else:
            entries = [self._entry(found) for found in self.bucket.list(self._prefix) if self._is_seen(found)]
        return sorted((entry for entry in entries if entry), key=lambda entry: entry.key)

    def stat(self, key: str) -> Entry | None:
        found = self.bucket.head(self.path(key))
        return self._entry(found) if found else None

    def open(self, key: str) -> Reader:
        found = self.bucket.head(self.path(key))
        if found is None:
            raise SourceChanged(
                f"{self.describe(key)}: the file vanished while it was read; run the landing again once the "
                "export has finished"
            )
        return Body(self.bucket, found)

    def describe(self, key: str) -> str:
        return f"{self.bucket.root}/{self.path(key)}"

    def path(self, key: str) -> str:
        """Where a key is in the bucket."""
        return self._prefix + key

    def _entry(self, found: Found) -> Entry:
        key = found.path.removeprefix(self._prefix)
        return Entry(key, self.describe(key), found.size, found.modified, found.etag, found.etag)

    def _is_seen(self, found: Found) -> bool:
        if self._exclude is not None and found.path.startswith(self._exclude):
            return False
        key = found.path.removeprefix(self._prefix)
        return not key.endswith("/") and not any(part.startswith(".") for part in key.split("/"))


class Body:
    """An object in order, with the next parts already on their way: at most _AHEAD + 1 of them in memory."""

    def __init__(self, bucket: Bucket, found: Found) -> None:
        self._bucket, self._found = bucket, found
        self._threads = ThreadPoolExecutor(_AHEAD)
        self._coming: deque[Future[bytes]] = deque()
        self._next = 0

    def read(self, size: int, /) -> bytes:
        while self._next < self._found.size and len(self._coming) < _AHEAD:
            length = min(PART, self._found.size - self._next)
            self._coming.append(self._threads.submit(self._bucket.read, self._found, self._next, length))
            self._next += length
        return self._coming.popleft().result() if self._coming else b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._threads.shutdown(cancel_futures=True)


def open_store(source: str, exclude: str | Path | None = None) -> Store:
    """The store behind a source; `exclude` is the lake, of which nothing is ever read as a source.

    Raises LandingError.
    """
    if environment.is_local(source):
        return LocalStore(source, exclude if isinstance(exclude, Path) else None)
    return ObjectStore(source, exclude if isinstance(exclude, str) else "")


def _below(uri: str, root: str) -> str | None:
    """The path of a URI in the bucket of this root, None when it is in none or another."""
    if not uri:
        return None
    at = buckets.address(uri)
    if at.root != root:
        return None
    return f"{at.path}/" if at.path else ""
