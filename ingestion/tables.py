"""A copied file as a table of DuckDB: how it is opened, what columns it has, and what its read errors mean.

Here: the reading options, the same ones the raw views use. Not here: what the columns mean.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingestion import shapes
from ingestion.errors import LandingError, reading

CSV_OPTIONS = (
    "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', union_by_name = true"
)


@dataclass(frozen=True)
class Table:
    """`label` names the file in messages; `paths` are its lower-case columns and struct fields."""

    label: str
    sql: str
    format: str  # parquet, csv or empty
    columns: tuple[tuple[str, Any], ...]  # name, DuckDB type

    @property
    def paths(self) -> set[str]:
        return {path.lower() for name, kind in self.columns for path in shapes.paths(name, kind)}


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB in UTC that spills, if it must, into a folder of the landing's own."""
    con = duckdb.connect(config={"temp_directory": str(spill)})
    con.execute("set TimeZone = 'UTC'")
    return con


def table(con: duckdb.DuckDBPyConnection, path: Path, label: str) -> Table:
    """Open a copied file. Raises LandingError when it is neither Parquet nor CSV, or cut short."""
    kind = _format(path, label)
    if kind == "empty":
        return Table(label, "", kind, ())
    opened = Table(label, union([path], kind), kind, ())
    return Table(label, opened.sql, kind, describe(con, opened))


def union(paths: list[Path], kind: str) -> str:
    """SQL that reads files of one format, columns united by name."""
    files = "[" + ", ".join(literal(str(path)) for path in paths) + "]"
    if kind == "parquet":
        return f"read_parquet({files}, union_by_name = true, hive_partitioning = false)"
    return f"read_csv({files}, {CSV_OPTIONS}, hive_partitioning = false)"


def describe(con: duckdb.DuckDBPyConnection, opened: Table) -> tuple[tuple[str, Any], ...]:
    """(name, type) of the columns."""
    run(con, opened, f"select * from {opened.sql} limit 0")
    return tuple((column[0], column[1]) for column in con.description)


def run(con: duckdb.DuckDBPyConnection, opened: Table, sql: str) -> list[tuple]:
    """Rows of a query on the file. Raises LandingError saying what is wrong with the file."""
    try:
        return con.execute(sql).fetchall()
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException):
        raise  # our query is wrong, not the file
    except duckdb.Error as error:
        raise LandingError(_explain(opened, str(error))) from error


def first_row(con: duckdb.DuckDBPyConnection, opened: Table, condition: str, value: str) -> tuple[int, Any]:
    """The number (from 1, without the header) of the first row that meets a condition, and a value of it."""
    rows = run(
        con,
        opened,
        f"""
        select number, shown
        from (select row_number() over () as number, {value} as shown, {condition} as met from {opened.sql})
        where met
        order by number
        limit 1
        """,
    )
    return rows[0]


def reference(path: str) -> str:
    """SQL for a column, or with dots for a field of a struct."""
    parts = [path] if "/" in path else path.split(".")
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _format(path: Path, label: str) -> str:
    with reading(label), path.open("rb") as file:
        head = file.read(4)
    name = path.name.lower()
    if not head:
        return "empty"
    if head == b"PAR1":
        return "parquet"
    if head.startswith(b"PK"):
        raise LandingError(f"{label}: a ZIP archive or workbook, not a bill; unpack it or export it as CSV")
    packed = head.startswith(b"\x1f\x8b")
    if packed != name.endswith(".gz"):
        fault = "holds gzip but its name does not end in .gz" if packed else "is named .gz but is not gzip"
        raise LandingError(f"{label}: the file {fault}; rename it or copy it again")
    if name.endswith(".parquet"):
        raise LandingError(f"{label}: is named .parquet but is not Parquet, or is damaged; copy it again")
    return "empty" if packed and _holds_nothing(path, label) else "csv"


def _holds_nothing(path: Path, label: str) -> bool:
    try:
        with gzip.open(path) as file:
            return not file.read(1)
    except (EOFError, OSError) as error:
        raise LandingError(f"{label}: the gzip file is cut short or damaged; copy it again") from error


def _explain(opened: Table, text: str) -> str:
    first = text.split("\n")[0].removeprefix("Invalid Input Error: ")
    if opened.format == "parquet":
        return f"{opened.label}: the Parquet file is cut short or damaged ({first}); copy it again"
    if "GZIP" in text.upper():
        return f"{opened.label}: the gzip file is cut short or damaged; copy it again"
    if "unicode" in text.lower() or "utf-8 encoded" in text.lower():
        return f"{opened.label}: not UTF-8 text ({first}); save or export it as UTF-8 CSV"
    if "sniffing" in text or "CSV Error" in text:
        return (
            f"{opened.label}: cannot be read as comma-separated text ({first}); "
            "the file is no bill or was cut short or edited: export or copy it again"
        )
    return f"{opened.label}: cannot be read ({first}); copy it again"
