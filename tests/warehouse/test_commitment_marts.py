"""Commitments in the warehouse against the demo estate's truth: what is held, used and wasted, and what to buy."""

from __future__ import annotations

from pathlib import Path

import pytest
from lakes import Warehouse

TRUTH = "(select * replace (lower(commitment_id) as commitment_id) from '{}/truth/commitments.parquet')"


def test_every_month_of_every_commitment_is_as_the_truth_has_it(built: Warehouse, estate: Path) -> None:
    off = built.query(
        f"""
        with placed as (
            select lower(commitment_discount_id) as commitment_id, billing_period,
                sum(effective_cost) filter (coverage = 'used') as used,
                sum(effective_cost) filter (coverage = 'unused') as unused,
                sum(billed_cost) filter (coverage = 'purchased') as purchased
            from intermediate.int_commitments__placed where commitment_discount_id is not null group by all
        )
        select truth.commitment_id, truth.billing_period, used, used_cost, unused, unused_cost
        from {TRUTH.format(estate)} as truth left join placed using (commitment_id, billing_period)
        where abs(coalesce(used, 0) - used_cost) > 1e-6 or abs(coalesce(unused, 0) - unused_cost) > 1e-6
            or abs(coalesce(purchased, 0) - purchased_cost) > 1e-6
        """
    )
    # what was bought and returned within a week cancels, but in the month of its purchase
    assert off == []


def test_what_was_bought_was_used_or_not_where_the_bill_holds_the_term(built: Warehouse) -> None:
    """Payments by the month or hour are spread in the month that they are for; upfront ones over years."""
    rows = built.query(
        """
        select commitment_discount_id, sum(effective_cost), sum(billed_cost)
        from intermediate.int_commitments__placed join marts.commitment_inventory using (provider, commitment_discount_id)
        where status = 'active' and coalesce(payment_option, 'No Upfront') = 'No Upfront'
            and billing_period < (select max(billing_period) from intermediate.int_commitments__placed)
        group by all
        """
    )
    assert len(rows) >= 5
    for _, spread, paid in rows:
        assert float(spread) == pytest.approx(float(paid), abs=1e-6)


def test_coverage_is_the_truths_by_month_and_by_day(built: Warehouse, estate: Path) -> None:
    for grain in ("month", "day"):
        rows = built.query(
            f"""
            with truth as (
                select provider, sum(used_cost) as used, sum(unused_cost) as unused
                from {TRUTH.format(estate)} group by all
            )
            select provider, sum(used_cost) - any_value(used), sum(unused_cost) - any_value(unused),
                max(abs(eligible_cost - committed_cost - on_demand_cost))
            from marts.commitment_coverage join truth using (provider) where period_grain = '{grain}' group by all
            """
        )
        assert len(rows) == 3
        assert all(abs(number) < 1e-6 for _, *numbers in rows for number in numbers)


def test_what_is_eligible_is_what_the_seed_names_and_nothing_else(built: Warehouse) -> None:
    """On-demand usage matched with the seed by itself: no spot, tax, marketplace or storage."""
    off = built.query(
        """
        with usage as (
            select provider, billing_currency, row_key, contracted_cost, arg_min(commitment_type, priority) as type
            from marts.cost_and_usage join staging.commitment_eligibility as seed using (provider)
            where charge_category = 'Usage' and pricing_category = 'Standard' and commitment_discount_id is null
                and lower(cost_and_usage.service_name) like lower(seed.service_name)
                and coalesce(lower(sku_meter), '') like lower(seed.meter)
            group by all
        ), wanted as (
            select provider, billing_currency, sum(contracted_cost) as cost from usage where type is not null group by all
        ), found as (
            select provider, billing_currency, sum(on_demand_cost) as cost from marts.commitment_coverage
            where period_grain = 'month' group by all
        )
        select * from wanted full join found using (provider, billing_currency)
        where not coalesce(abs(wanted.cost - found.cost) < 1e-6, false)
        """
    )
    assert off == []
    kinds = built.query("select distinct lower(meter) from marts.commitment_demand")
    assert not [
        kind for (kind,) in kinds if any(word in kind for word in ("spot", "volume", "disk", "storage"))
    ]


def test_hourly_commitments_and_terms_are_the_truths(built: Warehouse, estate: Path) -> None:
    """Of plans in money an hour; of one that the bill does not size, from its amortised month."""
    rows = built.query(
        f"""
        select distinct inventory.status, inventory.hourly_commitment, truth.hourly_commitment, hourly_commitment_source,
            commitment_discount_category, term_source
        from {TRUTH.format(estate)} as truth join marts.commitment_inventory as inventory
            on commitment_id = lower(commitment_discount_id)
        """
    )
    assert len(rows) == 9 and [status for status, *_ in rows].count("returned") == 2
    plans = [row for row in rows if row[4] == "Spend" and row[0] == "active"]
    assert {source for *_, source, _, _ in plans} == {"bill", "amortized month"}
    for _, hourly, true_hourly, *_ in plans:
        assert hourly == pytest.approx(true_hourly, rel=1e-6)


def test_recommendations_cost_less_than_what_they_cover(built: Warehouse) -> None:
    rows = built.query(
        "select provider, hourly_commitment, monthly_cost, expected_monthly_savings, savings_p10, savings_p90, "
        "coverage_after_pct - coverage_before_pct, reason, basis from marts.commitment_recommendations where is_best"
    )
    assert {provider for provider, *_ in rows} >= {"aws"}
    for _, hourly, monthly, saving, low, high, covers, reason, basis in rows:
        assert hourly > 0 and saving > 0 and low <= saving <= high * 2 and covers > 0
        assert float(monthly) == pytest.approx(hourly * 730) and reason and "price from" in basis
    without = built.query(
        "select count(*) from marts.commitment_recommendations where hourly_commitment = 0 and reason is null"
    )
    assert without == [(0,)]


def test_backtests_price_every_strategy_against_hindsight(built: Warehouse) -> None:
    rows = built.query(
        "select strategy, count(*), sum(saving_cost), min(regret_cost) from marts.commitment_backtest group by all"
    )
    saved = {strategy: float(saving) for strategy, _, saving, _ in rows}
    assert len(saved) == 6 and len({count for _, count, _, _ in rows}) == 1
    assert min(float(regret) for *_, regret in rows) > -1e-6
    assert 0.85 * saved["hindsight"] < saved["engine"] <= saved["hindsight"] and saved["none"] == 0
