"""What landing must know of each export format: required columns, billing account, month, money.

Here: one entry per dataset. Not here: the full shape of a format (models/**/_*__sources.yml, read by
shapes.py) and how a format is recognised (the provider modules).
"""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str, ...]  # alternatives, the first one with a value counts


@dataclass(frozen=True)
class Dataset:
    """Columns are matched case-insensitively; a dot leads into a struct."""

    name: str
    provider: str
    formats: tuple[str, ...]
    account: Path
    period: str
    month_text: bool  # the period is YYYYMM text, not a date
    required: tuple[Path, ...]  # of each, one must be there
    costs: Path  # where present, every value must be a number
    dates: Path  # where present, every value must be a date
    issuer: Path = ()  # who billed, where the data says it
    null_text: str = ""  # a text that stands for null
    export_time: str | None = None
    appends: bool = False  # deliveries add up over intervals of export_time


_AWS_COSTS = (
    "line_item_unblended_cost",
    "line_item_net_unblended_cost",
    "pricing_public_on_demand_cost",
    "reservation_effective_cost",
    "savings_plan_savings_plan_effective_cost",
)
_CUR_COSTS = (
    "lineItem/UnblendedCost",
    "lineItem/NetUnblendedCost",
    "pricing/publicOnDemandCost",
    "reservation/EffectiveCost",
    "savingsPlan/SavingsPlanEffectiveCost",
)


def _azure(name: str) -> Dataset:
    return Dataset(
        name=name,
        provider="azure",
        formats=("csv",),
        account=("BillingProfileId", "BillingAccountId"),
        period="BillingPeriodStartDate",
        month_text=False,
        required=(
            ("Date",),
            ("ChargeType",),
            ("CostInBillingCurrency", "Cost"),
            ("BillingCurrencyCode", "BillingCurrency", "Currency"),
        ),
        costs=("CostInBillingCurrency", "Cost"),
        dates=("Date", "BillingPeriodEndDate"),
    )


def _gcp(name: str) -> Dataset:
    return Dataset(
        name=name,
        provider="gcp",
        formats=("parquet",),
        account=("billing_account_id",),
        period="invoice.month",
        month_text=True,
        required=(("usage_start_time",), ("cost_type",), ("cost",), ("currency",)),
        costs=("cost",),
        dates=("usage_start_time",),
        export_time="export_time",
        appends=True,
    )


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            name="cur2",
            provider="aws",
            formats=("parquet",),
            account=("bill_payer_account_id",),
            period="bill_billing_period_start_date",
            month_text=False,
            required=(
                ("line_item_usage_start_date",),
                ("line_item_line_item_type",),
                ("line_item_unblended_cost",),
                ("line_item_currency_code",),
            ),
            costs=_AWS_COSTS,
            dates=("line_item_usage_start_date",),
        ),
        Dataset(
            name="cur",
            provider="aws",
            formats=("csv",),
            account=("bill/PayerAccountId",),
            period="bill/BillingPeriodStartDate",
            month_text=False,
            required=(
                ("lineItem/UsageStartDate",),
                ("lineItem/LineItemType",),
                ("lineItem/UnblendedCost",),
                ("lineItem/CurrencyCode",),
            ),
            costs=_CUR_COSTS,
            dates=("lineItem/UsageStartDate",),
        ),
        _azure("azure_actual"),
        _azure("azure_amortized"),
        _gcp("gcp_detailed"),
        _gcp("gcp_standard"),
        Dataset(
            name="focus",
            provider="focus",
            formats=("csv", "parquet"),
            account=("BillingAccountId",),
            period="BillingPeriodStart",
            month_text=False,
            required=(
                ("ChargePeriodStart",),
                ("ChargeCategory",),
                ("BilledCost",),
                ("BillingCurrency",),
                ("ProviderName", "ServiceProviderName"),
            ),
            costs=("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"),
            dates=("ChargePeriodStart",),
            issuer=("ProviderName", "ServiceProviderName", "InvoiceIssuerName"),
            null_text="NULL",
        ),
    )
}


def missing(dataset: Dataset, columns: set[str]) -> Path | None:
    """The first required column (with its alternatives) that is not among the lower-case column paths."""
    for alternatives in (dataset.account, (dataset.period,), *dataset.required):
        if not any(name.lower() in columns for name in alternatives):
            return alternatives
    return None
