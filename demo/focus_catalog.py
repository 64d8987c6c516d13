"""Northwind Data Cloud, a fictional vendor that bills in FOCUS: workspaces, services, meters (USD).

Belongs here: constants and the column list of FOCUS 1.2. Does not: quantities (estate.py) and rows
(focus.py).
"""

import pyarrow as pa

from demo.estate import ACCOUNT_NAMES, Meter

VENDOR, PROVIDER, CURRENCY = "Northwind Data Cloud", "northwind-data-cloud", "USD"
BILLING_ACCOUNT = ("NDC-778120", "Meridian Retail")
WORKSPACES = tuple(f"ws-{name}" for name in ACCOUNT_NAMES)
NEGOTIATED = 0.08  # discount on the list price
# service -> (category, subcategory)
SERVICES = {
    "Northwind Warehouse": ("Databases", "Data Warehouses"),
    "Northwind Pipelines": ("Analytics", "Data Processing"),
    "Northwind Storage": ("Storage", "Object Storage"),
    "Northwind Platform": ("Analytics", "Analytics Platforms"),
}
REGIONS = (("us-east", "US East"), ("eu-west", "EU West"))

DATA = ("data-lake", "analytics", "ml-platform")


def _meter(service, name, unit, price, level, count, accounts, kind) -> Meter:
    return Meter(service, name, unit, price, level, count, accounts, more={"kind": kind})


METERS = (
    _meter("Northwind Warehouse", "Warehouse Compute", "Credits", 3.10, 16, 10,
        ("analytics", "data-lake", "ml-platform", "prod-api", "dev"), "Warehouse"),
    _meter("Northwind Pipelines", "Pipeline Throughput", "GB", 0.42, 55, 8,
        ("data-lake", "analytics", "prod-payments", "staging"), "Pipeline"),
    _meter("Northwind Storage", "Managed Storage", "GB-Months", 0.024, 900, 8, (*DATA, "prod-web"), "Bucket"),
    _meter("Northwind Platform", "Catalog Requests", "1000 Requests", 0.30, 60, 4,
        ("shared-services", "sandbox"), "Catalog"),
)  # fmt: skip

_NAMES = """
AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency
BillingPeriodEnd BillingPeriodStart CapacityReservationId CapacityReservationStatus ChargeCategory
ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory
CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus
CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost
ContractedUnitPrice EffectiveCost InvoiceId InvoiceIssuerName ListCost ListUnitPrice PricingCategory
PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice
PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName
ResourceType ServiceCategory ServiceName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId
SubAccountId SubAccountName SubAccountType Tags
"""
NAMES = _NAMES.split()
NUMBERS = {
    n for n in NAMES if n.endswith(("Cost", "UnitPrice")) or n in ("ConsumedQuantity", "PricingQuantity")
}
SCHEMA = pa.schema([(name, pa.float64() if name in NUMBERS else pa.string()) for name in NAMES])
