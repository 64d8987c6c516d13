"""What a landing leaves behind: deliveries, their files and slices, and their text in delivery.json.

Here: the frozen records, their JSON form, their order in time, and the rules for ids and slugs. Not
here: where they stand on disk (lake.py) and which of them count (rules.py).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

FORMAT_VERSION = 1


@dataclass(frozen=True)
class File:
    """One of the provider's own files, byte for byte. `path` is relative to the delivery's folder."""

    path: str
    source_key: str
    source_uri: str
    etag: str | None
    sha256: str
    bytes: int
    rows: int
    format: str  # parquet, csv, json (one object per line) or empty (no byte at all)

    @property
    def fingerprint(self) -> tuple[str, int, str]:
        """What makes two files the same, whenever they were written."""
        return (self.source_key, self.bytes, self.sha256)


@dataclass(frozen=True)
class Column:
    """A column of the files, as they spell it. `type` is DuckDB's; in CSV, and inside JSON, all is text."""

    name: str
    type: str
    formats: tuple[str, ...] = ()  # of the files that have it; empty in older records: not known


@dataclass(frozen=True)
class Day:
    """Usage rows of one charge date (UTC) and the sum of their cost, as text with six decimals."""

    charge_date: str
    rows: int
    cost: str


@dataclass(frozen=True)
class Total:
    """The raw cost of all rows in one currency, as text with twelve decimals."""

    currency: str
    cost: str


@dataclass(frozen=True)
class Slice:
    """The rows of one provider and billing period inside a delivery."""

    provider: str
    billing_period: str  # first of the month, YYYY-MM-DD
    billing_account_ids: tuple[str, ...]
    rows: int
    files: tuple[str, ...]
    days: tuple[Day, ...] | None = None  # of its usage; None in older records: not known


@dataclass(frozen=True)
class Delivery:
    """One landing: immutable, whole, described by its delivery.json. Times are UTC ISO-8601 text with Z."""

    delivery_id: str
    provider: str
    dataset: str
    scope: str
    exported_at: str
    landed_at: str
    estate: str
    restores: str | None
    source: str
    definition: str | None
    files: tuple[File, ...]
    columns: tuple[Column, ...]
    unknown_columns: tuple[str, ...]
    export_time_from: str | None
    export_time_to: str | None
    slices: tuple[Slice, ...]
    totals: tuple[Total, ...] | None = None  # None in older records and of invoices: not known

    @cached_property
    def order(self) -> tuple[datetime, datetime]:
        """Newer deliveries sort after older ones."""
        return (parse_time(self.exported_at), parse_time(self.landed_at))

    @cached_property
    def fingerprint(self) -> frozenset[tuple[str, int, str]]:
        return frozenset(file.fingerprint for file in self.files)

    @cached_property
    def keys(self) -> frozenset[tuple[str, int]]:
        """Name at the source and bytes of each file: equal where the files may be."""
        return frozenset((file.source_key, file.bytes) for file in self.files)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({part.billing_period for part in self.slices}))

    @property
    def label(self) -> str:
        """A name for messages: dataset, scope and months."""
        months = [period[:7] for period in self.periods]
        span = months[0] if len(months) == 1 else f"{months[0]}..{months[-1]}" if months else "no rows"
        return f"{self.dataset}/{self.scope} {span}"

    def to_json(self) -> str:
        body = {"format_version": FORMAT_VERSION} | dataclasses.asdict(self)
        return json.dumps(body, indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Delivery:
        """Raises ValueError, KeyError or TypeError when the text is not a delivery of this format version."""
        body = json.loads(text)
        if body.pop("format_version") != FORMAT_VERSION:
            raise ValueError("unknown format_version")
        known = {field.name for field in dataclasses.fields(cls)}
        body = {name: value for name, value in body.items() if name in known}
        body["files"] = tuple(File(**file) for file in body["files"])
        body["columns"] = tuple(
            Column(column["name"], column["type"], tuple(column.get("formats") or ()))
            for column in body["columns"]
        )
        body["unknown_columns"] = tuple(body["unknown_columns"])
        body["slices"] = tuple(
            Slice(
                **part
                | {"billing_account_ids": tuple(part["billing_account_ids"]), "files": tuple(part["files"])}
                | {"days": None if part.get("days") is None else tuple(Day(**day) for day in part["days"])}
            )
            for part in body["slices"]
        )
        if body.get("totals") is not None:
            body["totals"] = tuple(Total(**total) for total in body["totals"])
        read = cls(**body)
        _ = read.order  # raises here, and not where deliveries are sorted
        return read


def delivery_id(
    dataset: str, scope: str, files: Iterable[File], exported_at: str, restores: str | None = None
) -> str:
    """16 hex digits of what was landed, from which run, as what, and what it restores."""
    keys = sorted([file.source_key, file.etag or file.sha256] for file in files)
    text = json.dumps([dataset, scope, keys, exported_at, restores], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def slug(text: str) -> str:
    """A path-safe name: letters, digits, dot, underscore and dash; empty when nothing is left."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", text.strip().strip("/")).strip("-.")
    if len(safe) <= 150:
        return safe
    return safe[:133] + "-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def seconds(moment: datetime) -> str:
    """exported_at: whole seconds, so that text and time sort alike."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def microseconds(moment: datetime) -> str:
    """landed_at and export_time: always six digits."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> datetime:
    """An ISO-8601 time, taken as UTC when it names no zone. Raises ValueError."""
    moment = datetime.fromisoformat(text.strip())
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:  # a zone's difference before the year 1 or after 9999
        raise ValueError(f"{text}: no time in UTC") from error
