"""`tally query`: one SELECT on the warehouse or on the published copies, as rows or as a file.

Here: where it is asked, and writing CSV, Parquet and Excel. Not here: how a table looks (terminal.py).
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb

from ingestion import environment
from orchestration import publishing, warehouse

_COPIED = {
    ".csv": "format csv, header",
    ".csv.gz": "format csv, header, compression gzip",
    ".parquet": "format parquet, compression zstd",
}
EXCEL = ".xlsx"
_EXCEL_ROWS = 1_048_575  # a sheet's, less the headings


class CannotQuery(Exception):
    """Nothing was asked or written; the message says why and what to do."""


def rows(sql: str, published: bool = False) -> tuple[list[str], list[tuple]]:
    """Column names and rows. Raises CannotQuery, WarehouseError, or duckdb.Error of the query."""
    if not published:
        return warehouse.rows(sql)
    with _copies() as connection:
        result = connection.execute(_one_select(connection, sql))
        return [column[0] for column in result.description], result.fetchall()


def write(sql: str, out: Path, published: bool = False) -> int:
    """Write the rows to a file, whole or not at all, in the format that its name ends in; their number.

    Raises CannotQuery, WarehouseError, OSError, or duckdb.Error of the query.
    """
    ending = next((e for e in (*_COPIED, EXCEL) if out.name.lower().endswith(e)), None)
    if ending is None:
        raise CannotQuery(f"{out}: name a file that ends in {', '.join(_COPIED)} or {EXCEL}")
    if not out.parent.is_dir():
        raise CannotQuery(f"{out}: there is no folder {out.parent}; make it first")
    fresh = out.with_name(f".{secrets.token_hex(4)}-{out.name}")
    try:
        with _copies() if published else warehouse.reading() as connection:
            select = _one_select(connection, sql)
            if ending == EXCEL:
                count = _excel(connection.execute(select), fresh)
            else:
                literal = str(fresh).replace("'", "''")
                copy = f"copy ({select}) to '{literal}' ({_COPIED[ending]})"
                [(count,)] = connection.execute(copy).fetchall()
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    return count


@contextlib.contextmanager
def _copies() -> Iterator[duckdb.DuckDBPyConnection]:
    """The published marts as views `marts.<name>`, of one publication though another comes meanwhile."""
    lake = environment.lake()
    if environment.scheme(lake) not in (None, "file"):
        raise CannotQuery(f"{lake} is remote, and only a lake in a local folder holds published copies yet")
    link = Path(environment.local(lake)).expanduser().resolve() / publishing.FOLDER
    if not link.exists():
        raise CannotQuery(f"nothing is published in {link}: run `tally build`, then `tally publish`")
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        schema = f'"{environment.schema_prefix()}marts"'
        connection.execute(f"create schema {schema}")
        for file in sorted(link.resolve().glob("*.parquet")):
            literal = str(file).replace("'", "''")
            connection.execute(
                f"create view {schema}.\"{file.stem}\" as select * from read_parquet('{literal}')"
            )
        yield connection


def _one_select(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise CannotQuery('write one SELECT, such as `tally query "select * from marts.daily_cost limit 10"`')
    return statements[0].query.strip().rstrip(";")


def _excel(result: duckdb.DuckDBPyConnection, file: Path) -> int:
    try:
        import xlsxwriter
    except ImportError:
        raise CannotQuery(
            "Excel files need the excel extra: uv sync --extra excel; CSV needs nothing"
        ) from None
    names = [column[0] for column in result.description]
    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("query")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, names, book.add_format({"bold": True}))
        while batch := result.fetchmany(10_000):
            for row in batch:
                count += 1
                if count > _EXCEL_ROWS:
                    raise CannotQuery(
                        f"an Excel sheet holds {_EXCEL_ROWS:,} rows: add a limit, or write CSV or Parquet"
                    )
                for place, value in enumerate(row):
                    _cell(sheet, count, place, value)
    return count


def _cell(sheet, row: int, place: int, value: object) -> None:
    """A text stays a text, whatever it begins with: a name in a bill must not become a formula."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, place, float(value))  # a sheet has no other numbers
    elif hasattr(value, "isoformat") and not getattr(value, "tzinfo", None) and hasattr(value, "year"):
        sheet.write_datetime(row, place, value)
    else:
        sheet.write_string(row, place, str(value))
