"""Raw cost by currency: a control total of a delivery, told in `cost.ingested` as the files have it.

Here: the SQL of a row's cost, and the sums of files. It is the column that the format requires (AWS's
unblended cost, Azure's cost in billing currency, Google's cost before credits, FOCUS's BilledCost) over all
rows, whatever they are for. Not here: the witness that the ledger is held to
(models/base/*/*__raw_amounts.sql), which knows net costs and credits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, localcontext

from ingestion import tables
from ingestion.datasets import Dataset
from ingestion.records import Total
from ingestion.tables import Table


def cost(table: Table, dataset: Dataset) -> str:
    """SQL for the cost of a row as decimal(38, 12); null where it has none."""
    found = [tables.reference(name) for name in dataset.cost if name.lower() in table.paths]
    values = [f"try_cast({tables.as_double(table, value)} as decimal(38, 12))" for value in found]
    return f"coalesce({', '.join(values)}, null)" if values else "cast(null as decimal(38, 12))"


def summed(found: Iterable[dict[str, Decimal]], dataset: Dataset) -> tuple[Total, ...] | None:
    """The totals of files; None where the format has no cost of rows."""
    if not dataset.cost:
        return None
    sums = added((currency, amount) for amounts in found for currency, amount in amounts.items())
    return tuple(Total(currency, f"{sums[currency]:.12f}") for currency in sorted(sums))


def added(found: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    """Amounts by currency; exact, as the ledger's 38 digits are."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    with localcontext(prec=60):
        for currency, amount in found:
            sums[currency] += amount or 0
    return dict(sums)
