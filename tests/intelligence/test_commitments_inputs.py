"""What the marts give the engine of commitments: prices that a bill leaves out, owned prices, forecasts of families."""

from __future__ import annotations

import pandas as pd
import pytest

from intelligence.commitments import forecast_factors, owned_prices, repriced
from intelligence.commitments.backtest import BACKTEST
from intelligence.commitments.owned import by_end, months_left
from intelligence.commitments.recommend import RECOMMENDATIONS
from intelligence.tables import commitment_backtest_table, recommendations_table

USAGE = {
    "provider": "aws",
    "billing_account_id": "1",
    "commitment_type": "Reserved Instance",
    "commitment_category": "Usage",
    "family": "Db",
    "region_id": "east",
    "billing_currency": "USD",
    "service_name": "Databases",
    "meter": "Db",
    "commitment_discount_id": None,
    "commitment_discount_type": None,
    "period_start": pd.Timestamp("2026-01-01"),
    "hours": 24.0,
    "on_demand_cost": 8.0,
    "assumed_cost": 0.0,
    "effective_cost": 8.0,
    "usage_quantity": 4.0,
}
COVERED = {
    "commitment_discount_id": "ri",
    "commitment_discount_type": "Reserved Instance",
    "effective_cost": 5.0,
}


def usage(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{**USAGE, **row} for row in rows])


def test_an_assumed_price_is_the_meters_own_on_demand() -> None:
    """Two an hour on demand; a public price of 3 stood in for the covered hours, and one of another meter stays."""
    assumed = {**COVERED, "on_demand_cost": 12.0, "assumed_cost": 12.0}
    found = repriced(usage({}, assumed, {**assumed, "meter": "Other"}, {**assumed, "usage_quantity": None}))
    assert list(found["on_demand_cost"]) == [8.0, 8.0, 12.0, 12.0]


def test_owned_prices_are_of_the_type_that_a_family_buys() -> None:
    inventory = pd.DataFrame(
        {
            "provider": ["aws", "aws"],
            "commitment_discount_id": ["ri", "plan"],
            "term_months": [12, 36],
            "payment_option": ["All Upfront", "No Upfront"],
        }
    )
    plan = {**COVERED, "commitment_discount_id": "plan", "commitment_discount_type": "Savings Plan"}
    found = owned_prices(usage({}, COVERED, plan), inventory)
    assert set(found["term_months"]) == {12} and set(found["upfront_pct"]) == {100.0}
    assert found["discount_pct"].tolist() == pytest.approx([37.5, 37.5])  # of the family, and of its meter


def test_a_family_grows_as_its_services_are_forecast() -> None:
    """28 days of 10 a day; December of 31 days at 310 as before, January at half of it. November has begun."""
    series = {
        "provider": "aws",
        "billing_account_id": "1",
        "service_name": "Databases",
        "billing_currency": "USD",
    }
    days = pd.date_range("2026-10-01", "2026-11-10")
    daily = pd.DataFrame(
        [{**series, "charge_date": day, "effective_cost": 10, "is_complete": True} for day in days]
    )
    totals = pd.DataFrame(
        [
            {**series, "series_id": "s", "level": level, "charge_month": month, "as_of_date": "2026-11-10"}
            | {"forecast_cost": cost, "lower_80": cost - 0.12816 * cost, "upper_80": cost + 0.12816 * cost}
            for level in ("service", "account")
            for month, cost in (("2026-11-01", 300.0), ("2026-12-01", 310.0), ("2027-01-01", 155.0))
        ]
    )
    found = forecast_factors(usage({}), totals, daily)
    assert list(found["month"]) == [1, 2] and found["factor"].tolist() == pytest.approx([1.0, 0.5])
    assert found["spread"].tolist() == pytest.approx([0.1, 0.1])
    assert forecast_factors(usage({}), totals.iloc[:0], daily).empty


def test_owned_commitments_are_told_apart_by_their_end() -> None:
    """The last usage is on the 31st of January. Idle for a week is gone, whatever its term."""
    rows = [
        {**COVERED, "commitment_discount_id": name, "period_start": pd.Timestamp("2026-01-31")}
        for name in "abcd"
    ]
    idle = {**COVERED, "commitment_discount_id": "idle", "period_start": pd.Timestamp("2026-01-24")}
    ends = {"a": "2026-02-10", "b": "2026-03-15", "c": "2025-12-01", "idle": "2028-01-01", "d": None}
    owned = pd.DataFrame({"commitment_discount_id": list(ends), "ends_at": list(ends.values())})
    found = by_end(usage(*rows, idle, {}), owned)["commitment_discount_id"]
    assert found.iloc[:5].tolist() == ["0", "1", "0", "stays", "0"] and pd.isna(found.iloc[5])
    assert months_left(["0", "1", "stays"]) == {"0": 0, "1": 1}


def test_tables_have_one_type_from_any_data() -> None:
    for table, columns in ((recommendations_table, RECOMMENDATIONS), (commitment_backtest_table, BACKTEST)):
        schema = table(pd.DataFrame(columns=columns)).schema
        assert schema.names == list(columns)
        assert str(schema.field("hourly_commitment").type) == "double"
        assert str(schema.field("term_months").type) == "int64"
