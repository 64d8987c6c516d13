"""The rows of a result as GetQueryResults gives them: texts, in pages, below the names of the columns."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

PAGE = 1000


@dataclass
class Outcome:
    """What a statement came to. `columns` are names and Athena's types, `kinds` DuckDB's, `rows` Python's values."""

    statement_type: str
    substatement_type: str
    columns: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    rows: list[tuple] = field(default_factory=list)
    update_count: int = 0


def page(outcome: Outcome, start: int, size: int) -> dict[str, Any]:
    """The response of GetQueryResults for the rows from one on; the first page begins with the columns' names."""
    header = [] if start or not outcome.columns else [tuple(name for name, _ in outcome.columns)]
    size = min(size, PAGE) - len(header)
    shown = outcome.rows[start : start + size]
    rows = [{"Data": [{"VarCharValue": name} for name in names]} for names in header]
    rows += [{"Data": [datum(value, kind) for value, kind in zip(row, outcome.kinds, strict=True)]} for row in shown]
    info = [
        {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name, "Type": kind}
        | {"Precision": 0, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": kind == "varchar"}
        for name, kind in outcome.columns
    ]
    response: dict[str, Any] = {
        "UpdateCount": outcome.update_count,
        "ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": info}},
    }
    if start + size < len(outcome.rows):
        response["NextToken"] = str(start + size)
    return response


def datum(value: Any, kind: str) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": written(value, kind)}


def written(value: Any, kind: str = "") -> str:
    """A value as Athena's results write it; `kind` tells how finely a time is written."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S.%f")
        if value.tzinfo:
            return f"{text[:-3]} UTC"
        return text if kind == "TIMESTAMP" else text[:-3]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes):
        return value.hex(" ")
    if isinstance(value, list):
        return f"[{', '.join(written(part) for part in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{written(k)}={written(v)}' for k, v in value.items())}}}"
    return str(value)
