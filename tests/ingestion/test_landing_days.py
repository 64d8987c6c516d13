"""What a delivery.json says of each day of usage in a bill."""

import json
from datetime import UTC, datetime

import pytest
from outcomes import only
from tiny_bills import azure_row, cur_row, focus_row

from ingestion import land, rollback
from ingestion.arrivals import LONGEST
from ingestion.records import Day, Delivery


def days(delivery: Delivery) -> list[tuple[Day, ...]]:
    return [part.days for part in delivery.slices]


def test_usage_is_summed_by_day_over_files_and_accounts_and_other_charges_are_left_out(bills, lake):
    bills.write(
        "a.csv",
        [
            cur_row(),
            cur_row(lineItem__UnblendedCost="1.25", lineItem__LineItemType="SavingsPlanCoveredUsage"),
            cur_row(lineItem__UnblendedCost="90", lineItem__LineItemType="Tax"),
            cur_row(lineItem__UnblendedCost="-3", lineItem__LineItemType="Credit"),
        ],
    )
    bills.write(
        "b.csv", [cur_row(bill__PayerAccountId="999", lineItem__UsageStartDate="2026-01-04T23:59:59Z")]
    )
    bills.write("c.csv", [cur_row(bill__PayerAccountId="999", lineItem__UnblendedCost="2")])
    delivery = only(land("aws", str(bills.root), lake))
    assert days(delivery) == [(Day("2026-01-03", 3, "3.750000"), Day("2026-01-04", 1, "0.500000"))]
    assert Delivery.from_json(delivery.to_json()) == delivery


@pytest.mark.parametrize(
    ("provider", "row", "expected"),
    [
        ("azure", azure_row(Date="01/15/2026"), Day("2026-01-15", 1, "1.250000")),
        ("azure", azure_row(Date="2026-01-16", ChargeType="usage"), Day("2026-01-16", 1, "1.250000")),
        ("focus", focus_row(BilledCost="0"), Day("2026-01-03", 1, "0.000000")),
    ],
)
def test_each_format_spells_its_day_and_cost(bills, lake, provider, row, expected):
    assert days(only(land(provider, str(bills.write("bill.csv", [row])), lake))) == [(expected,)]


def test_google_says_its_days_in_nested_exports(bills, lake):
    assert days(only(land("gcp", str(bills.gcp("a.parquet")), lake))) == [(Day("2026-01-01", 2, "3.000000"),)]


def test_a_bill_without_usage_has_no_days_and_an_older_record_does_not_tell(bills, lake):
    delivery = only(land("focus", str(bills.write("a.csv", [focus_row(ChargeCategory="Purchase")])), lake))
    assert days(delivery) == [()]
    old = json.loads(delivery.to_json())
    for part in old["slices"]:
        del part["days"]
    assert days(Delivery.from_json(json.dumps(old))) == [None]


def test_only_the_newest_days_of_a_slice_are_kept(bills, lake):
    dates = [f"2025-{month:02}-{day:02}" for month in (10, 11, 12) for day in range(1, 29)]
    rows = [focus_row(ChargePeriodStart=date) for date in dates]
    (kept,) = days(only(land("focus", str(bills.write("a.csv", rows)), lake)))
    assert [day.charge_date for day in kept] == dates[-LONGEST:]


def test_a_rollback_carries_the_days_of_what_it_restores(bills, lake):
    first = only(land("focus", str(bills.write("a.csv", [focus_row()])), lake))
    later = datetime(2026, 2, 3, tzinfo=UTC)
    only(land("focus", str(bills.write("a.csv", [focus_row(BilledCost="7")], later)), lake))
    assert days(rollback(lake, first.delivery_id)) == days(first)
