"""A lock in a bucket: an object that is only ever replaced as it was known, by its etag.

Whoever replaces an object that is at rest, or whose time is up, holds the lease; nobody else can replace it
then, nor can a holder who comes late after its time was up: giving back is such a replacement too, and is
left alone when it fails. The object stays, at rest, so that one call is enough to take it anew and to know
that nobody held it meanwhile. Times are this machine's and the other's: clocks that differ by more than a
minute make it weaker, never make a landing partial. Not here: what is done under it.
"""

from __future__ import annotations

import contextlib
import json
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from ingestion.buckets import Bucket
from ingestion.errors import LandingError, SourceChanged, Unreachable
from ingestion.records import microseconds, parse_time

_TIME = timedelta(minutes=2)
_PATIENCE = 600.0  # seconds
_AT_REST = datetime(2000, 1, 1, tzinfo=UTC)  # free by any clock


class Lease:
    """One holder's; it is taken and given back as often as need be."""

    def __init__(self, bucket: Bucket, path: str) -> None:
        self._bucket, self._path = bucket, path
        self._mark = secrets.token_hex(8)
        self._etag = ""  # of what this holder wrote last
        self._taken = 0.0

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Whether nobody else held it since this one gave it back. Raises Unreachable when others hold it for
        ten minutes."""
        alone = self._take()
        try:
            yield alone
        finally:
            known, self._etag = self._etag, ""
            with contextlib.suppress(LandingError):  # its time runs out by itself
                self._etag = self._write(_AT_REST, instead=known)  # none when another took it over

    def keep(self) -> None:
        """Take its time anew when half of it is gone. Raises SourceChanged when it was taken over."""
        if time.monotonic() - self._taken < _TIME.total_seconds() / 2:
            return
        self._taken = time.monotonic()
        etag = self._write(_due(), instead=self._etag)
        if not etag:
            raise SourceChanged(
                f"{self._bucket.root}/{self._path}: this landing took so long that another took the lake "
                "over; run it again"
            )
        self._etag = etag

    def _take(self) -> bool:
        until = time.monotonic() + _PATIENCE
        pause = 0.05
        while True:
            self._taken = time.monotonic()
            if self._etag and (etag := self._write(_due(), instead=self._etag)):
                self._etag = etag
                return True
            holder, due, known = self._said()
            # its own mark: it was written, but the answer was lost; its time is taken anew
            free = not known or holder == self._mark or due < datetime.now(UTC)
            self._etag = self._write(_due(), instead=known) if free else ""
            if self._etag:
                return False
            if time.monotonic() > until:
                raise Unreachable(
                    f"{self._bucket.root}/{self._path}: other landings have held the lake for ten minutes; "
                    "run again later, or remove this object if none is running"
                )
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(pause * 2, 1.0)

    def _write(self, until: datetime, instead: str) -> str:
        """The etag of what was written; empty when what is there is not what is to be replaced."""
        text = json.dumps({"holder": self._mark, "until": microseconds(until)})
        return self._bucket.put(self._path, text.encode(), absent=not instead, instead=instead)

    def _said(self) -> tuple[str, datetime, str]:
        """Who held it last, until when, and the etag of saying so; empty when nobody ever did."""
        nobody = ("", _AT_REST, "")
        found = self._bucket.head(self._path)
        if found is None:
            return nobody
        try:
            said = json.loads(bytes(self._bucket.read(found, 0, found.size)))
            return said["holder"], parse_time(said["until"]), found.etag
        except SourceChanged:  # replaced between the two calls: someone holds it
            return "", datetime.max.replace(tzinfo=UTC), found.etag
        except (ValueError, KeyError, TypeError):
            return "", found.modified + _TIME, found.etag


def _due() -> datetime:
    return datetime.now(UTC) + _TIME
