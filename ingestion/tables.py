"""A copied file as a table of DuckDB: how it is opened, what columns it has, and what its read errors mean.

Here: the reading options, the same ones the raw views use. Not here: what the columns mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from ingestion import shapes, sniffing
from ingestion.errors import LandingError

# no guessing: a row that begins with # is a charge, not a comment, and the header is the first line
CSV_OPTIONS = (
    "all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"', union_by_name = true, "
    "comment = '', skip = 0, sample_size = 1"
)
NUMBERS = {
    "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint",
    "uhugeint", "float", "double", "decimal",
}  # fmt: skip
# every field is looked for in all rows; records stay structs however many fields they have
_JSON_DETECTION = "sample_size = -1, map_inference_threshold = -1, union_by_name = true"


@dataclass(frozen=True)
class Table:
    """`label` names the file in messages; `paths` are its lower-case columns and struct fields."""

    label: str
    sql: str
    format: str  # parquet, csv, json or empty
    columns: tuple[tuple[str, Any], ...]  # name, DuckDB type
    header: tuple[str, ...] = ()  # of CSV: the names as the file spells them
    path: Path | None = None  # of one file

    @property
    def paths(self) -> set[str]:
        return {path.lower() for name, kind in self.columns for path in shapes.paths(name, kind)}


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB in UTC that spills, if it must, into a folder of the landing's own."""
    con = duckdb.connect(config={"temp_directory": str(spill)})
    con.execute("set TimeZone = 'UTC'")
    return con


def table(con: duckdb.DuckDBPyConnection, path: Path, label: str) -> Table:
    """Open a copied file. Raises LandingError when it is no Parquet, CSV or JSON lines, or cut short."""
    kind = sniffing.kind(path, label)
    if kind == "empty":
        return Table(label, "", kind, ())
    header = sniffing.header(path, label) if kind == "csv" else ()
    opened = Table(label, union(con, [path], kind, label), kind, (), header, path)
    try:
        columns = describe(con, opened)
    except LandingError:
        if header:
            sniffing.refuse_uneven(path, label, len(header))
        raise
    if header and len(header) != len(columns):
        raise LandingError(f"{label}: its first line is not the header of its rows; export it again")
    return replace(opened, columns=columns)


def union(con: duckdb.DuckDBPyConnection, paths: list[Path], kind: str, label: str) -> str:
    """SQL that reads files of one format, columns united by name. All of CSV and all within JSON is text."""
    files = "[" + ", ".join(literal(str(path)) for path in paths) + "]"
    if kind == "parquet":
        return f"read_parquet({files}, union_by_name = true, hive_partitioning = false)"
    if kind == "csv":
        return f"read_csv({files}, {CSV_OPTIONS}, hive_partitioning = false)"
    lines = f"read_json({files}, format = 'newline_delimited', hive_partitioning = false"
    found = describe(con, Table(label, f"{lines}, {_JSON_DETECTION})", kind, ()))
    columns = ", ".join(f"{literal(name)}: {literal(_as_text(type_))}" for name, type_ in found)
    return f"{lines}, columns = {{{columns}}})"


def counted(path: Path, columns: list[tuple[str, Any]]) -> str:
    """A query that reads columns of JSON lines in given types, and fails where they cannot be read so."""
    types = ", ".join(f"{literal(name)}: {literal(str(kind))}" for name, kind in columns)
    counts = ", ".join(f"count({_quoted(name)})" for name, _ in columns)
    return (
        f"select {counts} from read_json([{literal(str(path))}], format = 'newline_delimited', "
        f"hive_partitioning = false, columns = {{{types}}})"
    )


def _as_text(kind: Any) -> str:
    if kind.id == "list":
        return f"{_as_text(kind.children[0][1])}[]"
    if kind.id == "struct":
        return (
            "struct(" + ", ".join(f"{_quoted(name)} {_as_text(inner)}" for name, inner in kind.children) + ")"
        )
    return "varchar"


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
    return ".".join(_quoted(part) for part in parts)


def as_double(opened: Table, value: str) -> str:
    """SQL for a top column's value as double, null where it is no number. Numbers are not taken for text."""
    kind = next((kind.id for name, kind in opened.columns if value.lower() == _quoted(name).lower()), "")
    return f"try_cast({value if kind in NUMBERS else f'cast({value} as varchar)'} as double)"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _explain(opened: Table, text: str) -> str:
    first = re.sub(r' in file "[^"]*",?', "", text.split("\n")[0].removeprefix("Invalid Input Error: "))
    first = re.sub(r"""(?i)(file) (?:"[^"]*"|'[^']*')""", r"\1", first)
    if opened.format == "parquet":
        return f"{opened.label}: the Parquet file is cut short or damaged ({first}); copy it again"
    if "GZIP" in text.upper():
        return f"{opened.label}: the gzip file is cut short or damaged; copy it again"
    if "unicode" in text.lower() or "utf-8 encoded" in text.lower():
        return f"{opened.label}: not UTF-8 text ({first}); save or export it as UTF-8 CSV"
    if opened.format == "json":
        return (
            f"{opened.label}: cannot be read as JSON lines, one object per row ({first}); "
            "export or copy it again"
        )
    if "sniffing" in text or "CSV" in text:
        more = re.search(r"Expected Number of Columns: \d+ Found: \d+|Value with unterminated quote", text)
        first += f", {more[0]}" if more else ""
        return (
            f"{opened.label}: cannot be read as comma-separated text ({first}); "
            "the file is no bill or was cut short or edited: export or copy it again"
        )
    return f"{opened.label}: cannot be read ({first}); copy it again"
