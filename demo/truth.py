"""The known truth beside the bills: what the generator decided to charge.

Belongs here: collecting and writing it. It is fed with intent by the providers' modules and never reads a
written file. `billed`, `effective` and `list` are FOCUS costs as the mapping of each provider defines them;
a list cost stands on used charges and on purchases, so that what a commitment left unused has none.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demo.estate import DAY, Calendar
from demo.incidents import Incident
from demo.rows import arrow

KEYS = ["provider", "billing_period", "charge_date", "sub_account_id", "service", "currency"]
CHARGES = pa.schema(
    [
        ("provider", pa.string()),
        ("billing_period", pa.date32()),
        ("charge_date", pa.date32()),
        ("sub_account_id", pa.string()),
        ("service", pa.string()),
        ("currency", pa.string()),
        ("billed_cost", pa.float64()),
        ("effective_cost", pa.float64()),
        ("list_cost", pa.float64()),
    ]
)
SLICES = pa.schema(
    [
        ("provider", pa.string()),
        ("dataset", pa.string()),
        ("billing_period", pa.date32()),
        ("currency", pa.string()),
        ("raw_rows", pa.int64()),
        ("raw_billed_cost", pa.float64()),
        ("raw_effective_cost", pa.float64()),
    ]
)
INCIDENTS = pa.schema(
    [
        ("provider", pa.string()),
        ("sub_account_id", pa.string()),
        ("sub_account_name", pa.string()),
        ("service", pa.string()),
        ("currency", pa.string()),
        ("kind", pa.string()),
        ("start_date", pa.date32()),
        ("end_date", pa.date32()),
        ("impact_cost", pa.float64()),
    ]
)
COMMITMENTS = pa.schema(
    [
        ("provider", pa.string()),
        ("commitment_id", pa.string()),
        ("kind", pa.string()),
        ("currency", pa.string()),
        ("start_date", pa.date32()),
        ("end_date", pa.date32()),
        ("hourly_commitment", pa.float64()),
        ("billing_period", pa.date32()),
        ("purchased_cost", pa.float64()),
        ("used_cost", pa.float64()),
        ("unused_cost", pa.float64()),
    ]
)
COMPLETENESS = pa.schema(
    [
        ("provider", pa.string()),
        ("last_complete_date", pa.date32()),
        ("last_charge_date", pa.date32()),
    ]
)


@dataclass
class Truth:
    """Collects intent; `write` sums charges over their keys and writes one Parquet file per topic."""

    calendar: Calendar
    blocks: list[pa.Table] = field(default_factory=list)
    slices: list[dict] = field(default_factory=list)
    incidents: list[dict] = field(default_factory=list)
    commitments: list[dict] = field(default_factory=list)
    completeness: list[dict] = field(default_factory=list)

    def charge(self, count: int, **columns) -> None:
        """Charges of `count` rows: CHARGES columns as scalars or arrays."""
        arrays = [arrow(columns.get(f.name), count, f.type) for f in CHARGES]
        self.blocks.append(pa.Table.from_arrays(arrays, schema=CHARGES))

    def slices_of(self, provider, dataset, currency, rows, billed=None, effective=None) -> None:
        """The slices of a dataset: rows and costs per month; None for the basis the dataset cannot tell."""
        for month, period in enumerate(self.calendar.starts):
            self.slices.append(
                {
                    "provider": provider,
                    "dataset": dataset,
                    "billing_period": period.item(),
                    "currency": currency,
                    "raw_rows": int(rows[month]),
                    "raw_billed_cost": None if billed is None else float(billed[month]),
                    "raw_effective_cost": None if effective is None else float(effective[month]),
                }
            )

    def incident(self, incident: Incident, sub_account_id: str, currency: str, impact: float) -> None:
        days = self.calendar.days
        self.incidents.append(
            {
                "provider": incident.provider,
                "sub_account_id": sub_account_id,
                "sub_account_name": incident.account,
                "service": incident.service,
                "currency": currency,
                "kind": incident.kind,
                "start_date": days[incident.first].item(),
                "end_date": days[incident.last].item(),
                "impact_cost": impact,
            }
        )

    def commitment(
        self, provider, commitment_id, kind, currency, start, end, hourly, purchased, used, unused
    ) -> None:
        """One commitment; `purchased`, `used`, `unused` are costs per month of the calendar."""
        for month, period in enumerate(self.calendar.starts):
            self.commitments.append(
                {
                    "provider": provider,
                    "commitment_id": commitment_id,
                    "kind": kind,
                    "currency": currency,
                    "start_date": start.item(),
                    "end_date": end.item(),
                    "hourly_commitment": hourly,
                    "billing_period": period.item(),
                    "purchased_cost": float(purchased[month]),
                    "used_cost": float(used[month]),
                    "unused_cost": float(unused[month]),
                }
            )

    def complete(self, provider: str) -> None:
        self.completeness.append(
            {
                "provider": provider,
                "last_complete_date": self.calendar.last_complete.item(),
                "last_charge_date": (self.calendar.last_complete + 2 * DAY).item(),
            }
        )

    def charges(self) -> pa.Table:
        """Charges summed over KEYS, in their order."""
        sums = [(name, "sum") for name in CHARGES.names if name.endswith("_cost")]
        grouped = pa.concat_tables(self.blocks).group_by(KEYS, use_threads=False).aggregate(sums)
        grouped = grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names])
        return grouped.select(CHARGES.names).sort_by([(k, "ascending") for k in KEYS])

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(self.charges(), folder / "charges.parquet")
        for name, schema in (
            ("slices", SLICES),
            ("incidents", INCIDENTS),
            ("commitments", COMMITMENTS),
            ("completeness", COMPLETENESS),
        ):
            pq.write_table(
                pa.Table.from_pylist(getattr(self, name), schema=schema), folder / f"{name}.parquet"
            )


def by_month(calendar: Calendar, daily: np.ndarray) -> np.ndarray:
    """Sums of a daily array per month of the calendar."""
    return np.bincount(calendar.month, weights=daily, minlength=calendar.months)
