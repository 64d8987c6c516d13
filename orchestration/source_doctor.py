"""What `tally doctor` looks at where bills come from: whether they can be read, are fresh and well exported.

Here: questions to a source, by listing it and reading its manifests, and to buckets that are written to, by
a small object that is removed again; nothing is landed. Not here: this machine and a lake on it (doctor.py),
and what a manifest says of settings (ingestion/export_settings.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ingestion import LandingError, bigquery_table, buckets, candidates, environment
from ingestion.candidates import Candidate
from ingestion.export_settings import settings
from ingestion.lakes import open_lake
from ingestion.providers import PROVIDERS
from ingestion.stores import open_store
from orchestration.doctor import Finding

_STALE = timedelta(days=3)  # exports are written every day, and a month's last ones for some days after


def source(provider: str, uri: str) -> Iterator[Finding]:
    """Credentials, bucket, rights, manifests, freshness and settings of one source."""
    subject, service = f"source {buckets.shown(uri)}", PROVIDERS[provider]
    try:
        if environment.scheme(uri) == "bigquery":
            bigquery_table.Table(uri, provider).rehearse()
            yield Finding("ok", subject, "is a table with export times, which may be queried")
            subject = "bucket of extracts"
            _write(environment.extracts())
            yield Finding("ok", subject, f"{environment.extracts()}: may be written, read and cleared")
            return
        store = open_store(uri)
        entries = store.list()
        yield Finding("ok", subject, f"can be listed: {len(entries)} files")
        found, notes = service.find(store, entries)
        if not found and not notes:
            found = [candidates.bare(uri, entries, store.single, service.SUFFIXES)]
        faults = [candidate.fault for candidate in found if candidate.fault]
        found = [candidate for candidate in found if not candidate.fault]
        for candidate in found:
            with store.open(candidate.entries[0].key) as file:
                file.read(1)
    except LandingError as error:
        yield _fault(subject, error)
        return
    yield from (_fault(subject, fault) for fault in faults)
    for note in notes:
        yield Finding("note", subject, note)
    if found:
        newest = max(found, key=lambda candidate: candidate.exported_at)
        yield Finding("ok", subject, f"{len(found)} exports, whose manifests and files can be read")
        yield from _fresh(subject, newest)
        for setting in settings(newest):
            level = "note" if setting.remedy else "ok"
            yield Finding(level, f"{setting.name} of {newest.label}", setting.said, setting.remedy)


def lake() -> Iterator[Finding]:
    """Whether a lake in a bucket can be listed, read and written."""
    root = environment.lake()
    if environment.is_local(root):
        return
    try:
        deliveries = open_lake(root).deliveries()
        yield Finding("ok", "lake", f"{root}: {len(deliveries)} deliveries can be read")
        _write(root, of_lake=True)
        yield Finding("ok", "lake", f"{root}: may be written, read and cleared")
    except LandingError as error:
        yield _fault("lake", error)


def _write(uri: str, of_lake: bool = False) -> None:
    """Write a small object as a landing would, read it and remove it. Raises LandingError."""
    at = buckets.address(uri)
    bucket = buckets.open_bucket(at, writing=of_lake)
    path = "/".join(filter(None, (at.path, f".doctor-{secrets.token_hex(4)}")))
    bucket.put(path, b"tally doctor", absent=True)
    try:
        if found := bucket.head(path):
            bucket.read(found, 0, found.size)
    finally:
        bucket.delete(path)


def _fault(subject: str, error: LandingError) -> Finding:
    """Messages end with what mends them."""
    said, _, remedy = error.message.rpartition("; ")
    return Finding("fault", subject, said or error.message, remedy if said else "see docs/landing.md")


def _fresh(subject: str, newest: Candidate) -> Iterator[Finding]:
    age = datetime.now(UTC) - newest.exported_at
    when = f"{newest.exported_at:%Y-%m-%d %H:%M} UTC"
    if age > _STALE:
        remedy = "see in the cloud's console whether the export is switched on and its last runs went well"
        yield Finding("note", subject, f"the newest export is of {when}, {age.days} days ago", remedy)
    else:
        yield Finding("ok", subject, f"the newest export is of {when}")
