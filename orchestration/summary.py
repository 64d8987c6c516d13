"""What a FinOps analyst wants to see first, read from the marts and printed as tables.

Here: queries over marts and their tables. Not here: running dbt or landing.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingestion import environment

SPEND = """
    select provider, strftime(date_trunc('month', charge_date), '%Y-%m') as month, billing_currency,
        sum(effective_cost) as effective_cost, sum(billed_cost) as billed_cost
    from {marts}.daily_cost where charge_category <> 'Tax' group by all order by all
"""
SERVICES = """
    select service_name, provider, billing_currency, sum(effective_cost) as effective_cost
    from {marts}.daily_cost where charge_category <> 'Tax'
    group by service_name, provider, billing_currency
    qualify row_number() over (partition by billing_currency order by sum(effective_cost) desc) <= 10
    order by billing_currency, effective_cost desc
"""
RECONCILIATION = """
    select provider, dataset, strftime(billing_period, '%Y-%m') as period, billing_currency, raw_rows,
        coalesce(raw_billed_cost, raw_effective_cost) as raw_total,
        coalesce(ledger_billed_cost, ledger_effective_cost) as ledger_total,
        greatest(abs(residual), abs(effective_residual)) as residual,
        coalesce(residual_reason, '') as reason
    from {marts}.reconciliation order by all
"""
COMPLETENESS = "select provider, dataset, scope, complete_through from {marts}.completeness order by all"


class NoWarehouse(Exception):
    """There is no warehouse to read yet, or another process is writing it."""


def rows(sql: str) -> tuple[list[str], list[tuple]]:
    """Column names and rows of a query on the warehouse, read only.

    Raises NoWarehouse when the file is absent or locked by a build.
    """
    path = Path(environment.warehouse())
    if not path.exists():
        raise NoWarehouse(f"no warehouse at {path}: run `tally demo`, or `tally land` and `tally build`")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            result = connection.execute(sql)
            return [column[0] for column in result.description], result.fetchall()
    except duckdb.IOException as error:
        raise NoWarehouse(f"{path} is in use: wait until the running build has ended ({error})") from error


def show(console: Console) -> None:
    """Print spend by provider and month, top services, reconciliation, completeness, and where all lies."""
    _spend_by_month(console)
    _print(console, "Top services of each currency, effective cost", SERVICES)
    _print(
        console,
        "Deliveries against the ledger (Azure's amortized file tells the effective total)",
        RECONCILIATION,
    )
    _print(console, "Whole through", COMPLETENESS)
    console.print(f"\nwarehouse  {environment.warehouse()}\nlake       {environment.lake()}")
    console.print('next       tally query "select * from marts.daily_cost limit 10"   |   tally land --help')


def _spend_by_month(console: Console) -> None:
    _, found = rows(_in_marts(SPEND))
    months = sorted({month for _, month, *_ in found})[-7:]
    sources = sorted({(provider, currency) for provider, _, currency, *_ in found})
    cost = {(provider, currency, month): effective for provider, month, currency, effective, _ in found}
    table = Table(title="Spend by provider and month, effective cost without tax", title_justify="left")
    for name in ("provider", "currency"):
        table.add_column(name)
    for month in months:
        table.add_column(month, justify="right")
    for provider, currency in sources:
        amounts = [cost.get((provider, currency, month)) for month in months]
        table.add_row(provider, currency, *("" if a is None else f"{a:,.2f}" for a in amounts))
    console.print(table)


def _print(console: Console, title: str, sql: str) -> None:
    names, found = rows(_in_marts(sql))
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(
            name, justify="right" if name.endswith(("cost", "total", "rows", "residual")) else "left"
        )
    for row in found:
        table.add_row(*(_text(name, value) for name, value in zip(names, row, strict=True)))
    console.print(table)


def _text(name: str, value: object) -> Text:
    """A cell: what cannot be told is a dash, never 0. Text, since rich takes brackets in names for markup."""
    if value is None:
        return Text("-")
    if name == "residual":
        return Text(f"{value:.6f}")
    if name.endswith(("cost", "total")):
        return Text(f"{value:,.2f}")
    return Text(f"{value:,}" if name.endswith("rows") else str(value))


def _in_marts(sql: str) -> str:
    return sql.format(marts=environment.schema_prefix() + "marts")
