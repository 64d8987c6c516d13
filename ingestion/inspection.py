"""Reading a copied file with DuckDB: rows, months and billing accounts, and whether all can be read.

Here: one file at a time. Not here: which dataset a file is (recognition.py), what must hold of its rows
(checks.py) and how files become a delivery.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb

from ingestion import arrivals, checks, periods, shapes, tables, totals
from ingestion.datasets import Dataset
from ingestion.errors import LandingError
from ingestion.periods import YEARS
from ingestion.tables import Table


@dataclass(frozen=True)
class Part:
    """The rows of one provider, month and billing account in a file."""

    provider: str
    period: date
    account: str
    rows: int
    days: tuple[tuple[str, int, float], ...] = ()  # of its usage: charge date, rows, cost


@dataclass(frozen=True)
class Contents:
    """What a file holds."""

    rows: int
    parts: tuple[Part, ...]
    export_time_from: datetime | None
    export_time_to: datetime | None
    totals: dict[str, Decimal] = field(default_factory=dict)  # raw cost by currency


_LONGEST_NAME = 100
EMPTY = Contents(0, (), None, None)


def inspect(con: duckdb.DuckDBPyConnection, table: Table, dataset: Dataset) -> Contents:
    """Read the whole file once. Raises LandingError naming file, column, row and value of what is wrong."""
    if not tables.run(con, table, f"select 1 from {table.sql} limit 1"):
        return EMPTY
    if table.format not in dataset.formats:
        raise LandingError(
            f"{table.label}: {dataset.name} as {table.format.upper()} cannot be read yet; "
            f"export it as {' or '.join(dataset.formats).upper()}"
        )
    checks.require_columns(table, dataset)
    tested = checks.checks(table, dataset)
    export_time = "cast(null as timestamptz)"
    if dataset.export_time and dataset.export_time.lower() in table.paths:
        export_time = f"try_cast({tables.reference(dataset.export_time)} as timestamptz)"
    keys = _keys(table, dataset)
    # a bill has few of these keys and many rows: what is read out of the keys is read once for each group
    groups = tables.run(
        con,
        table,
        f"""
        with rows_of_a_key as (
            select
                {", ".join(keys)},
                {arrivals.usage_date(table, dataset)} as "usage date",
                count(*) as "rows",
                epoch_us(min({export_time})) as "first time",
                epoch_us(max({export_time})) as "last time",
                count({export_time}) as "times",
                sum({arrivals.cost(table, dataset)}) as "day's cost",
                sum({totals.cost(table, dataset)}) as "raw cost",
                [{", ".join(f"count(*) filter (where {check.fails})" for check in tested)}] as "failing"
            from {table.sql}
            group by {", ".join(str(place + 1) for place in range(len(keys) + 1))}
        )
        select
            {checks.text(dataset, dataset.period, table)},
            {checks.text(dataset, dataset.account, table)},
            {checks.text(dataset, dataset.issuer, table)},
            "rows",
            "first time",
            "last time",
            {checks.month_read(table, dataset)},
            "times",
            "usage date",
            "day's cost",
            {checks.text(dataset, dataset.currency, table)},
            "raw cost",
            "failing"
        from rows_of_a_key
        """,
    )
    failing = [check for place, check in enumerate(tested) if any(group[-1][place] for group in groups)]
    for check in failing:
        if check.wrong.kind != "value":
            check.report(con)
    parts: dict[tuple[str, date, str], list[tuple]] = defaultdict(list)
    for period, account, issuer, rows, _, _, month, _, day, cost, *_ in groups:
        part = _part(con, table, dataset, period, month, account, issuer)
        parts[part].append((day.isoformat() if day else None, rows, cost))
    for check in failing:
        check.report(con)
    _read_as_declared(con, table, dataset)
    interval = _interval(dataset, groups)
    return Contents(
        rows=sum(group[3] for group in groups),
        parts=tuple(
            Part(*key, sum(rows for _, rows, _ in found), tuple(day for day in found if day[0]))
            for key, found in sorted(parts.items())
        ),
        export_time_from=_moment(interval[0]),
        export_time_to=_moment(interval[1]),
        totals=totals.added((group[10], group[11]) for group in groups),
    )


def _keys(table: Table, dataset: Dataset) -> list[str]:
    """SQL of the columns that a row is grouped by, so that the same names stand for them afterwards."""
    wanted = (*dataset.period, *dataset.account, *dataset.issuer, *dataset.currency)
    fields: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(name for name in wanted if name.lower() in table.paths):
        top, _, inner = (name, "", "") if "/" in name else name.partition(".")
        fields[top].append(inner)
    return [_key(top, inner) for top, inner in fields.items()]


def _key(top: str, fields: list[str]) -> str:
    if fields == [""]:
        return tables.reference(top)
    packed = ", ".join(f"{tables.reference(name)} := {tables.reference(f'{top}.{name}')}" for name in fields)
    return f"struct_pack({packed}) as {tables.reference(top)}"


def _interval(dataset: Dataset, groups: list[tuple]) -> tuple[int | None, int | None]:
    """First and last export time. Of a FOCUS file only Google's rows count, and only if each has one."""
    timed = [g for g in groups if not dataset.issuer or issuer_slug(g[2] or "") == dataset.appends]
    if dataset.issuer and any(g[7] < g[3] for g in timed):
        return None, None
    firsts, lasts = ([g[place] for g in timed if g[place] is not None] for place in (4, 5))
    return min(firsts, default=None), max(lasts, default=None)


def _read_as_declared(con: duckdb.DuckDBPyConnection, table: Table, dataset: Dataset) -> None:
    """Read every declared column, JSON lines in its types. Raises LandingError where that fails."""
    declared = shapes.declared(dataset.name)
    in_json = table.format == "json"
    wanted = [(name, kind) for name, _ in table.columns if (kind := declared.kind(name, in_json))]
    if table.format == "parquet":
        hashes = ", ".join(f"max(hash({tables.reference(name)}))" for name, _ in wanted)
        tables.run(con, table, f"select {hashes} from {table.sql}")
    if table.format != "json" or table.path is None:
        return
    try:
        tables.run(con, table, tables.counted(table.path, wanted))
    except LandingError:
        for name, kind in wanted:
            try:
                tables.run(con, table, tables.counted(table.path, [(name, kind)]))
            except LandingError as error:
                raise LandingError(f"{error.message} (column {name}, to be read as {kind})") from error
        raise


def issuer_slug(name: str) -> str:
    """The `provider` of a FOCUS row from the name of who billed it."""
    text = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if text == "aws" or text.startswith(("aws-", "amazon-web-services")):
        return "aws"
    if text in ("microsoft", "azure") or text.startswith(("microsoft-", "azure-")):
        return "azure"
    if text in ("google", "gcp") or text.startswith("google-"):
        return "gcp"
    return text


def _part(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    dataset: Dataset,
    period: str | None,
    month_read: date | None,
    account: str | None,
    issuer: str | None,
) -> tuple[str, date, str]:
    month = periods.month(period, dataset.month_text)
    if month is None or month != month_read:
        wanted = "YYYYMM" if dataset.month_text else "a date such as 2026-01-01"
        wanted = f"2026-01 or {wanted}" if dataset.short_months else wanted
        wanted += f", of {YEARS[0]} to {YEARS[-1]}"
        checks.refuse_row(con, table, dataset, dataset.period, period, f"is no billing period ({wanted})")
    if account is None:
        checks.refuse_row(con, table, dataset, dataset.account, None, "names no billing account")
    provider = issuer_slug(issuer or "") if dataset.issuer else dataset.provider
    if not provider:
        checks.refuse_row(con, table, dataset, dataset.issuer, issuer, "names no provider")
    if len(provider) > _LONGEST_NAME:  # it stands in names of files
        checks.refuse_row(con, table, dataset, dataset.issuer, issuer, "is too long for a provider's name")
    return provider, month, account


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    whole, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest)
