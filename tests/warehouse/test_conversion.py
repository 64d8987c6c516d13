"""Costs of several currencies in one: from landed bills and rates to the mart and the tests that watch it."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import lakes
import pytest
from quick import Quick

HEADER = (
    "ProviderName,BillingAccountId,ServiceName,ChargeCategory,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,BilledCost,EffectiveCost,ListCost,BillingCurrency"
)
CHARGES = [  # the 2nd of January is a Friday
    ("02", 10, 8, 16, "USD"),
    ("04", 3, 2, 4, "USD"),
    ("04", 5, 5, 5, "EUR"),
    ("04", 1, 1, 1, "GBP"),
    ("05", 1, 1, 2, "GBP"),
    ("05", 900, 900, 900, "JPY"),
]
RATES = """
    insert into staging.exchange_rates values
        ('2026-01-02', 'USD', 'EUR', 0.75, 'Treasury'),
        ('2026-01-05', 'EUR', 'GBP', 0.8, 'Treasury'),
        ('2026-01-01', 'JPY', 'USD', 0.01, 'Treasury')
"""
CONVERTED = """
    select day(charge_date), billing_currency, reporting_currency, converted_billed_cost, converted_effective_cost,
        converted_list_cost, exchange_rate_source, unconverted_reason
    from marts.converted_daily_cost order by charge_date, billing_currency
"""
TESTS = ("converted_costs_are_cost_times_rate", "exchange_rates_are_usable", "costs_are_converted")


@pytest.fixture(scope="module")
def unconverted(tmp_path_factory: pytest.TempPathFactory) -> Quick:
    """Bills in four currencies, landed and built; the seed of rates is empty."""
    folder = tmp_path_factory.mktemp("currencies")
    month = "2026-01-01T00:00:00Z,2026-02-01T00:00:00Z"
    lines = [
        f"Acme,A1,Queue,Usage,{month},2026-01-{day}T00:00:00Z,2026-01-{day}T01:00:00Z,{billed},{effective},{listed},{currency}"
        for day, billed, effective, listed, currency in CHARGES
    ]
    (folder / "bill").mkdir()
    (folder / "bill" / "focus.csv").write_text("\n".join([HEADER, *lines, ""]))
    warehouse = Quick(folder / "lake")
    warehouse.land("focus", folder / "bill")
    kinds = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    run(warehouse, "build", "--select", "+converted_daily_cost", *kinds)
    return warehouse


@pytest.fixture
def warehouse(unconverted: Quick, tmp_path: Path) -> Quick:
    """The same, free to change."""
    shutil.copytree(unconverted.lake, tmp_path / "lake")
    return Quick(tmp_path / "lake")


def run(warehouse: Quick, *arguments: str) -> dict[str, tuple[str, int | None]]:
    """A dbt command on the project as it was parsed: status and failures of each node by name."""
    result = lakes.dbt(warehouse.lake, *arguments, manifest=lakes.parsed()).result
    return {node.node.name: (str(node.status), node.failures) for node in result}


def test_currencies_are_converted_on_request_by_the_days_rate_and_never_guessed(
    warehouse: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(row[2:] == (None,) * 5 + ("no reporting currency",) for row in warehouse.query(CONVERTED))
    assert run(warehouse, "test", "--select", *TESTS)["costs_are_converted"] == ("warn", 6)

    with duckdb.connect(str(warehouse.lake / "warehouse.duckdb")) as connection:
        connection.execute(RATES)
    monkeypatch.setenv("CLOUDTALLY_REPORTING_CURRENCY", "EUR")
    assert (
        run(warehouse, "run", "--select", "int_exchange_rates__daily+")["converted_daily_cost"][0]
        == "success"
    )
    unknown = ("EUR", None, None, None, None, "no rate")
    assert warehouse.query(CONVERTED) == [
        (2, "USD", "EUR", Decimal("7.5"), Decimal(6), Decimal(12), "Treasury", None),
        (4, "EUR", "EUR", Decimal(5), Decimal(5), Decimal(5), "same currency", None),
        (4, "GBP", *unknown),  # its first rate is of the 5th
        (4, "USD", "EUR", Decimal("2.25"), Decimal("1.5"), Decimal(3), "Treasury", None),  # Friday's
        (5, "GBP", "EUR", Decimal("1.25"), Decimal("1.25"), Decimal("2.5"), "inverse of Treasury", None),
        (5, "JPY", *unknown),  # a rate to dollars and one from dollars make none to euros
    ]
    tests = run(warehouse, "test", "--select", *TESTS)
    assert tests["costs_are_converted"] == ("warn", 2)
    assert tests["converted_costs_are_cost_times_rate"] == tests["exchange_rates_are_usable"] == ("pass", 0)


def test_the_tests_see_what_they_are_for(warehouse: Quick) -> None:
    with duckdb.connect(str(warehouse.lake / "warehouse.duckdb")) as connection:
        for damage in (
            "update marts.converted_daily_cost set converted_list_cost = 0 where billing_currency = 'JPY'",
            "delete from marts.converted_daily_cost where billing_currency = 'EUR'",
            "insert into staging.exchange_rates values ('2026-01-01', 'USD', 'USD', 2, 'x')",
            "insert into staging.exchange_rates values ('2026-01-01', 'USD', 'EUR', 0, 'x')",
            "insert into staging.exchange_rates values ('2026-01-01', 'usd', 'EUR', 2, 'x')",
        ):
            connection.execute(damage)
    tests = run(warehouse, "test", "--select", *TESTS)
    assert tests["converted_costs_are_cost_times_rate"] == ("fail", 2)
    assert tests["exchange_rates_are_usable"] == ("fail", 3)
