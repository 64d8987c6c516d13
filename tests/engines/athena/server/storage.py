"""The objects behind a location: in moto's S3, or in a folder of this machine that stands for a bucket."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlparse

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends


class Storage:
    """`folders` maps a bucket to the folder that stands for it; copies of moto's objects are kept under `cache`."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.folders: dict[str, Path] = {}

    def files(self, location: str) -> list[Path]:
        """The data files under a location, as paths of this machine, sorted; none if there is nothing."""
        bucket, prefix = split(location)
        if bucket in self.folders:
            folder = self.folders[bucket] / prefix
            found = folder.rglob("*") if folder.is_dir() else []
            return sorted(path for path in found if path.is_file() and path.name[0] not in "._")
        keys = [key for key in self.keys(location) if not key.rsplit("/", 1)[-1].startswith((".", "_"))]
        return sorted(self._copied(bucket, key) for key in keys)

    def keys(self, location: str) -> list[str]:
        """The keys of moto's objects under a location."""
        bucket, prefix = split(location)
        backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        if bucket not in backend.buckets:
            return []
        return [key for key, _ in backend.buckets[bucket].keys.items() if key.startswith(prefix)]

    def mark(self, location: str) -> None:
        """Put an object where a table's files would be: it must be deleted with them."""
        bucket, prefix = split(location)
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, f"{prefix}_rows_are_in_the_stand_in", b"-")

    def has_bucket(self, location: str) -> bool:
        bucket, _ = split(location)
        return bucket in self.folders or bucket in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets

    def _copied(self, bucket: str, key: str) -> Path:
        found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].get_object(bucket, key)
        path = self.cache / bucket / found.etag.strip('"') / Path(key).name
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(found.value)
        return path

    def clear(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)


def split(location: str) -> tuple[str, str]:
    """The bucket and the prefix, with its slash at the end, of an s3:// location."""
    parts = urlparse(location, allow_fragments=False)
    prefix = parts.path.strip("/")
    return parts.netloc, f"{prefix}/" if prefix else ""
