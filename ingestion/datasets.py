"""What landing must know of each export format: required columns, billing account, month, money.

Here: one entry per dataset. Not here: the full shape of a format (models/**/_*__sources.yml, read by
shapes.py) and how a format is recognised (the provider modules).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingestion.shapes import snake, spellings

Path = tuple[str, ...]  # alternatives, the first one with a value counts


@dataclass(frozen=True)
class Dataset:
    """Columns are matched case-insensitively; a dot leads into a struct."""

    name: str
    provider: str  # empty: the one that the landing is asked for
    formats: tuple[str, ...]
    account: Path
    period: Path
    month_text: bool  # the period is YYYYMM text, not a date
    required: tuple[Path, ...]  # of each, one must be there
    costs: Path  # where present, every value must be a number
    currency: Path
    dates: Path  # where present, every value must be a date
    us_dates: bool = False  # dates may be month/day/year
    short_months: bool = False  # the period may be YYYY-MM
    factors: Path = ()  # where present, numbers that are multiplied to costs
    rates: Path = ()  # where present, numbers by which costs are divided
    typed: bool = False  # numbers are not written as text in Parquet
    typed_as: str = ""  # the dataset that declares the types of these columns, where this one declares text
    issuer: Path = ()  # who billed, where the data says it
    null_text: str = ""  # a text that stands for null
    export_time: str | None = None
    appends: str = ""  # the provider whose deliveries add up over intervals of export_time
    kind: Path = ()  # what a row is for
    used: tuple[str, ...] = ()  # in lower case, the values of `kind` that are usage

    @property
    def cost(self) -> Path:
        """What every row must say of its cost; empty where rows have none."""
        return next((names for names in self.required if names[0] in self.costs), ())


def _legacy(name: str) -> Path:
    """A column of the legacy report as its CSV and as its Parquet spells it."""
    return (name, snake(name))


def _aws(name: str, formats: tuple[str, ...], spell: Callable[[str], Path]) -> Dataset:
    return Dataset(
        name=name,
        provider="aws",
        formats=formats,
        account=spell("bill/PayerAccountId"),
        period=spell("bill/BillingPeriodStartDate"),
        month_text=False,
        required=(
            spell("lineItem/UsageStartDate"),
            spell("lineItem/LineItemType"),
            spell("lineItem/UnblendedCost"),
            spell("lineItem/CurrencyCode"),
        ),
        costs=(
            *spell("lineItem/UnblendedCost"),
            *spell("lineItem/NetUnblendedCost"),
            *spell("pricing/publicOnDemandCost"),
            *spell("reservation/EffectiveCost"),
            *spell("savingsPlan/SavingsPlanEffectiveCost"),
        ),
        currency=spell("lineItem/CurrencyCode"),
        dates=spell("lineItem/UsageStartDate"),
        typed_as="cur2",
        kind=spell("lineItem/LineItemType"),
        used=("usage", "discountedusage", "savingsplancoveredusage"),
    )


def _azure(name: str) -> Dataset:
    return Dataset(
        name=name,
        provider="azure",
        formats=("csv", "parquet"),
        account=("BillingProfileId", "BillingAccountId"),
        period=("BillingPeriodStartDate",),
        month_text=False,
        required=(
            ("Date",),
            ("ChargeType",),
            ("CostInBillingCurrency", "Cost"),
            ("BillingCurrencyCode", "BillingCurrency", "Currency"),
        ),
        costs=("CostInBillingCurrency", "Cost"),
        currency=("BillingCurrencyCode", "BillingCurrency", "Currency"),
        dates=("Date", "BillingPeriodEndDate"),
        us_dates=True,
        factors=("Quantity", "UnitPrice", "PayGPrice"),
        rates=("exchangeRatePricingToBilling", "exchangeRate"),
        kind=("ChargeType",),
        used=("usage", "unusedreservation", "unusedsavingsplan"),
    )


def _gcp(name: str) -> Dataset:
    return Dataset(
        name=name,
        provider="gcp",
        formats=("parquet", "json"),
        account=("billing_account_id",),
        period=("invoice.month",),
        month_text=True,
        required=(("usage_start_time",), ("cost_type",), ("cost",), ("currency",)),
        costs=("cost",),
        currency=("currency",),
        dates=("usage_start_time",),
        typed=True,
        export_time="export_time",
        appends="gcp",
        kind=("cost_type",),
        used=("regular",),
    )


def _spelt(*names: str) -> Path:
    """Columns in PascalCase or snake_case."""
    return tuple(spelling for name in names for spelling in (name, spellings(name)[1]))


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        _aws("cur2", ("parquet", "csv"), lambda name: (snake(name),)),
        _aws("cur", ("csv", "parquet"), _legacy),
        _azure("azure_actual"),
        _azure("azure_amortized"),
        _gcp("gcp_detailed"),
        _gcp("gcp_standard"),
        Dataset(
            name="focus",
            provider="focus",
            formats=("csv", "parquet"),
            account=("BillingAccountId",),
            period=("BillingPeriodStart",),
            month_text=False,
            required=(
                ("ChargePeriodStart",),
                ("ChargeCategory",),
                ("BilledCost",),
                ("BillingCurrency",),
                ("ProviderName", "ServiceProviderName"),
            ),
            costs=("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"),
            currency=("BillingCurrency",),
            dates=("ChargePeriodStart",),
            issuer=("ProviderName", "ServiceProviderName", "InvoiceIssuerName"),
            null_text="NULL",
            export_time="x_ExportTime",
            appends="gcp",
            kind=("ChargeCategory",),
            used=("usage",),
        ),
        Dataset(
            name="invoices",
            provider="",
            formats=("csv", "parquet"),
            account=_spelt("BillingAccountId"),
            period=_spelt("BillingPeriodStart", "BillingPeriod"),
            month_text=False,
            required=(
                _spelt("InvoiceId"),
                _spelt("BillingCurrency"),
                _spelt("InvoicedCost", "BilledCost"),
            ),
            costs=(),  # a total is required in every row; all are numbers by their declared type
            currency=_spelt("BillingCurrency"),
            dates=_spelt("InvoiceIssueDate"),
            short_months=True,
            issuer=_spelt("ProviderName", "ServiceProviderName", "InvoiceIssuerName"),
            null_text="NULL",
        ),
    )
}


def landed_for(name: str, provider: str) -> Dataset:
    """The dataset in a landing for a provider. Invoices are of that one, whoever issued them; landed as
    FOCUS, of the one that each row names.
    """
    dataset = DATASETS[name]
    if dataset.provider:
        return dataset
    if provider == "focus":
        return replace(dataset, provider=provider, required=(*dataset.required, dataset.issuer))
    return replace(dataset, provider=provider, issuer=())


def missing(dataset: Dataset, columns: set[str]) -> Path | None:
    """The first required column (with its alternatives) that is not among the lower-case column paths."""
    for alternatives in (dataset.account, dataset.period, *dataset.required):
        if not any(name.lower() in columns for name in alternatives):
            return alternatives
    return None
