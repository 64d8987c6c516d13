"""Native FOCUS bills, one billing account for each case: January 2026 in CSV. Not here: what they must become."""

from __future__ import annotations

from pathlib import Path

from tables import bill, write_csv

NAMES = {
    "what": "ChargeDescription",
    "provider": "ProviderName",
    "currency": "BillingCurrency",
    "period": "BillingPeriodStart",
    "billed": "BilledCost",
    "effective": "EffectiveCost",
    "contracted": "ContractedCost",
    "list": "ListCost",
    "list_price": "ListUnitPrice",
    "resource": "ResourceId",
}


def case(account: str, text: str, **more: str) -> list[dict[str, str]]:
    fixed = {
        "BillingAccountId": account,
        "BillingPeriodStart": "2026-01-01T00:00:00Z",
        "BillingPeriodEnd": "2026-02-01T00:00:00Z",
        "ChargePeriodStart": "2026-01-03T10:00:00Z",
        "ChargePeriodEnd": "2026-01-03T11:00:00Z",
        "ChargeCategory": "Usage",
        "ServiceName": "Instances",
    }
    return [fixed | row | more for row in bill(text, NAMES)]


UNION = case(
    "focus-20",
    """
    what     | provider | currency | billed | effective | contracted | list | resource
    instance | Oracle   | EUR      | 6      | 6         | 7          | 8    | ocid-1
    """,
    ChargeFrequency="Usage-Based",
    InvoiceId="INV-20",
    InvoiceIssuerName="Oracle Nederland",
    PricingCurrency="USD",
    ResourceName="box",
    ResourceType="Instance",
    SubAccountId="tenant",
    SubAccountName="Shop",
    Tags='{"team": "web"}',
)

CURRENCIES = case(
    "focus-23",
    """
    what    | provider | currency | billed | effective
    dollars | Oracle   | USD      | 10     | 10
    euros   | Oracle   | EUR      | 4      | 4
    """,
)
OLD = case(
    "focus-23-old",
    """
    what | provider | currency | billed | effective
    old  | Oracle   | USD      | 3      | 3
    """,
    BillingPeriodStart="2024-02-01T00:00:00Z",
    BillingPeriodEnd="2024-03-01T00:00:00Z",
    ChargePeriodStart="2024-02-03T00:00:00Z",
    ChargePeriodEnd="2024-02-04T00:00:00Z",
)

# Columns of one provider stand empty, or filled, in another's rows where files were put together.
PROVIDERS = case(
    "focus-31",
    """
    what      | provider            | currency | billed | effective
    google    | Google Cloud        | JPY      | 150    | 120
    amazon    | Amazon Web Services | EUR      | 2      | 1
    microsoft | Microsoft           | USD      | 3      | 3
    """,
    x_BilledCostInUsd="1",
    x_SkuMeterId="m-1",
    x_ServiceCode="AmazonEC2",
    x_Credits="[]",
)


def write(folder: Path) -> None:
    write_csv(folder / "focus.csv", UNION + CURRENCIES + OLD + PROVIDERS)
