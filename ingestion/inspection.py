"""Reading a copied file with DuckDB: rows, months and billing accounts, and whether all can be read.

Here: one file at a time. Not here: which dataset a file is (providers.py) and how files become a
delivery.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from ingestion import datasets, periods, tables
from ingestion.datasets import Dataset
from ingestion.errors import LandingError
from ingestion.tables import Table


@dataclass(frozen=True)
class Part:
    """The rows of one provider, month and billing account in a file."""

    provider: str
    period: date
    account: str
    rows: int


@dataclass(frozen=True)
class Contents:
    """What a file holds."""

    rows: int
    parts: tuple[Part, ...]
    export_time_from: datetime | None
    export_time_to: datetime | None


EMPTY = Contents(0, (), None, None)


def inspect(con: duckdb.DuckDBPyConnection, table: Table, dataset: Dataset) -> Contents:
    """Read the whole file once. Raises LandingError naming file, column, row and value of what "
    "cannot be read."""
    if not tables.run(con, table, f"select 1 from {table.sql} limit 1"):
        return EMPTY
    if table.format not in dataset.formats:
        raise LandingError(
            f"{table.label}: {dataset.name} as {table.format.upper()} cannot be read yet; "
            f"export it as {' or '.join(dataset.formats).upper()}"
        )
    _require(table, dataset)
    checks = [_Check(table, dataset, name, "number") for name in dataset.costs if name.lower() in table.paths]
    checks += [_Check(table, dataset, name, "date") for name in dataset.dates if name.lower() in table.paths]
    export_time = "cast(null as timestamptz)"
    if dataset.export_time and dataset.export_time in table.paths:
        export_time = f"try_cast({tables.reference(dataset.export_time)} as timestamptz)"
    groups = tables.run(
        con,
        table,
        f"""
        select
            {_text(dataset, (dataset.period,), table)} as period,
            {_text(dataset, dataset.account, table)} as account,
            {_text(dataset, dataset.issuer, table)} as issuer,
            count(*),
            epoch_us(min({export_time})),
            epoch_us(max({export_time}))
            {"".join(f", count(*) filter (where {check.fails})" for check in checks)}
        from {table.sql}
        group by 1, 2, 3
        """,
    )
    for position, check in enumerate(checks):
        if any(group[6 + position] for group in groups):
            check.report(con)
    parts: dict[tuple[str, date, str], int] = defaultdict(int)
    for period, account, issuer, rows, *_ in groups:
        parts[_part(con, table, dataset, period, account, issuer)] += rows
    return Contents(
        rows=sum(parts.values()),
        parts=tuple(Part(*key, rows) for key, rows in sorted(parts.items())),
        export_time_from=_moment(min((g[4] for g in groups if g[4] is not None), default=None)),
        export_time_to=_moment(max((g[5] for g in groups if g[5] is not None), default=None)),
    )


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


def _require(table: Table, dataset: Dataset) -> None:
    lacking = datasets.missing(dataset, table.paths)
    if lacking:
        raise LandingError(
            f"{table.label}: required column {' or '.join(lacking)} is missing for {dataset.name}; "
            "add it to the export's columns and export again"
        )


def _part(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    dataset: Dataset,
    period: str | None,
    account: str | None,
    issuer: str | None,
) -> tuple[str, date, str]:
    month = periods.month(period, dataset.month_text)
    if month is None:
        wanted = "YYYYMM" if dataset.month_text else "a date such as 2026-01-01"
        _refuse_row(con, table, dataset, (dataset.period,), period, f"is no billing period ({wanted})")
    if account is None:
        _refuse_row(con, table, dataset, dataset.account, None, "names no billing account")
    provider = issuer_slug(issuer or "") if dataset.issuer else dataset.provider
    if not provider:
        _refuse_row(con, table, dataset, dataset.issuer, issuer, "names no provider")
    return provider, month, account


def _refuse_row(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    dataset: Dataset,
    columns: tuple[str, ...],
    value: str | None,
    why: str,
) -> None:
    shown = " / ".join(name for name in columns if name.lower() in table.paths)
    literal = "null" if value is None else tables.literal(value)
    row, _ = tables.first_row(
        con, table, f"{_text(dataset, columns, table)} is not distinct from {literal}", "null"
    )
    raise LandingError(
        f"{table.label}: row {row}, column {shown}: {_shown(value)} {why}; "
        "correct or remove the row, or export the bill again"
    )


@dataclass(frozen=True)
class _Check:
    """Every value of one column is a number, or a date."""

    table: Table
    dataset: Dataset
    column: str
    kind: str

    @property
    def fails(self) -> str:
        text = _text(self.dataset, (self.column,), self.table)
        if self.kind == "number":
            return f"({text} is not null and not coalesce(isfinite(try_cast({text} as double)), false))"
        formats = "['%m/%d/%Y', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M:%S %p']"
        return (
            f"({text} is not null and try_cast({text} as timestamptz) is null"
            f" and try_strptime({text}, {formats}) is null)"
        )

    def report(self, con: duckdb.DuckDBPyConnection) -> None:
        row, value = tables.first_row(
            con, self.table, self.fails, f"cast({tables.reference(self.column)} as varchar)"
        )
        if self.kind == "number":
            remedy = "export it with a decimal point and no thousands separator or currency sign"
        else:
            remedy = "export it with dates as YYYY-MM-DD or MM/DD/YYYY"
        raise LandingError(
            f"{self.table.label}: row {row}, column {self.column}: {_shown(value)} is not a "
            f"{self.kind}; {remedy}"
        )


def _text(dataset: Dataset, names: tuple[str, ...], table: Table) -> str:
    """SQL for the first of the columns that has a value, as text."""
    found = []
    for name in names:
        if name.lower() in table.paths:
            text = f"nullif(trim(cast({tables.reference(name)} as varchar)), '')"
            found.append(
                f"nullif({text}, {tables.literal(dataset.null_text)})" if dataset.null_text else text
            )
    if not found:
        return "cast(null as varchar)"
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _moment(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    whole, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(whole, UTC).replace(microsecond=rest)


def _shown(value: Any) -> str:
    return "an empty value" if value is None else repr(value)
