"""Raw cost by currency: in the record of a delivery, and in the event that tells of it."""

import json

import pytest
from outcomes import only
from tiny_bills import azure_row, cur_row, focus_row

from ingestion import events, land, rollback
from ingestion.lake import Lake
from ingestion.records import Delivery, Total


def test_all_rows_of_all_files_are_summed_by_currency(bills, lake):
    bills.write(
        "a.csv",
        [
            cur_row(),
            cur_row(lineItem__UnblendedCost="90", lineItem__LineItemType="Tax"),
            cur_row(lineItem__UnblendedCost="-3.25", lineItem__LineItemType="Credit"),
            cur_row(lineItem__UnblendedCost="", lineItem__CurrencyCode="JPY"),
        ],
    )
    bills.write("b.csv", [cur_row(lineItem__UnblendedCost="1e-7", bill__PayerAccountId="999")])
    bills.write("c.csv", [cur_row(lineItem__UnblendedCost="7", lineItem__CurrencyCode="EUR")])
    delivery = only(land("aws", str(bills.root), lake))
    expected = {"EUR": "7.000000000000", "JPY": "0.000000000000", "USD": "87.250000100000"}
    assert {total.currency: total.cost for total in delivery.totals} == expected
    assert Delivery.from_json(delivery.to_json()) == delivery
    [name] = events.names(Lake(lake))
    assert json.loads((lake / "events" / name).read_text())["data"]["totals"] == expected


@pytest.mark.parametrize(
    ("provider", "rows", "expected"),
    [
        ("focus", [focus_row(BilledCost="0.1")] * 3, Total("USD", "0.300000000000")),
        ("focus", [focus_row(BilledCost="NULL"), focus_row(BilledCost="2")], Total("USD", "2.000000000000")),
        ("focus", [focus_row(BilledCost="1", EffectiveCost="9")], Total("USD", "1.000000000000")),
        ("azure", [azure_row(), azure_row(Cost="9")], Total("EUR", "2.500000000000")),
        (
            "azure",
            [azure_row(CostInBillingCurrency="", Cost="9"), azure_row(Cost="9")],
            Total("EUR", "10.250000000000"),
        ),
    ],
)
def test_each_format_has_a_cost_and_a_currency(bills, lake, provider, rows, expected):
    assert only(land(provider, str(bills.write("bill.csv", rows)), lake)).totals == (expected,)


def test_costs_in_parquet_are_exact_to_twelve_decimals(bills, lake):
    delivery = only(land("aws", str(bills.cur2("a.parquet", cost="0.1", rows=10_000)), lake))
    assert delivery.totals == (Total("USD", "1000.000000000000"),)


def test_google_tells_its_cost_before_credits(bills, lake):
    credit = ", [{'amount': -1.0}] as credits"
    assert only(land("gcp", str(bills.gcp("a.parquet", more=credit)), lake)).totals == (
        Total("EUR", "3.000000000000"),
    )


def test_what_was_not_read_is_null(bills, lake):
    invoice = {
        "InvoiceId": "i-1",
        "BillingAccountId": "a",
        "BillingPeriod": "2026-01",
        "BillingCurrency": "USD",
        "InvoicedCost": "5",
    }
    delivery = only(land("aws", str(bills.write("invoices.csv", [invoice])), lake))
    assert (delivery.dataset, delivery.totals) == ("invoices", None)
    old = json.loads(delivery.to_json())
    del old["totals"]
    assert Delivery.from_json(json.dumps(old)) == delivery
    [name] = events.names(Lake(lake))
    assert json.loads((lake / "events" / name).read_text())["data"]["totals"] is None


def test_a_rollback_tells_the_totals_of_what_it_restores(bills, lake):
    first = only(land("focus", str(bills.write("a.csv", [focus_row()])), lake))
    only(land("focus", str(bills.write("a.csv", [focus_row(BilledCost="7")])), lake))
    assert rollback(lake, first.delivery_id).totals == first.totals == (Total("USD", "1.500000000000"),)
