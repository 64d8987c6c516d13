"""What the values of a declared column must be for the warehouse to read them, as SQL that finds the others.

Here: numbers, times, maps and nested fields, by the declared type. Not here: which columns a format must have
and the messages (checks.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.periods import YEARS
from ingestion.tables import NUMBERS

LARGEST_COST = 1e15  # costs are decimal(38, 12): a sum of ten billion of these still fits
LARGEST_FACTOR = 1e12  # the product of two of these is a cost that fits
_MONEY = re.compile(r"cost|fee|commitment|credits", re.IGNORECASE)
_TIMES = {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
_TEXTS = {"varchar", "enum", "uuid", "boolean", "json"} | NUMBERS | _TIMES


@dataclass(frozen=True)
class Wrong:
    """`condition` is true for the rows of `column` that cannot be read as a `kind`."""

    column: str
    kind: str  # number, date, factor, map, list, text, …
    condition: str


def wrong(column: str, found: Any, wanted: Any, value: str, typed: bool) -> Iterator[Wrong]:
    """What can be wrong with a column (or field) of one type that is declared as another.

    `value` is its SQL; with `typed`, text is no number and no map, whatever it says.
    """
    kind, is_ = wanted.id, found.id
    if kind in ("double", "decimal"):
        yield number(column, found, value, typed)
    elif kind.startswith("timestamp"):
        yield moment(column, found, value)
    elif kind == "boolean":
        readable = "true" if is_ in {"boolean", "varchar"} else "false"
        yield _values(column, kind, value, f"{readable} and try_cast({value} as boolean) is not null")
    elif kind == "map":
        if is_ == "varchar" and not typed:
            yield Wrong(
                column,
                kind,
                f"(coalesce(json_type(try_cast({value} as json)), 'NULL') <> 'NULL' "
                f"and try_cast(try_cast({value} as json) as {wanted}) is null)",
            )
        elif is_ != "map":
            yield _never(column, kind, value)
    elif kind == "struct":
        if is_ == "struct":
            fields = {name.lower(): type_ for name, type_ in wanted.children}
            for name, inner in found.children:
                if name.lower() in fields:
                    field = f'{value}."{name.replace(chr(34), chr(34) * 2)}"'
                    yield from wrong(f"{column}.{name}", inner, fields[name.lower()], field, typed)
        else:
            # in JSON lines of which no row has a field DuckDB sees no struct: {} is one without fields
            yield _values(column, kind, value, f"cast({value} as varchar) = '{{}}'")
    elif kind == "list":
        if is_ == "list":
            for inner in wrong(column, found.children[0][1], wanted.children[0][1], "item", typed):
                bad = f"len(list_filter({value}, lambda item: {inner.condition})) > 0"
                yield Wrong(inner.column, inner.kind, f"coalesce({bad}, false)")
        else:
            yield _never(column, kind, value)
    elif kind == "varchar" and is_ not in _TEXTS and (str(wanted) != "JSON" or is_ == "blob"):
        yield _never(column, "text", value)


def number(column: str, found: Any, value: str, typed: bool = False, factor: bool = False) -> Wrong:
    """Not a finite number, or one that no bill holds and the ledger's costs could not."""
    if found.id not in (NUMBERS if typed else NUMBERS | {"varchar"}):
        return _never(column, "number" if found.id != "varchar" else "number, being text", value)
    size = f"abs(try_cast({value} as double))"
    # asked for itself: Parquet's statistics leave out NaN, and DuckDB takes comparisons from them
    good = f"isfinite({size})"
    if factor:
        good += f" and {size} <= {LARGEST_FACTOR}"
    elif _MONEY.search(column) and "quantity" not in column.lower():
        good += f" and {size} <= {LARGEST_COST}"
    return _values(column, "number", value, good)


def rate(column: str, found: Any, value: str) -> Wrong:
    """Not a number by which one can divide."""
    plain = number(column, found, value, factor=True)
    return Wrong(column, "rate", f"({plain.condition} or coalesce(try_cast({value} as double) = 0, false))")


def moment(column: str, found: Any, value: str, more: str = "") -> Wrong:
    """Not a time of our age. `more` is SQL that reads further spellings."""
    if found.id not in _TIMES | {"varchar"}:
        return _never(column, "date", value)
    read = f"try_cast({value} as timestamp)"
    read = f"coalesce({read}, {more})" if more else read
    return _values(column, "date", value, f"year({read}) between {YEARS[0]} and {YEARS[-1]}")


def _values(column: str, kind: str, value: str, good: str) -> Wrong:
    return Wrong(column, kind, f"({value} is not null and not coalesce({good}, false))")


def _never(column: str, kind: str, value: str) -> Wrong:
    return Wrong(column, kind, f"({value} is not null)")
