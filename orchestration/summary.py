"""What a FinOps analyst wants to see first, read from the marts and printed as tables.

Here: one section a question: its query over one mart, and how its table is shown. Not here: running dbt or
landing, and the queries of what is unusual and to come (outlook.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from ingestion import environment
from orchestration import outlook, terminal, warehouse

SPEND = """
    select provider, billing_currency as currency,
        strftime(date_trunc('month', charge_date), '%Y-%m') as month,
        sum(effective_cost) as effective_cost
    from {marts}.daily_cost where charge_category <> 'Tax' group by all order by all
"""
SERVICES = """
    select service_name, provider, billing_currency as currency, sum(effective_cost) as effective_cost
    from {marts}.daily_cost where charge_category <> 'Tax'
    group by service_name, provider, billing_currency
    qualify row_number() over (partition by billing_currency order by sum(effective_cost) desc) <= 10
    order by billing_currency, effective_cost desc
"""
DELIVERIES = """
    select left(delivery_id, 8) as delivery, provider, dataset, scope,
        string_agg(distinct status, ', ' order by status) as status,
        strftime(max(exported_at), '%Y-%m-%d') as exported_at, sum(rows) as rows, max(bytes) as bytes,
        len(list_filter(string_split(coalesce(max(unknown_columns), ''), ', '), lambda name: name <> ''))
            as unknown_columns
    from {marts}.deliveries
    group by delivery_id, provider, dataset, scope
    order by max(exported_at) desc, max(landed_at) desc, delivery_id, provider limit 8
"""
BOUND = "greatest(1e-6, 1e-12 * coalesce(raw_rows, 0))"
WORST = "greatest(abs(residual), abs(effective_residual))"
RECONCILIATION = f"""
    select provider, billing_currency as currency, count(*) as slices,
        count(*) filter (coalesce({WORST}, 0) <= {BOUND}) as within_bound,
        sum(raw_billed_cost) as raw_billed, sum(ledger_billed_cost) as ledger_billed,
        max({WORST}) as worst_residual, coalesce(string_agg(distinct residual_reason, ', '), '') as reason
    from {{marts}}.reconciliation group by all order by all
"""
EACH = f"""
    select left(delivery_id, 8) as delivery, provider, dataset, scope, billing_currency as currency,
        sum(raw_rows) as rows, sum(coalesce(raw_billed_cost, raw_effective_cost)) as bill_total,
        sum(coalesce(ledger_billed_cost, ledger_effective_cost)) as ledger_total, max({WORST}) as residual
    from {{marts}}.reconciliation group by delivery_id, provider, dataset, scope, billing_currency
    order by max(billing_period) desc, delivery_id limit 8
"""
BEYOND = f"""
    select provider, dataset, scope,
        strftime(billing_period, '%Y-%m') as period, billing_currency as currency,
        {WORST} as residual, coalesce(residual_reason, '') as reason
    from {{marts}}.reconciliation where coalesce({WORST}, 0) > {BOUND} order by {WORST} desc limit 10
"""
INVOICES = """
    select provider, billing_account_id as account, invoice_id as invoice,
        strftime(billing_period, '%Y-%m') as period, billing_currency as currency,
        invoiced_cost as invoiced, ledger_billed_cost as ledger_billed,
        residual, coalesce(residual_reason, '') as reason
    from {marts}.invoice_reconciliation where invoiced_cost is not null
    order by coalesce(residual_reason = 'unexplained', false) desc, billing_period desc,
        abs(residual) desc nulls last, provider, invoice_id limit 12
"""
CONVERSION = """
    select billing_currency as currency, sum(effective_cost) as effective_cost,
        reporting_currency as reported_in, sum(converted_effective_cost) as converted_cost,
        coalesce(sum(effective_cost) filter (unconverted_reason is not null), 0) as unconverted_cost,
        coalesce(string_agg(distinct unconverted_reason, ', '), '') as reason
    from {marts}.converted_daily_cost
    where charge_category <> 'Tax' and exists (
        select 1 from {marts}.converted_daily_cost where billing_currency is distinct from reporting_currency
    )
    group by billing_currency, reporting_currency order by billing_currency
"""
COVERAGE = """
    select provider, billing_currency as currency, sum(priced_charges) as priced_charges,
        sum(priced_effective_cost) as priced_cost,
        cast(case when sum(priced_effective_cost) > 0 then 100 * sum(list_covered_effective_cost)
            / sum(priced_effective_cost) end as decimal(12, 2)) as list_pct,
        cast(case when sum(priced_effective_cost) > 0 then 100 * sum(contracted_covered_effective_cost)
            / sum(priced_effective_cost) end as decimal(12, 2)) as contracted_pct
    from {marts}.price_coverage group by provider, billing_currency order by provider, billing_currency
"""
COMPLETENESS = """
    select provider, dataset, scope, count(*) as accounts,
        case when count(complete_through) = count(*) then min(complete_through) end as whole_through,
        max(lag_days) as lag_days, max(lag_source) as lag_from
    from {marts}.completeness group by provider, dataset, scope order by provider, dataset, scope
"""
GAPS = """
    select replace(gap_kind, '_', ' ') as gap, provider,
        coalesce(sub_account_id, billing_account_id, scope) as account_or_scope,
        missing_from, missing_through,
        coalesce(billing_currency, '') as currency, typical_daily_cost as daily_cost
    from {marts}.gaps order by missing_from desc, gap_kind, account_or_scope limit 12
"""


@dataclass(frozen=True)
class Section:
    """A table over one mart. `missing` is what to say when it has no rows; empty: leave the table out."""

    title: str
    mart: str
    sql: str
    stacked: tuple[str, ...] = ()
    shape: Callable[[list[str], list[tuple]], tuple[list[str], list[tuple]]] | None = None
    missing: str = "nothing yet"


def _months_across(names: list[str], found: list[tuple]) -> tuple[list[str], list[tuple]]:
    """One row a provider and currency, one column a month; as many of the latest months as fit."""
    shown = max(1, min(7, (terminal.console.width - 32) // 13))
    months = sorted({month for _, _, month, _ in found})[-shown:]
    cost = {(provider, currency, month): effective for provider, currency, month, effective in found}
    sources = sorted({(provider, currency) for provider, currency, _, _ in found})
    return ["provider", "currency", *months], [
        (*source, *(cost.get((*source, month), "") for month in months)) for source in sources
    ]


_SOURCE = ("provider", "dataset", "scope")
SECTIONS = (
    Section(
        "Spend by provider and month, effective cost without tax", "daily_cost", SPEND, shape=_months_across
    ),
    Section("Top services of each currency, effective cost", "daily_cost", SERVICES),
    Section(
        "Unusual in the last whole week, largest first",
        "anomalies",
        outlook.ANOMALIES,
        ("provider", "account", "service_name"),
        missing="nothing open",
    ),
    Section("The running month at its end, effective cost without tax", "forecast_totals", outlook.MONTH_END),
    Section("Forecasts left out", "forecast_notes", outlook.NOTES, missing=""),
    Section(
        "Commitments that end soon or go unused, a month's money",
        "commitment_alerts",
        outlook.EXPIRIES,
        ("provider", "commitment"),
        missing="",
    ),
    Section(
        "Commitments to buy next, a month's savings",
        "commitment_recommendations",
        outlook.PURCHASES,
        ("provider", "commitment_type", "family"),
        missing="",
    ),
    Section("Converted, effective cost without tax", "converted_daily_cost", CONVERSION, missing=""),
    Section("Priced by the bills, percent of effective cost", "price_coverage", COVERAGE),
    Section("Deliveries, latest first", "deliveries", DELIVERIES, _SOURCE),
    Section("Each delivery against the ledger, latest period first", "reconciliation", EACH, _SOURCE),
    Section("Ledger against the bills", "reconciliation", RECONCILIATION),
    Section("Beyond the bound", "reconciliation", BEYOND, _SOURCE, missing=""),
    Section(
        "Ledger against the invoices, unexplained first",
        "invoice_reconciliation",
        INVOICES,
        ("provider", "account", "invoice"),
        missing="",
    ),
    Section("Whole through", "completeness", COMPLETENESS, _SOURCE),
    Section("Gaps, latest first", "gaps", GAPS, ("gap", "provider", "account_or_scope"), missing="none"),
)


def show() -> None:
    """Print each section whose mart is built, name the models of the others, and tell where all lies.

    Raises WarehouseError when there is no warehouse, or no mart in it that a section reads.
    """
    with warehouse.reading() as connection:
        lacking = [section.mart for section in SECTIONS if not _show(connection, section)]
    if len(lacking) == len(SECTIONS):
        raise warehouse.WarehouseError(
            f"{environment.warehouse()} holds no marts that status reads "
            f"({', '.join(dict.fromkeys(lacking))}): run `tally build`"
        )
    terminal.say(f"warehouse  {environment.warehouse()}\nlake       {environment.lake()}")
    terminal.say('next       tally query "select * from marts.daily_cost limit 10"   |   tally land --help')


def _show(connection: duckdb.DuckDBPyConnection, section: Section) -> bool:
    """Whether the section's mart is there to be read; if not, that is said."""
    marts = environment.schema_prefix() + "marts"
    try:
        result = connection.execute(section.sql.format(marts=marts))
        names, found = [column[0] for column in result.description], result.fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        if section.missing:
            terminal.say(
                f"{section.title}: skipped, {_what_lacks(error)}; run `tally build` (model {section.mart})\n"
            )
        return False
    if not found and section.missing:
        terminal.say(f"{section.title}: {section.missing}\n")
    if not found:
        return True
    if section.shape:
        names, found = section.shape(names, found)
    cells = [[_text(name, value) for name, value in zip(names, row, strict=True)] for row in found]
    terminal.show(section.title, names, cells, section.stacked)
    terminal.say("")
    return True


def _what_lacks(error: duckdb.Error) -> str:
    lines = str(error).splitlines()
    return (
        "its mart is not built"
        if isinstance(error, duckdb.CatalogException)
        else f"its mart is of another build ({lines[0]})"
    )


def _text(name: str, value: object) -> str:
    """A cell; what cannot be told is a dash, never 0."""
    if value is None:
        return "-"
    if name == "bytes":
        return terminal.as_bytes(value)
    if name.endswith("residual"):
        return f"{value:.6f}"
    if isinstance(value, Decimal) or name.endswith(("cost", "billed")):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
