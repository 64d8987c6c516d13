"""The Google Cloud bill as it is being written: rows of the detailed export and truth side by side.

Belongs here: what every row shares: time, invoice, project, credits, adjustment. Does not: any single kind
of charge (gcp_usage.py, gcp_commitment.py, gcp_charges.py).
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.estate import ACCOUNT_NAMES, DAY, Calendar, Estate
from demo.gcp_catalog import ACCOUNT, CURRENCY, PROJECT_NUMBERS, PROJECTS, SERVICES, sku_id
from demo.gcp_schema import CREDIT, NUMERIC, PROJECT, SCHEMA
from demo.rows import Rows, arrow, digest, pick
from demo.truth import Truth

NOBODY = len(ACCOUNT_NAMES)  # the account index of rows without a project
HOUR = np.timedelta64(3600, "s")
EVENING = 18 * HOUR  # where the second window of a day begins, after Pacific midnight


class Bill:
    """Collects rows. Costs are USD, rounded to nine places; days are Pacific days, by calendar index."""

    def __init__(self, estate: Estate, truth: Truth) -> None:
        self.estate, self.truth, self.rows = estate, truth, Rows()
        self.calendar: Calendar = estate.calendar
        edges = np.append(self.calendar.days, self.calendar.days[-1] + DAY)
        self.midnight = np.array([_pacific_midnight(d) for d in edges])
        months = self.calendar.months
        self.rows_by_month = np.zeros(months, dtype=int)
        self.billed_by_month, self.effective_by_month = np.zeros(months), np.zeros(months)

    def emit(
        self,
        *,
        day,
        account,
        service,
        sku,
        cost,
        list_cost=None,
        billed=None,
        effective=None,
        credits=(),
        window=0,
        invoice=None,
        late=0,
        adjustment=None,
        cost_type="regular",
        **columns,
    ) -> None:
        """Add rows: arrays (or scalars) of day and account indexes, service ids, SKU descriptions and costs.

        `credits` are (type, name, amounts) with amounts by row; `billed` defaults to cost and credits,
        `effective` to billed, `list_cost` to billed. `window` is 0 for the whole day, 1 and 2 for its two
        windows; `invoice` the invoice month by row (default the day's); `late` delays the export by days;
        `adjustment` is (id, description, mode, type).
        """
        day = np.asarray(day)
        count = len(day)
        cost, account = np.broadcast_to(cost, count).astype(float), np.broadcast_to(account, count)
        billed = cost + sum(np.broadcast_to(a, count) for _, _, a in credits) if billed is None else billed
        billed = np.round(np.broadcast_to(billed, count), 9)
        effective = billed if effective is None else np.broadcast_to(effective, count)
        invoice = self.calendar.month[day] if invoice is None else np.broadcast_to(invoice, count)
        start, end = self._window(day, np.broadcast_to(window, count))
        service_id = (
            pa.array([service]).take(pa.array(np.zeros(count, dtype=int)))
            if isinstance(service, str)
            else service
        )
        sku = pa.array([sku]).take(pa.array(np.zeros(count, dtype=int))) if isinstance(sku, str) else sku
        shared = {
            "billing_account_id": ACCOUNT,
            "invoice": self._invoice(invoice, columns.pop("publisher_type", "GOOGLE")),
            "cost_type": cost_type,
            "service": _described(service_id, SERVICES),
            "sku": _skus(service_id, sku),
            "usage_start_time": _utc(start),
            "usage_end_time": _utc(end),
            "project": pick(_projects(), account, PROJECT),
            "transaction_type": "GOOGLE" if cost_type == "regular" else None,
            "export_time": _utc(self._export_time(day, late)),
            "cost": cost,
            "currency": CURRENCY,
            "currency_conversion_rate": 1.0,
            "credits": credit_lists(count, credits),
            "adjustment_info": adjustment
            and dict(zip(("id", "description", "mode", "type"), adjustment, strict=True)),
        }
        self.rows.add(count, **(shared | columns))
        np.add.at(self.rows_by_month, invoice, 1)
        np.add.at(self.billed_by_month, invoice, billed)
        np.add.at(self.effective_by_month, invoice, effective)
        self.truth.charge(
            count,
            provider="gcp",
            billing_period=self.calendar.starts[invoice],
            charge_date=start.astype("datetime64[D]"),
            sub_account_id=pick((*PROJECTS, None), account),
            service=service_id,
            currency=CURRENCY,
            billed_cost=billed,
            effective_cost=effective,
            list_cost=billed if list_cost is None else list_cost,
        )

    def _window(self, day: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        start, end = self.midnight[day], self.midnight[day + 1]
        return np.where(window == 2, start + EVENING, start), np.where(window == 1, start + EVENING, end)

    def _export_time(self, day: np.ndarray, late) -> np.ndarray:
        """Appended in three batches a day, from seven hours after the usage day."""
        batch = np.arange(len(day)) % 3
        return (
            self.midnight[day + 1]
            + 7 * HOUR
            + batch * 3 * HOUR
            + 41 * batch * np.timedelta64(1, "s")
            + late * DAY
        )

    def _invoice(self, invoice: np.ndarray, publisher_type: str) -> pa.Array:
        months = [
            {"month": f"{d.item():%Y%m}", "publisher_type": publisher_type} for d in self.calendar.starts
        ]
        return pick(months, invoice, SCHEMA.field("invoice").type)


def credit_lists(count: int, credits) -> pa.Array:
    """The `credits` column: per row a list of those of the given credits that are not 0 there."""
    kind = pa.list_(CREDIT)
    if not credits:
        return pa.ListArray.from_arrays(pa.array(np.zeros(count + 1, np.int32)), pa.array([], CREDIT)).cast(
            kind
        )
    amounts = np.round(np.stack([np.broadcast_to(a, count) for _, _, a in credits], axis=1), 9)
    row, which = np.nonzero(amounts)
    offsets = np.searchsorted(row, np.arange(count + 1)).astype(np.int32)
    types, names = [c[0] for c in credits], [c[1] for c in credits]
    ids = pick([digest("gcp credit", n, size=6) for n in names], which)
    values = pa.StructArray.from_arrays(
        [ids, pick(names, which), pick(types, which), pick(names, which), pa.array(amounts[row, which])],
        fields=list(CREDIT),
    )
    return pa.ListArray.from_arrays(pa.array(offsets), values).cast(kind)


def records(kind: pa.StructType, count: int, **fields) -> pa.Array:
    """A struct column from scalars and arrays; numbers for NUMERIC fields are rounded to nine places."""
    arrays = []
    for field in kind:
        value = fields.get(field.name)
        if field.type == NUMERIC and value is not None:
            value = np.round(np.broadcast_to(np.asarray(value, dtype=float), count), 9)
        arrays.append(arrow(value, count, field.type))
    return pa.StructArray.from_arrays(arrays, fields=list(kind))


def _described(ids: pa.Array, names: dict[str, str]) -> pa.Array:
    index = pc.index_in(ids, pa.array(list(names)))
    return pa.StructArray.from_arrays(
        [ids, pa.array(list(names.values())).take(index)], names=["id", "description"]
    )


def _skus(service: pa.Array, description: pa.Array) -> pa.Array:
    pairs = pc.binary_join_element_wise(service, description, "|").dictionary_encode()
    ids = pa.array([sku_id(*p.split("|", 1)) for p in pairs.dictionary.to_pylist()], pa.string()).take(
        pairs.indices
    )
    return pa.StructArray.from_arrays([ids, description], names=["id", "description"])


def _projects() -> list[dict | None]:
    """A record per account and null for NOBODY."""
    return [
        {
            "id": project,
            "number": number,
            "name": name,
            "labels": [
                {"key": "cost-center", "value": f"cc-{100 + 10 * i}"},
                {"key": "team", "value": name.split("-")[-1]},
            ],
            "ancestry_numbers": "/5501/7702/",
            "ancestors": [
                {"resource_name": f"projects/{number}", "display_name": name},
                {"resource_name": "folders/7702", "display_name": "retail"},
                {"resource_name": "organizations/5501", "display_name": "meridian-retail.example"},
            ],
        }
        for i, (name, project, number) in enumerate(
            zip(ACCOUNT_NAMES, PROJECTS, PROJECT_NUMBERS, strict=True)
        )
    ] + [None]


def _pacific_midnight(day: np.datetime64) -> np.datetime64:
    local = datetime.combine(day.item(), datetime.min.time(), ZoneInfo("America/Los_Angeles"))
    return np.datetime64(local.astimezone(UTC).replace(tzinfo=None), "s")


def _utc(times: np.ndarray) -> pa.Array:
    return pc.assume_timezone(pa.array(times.astype("datetime64[us]")), "UTC")
