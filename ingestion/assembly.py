"""From recognised files to the records of deliveries: months and accounts summed up.

Here: everything a delivery.json says. Not here: which dataset a file is (recognition.py), whether it may
land (rules.py) and the landing itself (landing.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from ingestion import arrivals, datasets, inspection, records, shapes, tables, totals
from ingestion.candidates import Candidate
from ingestion.copying import Staged, distinct_names
from ingestion.datasets import Dataset
from ingestion.errors import LandingError
from ingestion.inspection import Contents
from ingestion.recognition import Order, Read
from ingestion.records import Column, Delivery, File, Slice

_CLOCKS = timedelta(days=2)  # that differ


def assemble(
    con: duckdb.DuckDBPyConnection, order: Order, candidate: Candidate, files: list[Read], landed_at: datetime
) -> tuple[Delivery, dict[str, Staged]]:
    """The delivery of files of one dataset, and which copied file goes by which path in it.

    Raises LandingError naming the first file that cannot be read.
    """
    name = next(file.dataset for file in files if file.dataset)
    dataset = datasets.landed_for(name, order.provider)
    contents = [_contents(con, dataset, candidate, file) for file in files]
    if candidate.manifest is None:
        _refuse_twins(files, contents)
    names = distinct_names(file.staged for file in files)
    landed = tuple(
        File(
            path=name,
            source_key=file.staged.entry.key,
            source_uri=file.staged.entry.uri,
            etag=file.staged.entry.etag,
            sha256=file.staged.sha256,
            bytes=file.staged.entry.size,
            rows=content.rows,
            format=file.table.format,
        )
        for name, file, content in zip(names, files, contents, strict=True)
    )
    slices = _slices(zip(names, contents, strict=True))
    scope = _scope(order, candidate, slices)
    exported = (
        candidate.exported_at if candidate.manifest else max(file.staged.entry.modified for file in files)
    )
    if order.estate == "real":  # the fictional one has a calendar of its own
        _refuse_time_to_come(candidate, files, exported)
    columns = _columns(con, files)
    times = [t for c in contents for t in (c.export_time_from, c.export_time_to) if t]
    exported_at = records.seconds(exported)
    delivery = Delivery(
        delivery_id=records.delivery_id(dataset.name, scope, landed, exported_at),
        provider=dataset.provider,
        dataset=dataset.name,
        scope=scope,
        exported_at=exported_at,
        landed_at=records.microseconds(landed_at),
        estate=order.estate,
        restores=None,
        source=order.source,
        definition=candidate.definition,
        files=landed,
        columns=tuple(columns),
        unknown_columns=shapes.declared(dataset.name).unknown((c.name, kind) for c, kind in columns.items()),
        export_time_from=records.microseconds(min(times)) if times else None,
        export_time_to=records.microseconds(max(times)) if times else None,
        slices=slices,
        totals=totals.summed((content.totals for content in contents), dataset),
    )
    return delivery, dict(zip(names, (file.staged for file in files), strict=True))


def _refuse_time_to_come(candidate: Candidate, files: list[Read], exported: datetime) -> None:
    """Such a delivery would count before all that are exported until then."""
    if exported > now() + _CLOCKS:
        what = candidate.manifest.key if candidate.manifest else files[0].table.label
        raise LandingError(
            f"{what}: was exported at {records.seconds(exported)} by its own word, which is to come; correct "
            "the time of the manifest, or of the file where there is none, and land it again"
        )


def _contents(con: duckdb.DuckDBPyConnection, dataset: Dataset, candidate: Candidate, file: Read) -> Contents:
    if file.dataset is None:
        contents = inspection.EMPTY
    else:
        contents = inspection.inspect(con, file.table, dataset)
    said = candidate.row_counts.get(file.staged.entry.key)
    if said is not None and said != contents.rows:
        raise LandingError(
            f"{file.table.label}: has {contents.rows} rows where the manifest says {said}; "
            "copy the file and its manifest again"
        )
    return contents


def _refuse_twins(files: list[Read], contents: list[Contents]) -> None:
    seen: dict[str, str] = {}
    for file, content in zip(files, contents, strict=True):
        twin = seen.setdefault(file.staged.sha256, file.table.label)
        if content.rows and twin != file.table.label:
            raise LandingError(
                f"{file.table.label}: the same bytes as {twin}, so every charge would count twice; "
                f"remove one of them"
            )


def _slices(files: Iterable[tuple[str, Contents]]) -> tuple[Slice, ...]:
    rows: dict[tuple[str, date], int] = defaultdict(int)
    accounts: dict[tuple[str, date], set[str]] = defaultdict(set)
    paths: dict[tuple[str, date], list[str]] = defaultdict(list)
    days: dict[tuple[str, date], list[tuple[str, int, float]]] = defaultdict(list)
    for path, content in files:
        for part in content.parts:
            key = (part.provider, part.period)
            rows[key] += part.rows
            accounts[key].add(part.account)
            days[key] += part.days
            if path not in paths[key]:
                paths[key].append(path)
    return tuple(
        Slice(
            provider,
            month.isoformat(),
            tuple(sorted(accounts[provider, month])),
            count,
            tuple(paths[provider, month]),
            arrivals.days(days[provider, month]),
        )
        for (provider, month), count in sorted(rows.items())
    )


def _scope(order: Order, candidate: Candidate, slices: tuple[Slice, ...]) -> str:
    if order.scope is not None:
        return order.scope
    if candidate.scope:
        return records.slug(candidate.scope) or "default"
    accounts = {account for part in slices for account in part.billing_account_ids}
    account = accounts.pop() if len(accounts) == 1 else "default"
    name = f"{account}-{candidate.export_name}" if candidate.export_name else account
    return records.slug(name) or "default"


def _columns(con: duckdb.DuckDBPyConnection, files: list[Read]) -> dict[Column, object]:
    """The columns of all files united by name, as the raw views will see them, with their types."""
    columns: dict[str, tuple[Column, object]] = {}
    for kind in ("parquet", "csv", "json"):
        paths: list[Path] = [file.staged.path for file in files if file.table.format == kind]
        if not paths:
            continue
        label = files[0].table.label + (f" and {len(paths) - 1} more" if len(paths) > 1 else "")
        united = replace(files[0].table, label=label, format=kind, sql=tables.union(con, paths, kind, label))
        for name, type_ in tables.describe(con, united):
            known, type_ = columns.get(name.lower(), (Column(name, str(type_)), type_))
            columns[name.lower()] = (replace(known, formats=(*known.formats, kind)), type_)
    return dict(columns.values())


def now() -> datetime:
    return datetime.now(UTC)
