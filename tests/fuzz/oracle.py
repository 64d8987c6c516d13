"""What a bill adds up to, read from its bytes by Python alone: nothing of DuckDB or of the project is used.

Here: rows and billed cost per dataset of one file. Not here: landing and the ledger, which are held against it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq

_COSTS = {
    "aws": ("line_item_unblended_cost", "lineitem/unblendedcost"),
    "azure": ("costinbillingcurrency", "cost"),
    "gcp": ("cost",),
    "focus": ("billedcost",),
}


@dataclass(frozen=True)
class Expected:
    """`billed` is None where the files do not tell it (Azure's amortized file alone); `size` is the sum of absolute
    costs, the measure of what doubles can hold."""

    rows: int
    billed: Decimal | None
    size: Decimal


def expected(provider: str, name: str, data: bytes) -> Expected:
    costs = [_cost(provider, row) for row in _rows(name, data)]
    return Expected(len(costs), sum(costs, Decimal(0)), sum(map(abs, costs), Decimal(0)))


def _rows(name: str, data: bytes) -> Iterator[dict[str, Any]]:
    """The rows, by lower-case name; of names that stand twice the first counts."""
    if name.endswith(".parquet"):
        for row in pq.read_table(io.BytesIO(data)).to_pylist():
            yield {column.lower(): value for column, value in reversed(row.items())}
    elif name.endswith(".json"):
        for line in data.decode("utf-8-sig").split("\n"):
            if line.strip():
                yield {column.lower(): value for column, value in reversed(json.loads(line).items())}
    else:
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = [column.strip().lower() for column in next(lines)]  # as DuckDB names CSV columns
        for row in lines:
            if row:
                yield dict(reversed(list(zip(header, row, strict=True))))


def _cost(provider: str, row: dict[str, Any]) -> Decimal:
    found = (row.get(column) for column in _COSTS[provider])
    cost = _number(next((value for value in found if value not in (None, "", "NULL")), None))
    if provider == "gcp":
        cost += sum((_number((c or {}).get("amount")) for c in row.get("credits") or ()), Decimal(0))
    return cost


def _number(value: Any) -> Decimal:
    """A cost as the double that every format's cost is, for the text of one to twelve places."""
    return Decimal(0) if value is None else round(Decimal(float(value)), 12)
