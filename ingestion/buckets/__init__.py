"""Buckets of the clouds' object stores: the few calls that landing needs, the same for each cloud.

Here: addresses, what a bucket can do, and which client opens it. Not here: a client's own ways
(obstore_bucket.py for S3 and Azure, google_bucket.py for Google), and what is kept in a bucket (stores.py and
object_lake.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from ingestion import environment
from ingestion.errors import LandingError

SCHEMES = ("s3", "abfss", "abfs", "az", "gs")
PART = 8 << 20  # bytes of one request, up or down
_PARTS = 9000  # of one file: S3 takes 10,000
_AZURE = re.compile(r"^(?P<container>[^@/]+)@(?P<account>[^./@]+)\.[^/@]+$")
# what signs a URI: a shared access signature of Azure, a presigned URL of AWS or Google
_SIGNED = re.compile(
    r"[?&](sig|signature|x-(amz|goog)-(signature|credential|security-token))=", re.IGNORECASE
)
_PAGES = (
    (re.compile(r"https?://(\w+)\.(?:blob|dfs)\.([\w.]+)/([^/]+)/?(.*)"), r"abfss://\3@\1.dfs.\2/\4"),
    (re.compile(r"https?://s3[\w.-]*\.amazonaws\.com/([^/]+)/?(.*)"), r"s3://\1/\2"),
    (re.compile(r"https?://([\w.-]+)\.s3[\w.-]*\.amazonaws\.com/?(.*)"), r"s3://\1/\2"),
    (re.compile(r"https?://storage\.(?:googleapis|cloud\.google)\.com/([^/]+)/?(.*)"), r"gs://\1/\2"),
)


@dataclass(frozen=True)
class Address:
    """`abfss://container@account.dfs.core.windows.net/a/b` in its parts. `root` is the URI without a path."""

    kind: str  # s3, azure or gs
    container: str
    account: str  # of Azure
    path: str

    @property
    def root(self) -> str:
        if self.kind == "azure":
            return f"abfss://{self.container}@{self.account}.dfs.core.windows.net"
        return f"{self.kind}://{self.container}"


@dataclass(frozen=True)
class Found:
    """An object as a bucket lists it. `etag` changes whenever it is rewritten; `checksum` is the store's own
    of its bytes, where that is not the etag."""

    path: str
    size: int
    modified: datetime
    etag: str
    checksum: str = ""


class Bucket(Protocol):
    """Paths are whole, without a leading slash. Every method raises LandingError, naming the object's URI."""

    root: str

    def list(self, prefix: str) -> Iterator[Found]:
        """All objects whose path begins so, in no particular order."""

    def head(self, path: str) -> Found | None: ...

    def read(self, found: Found, start: int, length: int) -> bytes:
        """A range of an object that is still the one that was found. Raises SourceChanged."""

    def put(self, path: str, content: bytes | Path, absent: bool = False, instead: str = "") -> str:
        """Write an object whole or not at all, and give its etag; none when one is there though `absent` was
        asked for, or when the one there has not the etag that was asked for with `instead`."""

    def takes_from(self, root: str) -> bool:
        """Whether the store itself can copy from the bucket of this root."""

    def copy(self, root: str, source: str, target: str) -> None:
        """From a bucket of the same store, without the bytes passing through this machine."""

    def delete(self, path: str) -> None:
        """An object that is not there is no error."""

    def reckon(self, copy: Path) -> None:
        """Compute beforehand what `proves` compares a file by that was just put."""

    def proves(self, found: Found, copy: Path) -> bool:
        """Whether the store's own checksum shows the object to be the same bytes as this file. False: it
        has none, or one that says nothing."""


def address(uri: str) -> Address:
    """The parts of a bucket's URI. Raises LandingError for what is none, or holds a secret."""
    scheme, _, rest = uri.partition("://")
    kind = {"abfss": "azure", "abfs": "azure", "az": "azure"}.get(scheme.lower(), scheme.lower())
    place, _, path = rest.partition("/")
    if shown(uri) != uri or (":" in place and kind in ("s3", "azure", "gs")):
        raise LandingError(
            f"{shown(uri)}: holds a key or signature, which would be kept in the lake; take it out, give it "
            f"by the environment (docs/landing.md, Credentials){_written_as(uri)}"
        )
    if kind not in ("s3", "azure", "gs") or not place:
        raise LandingError(
            f"{uri}: not a path, s3://bucket/…, abfss://container@account…/… or gs://bucket/…{_written_as(uri)}"
        )
    if kind != "azure":
        return Address(kind, place, "", path.strip("/"))
    found = _AZURE.match(place)
    account = found["account"] if found else environment.azure_account()
    if not account:
        raise LandingError(
            f"{uri}: names no storage account; write abfss://container@account.dfs.core.windows.net/… "
            "or set AZURE_STORAGE_ACCOUNT_NAME"
        )
    return Address(kind, found["container"] if found else place, account, path.strip("/"))


def shown(uri: str) -> str:
    """A URI fit to be printed: itself, unless it holds a name and password or a signature."""
    scheme, mark, rest = uri.partition("://")
    place, slash, path = rest.partition("/")
    if not mark or not (":" in place.rpartition("@")[0] or _SIGNED.search(rest)):
        return uri
    return f"{scheme}://{place.rpartition('@')[2].partition('?')[0]}/…"


def _written_as(uri: str) -> str:
    """How a page's address of a bucket is written here; empty for any other."""
    for pattern, form in _PAGES:
        if found := pattern.fullmatch(uri.partition("?")[0].rstrip("/")):
            return "; write " + unquote(found.expand(form)).rstrip("/")
    return ""


def open_bucket(at: Address, writing: bool = False) -> Bucket:
    """The bucket of an address; `writing` adds what only written objects need, such as a KMS key."""
    try:
        if at.kind == "gs":
            from ingestion.buckets.google_bucket import GoogleBucket

            return GoogleBucket(at, writing)
        from ingestion.buckets import obstore_bucket

        return obstore_bucket.s3(at, writing) if at.kind == "s3" else obstore_bucket.azure(at, writing)
    except ImportError as error:
        raise LandingError(
            f"{at.root}: needs the clients of the clouds, of which {error.name} is missing; "
            "install them with: pip install 'cloudtally[cloud]' (uv sync --extra cloud)"
        ) from error


def part_size(size: int) -> int:
    """Bytes of each part in which a file of this size is written."""
    return max(PART, -(-size // _PARTS))
