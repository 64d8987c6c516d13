"""Hand-made charges that meet FOCUS 1.2, one of each kind, for tests to break one value at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

TEXT, MONEY, NUMBER, TIME = "varchar", "decimal(38, 12)", "double", "timestamp"
TYPES = {
    **dict.fromkeys(("BilledCost", "ContractedCost", "EffectiveCost", "ListCost"), MONEY),
    "PricingCurrencyEffectiveCost": MONEY,
    **dict.fromkeys(("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "ConsumedQuantity"), NUMBER),
    **dict.fromkeys(("PricingCurrencyListUnitPrice", "PricingCurrencyContractedUnitPrice"), NUMBER),
    "CommitmentDiscountQuantity": NUMBER,
    **dict.fromkeys(("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"), TIME),
}
USAGE: dict[str, Any] = {
    "AvailabilityZone": "eu-1a",
    "BilledCost": 2,
    "BillingAccountId": "100",
    "BillingAccountName": "Main",
    "BillingAccountType": "Account",
    "BillingCurrency": "USD",
    "BillingPeriodEnd": "2026-10-01",
    "BillingPeriodStart": "2026-09-01",
    "CapacityReservationId": None,
    "CapacityReservationStatus": None,
    "ChargeCategory": "Usage",
    "ChargeClass": None,
    "ChargeDescription": "Machine hours",
    "ChargeFrequency": "Usage-Based",
    "ChargePeriodEnd": "2026-09-02",
    "ChargePeriodStart": "2026-09-01",
    "CommitmentDiscountCategory": None,
    "CommitmentDiscountId": None,
    "CommitmentDiscountName": None,
    "CommitmentDiscountQuantity": None,
    "CommitmentDiscountStatus": None,
    "CommitmentDiscountType": None,
    "CommitmentDiscountUnit": None,
    "ConsumedQuantity": 4,
    "ConsumedUnit": "Hours",
    "ContractedCost": 2,
    "ContractedUnitPrice": 0.5,
    "EffectiveCost": 2,
    "InvoiceId": "I-1",
    "InvoiceIssuerName": "Cloud",
    "ListCost": 4,
    "ListUnitPrice": 1,
    "PricingCategory": "Standard",
    "PricingCurrency": "USD",
    "PricingCurrencyContractedUnitPrice": 0.5,
    "PricingCurrencyEffectiveCost": 2,
    "PricingCurrencyListUnitPrice": 1,
    "PricingQuantity": 4,
    "PricingUnit": "Hours",
    "ProviderName": "Cloud",
    "PublisherName": "Cloud",
    "RegionId": "eu-1",
    "RegionName": "Europe",
    "ResourceId": "vm-1",
    "ResourceName": "web",
    "ResourceType": "Machine",
    "ServiceCategory": "Compute",
    "ServiceName": "Machines",
    "ServiceSubcategory": "Virtual Machines",
    "SkuId": "S1",
    "SkuMeter": "Machine hours",
    "SkuPriceDetails": None,
    "SkuPriceId": "S1-a",
    "SubAccountId": "7",
    "SubAccountName": "Shop",
    "SubAccountType": "Project",
    "Tags": '{"team": "web"}',
}
COMMITMENT = {
    "CommitmentDiscountCategory": "Usage",
    "CommitmentDiscountId": "plan-1",
    "CommitmentDiscountName": "Plan",
    "CommitmentDiscountQuantity": 4,
    "CommitmentDiscountType": "Plan",
    "CommitmentDiscountUnit": "Hours",
}
PURCHASE = {
    **USAGE,
    **COMMITMENT,
    "ChargeCategory": "Purchase",
    "ChargeFrequency": "One-Time",
    "EffectiveCost": 0,
    "PricingCurrencyEffectiveCost": 0,
    "ConsumedQuantity": None,
    "ConsumedUnit": None,
    "ResourceId": "plan-1",
}
USED = {
    **USAGE,
    **COMMITMENT,
    "BilledCost": 0,
    "CommitmentDiscountStatus": "Used",
    "PricingCategory": "Committed",
}
UNUSED = {**USED, "CommitmentDiscountStatus": "Unused", "ConsumedQuantity": None, "ConsumedUnit": None}
CORRECTED_PURCHASE = {
    **PURCHASE,
    "ChargeClass": "Correction",
    "BilledCost": -2,
    "CommitmentDiscountQuantity": -4,
}
NO_PRICES = dict.fromkeys(
    "ContractedUnitPrice ListUnitPrice PricingCategory PricingCurrencyContractedUnitPrice"
    " PricingCurrencyListUnitPrice PricingQuantity PricingUnit ConsumedQuantity ConsumedUnit".split()
)
TAX = {
    **USAGE,
    **NO_PRICES,
    "ChargeCategory": "Tax",
    "ChargeFrequency": "One-Time",
    "SkuId": None,
    "SkuPriceId": None,
    "SkuMeter": None,
}
CREDIT = {**USAGE, **NO_PRICES, "ChargeCategory": "Credit", "ChargeFrequency": "One-Time", "BilledCost": -2}
CHARGES = [USAGE, PURCHASE, USED, UNUSED, CORRECTED_PURCHASE, TAX, CREDIT]


def write(file: Path, charges: list[dict[str, Any]]) -> Path:
    """The charges as Parquet, with the ledger's types."""
    with duckdb.connect() as connection:
        create(connection, "charges", charges)
        connection.execute(f"copy charges to '{file}' (format parquet)")
    return file


def create(connection: duckdb.DuckDBPyConnection, table: str, charges: list[dict[str, Any]]) -> None:
    """A table of the charges."""
    columns = ", ".join(f"{column} {TYPES.get(column, TEXT)}" for column in USAGE)
    connection.execute(f"create table {table} ({columns})")
    marks = ", ".join("?" * len(USAGE))
    connection.executemany(
        f"insert into {table} values ({marks})", [list(charge.values()) for charge in charges]
    )
