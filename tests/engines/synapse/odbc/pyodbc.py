"""The `pyodbc` that dbt imports on the rig: its connection, cursor and errors over the pool in CLOUDTALLY_RIG_FOLDER.

Only what dbt-synapse and dbt-fabric use. rig.py puts this folder first on dbt's PYTHONPATH.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pool import Pool, PoolError, Result
from pool.engine import STATEMENTS

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
version = "5.0.0"
pooling = True


class Error(Exception):
    """As the driver's: the SQLSTATE first, then the message."""


class InterfaceError(Error): ...


class DatabaseError(Error): ...


class ProgrammingError(DatabaseError): ...


class OperationalError(DatabaseError): ...


class InternalError(DatabaseError): ...


class DataError(DatabaseError): ...


_POOLS: dict[str, Pool] = {}
_OPENING = threading.Lock()


def drivers() -> list[str]:
    """The drivers that odbcinst.ini would name."""
    return ["ODBC Driver 18 for SQL Server"]


def connect(
    connstring: str = "", autocommit: bool = False, timeout: int = 0, attrs_before: Any = None, **_: Any
) -> Connection:
    """A connection to the database that the connection string names. Raises InterfaceError when a part that dbt must send is missing."""
    said = dict(re.findall(r"(?:^|;)([^=;]+)=(\{[^}]*\}|[^;]*)", connstring))
    parts = {key.strip().lower(): value.strip("{}") for key, value in said.items()}
    for needed in ("driver", "server", "database"):
        if not parts.get(needed):
            raise InterfaceError("IM002", f"[IM002] the connection string has no {needed}")
    folder = os.environ["CLOUDTALLY_RIG_FOLDER"]
    with _OPENING:
        if folder not in _POOLS:
            _POOLS[folder] = Pool(Path(folder), parts["database"])
    return Connection(_POOLS[folder])


def close_pools() -> None:
    """Let go of every pool's file, for a process that lives on after dbt."""
    with _OPENING:
        while _POOLS:
            _POOLS.popitem()[1].close()


class Connection:
    def __init__(self, pool: Pool) -> None:
        self._session, self._pool = pool.session(), pool
        self.timeout = 0
        self.autocommit = True
        self.closed = False

    def cursor(self) -> Cursor:
        return Cursor(self._session, self._pool)

    def add_output_converter(self, kind: int, converter: Callable[[bytes], Any]) -> None:
        """No value of the pool needs one."""

    def commit(self) -> None:
        """Every statement outside BEGIN TRANSACTION is committed by itself, as autocommit asks."""

    def rollback(self) -> None:
        """Nothing is pending, as in commit."""

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._session.close()


class Cursor:
    """Runs batches; the results of a batch's statements are its result sets."""

    def __init__(self, session: Any, pool: Pool) -> None:
        self._session, self._pool = session, pool
        self._results: list[Result] = []
        self._at = 0
        self.messages: list[tuple[str, str]] = []

    def execute(self, sql: str, bindings: Sequence[Any] | None = None) -> Cursor:
        batch = _bound(sql, bindings) if bindings else sql
        with self._pool.lock, (self._pool.folder / STATEMENTS).open("a") as log:
            log.write(json.dumps(batch) + "\n")
        self._at = 0
        try:
            self._results = self._session.execute(batch) or [Result()]
        except PoolError as error:
            kind = DataError if error.state == "22001" else ProgrammingError
            raise kind(error.state, f"[{error.state}] {error}") from None
        return self

    @property
    def description(self) -> list[tuple] | None:
        columns = self._results[self._at].columns if self._results else None
        return (
            None
            if columns is None
            else [(name, _python_type(kind), None, None, None, None, True) for name, kind in columns]
        )

    @property
    def rowcount(self) -> int:
        return self._results[self._at].touched if self._results else -1

    def nextset(self) -> bool:
        if self._at + 1 < len(self._results):
            self._at += 1
            return True
        return False

    def fetchall(self) -> list[tuple]:
        rows, self._results[self._at].rows = self._results[self._at].rows, []
        return rows

    def fetchmany(self, size: int = 1) -> list[tuple]:
        rows = self._results[self._at].rows
        self._results[self._at].rows = rows[size:]
        return rows[:size]

    def fetchone(self) -> tuple | None:
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def close(self) -> None:
        self._results = []


def _bound(sql: str, bindings: Sequence[Any]) -> str:
    values = iter(
        "null" if value is None else "'" + str(value).replace("'", "''") + "'" for value in bindings
    )
    return re.sub(r"\?", lambda _: next(values), sql)


def _python_type(kind: str) -> type:
    kinds = {"VARCHAR": str, "DOUBLE": float, "FLOAT": float, "BOOLEAN": bool, "DATE": dt.date, "TIMESTAMP": dt.datetime,
             "TIMESTAMP WITH TIME ZONE": dt.datetime, "TIME": dt.time}  # fmt: skip
    if kind.startswith("DECIMAL"):
        return decimal.Decimal
    return kinds.get(kind, int if "INT" in kind else str)
