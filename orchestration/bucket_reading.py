"""A lake's bucket as DuckDB reads it: through the same client that landing writes with, read-only.

Here: listing and reading for DuckDB, which asks by fsspec's methods. Not here: the clients of the clouds
(ingestion/buckets), and what is written into a lake (lake_files.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import duckdb
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from ingestion import buckets, environment
from ingestion.buckets import Found


def register(connection: duckdb.DuckDBPyConnection, lake: str) -> None:
    """Let a connection read the files of a lake in a bucket, under the lake's own scheme. Raises LandingError
    when the bucket cannot be reached.
    """
    scheme = environment.scheme(lake)
    if scheme and not connection.filesystem_is_registered(scheme):
        connection.register_filesystem(ReadBucket(lake))


class ReadBucket(AbstractFileSystem):
    """The objects of one bucket. Names are URIs without their scheme, as fsspec has them."""

    cachable = False

    def __init__(self, lake: str) -> None:
        super().__init__()
        self.protocol = environment.scheme(lake)
        at = buckets.address(lake)
        self.bucket = buckets.open_bucket(at)
        self._container = lake.partition("://")[2].partition("/")[0]

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path.partition("://")[2] or path

    def find(
        self, path: str, maxdepth: int | None = None, withdirs: bool = False, detail: bool = False, **_: Any
    ) -> Any:
        """All objects below a path in one listing, whatever the depth: `glob` picks of them."""
        prefix = self._within(path).rstrip("/")
        found = self.bucket.list(f"{prefix}/" if prefix else "")
        named = {f"{self._container}/{each.path}": self._told(each) for each in found}
        return named if detail else sorted(named)

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Raises FileNotFoundError."""
        found = self.bucket.head(self._within(path))
        if found is None:
            raise FileNotFoundError(path)
        return self._told(found)

    def modified(self, path: str) -> datetime:
        return self.info(path)["found"].modified

    def _open(self, path: str, mode: str = "rb", block_size: int | None = None, **_: Any) -> Object:
        if mode != "rb":
            raise PermissionError(f"{self.unstrip_protocol(path)}: DuckDB only reads a lake in a bucket")
        return Object(self, path, mode, buckets.PART)

    def _within(self, path: str) -> str:
        return self._strip_protocol(path).partition("/")[2]

    def _told(self, found: Found) -> dict[str, Any]:
        name = f"{self._container}/{found.path}"
        return {"name": name, "size": found.size, "type": "file", "found": found}


class Object(AbstractBufferedFile):
    """An open object; a change of it while it is read is an error."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        return bytes(self.fs.bucket.read(self.details["found"], start, end - start))
