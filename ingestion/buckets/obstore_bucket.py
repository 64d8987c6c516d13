"""Buckets of S3 and containers of Azure Blob Storage, through obstore.

Here: credentials by each SDK's own chain, options, obstore's calls. Not here: what its errors mean
(obstore_errors.py) and what is kept in a bucket.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import obstore
from obstore import exceptions
from obstore.store import AzureStore, S3Store

from ingestion import environment
from ingestion.buckets import Address, Found, part_size
from ingestion.buckets.obstore_errors import LOGIN, meant
from ingestion.errors import LakeUnwritable, NoAccess, SourceChanged

_RETRY = {
    "max_retries": 6,
    "backoff": {
        "init_backoff": timedelta(milliseconds=200),
        "max_backoff": timedelta(seconds=15),
        "base": 2,
    },
    "retry_timeout": timedelta(minutes=3),
}
_AT_ONCE = 4  # parts of one file on their way


def s3(at: Address, writing: bool) -> ObstoreBucket:
    """Raises LandingError when no credentials are found."""
    import boto3
    from obstore.auth.boto3 import Boto3CredentialProvider

    options: dict[str, Any] = {"region": boto3.Session().region_name or "us-east-1"}
    endpoint = environment.s3_endpoint()
    if endpoint:
        options["endpoint"] = endpoint
    if environment.requester_pays():
        options["request_payer"] = True
    if writing and environment.kms_key():
        options |= {"server_side_encryption": "aws:kms", "sse_kms_key_id": environment.kms_key()}
    if not environment.is_public():
        try:
            options["credential_provider"] = Boto3CredentialProvider()
        except Exception as error:  # botocore has a class for each of a chain's troubles
            raise NoAccess(f"{at.root}: no AWS credentials were found; {LOGIN['s3']}") from error
    store = S3Store(at.container, client_options=_client(endpoint), retry_config=_RETRY, **options)
    return ObstoreBucket(at, store)


def azure(at: Address, writing: bool) -> ObstoreBucket:
    """Raises LandingError when no credentials are found."""
    options: dict[str, Any] = {"account_name": at.account}
    endpoint = environment.azure_endpoint()
    if endpoint:
        options["endpoint"] = endpoint
    key, signature = environment.azure_secrets()
    if key:
        options["account_key"] = key
    elif signature:
        options["sas_key"] = signature
    elif not environment.is_public():
        from azure.identity import DefaultAzureCredential
        from obstore.auth.azure import AzureCredentialProvider

        # it lists all that it tried in vain; whoever is told the remedy needs no more
        logging.getLogger("azure.identity").setLevel(logging.ERROR)
        options["credential_provider"] = AzureCredentialProvider(DefaultAzureCredential())
    store = AzureStore(at.container, client_options=_client(endpoint), retry_config=_RETRY, **options)
    return ObstoreBucket(at, store)


def _client(endpoint: str) -> dict[str, Any]:
    # a file of any size may take its time, but not without a byte for a minute
    return {
        "timeout": timedelta(days=1),
        "read_timeout": timedelta(minutes=1),
        "connect_timeout": timedelta(seconds=10),
        "allow_http": endpoint.startswith("http://"),
    }


class ObstoreBucket:
    def __init__(self, at: Address, store: S3Store | AzureStore) -> None:
        self.root = at.root
        self._kind = at.kind
        self._store = store

    def list(self, prefix: str) -> Iterator[Found]:
        with self._told(prefix):
            for chunk in obstore.list(self._store, prefix or None, chunk_size=1000):
                yield from (_found(meta) for meta in chunk)

    def head(self, path: str) -> Found | None:
        with self._told(path):
            try:
                return _found(obstore.head(self._store, path))
            except FileNotFoundError:
                return None

    def read(self, found: Found, start: int, length: int) -> bytes:
        if not length:
            return b""
        with self._told(found.path):
            options = {"range": (start, start + length), "if_match": f'"{found.etag}"'}
            return obstore.get(self._store, found.path, options=options).bytes()

    def put(self, path: str, content: bytes | Path, absent: bool = False, instead: str = "") -> str:
        mode = "create" if absent else {"e_tag": f'"{instead}"'} if instead else "overwrite"
        more: dict[str, Any] = {}
        if isinstance(content, Path):
            size = content.stat().st_size
            more = {"chunk_size": part_size(size), "max_concurrency": _AT_ONCE}
        if mode != "overwrite":
            more["use_multipart"] = False
        with self._told(path, writing=True):
            try:
                return _plain(obstore.put(self._store, path, content, mode=mode, **more)["e_tag"])
            except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
                return ""
            except FileNotFoundError:
                if instead:
                    return ""
                raise

    def takes_from(self, root: str) -> bool:
        return root == self.root

    def copy(self, root: str, source: str, target: str) -> None:
        with self._told(target, writing=True):
            obstore.copy(self._store, source, target)

    def delete(self, path: str) -> None:
        with self._told(path, writing=True):
            try:
                obstore.delete(self._store, path)
            except FileNotFoundError:
                return

    def reckon(self, copy: Path) -> None:
        if self._kind == "s3":
            facts = copy.stat()
            _s3_etag(copy, facts.st_mtime_ns, facts.st_size > part_size(facts.st_size))

    def proves(self, found: Found, copy: Path) -> bool:
        """By S3's etag: MD5 of the file, or of the MD5s of its parts. With KMS it is neither, and proves
        nothing; nor does Azure's."""
        return self._kind == "s3" and found.etag == _s3_etag(copy, copy.stat().st_mtime_ns, "-" in found.etag)

    @contextmanager
    def _told(self, path: str, writing: bool = False) -> Iterator[None]:
        """Turn obstore's errors into ours, without a trace of theirs: their text may hold signatures."""
        uri = f"{self.root}/{path}"
        try:
            yield
        except (FileNotFoundError, exceptions.PreconditionError):
            if writing:
                raise LakeUnwritable(f"{uri}: no such bucket or container; check CLOUDTALLY_LAKE") from None
            raise SourceChanged(
                f"{uri}: the file vanished or changed while it was read; run the landing again once the "
                "export has finished"
            ) from None
        except (exceptions.BaseError, PermissionError, OSError, ValueError) as error:
            raise meant(self._kind, self.root, uri, error, writing) from None


def _found(meta: Any) -> Found:
    return Found(meta["path"], meta["size"], meta["last_modified"], _plain(meta["e_tag"]))


def _plain(etag: str | None) -> str:
    return (etag or "").removeprefix("W/").strip('"')


@lru_cache(maxsize=16)
def _s3_etag(path: Path, written: int, in_parts: bool) -> str:
    size = part_size(path.stat().st_size)
    whole, parts = hashlib.md5(usedforsecurity=False), []
    with path.open("rb") as file:
        while chunk := file.read(size):
            if in_parts:
                parts.append(hashlib.md5(chunk, usedforsecurity=False).digest())
            else:
                whole.update(chunk)
    if not in_parts:
        return whole.hexdigest()
    return f"{hashlib.md5(b''.join(parts), usedforsecurity=False).hexdigest()}-{len(parts)}"
