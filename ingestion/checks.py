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

from ingestion import datasets, kinds, shapes, sniffing, tables
from ingestion.datasets import Dataset
from ingestion.errors import LandingError
from ingestion.periods import YEARS
from ingestion.tables import Table

_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[.\s]\d{3})*),\d+")
_US_DATE = (
    "try_strptime(regexp_extract(cast({0} as varchar), '^[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}'), '%m/%d/%Y')"
)


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
    declared = shapes.declared(dataset.name)
    for first, second in sniffing.repeated(table.header):
        # tags and the like may differ by letter case alone
        if first == second or declared.knows(first):
            raise LandingError(
                f"{table.label}: the header names column {second!r} twice"
                + (f", as {first!r} before" if first != second else "")
                + "; remove or rename one of them, or export the bill again"
            )
    _refuse_lookalikes(table, dataset)
    _refuse_other_case(table, dataset)


def _refuse_lookalikes(table: Table, dataset: Dataset) -> None:
    """The warehouse tells columns apart without case, slashes and underscores."""
    needed = (
        dataset.account,
        dataset.period,
        dataset.costs,
        dataset.dates,
        dataset.issuer,
        *dataset.required,
    )
    plain = {shapes.plain(name) for names in needed for name in names}
    first: dict[str, str] = {}
    for name, _ in table.columns:
        twin = first.setdefault(shapes.plain(name), name)
        if twin != name and shapes.plain(name) in plain:
            raise LandingError(
                f"{table.label}: columns {twin!r} and {name!r} are spelt alike, so it is not clear which one "
                "counts; remove or rename one of them, or export the bill again"
            )


def _refuse_other_case(table: Table, dataset: Dataset) -> None:
    """The names of JSON fields are told apart by case, and all that are declared are lower-case."""
    declared = shapes.declared(dataset.name).paths
    found = [path for name, kind in table.columns for path in shapes.paths(name, kind)]
    for path in found if table.format == "json" else ():
        if path != path.lower() and path.lower() in declared:
            raise LandingError(
                f"{table.label}: field {path!r} is {path.lower()!r} in the provider's export; "
                "rename it, or export the bill again"
            )


def checks(table: Table, dataset: Dataset) -> list[Check]:
    """The checks of every column that the warehouse does not read as text, or cannot do without."""
    declared = shapes.declared(dataset.typed_as or dataset.name)
    found = []
    typed = table.format == "parquet" and dataset.typed
    for name, type_ in table.columns:
        value = _value(table, dataset, name)
        if _among(name, dataset.rates):
            found.append(kinds.rate(name, type_, value))
        elif _among(name, dataset.costs) or _among(name, dataset.factors):
            found.append(kinds.number(name, type_, value, typed, _among(name, dataset.factors)))
        elif _among(name, dataset.dates):
            us_date = _US_DATE.format(value) if dataset.us_dates else ""
            found.append(kinds.moment(name, type_, value, us_date))
        elif _among(name, dataset.period):
            continue  # read by month_read
        elif wanted := declared.kind(name, table.format == "json"):
            # Parquet has maps of its own, and a text beside another file's map breaks the reading of both
            is_typed = typed or (table.format == "parquet" and wanted.id == "map")
            found += kinds.wrong(name, type_, wanted, value, is_typed)
    found += [
        kinds.Wrong(names[0], "value", f"({text(dataset, names, table)} is null)")
        for names in dataset.required
        if names[0] not in dataset.costs + dataset.issuer
    ]
    return [Check(table, wrong) for wrong in found]


def month_read(table: Table, dataset: Dataset) -> str:
    """SQL for the billing month as the warehouse reads it; null where it cannot."""
    name = next(name for name in dataset.period if name.lower() in table.paths)
    value = _value(table, dataset, name)
    if dataset.month_text:
        moment = f"try_strptime(cast({value} as varchar), '%Y%m')"
    elif dataset.issuer or dataset.short_months:
        moment = f"timezone('UTC', try_cast({value} as timestamptz)) + interval 14 hours"
        if dataset.short_months:
            moment = f"coalesce({moment}, try_strptime(cast({value} as varchar), '%Y-%m'))"
    else:
        moment = f"try_cast({value} as timestamp)"
        moment = f"coalesce({moment}, {_US_DATE.format(value)})" if dataset.us_dates else moment
    return f"cast(date_trunc('month', {moment}) as date)"


def date_read(value: str, dataset: Dataset) -> str:
    """SQL for a date as the warehouse reads it; null where it cannot."""
    moment = f"try_cast({value} as timestamp)"
    moment = f"coalesce({moment}, {_US_DATE.format(value)})" if dataset.us_dates else moment
    return f"cast({moment} as date)"


@dataclass(frozen=True)
class Check:
    """Every value of one column can be read as what it is to be."""

    table: Table
    wrong: kinds.Wrong

    @property
    def fails(self) -> str:
        """SQL that is true for a row whose value cannot."""
        return self.wrong.condition

    def report(self, con: duckdb.DuckDBPyConnection) -> NoReturn:
        """Raise LandingError about the first row that fails."""
        column, kind = self.wrong.column, self.wrong.kind
        top = next((n for n, _ in self.table.columns if column == n), column.split(".")[0])
        shown = tables.reference(column if column.lower() in self.table.paths else top)
        try:
            row, value = tables.first_row(con, self.table, self.fails, f"cast({shown} as varchar)")
        except duckdb.BinderException:  # a field inside a list: show the list
            row, value = tables.first_row(
                con, self.table, self.fails, f"cast({tables.reference(top)} as varchar)"
            )
        why, remedy = _fault(kind, value)
        raise LandingError(f"{self.table.label}: row {row}, column {column}: {_shown(value)} {why}; {remedy}")


def _fault(kind: str, value: str | None) -> tuple[str, str]:
    if kind == "date":
        return (
            f"is not a date of {YEARS[0]} to {YEARS[-1]}",
            "export it with dates as YYYY-MM-DD, or from Azure as MM/DD/YYYY",
        )
    if kind in ("number", "rate"):
        return _fault_of_number(value or "", kind)
    if kind == "value":
        return (
            "stands where every charge needs a value",
            "correct or remove the row, or export the bill again",
        )
    return f"cannot be read as a {kind}", "export the column in the provider's own type"


def _fault_of_number(value: str, kind: str) -> tuple[str, str]:
    try:
        size = abs(float(value))
    except ValueError:
        comma = _DECIMAL_COMMA.fullmatch(value.strip())
        return (
            "is not a number" + (" (a decimal comma?)" if comma else ""),
            "export it with a decimal point and no thousands separator or currency sign",
        )
    if kind == "rate" and size == 0:
        return "is no rate to divide by", "correct the row, or export the bill again"
    if size < float("inf"):
        return "is larger than any bill's", "correct the row, or export the bill again"
    return "is not a number", "correct the row, or export the bill again"


def _value(table: Table, dataset: Dataset, name: str) -> str:
    """SQL for a column's value as the warehouse sees it: untrimmed, a text that stands for null as null."""
    value = tables.reference(name)
    if dataset.null_text and table.format == "csv":
        return f"nullif({value}, {tables.literal(dataset.null_text)})"
    return value


def _among(name: str, names: datasets.Path) -> bool:
    return name.lower() in {known.lower() for known in names}


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
