"""The files that tally itself writes into a lake, wherever it is: a folder of this machine or a bucket.

Here: naming, putting and removing them, by paths relative to the lake. Not here: deliveries, which landing
writes (ingestion/lakes.py), and what is in the files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion import buckets, environment


class FolderFiles:
    """Of a lake in a folder."""

    def __init__(self, lake: str) -> None:
        self._root = Path(environment.local(lake)).expanduser().resolve()

    def readable_by(self, connection: duckdb.DuckDBPyConnection) -> None:
        """DuckDB reads folders by itself."""

    def uri(self, path: str) -> str:
        return str(self._root / path)

    def names(self, folder: str) -> list[str]:
        """The paths of all files below a folder."""
        found = (self._root / folder).rglob("*")
        return sorted(path.relative_to(self._root).as_posix() for path in found if path.is_file())

    @contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        """Where to write a file that is there with the context's end, whole, in the place of an older one."""
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name("_" + target.name)  # a name that readers of a folder pass over
        yield unfinished
        unfinished.replace(target)

    def remove(self, path: str) -> None:
        """And the folders that are empty then."""
        target = self._root / path
        target.unlink()
        for folder in target.parents:
            if folder == self._root or any(folder.iterdir()):
                break
            folder.rmdir()


class BucketFiles:
    """Of a lake in a bucket."""

    def __init__(self, lake: str) -> None:
        at = buckets.address(lake)
        self._lake = lake
        self._bucket = buckets.open_bucket(at, writing=True)
        self._prefix = f"{at.path}/" if at.path else ""

    def readable_by(self, connection: duckdb.DuckDBPyConnection) -> None:
        from orchestration import bucket_reading

        bucket_reading.register(connection, self._lake)

    def uri(self, path: str) -> str:
        return f"{self._lake.rstrip('/')}/{path}"

    def names(self, folder: str) -> list[str]:
        found = self._bucket.list(f"{self._prefix}{folder}/")
        return sorted(each.path.removeprefix(self._prefix) for each in found)

    @contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="tally-", dir=environment.scratch()) as room:
            written = Path(room) / Path(path).name
            yield written
            self._bucket.put(self._prefix + path, written)

    def remove(self, path: str) -> None:
        self._bucket.delete(self._prefix + path)


LakeFiles = FolderFiles | BucketFiles


def open_files(lake: str) -> LakeFiles:
    """Raises LandingError when the lake's bucket cannot be reached."""
    return FolderFiles(lake) if environment.is_local(lake) else BucketFiles(lake)
