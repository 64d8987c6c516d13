"""The DuckDB file as the commands meet it: read, absent, or held by another process.

Here: opening it, and saying why that cannot be. Not here: what is asked of it (summary.py) or built in it
(building.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingestion import environment


class WarehouseError(Exception):
    """The warehouse cannot be used now; the message says why and what to do, in one line."""


def path() -> Path:
    """The DuckDB file, as configured."""
    return Path(environment.warehouse()).expanduser()


@contextmanager
def reading() -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection. Raises WarehouseError when the file is absent or another process writes it."""
    if not path().exists():
        raise WarehouseError(f"no warehouse at {path()}: run `tally demo`, or `tally land` and `tally build`")
    with _open(read_only=True) as connection:
        yield connection


def rows(sql: str) -> tuple[list[str], list[tuple]]:
    """Column names and rows of a query, read only. Raises WarehouseError, or duckdb.Error of the query."""
    with reading() as connection:
        if not connection.extract_statements(sql):
            raise WarehouseError(
                "the query holds no statement, only blanks or comments: write a SELECT, such as "
                '`tally query "select * from marts.daily_cost limit 10"`'
            )
        result = connection.execute(sql)
        return [column[0] for column in result.description or ()], result.fetchall()


def ensure_free() -> None:
    """Raises WarehouseError when another process has the file open, so that nothing could be built."""
    if path().exists():
        _open(read_only=False).close()


def in_use(message: str) -> str | None:
    """What to tell a person, when `message` is DuckDB's refusal to open a file that another process holds."""
    if "Could not set lock on file" not in message:
        return None
    holder = re.search(r"\(PID (\d+)\)", message)
    pid = f"pid {holder[1]}" if holder else "pid unknown"
    return (
        f"another build is running ({pid}), or a program reads {path()}: wait for it to end, or stop it, "
        "and run this again"
    )


def _open(read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(str(path()), read_only=read_only)
        connection.execute("set enable_progress_bar = false")  # it would write into what a command prints
        return connection
    except duckdb.IOException as error:
        raise WarehouseError(
            in_use(str(error))
            or f"{path()} cannot be opened: check that it is a DuckDB file that you may read, or remove it "
            f"and run `tally build`, which makes it anew from the lake ({error})"
        ) from error
