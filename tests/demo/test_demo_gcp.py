"""The generated detailed export of Google Cloud: kinds, totals, time."""

from itertools import pairwise

import pytest

CREDITS = "coalesce(list_sum(list_transform(credits, lambda c: c.amount)), 0)"
PACIFIC_MONTH = "strftime(timezone('America/Los_Angeles', usage_start_time), '%Y%m')"
FEE = "(sku.description like 'Commitment%')"
COVERED = f"(subscription.instance_id is not null and not {FEE})"


@pytest.mark.parametrize(
    "condition",
    [
        "cost_type = 'regular' and consumption_model.description = 'Default'",
        "cost_type = 'tax' and project is null",
        "cost_type = 'rounding_error'",
        "adjustment_info.type = 'GOODWILL'",
        "adjustment_info.type = 'SLA_VIOLATION'",
        "adjustment_info.type = 'GENERAL_ADJUSTMENT'",
        "adjustment_info.type = 'USAGE_CORRECTION' and cost < 0",
        "adjustment_info.type = 'USAGE_CORRECTION' and cost > 0",
        "len(list_filter(credits, lambda c: c.type = 'SUSTAINED_USAGE_DISCOUNT')) > 0",
        "len(list_filter(credits, lambda c: c.type = 'FREE_TIER')) > 0",
        "len(list_filter(credits, lambda c: c.type = 'PROMOTION')) > 0",
        "credits[1].type = 'FEE_UTILIZATION_OFFSET' and labels[1].key = 'goog-originating-sku-id'",
        f"{FEE} and len(credits) = 0 and cost > 0",
        f"{COVERED} and consumption_model.description <> 'Default'",
        "sku.description like 'Spot Preemptible%'",
        "transaction_type = 'THIRD_PARTY_AGENCY' and seller_name is not null",
        f"adjustment_info is null and {PACIFIC_MONTH} <> invoice.month",
        f"{PACIFIC_MONTH} = invoice.month and strftime(usage_start_time, '%Y%m') <> invoice.month",
    ],
)
def test_every_case_is_there(raw, condition):
    assert raw.execute(f"select count(*) from gcp where {condition}").fetchall()[0][0] > 0


def test_sum_of_cost_and_credits_is_what_is_billed(raw):
    rows = raw.execute(
        f"""
        select billed - raw, billed - mapped, effective - raw from (
            select
                invoice.month m,
                sum(cost + {CREDITS}) raw,
                sum(case when {COVERED} then 0 when {FEE} then cost else cost + {CREDITS} end) mapped
            from gcp group by 1
        )
        join (
            select strftime(billing_period, '%Y%m') m, sum(billed_cost) billed, sum(effective_cost) effective
            from truth_charges where provider = 'gcp' group by 1
        ) using (m)
        """
    ).fetchall()
    assert len(rows) == 2
    assert all(abs(difference) < 1e-6 for row in rows for difference in row)


def test_fees_are_used_or_unused(raw):
    fee, offset, covered = raw.execute(
        f"""
        select
            sum(cost) filter (where {FEE}),
            sum({CREDITS}) filter (where {FEE}),
            sum(cost) filter (where {COVERED})
        from gcp
        """
    ).fetchall()[0]
    assert -offset == pytest.approx(covered, abs=1e-6)
    assert fee + offset > 0.01


def test_negated_corrections_repeat_an_earlier_row(raw):
    unmatched = raw.execute(
        """
        select count(*) from gcp n
        where adjustment_info.type = 'USAGE_CORRECTION' and cost < 0 and not exists (
            select 1 from gcp o
            where o.adjustment_info is null and o.sku.id = n.sku.id
                and o.usage_start_time = n.usage_start_time and o.project.id = n.project.id
                and o.cost = -n.cost and o.export_time < n.export_time
                and o.invoice.month < n.invoice.month
        )
        """
    ).fetchall()[0][0]
    assert unmatched == 0


def test_files_follow_export_time_and_carry_its_time(small, raw):
    files = sorted(small.glob("gcp/*/*.parquet"))
    spans = [
        raw.execute(f"select min(export_time), max(export_time) from '{path}'").fetchall()[0]
        for path in files
    ]
    assert len(files) > 3
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert [int(last.timestamp()) for _, last in spans] == [int(path.stat().st_mtime) for path in files]


def test_numeric_columns_are_decimals(raw):
    types = {r[0]: r[1] for r in raw.execute("describe select * from gcp").fetchall()}
    assert types["cost"] == "DOUBLE"
    assert types["cost_at_effective_price_default"] == "DECIMAL(38,9)"
    assert types["export_time"] == "TIMESTAMP WITH TIME ZONE"
