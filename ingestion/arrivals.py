"""How much usage of each day a file brought: from it the warehouse learns how late a source's days fill up.

Here: the SQL of a row's day and cost, and the sums by day. They are a proxy: the bill's first cost column, in
whatever currency, of usage alone, for taxes, fees and credits are booked on days that say nothing of arrival.
Not here: money that anybody reports, and what is made of it (models/intermediate/deliveries/int_sources__*).
"""

from __future__ import annotations

from collections.abc import Iterable

from ingestion import checks, datasets, tables
from ingestion.datasets import Dataset
from ingestion.records import Day
from ingestion.tables import Table

LONGEST = 70  # days of a slice that are kept, the newest; a month and what was booked into it from others fit


def usage_date(table: Table, dataset: Dataset) -> str:
    """SQL for the charge date of a row of usage; null for any other row, and where the format cannot tell."""
    kind, date = _first(table, dataset.kind), _first(table, dataset.dates)
    if not dataset.used or kind is None or date is None:
        return "cast(null as date)"
    words = ", ".join(tables.literal(word) for word in dataset.used)
    return f"case when lower(cast({kind} as varchar)) in ({words}) then {checks.date_read(date, dataset)} end"


def cost(table: Table, dataset: Dataset) -> str:
    """SQL for the cost of a row, 0 where it has none."""
    value = _first(table, dataset.costs)
    return "0" if value is None else f"coalesce({tables.as_double(table, value)}, 0)"


def days(found: Iterable[tuple[str, int, float]]) -> tuple[Day, ...]:
    """The records of (charge date, rows, cost), summed by day; the newest LONGEST of them."""
    rows: dict[str, int] = {}
    costs: dict[str, float] = {}
    for day, count, amount in found:
        rows[day] = rows.get(day, 0) + count
        costs[day] = costs.get(day, 0.0) + amount
    return tuple(Day(day, rows[day], f"{costs[day]:.6f}") for day in sorted(rows)[-LONGEST:])


def _first(table: Table, names: datasets.Path) -> str | None:
    return next((tables.reference(name) for name in names if name.lower() in table.paths), None)
