"""The generated pair of Azure exports: kinds, totals, runs."""

import gzip
import re

import pytest
from raw_files import blobs, newest_runs, runs

COST = "cast(CostInBillingCurrency as decimal(38, 12))"
PERIOD = "cast(strptime(BillingPeriodStartDate, '%m/%d/%Y') as date)"


def charges(raw, name: str) -> set[tuple]:
    rows = raw.execute(
        f"select distinct ChargeType, PricingModel, Frequency, PublisherType from azure_{name}"
    ).fetchall()
    return set(rows)


def test_every_kind_of_charge_is_in_its_export(raw):
    both = {
        ("Usage", "OnDemand", "UsageBased", "Azure"),
        ("Usage", "Spot", "UsageBased", "Azure"),
        ("Usage", "Reservation", "UsageBased", "Azure"),
        ("Usage", "SavingsPlan", "UsageBased", "Azure"),
        ("Usage", "OnDemand", "UsageBased", "Marketplace"),
        ("Purchase", "OnDemand", "OneTime", "Marketplace"),
        ("Refund", "OnDemand", "OneTime", "Azure"),
        ("RoundingAdjustment", None, "OneTime", "Azure"),
    }
    assert charges(raw, "actual") == both | {
        ("Purchase", "Reservation", "Recurring", "Azure"),
        ("Purchase", "Reservation", "OneTime", "Azure"),
        ("Purchase", "SavingsPlan", "Recurring", "Azure"),
        ("Refund", "Reservation", "OneTime", "Azure"),
    }
    assert charges(raw, "amortized") == both | {
        ("UnusedReservation", "Reservation", "UsageBased", "Azure"),
        ("UnusedSavingsPlan", "SavingsPlan", "UsageBased", "Azure"),
    }


@pytest.mark.parametrize(
    "condition",
    [
        "UnitOfMeasure = '10K' and abs({0} - round({0})) < 1e-6".format("cast(Quantity as double) * 10000"),
        "Tags like '{%'",
        "Tags like '\"%'",
        "Tags is null and ChargeType = 'Usage'",
        "ResourceId = upper(ResourceId)",
        "SubscriptionId is null",
        "cast(PayGPrice as double) = 0 and PublisherType = 'Marketplace'",
    ],
)
def test_every_quirk_is_there(raw, condition):
    assert raw.execute(f"select count(*) from azure_actual where {condition}").fetchall()[0][0] > 0


def test_covered_usage_is_free_in_actual_and_costs_in_amortized(raw):
    covered = "ChargeType = 'Usage' and benefitId is not null"
    assert raw.execute(f"select max(abs({COST})) from azure_actual where {covered}").fetchall()[0][0] == 0
    assert raw.execute(f"select min({COST}) from azure_amortized where {covered}").fetchall()[0][0] > 0


def test_cost_allocation_rows_cancel(raw):
    rows, total = raw.execute(
        f"select count(*), sum({COST}) from azure_actual where CostAllocationRuleName is not null"
    ).fetchall()[0]
    assert rows > 0 and total == 0


def test_sums_of_the_two_exports_are_billed_and_effective(raw):
    rows = raw.execute(
        f"""
        select billed - actual, effective - amortized
        from (select {PERIOD} p, sum({COST}) actual from azure_actual group by 1)
        join (select {PERIOD} p, sum({COST}) amortized from azure_amortized group by 1) using (p)
        join (
            select billing_period p, sum(billed_cost) billed, sum(effective_cost) effective
            from truth_charges where provider = 'azure' group by 1
        ) using (p)
        """
    ).fetchall()
    assert len(rows) == 2
    assert all(abs(difference) < 1e-6 for row in rows for difference in row)


def test_monthly_paid_benefits_amortise_their_purchase_within_a_closed_month(raw):
    rows = raw.execute(
        f"""
        select bought, amortised
        from (
            select benefitId b, {PERIOD} p, sum({COST}) bought from azure_actual
            where ChargeType = 'Purchase' and Frequency = 'Recurring' group by all
        )
        join (
            select benefitId b, {PERIOD} p, sum({COST}) amortised from azure_amortized
            where benefitId is not null group by all
        ) using (b, p)
        where p = '2026-09-01'
        """
    ).fetchall()
    assert len(rows) == 2
    for bought, amortised in rows:
        assert float(bought) == pytest.approx(float(amortised), abs=1e-6)


def test_manifests_name_files_that_are_there_with_their_sizes(small):
    for name in ("actual", "amortized"):
        assert len(runs(small, name)) == len(newest_runs(small, name)) + 1
        for run in runs(small, name):
            for path, blob in zip(blobs(small, run), run["blobs"], strict=True):
                assert path.stat().st_size == blob["byteCount"]
                assert gzip.decompress(path.read_bytes()).count(b"\n") == blob["dataRowCount"] + 1
            assert re.fullmatch(r"2024-04-01", run["manifestVersion"])


def test_the_older_run_of_a_month_is_smaller(small):
    totals = {}
    for run in runs(small, "actual"):
        totals.setdefault(run["runInfo"]["startDate"], []).append(
            (run["runInfo"]["submittedTime"], run["dataRowCount"])
        )
    (double,) = (sorted(group) for group in totals.values() if len(group) == 2)
    assert double[0][1] < double[1][1]
