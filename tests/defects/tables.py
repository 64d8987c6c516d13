"""Bills and expectations as small text tables, and the bills' files in the providers' own layouts.

Here: reading and writing of tables. Not here: what stands in them. A line is a row, `|` parts its columns, the first
line names them; `-` or nothing is a missing value.
"""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import yaml
from lakes import PROJECT

MISSING = ("", "-")


def lines(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table, each value as text."""
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip().splitlines())
    assert all(len(row) == len(header) for row in rows), f"uneven rows under {header}"
    return header, rows


def bill(text: str, names: dict[str, str], **defaults: str) -> list[dict[str, str]]:
    """The rows of a bill under the export's own column names; `names` gives those of the short ones in the header."""
    header, rows = lines(text)
    found = [
        {names.get(name, name): cell for name, cell in zip(header, row, strict=True) if cell not in MISSING}
        for row in rows
    ]
    return [{names.get(name, name): value for name, value in defaults.items()} | row for row in found]


def shown(value: object) -> str:
    """A value of the ledger as the expectations write it; a midnight is written as its day."""
    if value is None:
        return "-"
    if isinstance(value, float | Decimal):
        return f"{float(value):.10g}"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def declared_types(provider: str, dataset: str) -> dict[str, str]:
    declared = yaml.safe_load((PROJECT / f"models/base/{provider}/_{provider}__sources.yml").read_text())
    tables = {table["name"]: table for table in declared["sources"][0]["tables"]}
    return {column["name"]: column["data_type"] for column in tables[dataset]["columns"]}


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)


def write_json(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_parquet(path: Path, rows: list[dict], types: dict[str, str]) -> None:
    """Only the columns that some row has, in the type that the export gives them."""
    lines_file = path.with_suffix(".json")
    write_json(lines_file, rows)
    present = {name: types[name] for row in rows for name in row}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        read = f"read_json('{lines_file}', format = 'newline_delimited', columns = {present})"
        connection.execute(f"copy (from {read}) to '{path}' (format parquet)")
    lines_file.unlink()
