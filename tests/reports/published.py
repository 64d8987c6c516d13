"""Published copies as `tally publish` leaves them, with the columns of the marts' contracts and rows written by hand.

Three providers, two currencies, names with quotes; the 18th of March is the last whole day. Marts that are not named
in ROWS are empty, as on the day after a first landing.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

from orchestration import reporting

MODELS = Path(__file__).parents[2] / "models" / "marts"

# a day of each provider costs 10, 20 or 15, billed twice that; from February on a tenth more, and 1 of tax
DAYS = """
select
    day::date as charge_date, provider, currency as billing_currency, account as sub_account_id, 'b' as billing_account_id,
    service as service_name, category as service_category, charge_category,
    (case when charge_category = 'Tax' then 1 when day >= date '2026-02-01' then 1.1 * cost else cost end)::decimal(38, 12) as effective_cost,
    (2 * effective_cost)::decimal(38, 12) as billed_cost,
    day <= date '2026-03-18' as is_complete
from range(timestamp '2026-01-01', timestamp '2026-03-21', interval 1 day) as days (day)
cross join (values
    ('acme', 'USD', 'one', 'Disks', 'Storage', 10),
    ('beta', 'USD', 'two', 'People''s Queue', 'Integration', 20),
    ('gamma', 'EUR', 'three', 'Disks', 'Storage', 15)
) as series (provider, currency, account, service, category, cost)
cross join (values ('Usage'), ('Tax')) as kinds (charge_category)
"""

ROWS = {
    "daily_cost": DAYS,
    "cost_and_usage": "select * from (values ('acme', 'one', 'shop'), ('beta', 'two', 'Ada''s lab'), ('gamma', 'three', 'shop')) "
    "as names (provider, sub_account_id, sub_account_name)",
    "allocation": f"select *, 'r-' || provider as resource_id, 'web' as owner_id, 'web' as cost_center_id from ({DAYS})",
    "completeness": "select *, date '2026-03-18' as complete_through, 'focus' as dataset, 's' as scope, 'b' as billing_account_id "
    "from (values ('acme'), ('beta'), ('gamma')) as sources (provider)",
    "showback": "select date '2026-03-01' as billing_period, 'web' as cost_center_id, 'Web ''n'' shop' as cost_center_name, "
    "'Ada' as owner, unnest(['USD', 'EUR']) as billing_currency",
    "chargeback": f"select date_trunc('month', charge_date)::date as billing_period, 'web' as cost_center_id, provider, service_name, "
    "billing_currency, 'effective' as basis, "
    "sum(case when charge_category = 'Usage' then effective_cost else 0 end)::decimal(38, 12) as direct_cost, "
    "0 as shared_cost, 0 as commitment_waste_cost, 0 as credit_cost, sum(case when charge_category = 'Tax' then effective_cost else 0 end) "
    f"::decimal(38, 12) as tax_cost, sum(effective_cost)::decimal(38, 12) as total_cost from ({DAYS}) group by all",
    "forecasts": "select provider as series_id, 'provider' as level, provider, currency as billing_currency, day::date as forecast_date, "
    "cost as forecast_cost, cost - 1 as lower_80, cost + 2 as upper_80, date '2026-03-18' as as_of_date "
    "from range(timestamp '2026-03-19', timestamp '2026-04-10', interval 1 day) as days (day) "
    "cross join (values ('acme', 'USD', 11), ('beta', 'USD', 22), ('gamma', 'EUR', 16.5)) as series (provider, currency, cost)",
    "forecast_totals": "select provider as series_id, 'provider' as level, provider, currency as billing_currency, "
    "date '2026-03-01' as charge_month, 18 * cost as actual_cost, 31 * cost as forecast_cost, 30 * cost as lower_80, 33 * cost as upper_80, "
    "29 * cost as lower_95, 34 * cost as upper_95, date '2026-03-18' as as_of_date "
    "from (values ('acme', 'USD', 11), ('beta', 'USD', 22), ('gamma', 'EUR', 16.5)) as series (provider, currency, cost)",
    "budgets": "select 'acme' as budget_id, date '2026-03-01' as billing_period, 'acme' as provider, 'USD' as billing_currency, "
    "300 as budget_cost, 198 as actual_cost, 341 as expected_cost, 0.137 as expected_variance, date '2026-03-18' as through_date, "
    "date '2026-03-28' as breach_date, 'breach_expected' as status, 'forecasts' as expected_by",
}


def publish(lake: Path, rows: dict[str, str] | None = None) -> Path:
    """Write the copies that the site reads to `<lake>/published`; the folder."""
    folder = lake / ".published" / "by-hand"
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for mart, columns in contracts().items():
            connection.execute(
                f"create table {mart} ({', '.join(f'{name} {type_}' for name, type_ in columns.items())})"
            )
            if sql := (ROWS if rows is None else rows).get(mart):
                known = {name for name, *_ in connection.execute(f"describe {sql}").fetchall()} & set(columns)
                connection.execute(
                    f"insert into {mart} by name select {', '.join(sorted(known))} from ({sql})"
                )
            connection.execute(f"copy {mart} to '{folder / mart}.parquet' (format parquet)")
    (lake / "published").symlink_to(folder, target_is_directory=True)
    return lake / "published"


def contracts() -> dict[str, dict[str, str]]:
    """Of each mart that the site reads, its columns and types, as its yml promises them."""
    found = {
        "cost_and_usage": {"provider": "varchar", "sub_account_id": "varchar", "sub_account_name": "varchar"}
    }
    for file in MODELS.rglob("*.yml"):
        for model in yaml.safe_load(file.read_text()).get("models", ()):
            if model["name"] in reporting.marts() - found.keys():
                found[model["name"]] = {column["name"]: column["data_type"] for column in model["columns"]}
    return found
