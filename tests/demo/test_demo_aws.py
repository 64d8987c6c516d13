"""The generated CUR 2.0 export: kinds, totals, files."""

import pyarrow.parquet as pq
import pytest
from raw_files import aws_files, manifests

KINDS = {
    "Usage", "DiscountedUsage", "RIFee", "Fee", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "Credit",
    "Refund", "SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "Tax", "EdpDiscount", "BundledDiscount",
}  # fmt: skip
EFFECTIVE = """
    case line_item_line_item_type
        when 'SavingsPlanNegation' then 0
        when 'SavingsPlanCoveredUsage'
            then coalesce(
                savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost
            )
        when 'DiscountedUsage' then coalesce(reservation_net_effective_cost, reservation_effective_cost)
        when 'RIFee' then coalesce(
            reservation_net_unused_recurring_fee
            + reservation_net_unused_amortized_upfront_fee_for_billing_period,
            reservation_unused_recurring_fee + reservation_unused_amortized_upfront_fee_for_billing_period
        )
        when 'SavingsPlanRecurringFee' then coalesce(
            (
                savings_plan_net_recurring_commitment_for_billing_period
                + savings_plan_net_amortized_upfront_commitment_for_billing_period
            ) * (1 - savings_plan_used_commitment / savings_plan_total_commitment_to_date),
            savings_plan_total_commitment_to_date - savings_plan_used_commitment
        )
        else case
            when reservation_reservation_a_r_n <> '' or savings_plan_savings_plan_a_r_n <> '' then 0
            else coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
        end
    end
"""
PERIOD = "cast(bill_billing_period_start_date as date)"


def test_every_kind_of_line_item_is_there(raw):
    kinds = raw.execute("select distinct line_item_line_item_type from cur2").fetchall()
    assert {kind for (kind,) in kinds} == KINDS


@pytest.mark.parametrize(
    "condition",
    [
        "line_item_usage_type like '%Spot%' and pricing_public_on_demand_cost > line_item_unblended_cost",
        "line_item_line_item_type = 'Usage' and product_servicecode is null and bill_billing_entity <> 'AWS'",
        "bill_billing_entity = 'AWS Marketplace' and line_item_line_item_type = 'Fee'",
        "line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n <> ''",
        "line_item_line_item_type = 'Fee' and line_item_product_code = 'AWSSupportBusiness'",
        "line_item_line_item_type = 'Refund' and savings_plan_savings_plan_a_r_n <> ''",
        "line_item_line_item_type = 'Refund' and coalesce(savings_plan_savings_plan_a_r_n, '') = ''",
        "line_item_line_item_type = 'RIFee' and reservation_unused_quantity > 0",
        "savings_plan_used_commitment < savings_plan_total_commitment_to_date - 0.01",
        "line_item_resource_id = ''",
        "savings_plan_savings_plan_a_r_n = ''",
        "discount['BundledDiscount'] < 0",
        "len(map_keys(tags)) = 0",
    ],
)
def test_every_case_is_there(raw, condition):
    assert raw.execute(f"select count(*) from cur2 where {condition}").fetchall()[0][0] > 0


def test_sum_of_unblended_is_sum_of_net_where_net_is_on_and_is_what_is_billed(raw):
    rows = raw.execute(
        f"""
        select t.billing_period, billed, unblended, net
        from (
            select billing_period, sum(billed_cost) billed
            from truth_charges where provider = 'aws' group by 1
        ) t
        join (
            select {PERIOD} p, sum(line_item_unblended_cost) unblended, sum(line_item_net_unblended_cost) net
            from cur2 group by 1
        ) on p = t.billing_period
        order by 1
        """
    ).fetchall()
    assert rows[0][3] is None
    for _, billed, unblended, net in rows:
        assert unblended == pytest.approx(billed, abs=1e-6)
        assert net is None or net == pytest.approx(billed, abs=1e-6)


def test_negation_cancels_covered_usage_by_account_and_day(raw):
    worst, grains = raw.execute(
        """
        select max(abs(total)), count(*) from (
            select sum(line_item_unblended_cost) total from cur2
            where line_item_line_item_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
            group by line_item_usage_account_id, line_item_product_code, line_item_usage_start_date
        )
        """
    ).fetchall()[0]
    assert grains > 0 and worst < 1e-9


def test_effective_cost_by_the_mapping_table_is_the_truth(raw):
    worst = raw.execute(
        f"""
        select max(abs(effective - truth))
        from (select {PERIOD} p, sum({EFFECTIVE}) effective from cur2 group by 1)
        join (
            select billing_period p, sum(effective_cost) truth
            from truth_charges where provider = 'aws' group by 1
        ) using (p)
        """
    ).fetchall()[0][0]
    assert worst < 1e-6


def test_commitments_without_upfront_use_what_they_buy_each_month(raw):
    rows = raw.execute(
        """
        select max(abs(purchased_cost - used_cost - unused_cost)) from truth_commitments
        where provider = 'aws' and commitment_id not like '%rds%'
        """
    ).fetchall()
    assert rows[0][0] < 1e-6


def test_line_item_ids_are_unique_with_their_interval_in_a_period(raw):
    total, distinct = raw.execute(
        f"""
        select count(*), count(distinct ({PERIOD}, identity_line_item_id, identity_time_interval)) from cur2
        """
    ).fetchall()[0]
    assert total == distinct


def test_the_open_month_has_no_invoice(raw):
    rows = raw.execute(
        f"select {PERIOD}, count(bill_invoice_id) > 0 from cur2 group by 1 order by 1"
    ).fetchall()
    assert [invoiced for _, invoiced in rows] == [True, False]


def test_manifests_name_files_that_are_there_and_leave_out_one_empty_chunk(small):
    named = set(aws_files(small))
    written = {str(path) for path in small.glob("aws/cur/*/data/*/*.parquet")}
    (surplus,) = written - named
    assert named < written
    assert pq.read_metadata(surplus).num_rows == 0
    assert any(
        len(body["dataFiles"]) == 2 for body in manifests(small, "aws/cur/*/metadata/*/*-Manifest.json")
    )
