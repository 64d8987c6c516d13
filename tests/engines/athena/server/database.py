"""The one DuckDB under the stand-in: its connection, and the functions that translated SQL calls."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

CATALOG, STORE = "awsdatacatalog", "store"


def open_database(folder: Path) -> duckdb.DuckDBPyConnection:
    """A new database in a folder: `store` holds the rows of tables, `awsdatacatalog` views under their names."""
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute("set memory_limit = '3GB'")
    connection.execute(f"set temp_directory = '{folder / 'spill'}'")
    connection.create_function("sorted_json", _sorted_json, ["VARCHAR"], "JSON")
    connection.create_function("double_text", _double_text, ["DOUBLE"], "VARCHAR")
    connection.execute(Path(__file__).with_name("trino.sql").read_text())
    connection.execute(f"attach ':memory:' as {STORE}")
    connection.execute(f"attach ':memory:' as {CATALOG}")
    return connection


def _sorted_json(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _double_text(value: float) -> str:
    """A double as Trino writes it: 1.0E0, 1.25E11, -3.0E-2."""
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    digits, exponent = repr(f"{value:.16e}").strip("'").split("e") if value else ("0.0", "0")
    shortest = min((f"{value:.{n}e}" for n in range(1, 18)), key=lambda text: (float(text) != value, len(text)))
    digits, exponent = shortest.split("e")
    return f"{digits}E{int(exponent)}"
