"""What must hold of every row of a bill, and the message that names the first row where it does not.

Here: required columns, numbers, dates. Not here: the sums over a file (inspection.py) and which columns
these are (datasets.py).
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import duckdb

from ingestion import datasets, shapes, sniffing, tables
from ingestion.datasets import Dataset
from ingestion.errors import LandingError
from ingestion.periods import YEARS
from ingestion.tables import Table

_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[.\s]\d{3})*),\d+")
_US_DATES = "['%m/%d/%Y', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M:%S %p']"


def require_columns(table: Table, dataset: Dataset) -> None:
    """Raise LandingError unless the required columns are there, and each of the header's names once."""
    lacking = datasets.missing(dataset, table.paths)
    if lacking:
        found = [path for name, kind in table.columns for path in shapes.paths(name, kind)]
        lowered = {name.lower(): name for name in found}
        near = [n for name in lacking for n in difflib.get_close_matches(name.lower(), lowered, 2)]
        hint = f" (found near it: {', '.join(lowered[n] for n in dict.fromkeys(near))})" if near else ""
        raise LandingError(
            f"{table.label}: required column {' or '.join(lacking)} is missing for {dataset.name}{hint}; "
            "add it to the export's columns and export again"
        )
    declared = shapes.declared(dataset.name).paths
    for first, second in sniffing.repeated(table.header):
        # tags and the like may differ by letter case alone
        if first == second or first.lower() in declared:
            raise LandingError(
                f"{table.label}: the header names column {second!r} twice"
                + (f", as {first!r} before" if first != second else "")
                + "; remove or rename one of them, or export the bill again"
            )


def checks(table: Table, dataset: Dataset) -> list[Check]:
    """The checks of all money and date columns that the file has."""
    return [
        Check(table, dataset, name, kind)
        for kind, names in (("number", dataset.costs), ("date", dataset.dates))
        for name in names
        if name.lower() in table.paths
    ]


@dataclass(frozen=True)
class Check:
    """Every value of one column is a number, or a date."""

    table: Table
    dataset: Dataset
    column: str
    kind: str

    @property
    def fails(self) -> str:
        """SQL that is true for a row whose value is there and is none."""
        value = text(self.dataset, (self.column,), self.table)
        if self.kind == "number":
            return f"({value} is not null and not coalesce(isfinite(try_cast({value} as double)), false))"
        moment = f"coalesce(try_cast({value} as timestamp), try_strptime({value}, {_US_DATES}))"
        known = f"year({moment}) between {YEARS[0]} and {YEARS[-1]}"
        return f"({value} is not null and not coalesce({known}, false))"

    def report(self, con: duckdb.DuckDBPyConnection) -> NoReturn:
        """Raise LandingError about the first row that fails."""
        row, value = tables.first_row(
            con, self.table, self.fails, f"cast({tables.reference(self.column)} as varchar)"
        )
        if self.kind == "date":
            why = f"is not a date of {YEARS[0]} to {YEARS[-1]}"
            remedy = "export it with dates as YYYY-MM-DD or MM/DD/YYYY"
        else:
            comma = _DECIMAL_COMMA.fullmatch(value.strip())
            why = "is not a number" + (" (a decimal comma?)" if comma else "")
            remedy = "export it with a decimal point and no thousands separator or currency sign"
        raise LandingError(
            f"{self.table.label}: row {row}, column {self.column}: {_shown(value)} {why}; {remedy}"
        )


def refuse_row(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    dataset: Dataset,
    columns: datasets.Path,
    value: str | None,
    why: str,
) -> NoReturn:
    """Raise LandingError about the first row whose columns have this value."""
    shown = " / ".join(name for name in columns if name.lower() in table.paths)
    literal = "null" if value is None else tables.literal(value)
    row, _ = tables.first_row(
        con, table, f"{text(dataset, columns, table)} is not distinct from {literal}", "null"
    )
    raise LandingError(
        f"{table.label}: row {row}, column {shown}: {_shown(value)} {why}; "
        "correct or remove the row, or export the bill again"
    )


def text(dataset: Dataset, names: datasets.Path, table: Table) -> str:
    """SQL for the first of the columns that has a value, as text."""
    found = []
    for name in names:
        if name.lower() in table.paths:
            value = f"nullif(trim(cast({tables.reference(name)} as varchar)), '')"
            found.append(
                f"nullif({value}, {tables.literal(dataset.null_text)})" if dataset.null_text else value
            )
    if not found:
        return "cast(null as varchar)"
    return found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"


def _shown(value: Any) -> str:
    return "an empty value" if value is None else repr(value)
