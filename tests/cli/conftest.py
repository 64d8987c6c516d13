"""What the tests of the commands share: a lake of their own, a small bill, and marts written by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

HEADER = "ProviderName,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency"


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CLOUDTALLY_LAKE, not there yet."""
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return tmp_path / "lake"


@pytest.fixture
def bill(tmp_path: Path) -> Callable[..., Path]:
    """Writes a FOCUS file of one charge in each of the given months."""

    def write(*months: str, name: str = "bill.csv", account: str = "1", cost: str = "5") -> Path:
        rows = [f"Acme,{account},{m}-01T00:00:00Z,{m}-02T00:00:00Z,Usage,{cost},USD" for m in months]
        (tmp_path / name).write_text("\n".join([HEADER, *rows, ""]))
        return tmp_path / name

    return write


@pytest.fixture
def marts(lake: Path) -> Path:
    """A warehouse with the marts that status reads, small and by hand; the path of the DuckDB file."""
    lake.mkdir()
    with duckdb.connect(str(lake / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.daily_cost as select date '2026-01-02' as charge_date, 'acme' as provider, 'Disks' as service_name, "
            "'Usage' as charge_category, 'USD' as billing_currency, 1234.5::decimal(38, 12) as effective_cost"
        )
        connection.execute(
            "create table marts.deliveries as select '0123456789abcdef' as delivery_id, 'acme' as provider, 'focus' as dataset, "
            "'team-one' as scope, 'current' as status, timestamp '2026-02-03 04:05:06' as exported_at, "
            "timestamp '2026-02-04' as landed_at, 1200::bigint as rows, 34000000::bigint as bytes, 'x_one, x_two' as unknown_columns"
        )
        connection.execute(
            "create table marts.reconciliation as select *, 'fedcba9876543210' as delivery_id, "
            "null::decimal(38, 12) as raw_effective_cost, null::decimal(38, 12) as ledger_effective_cost from (values "
            "('acme', 'focus', 'team-one', date '2026-01-01', 'USD', 10::bigint, 5::decimal(38, 12), 5::decimal(38, 12), "
            "0.0000004::decimal(38, 12), 0::decimal(38, 12), null), "
            "('acme', 'focus', 'team-one', date '2026-02-01', 'USD', 10, 7, 7.25, 0.25, null, 'unexplained')) "
            "as t (provider, dataset, scope, billing_period, billing_currency, raw_rows, raw_billed_cost, ledger_billed_cost, "
            "residual, effective_residual, residual_reason)"
        )
        connection.execute(
            "create table marts.completeness as select 'acme' as provider, 'focus' as dataset, 'team-one' as scope, "
            "unnest(['1', '2']) as billing_account_id, unnest([date '2026-01-30', date '2026-01-28']) as complete_through, "
            "3 as lag_days, 'arrival pattern' as lag_source"
        )
        connection.execute(
            "create table marts.gaps as select 'silent_account' as gap_kind, 'acme' as provider, 'focus' as dataset, "
            "'team-one' as scope, '1' as billing_account_id, 'shop-dev' as sub_account_id, 'USD' as billing_currency, "
            "date '2026-01-09' as missing_from, date '2026-01-28' as missing_through, 42.5::decimal(38, 12) as typical_daily_cost"
        )
        connection.execute(
            "create table marts.price_coverage as select 'acme' as provider, 'USD' as billing_currency, "
            "unnest([2, 1, null])::bigint as priced_charges, unnest([30, 10, null])::decimal(38, 12) as priced_effective_cost, "
            "unnest([30, 5, null])::decimal(38, 12) as list_covered_effective_cost, "
            "unnest([0, 10, null])::decimal(38, 12) as contracted_covered_effective_cost"
        )
        connection.execute(
            "create table marts.converted_daily_cost as select 'Usage' as charge_category, 'USD' as billing_currency, "
            "'USD' as reporting_currency, 1234.5::decimal(38, 12) as effective_cost, "
            "1234.5::decimal(38, 12) as converted_effective_cost, null::varchar as unconverted_reason"
        )
        connection.execute(
            "create table marts.cost_series as select date '2026-01-28' as charge_date, true as is_complete"
        )
        # the 28th is a Wednesday, so the last whole week ends on Sunday the 25th
        connection.execute(
            "create table marts.anomalies as select 'acme' as provider, '1' as billing_account_id, event_id || '/acme/a/Disks' as series_id, "
            "'shop-web' as sub_account_id, 'Disks' as service_name, 'USD' as billing_currency, 'high' as severity, * from (values "
            "(date '2026-01-18', 'one', 10::decimal(38, 12), 300::decimal(38, 12), 290::decimal(38, 12), 'open'), "
            "(date '2026-01-19', 'one', 10, 710, 700, 'open'), (date '2026-01-25', 'one', 10, 77.25, 67.25, 'open'), "
            "(date '2026-01-20', 'two', 1, 5000, 4999, 'dismissed'), (date '2026-01-26', 'three', 1, 6000, 5999, 'open')) "
            "as t (charge_date, event_id, expected_cost, actual_cost, impact_cost, status)"
        )
        connection.execute(
            "create table marts.forecast_totals as select 'acme' as provider, 'USD' as billing_currency, date '2026-01-28' as as_of_date, "
            "* from (values ('provider', 'acme', date '2026-01-01', 90, 100.125, 95.25, 110.5), ('provider', 'acme', date '2026-02-01', 0, 200, 1, 2), "
            "('account', 'acme/a', date '2026-01-01', 80, 90, 1, 2)) "
            "as t (level, series_id, charge_month, actual_cost, forecast_cost, lower_80, upper_80)"
        )
        connection.execute("create table marts.forecast_notes as select 'no prophet here' as note")
    return lake / "warehouse.duckdb"
