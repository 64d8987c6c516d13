"""Small golden bills in every provider's formats, as columns and rows that can be changed and written.

Here: the bills and how they become bytes. Not here: what is done to them (mutations.py) and what they add up
to (oracle.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TEXT, NUMBER, TIME = pa.string(), pa.float64(), pa.timestamp("us")
MAP = pa.map_(TEXT, TEXT)


@dataclass
class Column:
    name: str
    type: pa.DataType = TEXT


@dataclass
class Bill:
    """`money` and `needed` name columns: those that are added up, and those that a bill cannot lack."""

    name: str  # of the file, with its format's ending
    columns: list[Column]
    rows: list[list[Any]]
    money: tuple[str, ...]
    needed: tuple[str, ...]
    dates: tuple[str, ...]
    kind: str  # the column with the type of the charge
    spoils: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @property
    def format(self) -> str:
        return self.name.rsplit(".", 1)[-1]

    def place(self, name: str) -> int | None:
        return next((n for n, column in enumerate(self.columns) if column.name == name), None)

    def encode(self) -> bytes:
        data = {"csv": _csv, "json": _json, "parquet": _parquet}[self.format](self)
        for spoil in self.spoils:
            data = spoil(data)
        return data


def _csv(bill: Bill) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in bill.columns])
    writer.writerows([["" if value is None else _spelt(value) for value in row] for row in bill.rows])
    return out.getvalue().encode("utf-8", errors="surrogateescape")


def _spelt(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _json(bill: Bill) -> bytes:
    names = [column.name for column in bill.columns]
    rows = [dict(zip(names, row, strict=True)) for row in bill.rows]
    lines = [
        json.dumps({name: value for name, value in row.items() if value is not None}, default=_gcp_time)
        for row in rows
    ]
    return "".join(line + "\n" for line in lines).encode()


def _gcp_time(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S UTC")


def _parquet(bill: Bill) -> bytes:
    arrays = []
    for place, column in enumerate(bill.columns):
        values = [row[place] for row in bill.rows]
        values = [
            list(v.items()) if isinstance(v, dict) and pa.types.is_map(column.type) else v for v in values
        ]
        arrays.append(pa.array(values, type=column.type))
    schema = pa.schema([pa.field(column.name, column.type) for column in bill.columns])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def _time(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 1, day, hour)


def _bill(name: str, columns: dict[str, pa.DataType], rows: list[dict[str, Any]], **roles: Any) -> Bill:
    made = [Column(column, TEXT if name.endswith(".csv") else type_) for column, type_ in columns.items()]
    return Bill(name, made, [[row.get(column) for column in columns] for row in rows], **roles)


_AWS = {
    "bill_payer_account_id": ("bill/PayerAccountId", TEXT),
    "bill_bill_type": ("bill/BillType", TEXT),
    "bill_billing_period_start_date": ("bill/BillingPeriodStartDate", TIME),
    "line_item_usage_account_id": ("lineItem/UsageAccountId", TEXT),
    "line_item_line_item_type": ("lineItem/LineItemType", TEXT),
    "line_item_usage_start_date": ("lineItem/UsageStartDate", TIME),
    "line_item_usage_end_date": ("lineItem/UsageEndDate", TIME),
    "line_item_product_code": ("lineItem/ProductCode", TEXT),
    "line_item_usage_amount": ("lineItem/UsageAmount", NUMBER),
    "line_item_currency_code": ("lineItem/CurrencyCode", TEXT),
    "line_item_unblended_cost": ("lineItem/UnblendedCost", NUMBER),
    "pricing_public_on_demand_cost": ("pricing/publicOnDemandCost", NUMBER),
    "reservation_effective_cost": ("reservation/EffectiveCost", NUMBER),
    "reservation_reservation_a_r_n": ("reservation/ReservationARN", TEXT),
    "reservation_unused_recurring_fee": ("reservation/UnusedRecurringFee", NUMBER),
    "line_item_line_item_description": ("lineItem/LineItemDescription", TEXT),
}


def aws(name: str, account: str, legacy: bool) -> Bill:
    spell = (lambda column: _AWS[column][0]) if legacy else (lambda column: column)
    types = ["Usage", "Usage", "DiscountedUsage", "RIFee", "Tax", "Credit", "Refund", "Fee"]
    costs = [1.25, 0.000000123456, 0.0, 7.5, 2.1, -0.75, -0.1, 3.0]
    rows = []
    for number, (type_, cost) in enumerate(zip(types, costs, strict=True)):
        row = {
            "bill_payer_account_id": account,
            "bill_bill_type": "Anniversary",
            "bill_billing_period_start_date": _time(1),
            "line_item_usage_account_id": f"11112222333{number % 2}",
            "line_item_line_item_type": type_,
            "line_item_usage_start_date": _time(number + 1),
            "line_item_usage_end_date": _time(number + 2),
            "line_item_product_code": "AmazonEC2",
            "line_item_usage_amount": number * 1.5,
            "line_item_currency_code": "USD",
            "line_item_unblended_cost": cost,
            "pricing_public_on_demand_cost": cost if cost > 0 else None,
            "line_item_line_item_description": 'Grüße, "quoted"\nand 日本',
        }
        if type_ in ("DiscountedUsage", "RIFee"):
            row["reservation_reservation_a_r_n"] = "arn:aws:ec2:eu-west-1:1:reserved-instances/r-1"
            key = "effective_cost" if type_ == "DiscountedUsage" else "unused_recurring_fee"
            row[f"reservation_{key}"] = 0.5
        rows.append({spell(column): value for column, value in row.items()})
    columns = {spell(column): type_ for column, (_, type_) in _AWS.items()}
    if not legacy and not name.endswith(".csv"):
        columns["product"] = MAP
        for row in rows:
            row["product"] = {"product_name": "EC2"}
    return _bill(
        name,
        columns,
        rows,
        money=(spell("line_item_unblended_cost"), spell("pricing_public_on_demand_cost")),
        needed=tuple(
            spell(f"line_item_{column}")
            for column in ("usage_start_date", "line_item_type", "unblended_cost", "currency_code")
        ),
        dates=(spell("bill_billing_period_start_date"), spell("line_item_usage_start_date")),
        kind=spell("line_item_line_item_type"),
    )


def azure(name: str, account: str, amortized: bool) -> Bill:
    purchase = [("Purchase", "Reservation", 72.0)]
    covered = [("Usage", "Reservation", 48.0), ("UnusedReservation", "Reservation", 24.0)]
    kinds = [("Usage", "OnDemand", 1.25), ("Usage", "Spot", 0.000000123456), ("Refund", "OnDemand", -0.5)]
    rows = [
        {
            "BillingAccountId": account,
            "BillingProfileId": account,
            "SubscriptionId": "0000-1",
            "Date": f"01/{number + 10}/2026",
            "MeterCategory": "Virtual Machines",
            "MeterId": "m-1",
            "ProductName": 'VM, "D2"\nÜber',
            "Quantity": str(number + 1),
            "UnitPrice": "0.5",
            "PayGPrice": "0.75",
            "UnitOfMeasure": "1 Hour",
            "CostInBillingCurrency": f"{cost:.12f}",
            "ChargeType": charge,
            "PricingModel": model,
            "benefitId": "/providers/microsoft.capacity/1" if model == "Reservation" else "",
            "exchangeRatePricingToBilling": "1.1",
            "BillingCurrencyCode": "EUR",
            "BillingPeriodStartDate": "01/01/2026",
            "BillingPeriodEndDate": "01/31/2026",
            "Tags": '"team": "a,b"',
        }
        for number, (charge, model, cost) in enumerate(kinds + (covered if amortized else purchase))
    ]
    return _bill(
        name,
        dict.fromkeys(rows[0], TEXT),
        rows,
        money=("CostInBillingCurrency", "UnitPrice", "Quantity"),
        needed=("Date", "ChargeType", "CostInBillingCurrency", "BillingCurrencyCode"),
        dates=("Date", "BillingPeriodStartDate"),
        kind="ChargeType",
    )


def gcp(name: str, account: str) -> Bill:
    labels = pa.list_(pa.struct([("key", TEXT), ("value", TEXT)]))
    zoned = pa.timestamp("us", tz="UTC")
    columns = {
        "billing_account_id": TEXT,
        "invoice": pa.struct([("month", TEXT)]),
        "cost_type": TEXT,
        "service": pa.struct([("id", TEXT), ("description", TEXT)]),
        "sku": pa.struct([("id", TEXT), ("description", TEXT)]),
        "usage_start_time": zoned,
        "usage_end_time": zoned,
        "project": pa.struct([("id", TEXT), ("name", TEXT)]),
        "labels": labels,
        "export_time": zoned,
        "cost": NUMBER,
        "currency": TEXT,
        "usage": pa.struct([("amount", NUMBER), ("unit", TEXT)]),
        "credits": pa.list_(pa.struct([("type", TEXT), ("name", TEXT), ("amount", NUMBER)])),
        "cost_at_list": NUMBER,
    }
    types = ["regular", "regular", "tax", "rounding_error", "adjustment", "regular"]
    costs = [1.25, 0.000000123456, 2.1, -0.01, -3.0, 40.0]
    rows = [
        {
            "billing_account_id": account,
            "invoice": {"month": "202601"},
            "cost_type": type_,
            "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
            "sku": {"id": f"S-{number}", "description": 'N1 "core"\nÜber'},
            "usage_start_time": datetime(2026, 1, number + 2, tzinfo=UTC),
            "usage_end_time": datetime(2026, 1, number + 3, tzinfo=UTC),
            "project": {"id": "p-1", "name": "Projekt"},
            "labels": [{"key": "team", "value": "a"}],
            "export_time": datetime(2026, 1, number + 4, tzinfo=UTC),
            "cost": cost,
            "currency": "EUR",
            "usage": {"amount": 3.0, "unit": "seconds"},
            "credits": [{"type": "SUSTAINED_USAGE_DISCOUNT", "name": "sud", "amount": -cost / 4}]
            if type_ == "regular"
            else [],
            "cost_at_list": cost,
        }
        for number, (type_, cost) in enumerate(zip(types, costs, strict=True))
    ]
    return _bill(
        name,
        columns,
        rows,
        money=("cost", "cost_at_list"),
        needed=("usage_start_time", "cost_type", "cost", "currency"),
        dates=("usage_start_time", "export_time"),
        kind="cost_type",
    )


def focus(name: str, account: str) -> Bill:
    columns = {
        "BillingAccountId": TEXT,
        "BillingPeriodStart": TIME,
        "BillingPeriodEnd": TIME,
        "ChargePeriodStart": TIME,
        "ChargePeriodEnd": TIME,
        "ChargeCategory": TEXT,
        "ChargeDescription": TEXT,
        "BilledCost": NUMBER,
        "EffectiveCost": NUMBER,
        "ListCost": NUMBER,
        "ContractedCost": NUMBER,
        "ConsumedQuantity": NUMBER,
        "BillingCurrency": TEXT,
        "ProviderName": TEXT,
        "ServiceName": TEXT,
        "SubAccountId": TEXT,
        "Tags": TEXT,
    }
    kinds = ["Usage", "Usage", "Tax", "Credit", "Purchase", "Adjustment"]
    costs = [1.25, 0.000000123456, 2.1, -0.75, 100.0, -0.01]
    rows = [
        {
            "BillingAccountId": account,
            "BillingPeriodStart": _time(1),
            "BillingPeriodEnd": datetime(2026, 2, 1),
            "ChargePeriodStart": _time(number + 1),
            "ChargePeriodEnd": _time(number + 2),
            "ChargeCategory": kind,
            "ChargeDescription": 'Grüße, "quoted"\nand 日本',
            "BilledCost": cost,
            "EffectiveCost": cost,
            "ListCost": cost,
            "ContractedCost": cost,
            "ConsumedQuantity": 2.0 if kind == "Usage" else None,
            "BillingCurrency": "USD",
            "ProviderName": "Oracle",
            "ServiceName": "Compute",
            "SubAccountId": "s-1",
            "Tags": '{"team": "a"}',
        }
        for number, (kind, cost) in enumerate(zip(kinds, costs, strict=True))
    ]
    return _bill(
        name,
        columns,
        rows,
        money=("BilledCost", "EffectiveCost", "ListCost"),
        needed=("ChargePeriodStart", "ChargeCategory", "BilledCost", "BillingCurrency"),
        dates=("BillingPeriodStart", "ChargePeriodStart"),
        kind="ChargeCategory",
    )


def golden(provider: str, variant: int, account: str) -> list[Bill]:
    """The files of one bill: the variants go through the formats of a provider."""
    if provider == "aws":
        name, legacy = [("bill.parquet", False), ("bill.csv", False), ("bill.csv", True)][variant % 3]
        return [aws(name, account, legacy)]
    if provider == "azure":
        actual = azure("actual.csv", account, False)
        return [actual] if variant % 3 == 0 else [actual, azure("amortized.csv", account, True)]
    if provider == "gcp":
        return [gcp(["bill.parquet", "bill.json"][variant % 2], account)]
    return [focus(["bill.csv", "bill.parquet"][variant % 2], account)]
