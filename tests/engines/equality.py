"""Whether a relation of one engine holds what DuckDB's holds: the same rows, whatever their order and their key.

Here: reading values by DuckDB's types and comparing rows. Not here: how an engine is asked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

# Row keys name raw rows, which each engine may number in its own way (design: no part of any equality).
LEFT_OUT = {"row_key"}
# of the ledger and, without underscores, of the published FOCUS views
JSON_COLUMNS = {
    "tags",
    "skupricedetails",
    "allocatedtags",
    "allocatedmethoddetails",
    "contractapplied",
    "commitmentprogrameligibilitydetails",
}
# Decision 5: a unit price or quantity is a double, money is exact to the place that the issue of a bill can show.
MONEY = Decimal("0.000001")
DOUBLE = 1e-9


def differences(
    types: dict[str, str], wanted: Iterable[Sequence], columns: Sequence[str], found: Iterable[Sequence]
) -> list[str]:
    """What differs between DuckDB's rows and an engine's, at most ten lines; empty when nothing does.

    `types` are DuckDB's column names with their types, in the order of the values in `wanted`; `columns` the engine's
    names, in the order of the values in `found`. The case of a name counts for nothing: Athena has lower case alone.
    Decimals may differ by 1e-6 and doubles by 1e-9 of their size.
    """
    types = {name.lower(): kind for name, kind in types.items()}
    missing = sorted(set(types) - {column.lower() for column in columns})
    unwanted = sorted({column.lower() for column in columns} - set(types))
    if missing or unwanted:
        return [f"columns missing: {missing}, unwanted: {unwanted}"]
    names = [name for name in types if name not in LEFT_OUT]
    left = _grouped(names, types, list(types), wanted)
    right = _grouped(names, types, [column.lower() for column in columns], found)
    said = []
    for key in [*left, *(key for key in right if key not in left)]:
        said += _compared(names, types, key, left.get(key, []), right.get(key, []))
        if len(said) >= 10:
            break
    return said[:10]


def _grouped(names: list[str], types: dict[str, str], order: list[str], rows: Iterable[Sequence]) -> dict:
    """The numbers of each row, by all its other values: rows that differ in numbers alone are neighbours."""
    places = {name: order.index(name) for name in names}
    exact = [name for name in names if not _is_number(types[name])]
    numbers = [name for name in names if _is_number(types[name])]
    groups: dict[tuple, list[tuple]] = defaultdict(list)
    for row in rows:
        key = tuple(_value(name, types[name], row[places[name]]) for name in exact)
        groups[key].append(tuple(_value(name, types[name], row[places[name]]) for name in numbers))
    for group in groups.values():
        group.sort(key=lambda row: tuple((v is not None, v if v is not None else 0) for v in row))
    return groups


def _compared(names: list[str], types: dict[str, str], key: tuple, left: list, right: list) -> Iterable[str]:
    exact = [name for name in names if not _is_number(types[name])]
    numbers = [name for name in names if _is_number(types[name])]
    told = {name: value for name, value in zip(exact, key, strict=True) if value is not None}
    if len(left) != len(right):
        yield f"{len(right)} rows where DuckDB has {len(left)}: {told}"
        return
    for wanted, found in zip(left, right, strict=True):
        for name, one, other in zip(numbers, wanted, found, strict=True):
            if not _is_near(types[name], one, other):
                yield f"{name} {other} where DuckDB has {one}: {told}"


def _is_number(kind: str) -> bool:
    return kind == "DOUBLE" or kind.startswith("DECIMAL")


def _is_near(kind: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    if kind == "DOUBLE":
        return abs(one - other) <= DOUBLE * max(1.0, abs(one))
    return abs(one - other) <= MONEY


def _value(name: str, kind: str, value: Any) -> Any:
    """The value as Python's type for DuckDB's; clients give decimals, dates and times also as text."""
    if value is None:
        return None
    if name.replace("_", "") in JSON_COLUMNS:
        return json.dumps(json.loads(value), sort_keys=True)
    if kind == "DOUBLE":
        return float(value)
    if kind.startswith("DECIMAL"):
        return Decimal(str(value))
    if kind == "DATE":
        return value if type(value) is date else _time(value).date()
    if kind.startswith("TIMESTAMP"):
        return _time(value)
    if kind == "BOOLEAN":
        return str(value).lower() in ("true", "1")
    if kind in ("BIGINT", "INTEGER", "HUGEINT", "SMALLINT"):
        return int(value)
    return str(value)


def _time(value: Any) -> datetime:
    """A point in time without a zone, in UTC, rounded to the millisecond: so Athena reads it from Parquet."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace(" UTC", "+00:00"))
    elif not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    value = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    value += timedelta(microseconds=500)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)
