"""Buckets of Google Cloud Storage, through Google's own client.

obstore speaks Google's XML interface, which the emulator that the tests run against does not have; Google's
client speaks JSON to both, and checks CRC32C on the way. Here: its calls and what its errors mean. Not here:
what is kept in a bucket.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import google_crc32c
import requests
from google.api_core import exceptions
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.cloud import storage
from google.cloud.storage import Blob

from ingestion import environment
from ingestion.buckets import PART, Address, Found
from ingestion.errors import LakeUnwritable, LandingError, NoAccess, SourceChanged, Unreachable

_LOGIN = "run gcloud auth application-default login, or run where a service account is attached"
_TIMEOUT = (10, 60)  # seconds to connect, and without a byte


class GoogleBucket:
    def __init__(self, at: Address, writing: bool) -> None:
        self.root = at.root
        try:
            client = storage.Client()
        except (DefaultCredentialsError, OSError) as error:
            raise NoAccess(f"{at.root}: no Google credentials were found; {_LOGIN}") from error
        self._bucket = client.bucket(at.container, user_project=environment.google_payer() or None)
        self._key = (environment.kms_key() or None) if writing else None

    def list(self, prefix: str) -> Iterator[Found]:
        with self._told(prefix, of_bucket=True):
            blobs = self._bucket.list_blobs(prefix=prefix or None, timeout=_TIMEOUT)
            yield from (_found(blob) for blob in blobs)

    def head(self, path: str) -> Found | None:
        with self._told(path):
            blob = self._bucket.get_blob(path, timeout=_TIMEOUT)
            return _found(blob) if blob else None

    def read(self, found: Found, start: int, length: int) -> bytes:
        if not length:
            return b""
        with self._told(found.path):
            blob = self._bucket.blob(found.path, generation=int(found.etag))
            return blob.download_as_bytes(
                start=start, end=start + length - 1, raw_download=True, checksum=None, timeout=_TIMEOUT
            )

    def put(self, path: str, content: bytes | Path, absent: bool = False, instead: str = "") -> str:
        blob = self._bucket.blob(path, chunk_size=PART, kms_key_name=self._key)
        wanted = 0 if absent else int(instead) if instead else None
        with self._told(path, writing=True):
            try:
                if isinstance(content, Path):
                    blob.upload_from_filename(
                        content, if_generation_match=wanted, checksum="crc32c", timeout=_TIMEOUT
                    )
                else:
                    blob.upload_from_string(
                        content, if_generation_match=wanted, checksum="crc32c", timeout=_TIMEOUT
                    )
            except exceptions.PreconditionFailed:
                return ""
        return str(blob.generation)

    def takes_from(self, root: str) -> bool:
        return root.startswith("gs://")

    def copy(self, root: str, source: str, target: str) -> None:
        other = self._bucket.client.bucket(root.removeprefix("gs://"), user_project=self._bucket.user_project)
        with self._told(target, writing=True):
            blob, token = self._bucket.blob(target, kms_key_name=self._key), None
            while True:  # a large file is rewritten in several calls
                token, _, _ = blob.rewrite(other.blob(source), token=token, timeout=_TIMEOUT)
                if token is None:
                    return

    def delete(self, path: str) -> None:
        with self._told(path, writing=True):
            try:
                self._bucket.blob(path).delete(timeout=_TIMEOUT)
            except exceptions.NotFound:
                return

    def reckon(self, copy: Path) -> None:
        _crc32c(copy, copy.stat().st_mtime_ns)

    def proves(self, found: Found, copy: Path) -> bool:
        return found.checksum == _crc32c(copy, copy.stat().st_mtime_ns)

    @contextmanager
    def _told(self, path: str, writing: bool = False, of_bucket: bool = False) -> Iterator[None]:
        """Turn the client's errors into ours."""
        uri = f"{self.root}/{path}"
        try:
            yield
        except exceptions.NotFound as error:
            if writing or of_bucket:
                raise LandingError(f"{self.root}: no such bucket; check its name") from error
            raise SourceChanged(
                f"{uri}: the file vanished while it was read; run the landing again once the export has "
                "finished"
            ) from error
        except exceptions.Unauthorized as error:
            raise NoAccess(f"{uri}: the credentials were not accepted; {_LOGIN}") from error
        except exceptions.Forbidden as error:
            raise _forbidden(uri, _reason(error), writing) from error
        except exceptions.BadRequest as error:
            if "requester pays" in str(error).lower():
                raise NoAccess(
                    f"{uri}: its readers pay; set CLOUDTALLY_GOOGLE_PAYER to the project that is to pay"
                ) from error
            said = _reason(error)
            raise LandingError(f"{uri}: the request was refused ({said}); check its name") from error
        except GoogleAuthError as error:
            raise NoAccess(f"{uri}: no token could be had for the credentials; {_LOGIN}") from error
        except (exceptions.GoogleAPIError, requests.RequestException, OSError) as error:
            status = getattr(error, "code", None)
            said = f"status {int(status)}" if status else "no answer"
            raise Unreachable(
                f"{uri}: the store cannot be reached or failed ({said}), also after some tries; check "
                "network and the cloud's state, and run again"
            ) from error


def _reason(error: exceptions.GoogleAPICallError) -> str:
    found = [one.get("reason") for one in error.errors if isinstance(one, dict)]
    return str(found[0] if found else int(error.code or 0))


def _forbidden(uri: str, reason: str, writing: bool) -> LandingError:
    what, kind = ("write", LakeUnwritable) if writing else ("read", NoAccess)
    role = "roles/storage.objectUser" if writing else "roles/storage.objectViewer"
    remedy = f"grant {role}, and the use of its key where it is encrypted with one"
    if reason.lower() == "userprojectaccessdenied":
        remedy = "grant roles/serviceusage.serviceUsageConsumer on the project of CLOUDTALLY_GOOGLE_PAYER"
    if reason.lower() == "vpcservicecontrols":
        remedy = "let this machine into the service perimeter that holds it"
    return kind(f"{uri}: no permission to {what} it ({reason}); {remedy}")


@lru_cache(maxsize=16)
def _crc32c(path: Path, written: int) -> str:
    checksum = google_crc32c.Checksum()
    with path.open("rb") as file:
        while chunk := file.read(PART):
            checksum.update(chunk)
    return base64.b64encode(checksum.digest()).decode()


def _found(blob: Blob) -> Found:
    return Found(blob.name, blob.size, blob.updated, str(blob.generation), blob.crc32c or "")
