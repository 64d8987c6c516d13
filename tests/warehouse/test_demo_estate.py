"""The ledger of the demo estate against what its generator knows to be true."""

from __future__ import annotations

from pathlib import Path

import pytest
from lakes import Warehouse

TRUTH_KEYS = {
    "aws": "provider = 'aws'",
    "azure": "provider = 'azure'",
    "gcp": "provider = 'gcp'",
    "northwind-data-cloud": "provider = 'northwind-data-cloud'",
}


@pytest.mark.parametrize("provider", TRUTH_KEYS)
@pytest.mark.parametrize("cost", ["billed_cost", "effective_cost", "list_cost"])
def test_costs_by_period_equal_the_truth(built: Warehouse, estate: Path, provider: str, cost: str) -> None:
    truth = built.query(
        f"select billing_period, currency, round(sum({cost}), 6) from '{estate}/truth/charges.parquet' "
        f"where provider = '{provider}' group by all order by all"
    )
    ledger = built.query(
        f"select billing_period, billing_currency, round(sum({cost})::double, 6) from marts.cost_and_usage "
        f"where provider = '{provider}' group by all order by all"
    )
    assert len(truth) == 3
    assert [row[:2] for row in ledger] == [row[:2] for row in truth]
    assert [row[2] for row in ledger] == pytest.approx([row[2] for row in truth], abs=2e-6)


def test_costs_by_day_and_account_equal_the_truth(built: Warehouse, estate: Path) -> None:
    differences = built.query(
        f"""
        with truth as (
            select provider, billing_period, charge_date, sub_account_id, sum(billed_cost) billed, sum(effective_cost) effective
            from '{estate}/truth/charges.parquet' group by all
        ), ledger as (
            select provider, billing_period, charge_period_start::date charge_date, sub_account_id,
                sum(billed_cost)::double billed, sum(effective_cost)::double effective
            from marts.cost_and_usage group by all
        )
        select * from truth full join ledger
            on truth.provider = ledger.provider and truth.billing_period = ledger.billing_period
            and truth.charge_date = ledger.charge_date and truth.sub_account_id is not distinct from ledger.sub_account_id
        where abs(coalesce(truth.billed, 0) - coalesce(ledger.billed, 0)) > 1e-6
            or abs(coalesce(truth.effective, 0) - coalesce(ledger.effective, 0)) > 1e-6
        """
    )
    assert differences == []


def test_residuals_are_within_the_bound_and_all_slices_are_there(built: Warehouse, estate: Path) -> None:
    rows = built.query(
        "select provider, dataset, billing_period, billing_currency, raw_rows, residual, effective_residual, residual_reason "
        "from marts.reconciliation order by all"
    )
    truth = built.query(
        f"select provider, dataset, billing_period, currency, raw_rows from '{estate}/truth/slices.parquet' order by all"
    )
    assert [row[:5] for row in rows] == truth
    for *_, raw_rows, residual, effective_residual, reason in rows:
        bound = max(1e-6, 1e-12 * raw_rows)
        assert abs(residual or 0) <= bound and abs(effective_residual or 0) <= bound and reason is None


def test_commitments_are_used_and_unused_as_the_estate_knows(built: Warehouse, estate: Path) -> None:
    truth = built.query(
        f"select lower(commitment_id), billing_period, used_cost, unused_cost from '{estate}/truth/commitments.parquet' "
        "where used_cost <> 0 or unused_cost <> 0 order by all"
    )
    ledger = built.query(
        """
        select lower(commitment_discount_id), billing_period,
            coalesce(sum(effective_cost) filter (commitment_discount_status = 'Used'), 0)::double,
            coalesce(sum(effective_cost) filter (commitment_discount_status = 'Unused'), 0)::double
        from marts.cost_and_usage where commitment_discount_id is not null and charge_category = 'Usage'
        group by all order by all
        """
    )
    assert [row[:2] for row in ledger] == [row[:2] for row in truth]
    for mine, true in zip(ledger, truth, strict=True):
        assert mine[2:] == pytest.approx(true[2:], abs=1e-5)


def test_the_last_days_are_not_complete(built: Warehouse, estate: Path) -> None:
    truth = dict(
        built.query(f"select provider, last_complete_date from '{estate}/truth/completeness.parquet'")
    )
    ours = built.query("select provider, complete_through from marts.completeness")
    assert {provider for provider, _ in ours} == set(truth)
    assert all(complete_through <= truth[provider] for provider, complete_through in ours)
    assert built.query("select count(*) > 0 from marts.daily_cost where not is_complete") == [(True,)]


def test_published_focus_has_the_specs_57_columns(built: Warehouse) -> None:
    columns = [name for name, *_ in built.query("describe focus.focus_1_2")]
    assert len(columns) == 57 and {"BilledCost", "ProviderName", "SkuPriceDetails"} <= set(columns)
