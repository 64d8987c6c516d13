"""A lock in a bucket: an object that only one can create, and that is taken over once its time is up.

Here: taking it and giving it back; nobody renews it. It is held while records are judged and one is created,
which takes seconds; who holds it longer than its time loses it, and then is still kept from writing over
another's record, for those are only ever created. Times are this machine's and the other's: clocks that
differ by more than a minute make it weaker, never make a landing partial. Not here: what is done under it.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from ingestion.buckets import Bucket
from ingestion.errors import SourceChanged, Unreachable
from ingestion.records import microseconds, parse_time

_TIME = timedelta(minutes=2)
_PATIENCE = 600.0  # seconds


class Lease:
    def __init__(self, bucket: Bucket, path: str) -> None:
        self._bucket, self._path = bucket, path
        self._mark = secrets.token_hex(8)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises Unreachable when others hold it for ten minutes."""
        self._take()
        try:
            yield
        finally:
            if self._holder()[0] == self._mark:
                self._bucket.delete(self._path)

    def _take(self) -> None:
        until = time.monotonic() + _PATIENCE
        pause = 0.05
        while True:
            text = json.dumps({"holder": self._mark, "until": microseconds(datetime.now(UTC) + _TIME)})
            if self._bucket.put(self._path, text.encode(), absent=True):
                return
            _, due, etag = self._holder()
            if etag and due < datetime.now(UTC) and self._bucket.put(self._path, text.encode(), instead=etag):
                return
            if time.monotonic() > until:
                raise Unreachable(
                    f"{self._bucket.root}/{self._path}: other landings have held the lake for ten minutes; "
                    "run again later, or remove this object if none is running"
                )
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(pause * 2, 1.0)

    def _holder(self) -> tuple[str, datetime, str]:
        """Who holds it, until when, and the etag of saying so; empty when nobody does."""
        nobody = ("", datetime.max.replace(tzinfo=UTC), "")
        found = self._bucket.head(self._path)
        if found is None:
            return nobody
        try:
            said = json.loads(bytes(self._bucket.read(found, 0, found.size)))
            return said["holder"], parse_time(said["until"]), found.etag
        except SourceChanged:
            return nobody
        except (ValueError, KeyError, TypeError):
            return "", found.modified + _TIME, found.etag
