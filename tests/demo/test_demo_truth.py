"""Truth against the files, repeatability, sizes."""

import hashlib
import time
from datetime import date

import pytest
from raw_files import SMALL, raw_views

from demo import generate
from demo.incidents import KINDS

# Billed cost by the keys of `charges`, recomputed from the raw files alone.
RECOMPUTED = {
    "aws": """
        select cast(bill_billing_period_start_date as date), cast(line_item_usage_start_date as date),
            line_item_usage_account_id, line_item_product_code,
            sum(case
                when line_item_line_item_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') then 0
                else coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
            end)
        from cur2 group by all
    """,
    "azure": """
        with rows as (
            select *, cast(CostInBillingCurrency as double) c from azure_actual
            union all by name
            select *, 0 c from azure_amortized where ChargeType like 'Unused%'
        )
        select cast(strptime(BillingPeriodStartDate, '%m/%d/%Y') as date),
            cast(strptime(Date, '%m/%d/%Y') as date), SubscriptionId, MeterCategory, sum(c)
        from rows group by all
    """,
    "gcp": """
        select cast(strptime(invoice.month, '%Y%m') as date), cast(usage_start_time as date), project.id,
            service.id, sum(case
                when sku.description like 'Commitment%' then cost
                when subscription.instance_id is not null then 0
                else cost + coalesce(list_sum(list_transform(credits, lambda c: c.amount)), 0)
            end)
        from gcp group by all
    """,
    "northwind-data-cloud": """
        select cast(BillingPeriodStart[:10] as date), cast(ChargePeriodStart[:10] as date), SubAccountId,
            ServiceName, sum(cast(BilledCost as double))
        from focus group by all
    """,
}
# List cost of all rows, by the mapping tables.
LISTED = {
    "aws": """
        select sum(case
            when line_item_line_item_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage')
                then pricing_public_on_demand_cost
            when line_item_line_item_type = 'Usage' and pricing_term <> 'Spot'
                then coalesce(pricing_public_on_demand_cost, line_item_unblended_cost)
            when line_item_line_item_type = 'Usage' then line_item_unblended_cost
            when line_item_line_item_type in ('SavingsPlanNegation', 'EdpDiscount', 'BundledDiscount') then 0
            else coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
        end) from cur2
    """,
    "azure": """
        select sum(case
            when cast(PayGPrice as double) <> 0 then cast(PayGPrice as double) * cast(Quantity as double)
            when cast(UnitPrice as double) <> 0 then cast(UnitPrice as double) * cast(Quantity as double)
            else cast(CostInBillingCurrency as double)
        end) from azure_actual
    """,
    "gcp": """
        select sum(coalesce(cost_at_list + coalesce(list_sum(list_transform(
            list_filter(credits, lambda c: c.type = 'PROMOTION'), lambda c: c.amount
        )), 0), cost)) from gcp
    """,
    "northwind-data-cloud": "select sum(cast(ListCost as double)) from focus",
}
SLICES = {
    "cur2": "cur2",
    "azure_actual": "azure_actual",
    "azure_amortized": "azure_amortized",
    "gcp_detailed": "gcp",
    "focus": "focus",
}


@pytest.mark.parametrize("provider", RECOMPUTED)
def test_billed_cost_by_key_is_the_truth(raw, provider):
    keys, unmatched, worst = raw.execute(
        f"""
        with files(p, d, s, v, cost) as ({RECOMPUTED[provider]}),
        truth as (select * from truth_charges where provider = '{provider}')
        select count(*), count(*) filter (where cost is null or billed_cost is null),
            max(abs(cost - billed_cost))
        from files f full join truth t on p = billing_period and d = charge_date
            and s is not distinct from sub_account_id and v is not distinct from service
        """
    ).fetchall()[0]
    assert keys > 100 and unmatched == 0 and worst < 1e-6


@pytest.mark.parametrize("provider", LISTED)
def test_list_cost_is_the_truth(raw, provider):
    listed = raw.execute(LISTED[provider]).fetchall()[0][0]
    told = raw.execute(f"select sum(list_cost) from truth_charges where provider = '{provider}'").fetchall()[
        0
    ][0]
    assert listed == pytest.approx(told, abs=1e-6)


@pytest.mark.parametrize("dataset", SLICES)
def test_slices_count_the_rows(raw, dataset):
    written = raw.execute(f"select count(*) from {SLICES[dataset]}").fetchall()[0][0]
    told = raw.execute(f"select sum(raw_rows) from truth_slices where dataset = '{dataset}'").fetchall()[0][0]
    assert written == told > 0


def test_charges_are_unique_and_sum_to_the_slices(raw):
    doubles = raw.execute(
        "select count(*) from (select 1 from truth_charges group by provider, billing_period, charge_date, "
        "sub_account_id, service, currency having count(*) > 1)"
    ).fetchall()
    worst = raw.execute(
        """
        select max(abs(b - billed)), max(abs(e - effective))
        from (
            select provider, billing_period, sum(raw_billed_cost) b, sum(raw_effective_cost) e
            from truth_slices group by all
        )
        join (
            select provider, billing_period, sum(billed_cost) billed, sum(effective_cost) effective
            from truth_charges group by all
        ) using (provider, billing_period)
        """
    ).fetchall()
    assert doubles == [(0,)]
    assert max(worst[0]) < 1e-6


def test_incidents_of_every_kind_cost_something_and_end_before_the_incomplete_days(raw):
    rows = raw.execute("select kind, end_date, impact_cost from truth_incidents").fetchall()
    assert {kind for kind, _, _ in rows} == set(KINDS)
    for kind, end, impact in rows:
        assert end <= date(2026, 10, 26)
        assert impact < 0 if kind == "drop" else impact > 0


def test_the_last_two_days_are_incomplete(raw):
    rows = dict(
        raw.execute(
            "select charge_date, count(*) from truth_charges where provider = 'azure' group by 1"
        ).fetchall()
    )
    assert rows[date(2026, 10, 26)] > rows[date(2026, 10, 27)] > rows[date(2026, 10, 28)] > 0
    assert raw.execute("select distinct last_complete_date from truth_completeness").fetchall() == [
        (date(2026, 10, 26),)
    ]


def test_same_arguments_same_bytes(small, tmp_path):
    generate(tmp_path, **SMALL)
    assert digests(tmp_path) == digests(small)


def test_another_seed_is_another_estate(small, tmp_path):
    generate(tmp_path, seed=8, **SMALL)
    assert digests(tmp_path) != digests(small)


@pytest.mark.parametrize(
    ("months", "until"), [(1, date(2026, 3, 3)), (3, date(2026, 4, 1)), (2, date(2026, 1, 31))]
)
def test_any_range_works(tmp_path, months, until):
    generate(tmp_path, months=months, until=until, scale=0.05)
    raw = raw_views(tmp_path)
    for dataset, view in SLICES.items():
        told = raw.execute(f"select sum(raw_rows) from truth_slices where dataset = '{dataset}'").fetchall()[
            0
        ][0]
        assert raw.execute(f"select count(*) from {view}").fetchall()[0][0] == told


def test_odd_names_survive_the_files(tmp_path):
    generate(tmp_path, odd_names=True, **SMALL)
    raw = raw_views(tmp_path)
    odd = r'%Größe "XL" / café' + "\n%"
    for column, view in (
        ("line_item_line_item_description", "cur2"),
        ("ResourceName", "azure_actual"),
        ("resource.name", "gcp"),
        ("ResourceName", "focus"),
    ):
        assert raw.execute(f"select count(*) from {view} where {column} like ?", [odd]).fetchall()[0][0] > 0


def test_default_size_and_time(tmp_path):
    started = time.monotonic()
    generate(tmp_path)
    assert time.monotonic() - started < 20
    raw = raw_views(tmp_path)
    rows = raw.execute("select sum(raw_rows), count(distinct billing_period) from truth_slices").fetchall()[0]
    assert rows[0] >= 150_000 and rows[1] == 13
    accounts = raw.execute(
        "select provider, count(distinct sub_account_id) from truth_charges group by 1"
    ).fetchall()
    assert all(count == 10 for _, count in accounts) and len(accounts) == 4
    services = raw.execute("select count(distinct (provider, service)) from truth_charges").fetchall()[0][0]
    assert services >= 40


def digests(folder) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
