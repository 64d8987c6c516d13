"""Invoice totals land like a bill: told by their columns, in either spelling, sliced by month, and refused by name."""

from datetime import UTC, datetime

import pytest
from outcomes import only, refused
from tiny_bills import azure_row, cur_row, focus_row

from ingestion import land, rules
from ingestion.lake import Lake
from ingestion.retention import rollback


def invoice(**changes):
    row = {
        "InvoiceId": "INV-1",
        "BillingAccountId": "0012",
        "BillingPeriod": "2026-01",
        "BillingCurrency": "USD",
        "InvoicedCost": "120.50",
    }
    return row | changes


def snake(row):
    names = {
        "InvoiceId": "invoice_id",
        "BillingAccountId": "billing_account_id",
        "InvoicedCost": "INVOICED_COST",
    }
    names |= {"BillingPeriod": "billing_period", "BillingCurrency": "billing_currency"}
    return {names[name]: value for name, value in row.items()}


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
@pytest.mark.parametrize("spelt", [dict, snake])
def test_invoices_are_told_by_their_columns_and_belong_to_who_was_asked_for(bills, lake, provider, spelt):
    rows = [spelt(invoice()), spelt(invoice(BillingPeriod="2026-02"))]
    delivery = only(land(provider, str(bills.write("invoices.csv", rows)), lake))
    assert (delivery.provider, delivery.dataset, delivery.scope) == (provider, "invoices", "0012")
    assert [(s.provider, s.billing_period) for s in delivery.slices] == [
        (provider, "2026-01-01"),
        (provider, "2026-02-01"),
    ]
    assert delivery.unknown_columns == ()
    assert (lake / "raw" / provider / "invoices" / "0012").is_dir()


def test_invoice_detail_of_focus_is_of_the_provider_that_each_row_names(bills, lake):
    detail = {
        "BilledCost": "80",
        "BillingAccountId": "1",
        "BillingCurrency": "USD",
        "BillingPeriodStart": "2026-01-01T00:00:00Z",
        "ChargeCategory": "Usage",
        "InvoiceDetailId": "1",
        "InvoiceId": "A",
        "InvoiceIssueDate": "2026-02-03T00:00:00Z",
        "InvoiceIssuerName": "Amazon Web Services, Inc.",
    }
    rows = [detail, detail | {"InvoiceIssuerName": "Acme Clouds", "InvoiceId": "B"}]
    delivery = only(land("focus", str(bills.write("detail.csv", rows)), lake))
    assert delivery.dataset == "invoices" and {s.provider for s in delivery.slices} == {"aws", "acme-clouds"}


def test_a_parquet_file_of_typed_columns_lands(bills, lake):
    bills.parquet(
        "invoices.parquet",
        "select 'A' as invoice_id, '1' as billing_account_id, date '2026-01-01' as billing_period_start, "
        "'USD' as billing_currency, 12.5::decimal(10, 2) as invoiced_cost, date '2026-02-03' as invoice_issue_date",
    )
    assert only(land("aws", str(bills.root), lake)).periods == ("2026-01-01",)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"InvoicedCost": "1.234,50"},
            "row 2, column InvoicedCost: '1.234,50' is not a number (a decimal comma?)",
        ),
        ({"InvoicedCost": ""}, "row 2, column InvoicedCost: an empty value stands where"),
        ({"TaxAmount": "$5"}, "row 2, column TaxAmount: '$5' is not a number"),
        ({"InvoiceIssueDate": "soon"}, "row 2, column InvoiceIssueDate: 'soon' is not a date"),
        (
            {"BillingPeriod": "2026-13"},
            "row 2, column BillingPeriod: '2026-13' is no billing period (2026-01 or a date such as",
        ),
        ({"BillingPeriod": "September"}, "row 2, column BillingPeriod: 'September' is no billing period"),
        ({"InvoiceId": ""}, "row 2, column InvoiceId: an empty value"),
        ({"BillingAccountId": ""}, "row 2, column BillingAccountId: an empty value names no billing account"),
    ],
)
def test_what_cannot_be_read_is_refused_by_file_row_and_column(bills, lake, changes, says):
    message = refused("aws", bills.write("invoices.csv", [invoice(), invoice(**changes)]), lake)
    assert f"invoices.csv: {says}" in message


@pytest.mark.parametrize("column", ["BillingAccountId", "BillingPeriod", "BillingCurrency", "InvoicedCost"])
def test_a_missing_column_is_named_with_its_spellings(bills, lake, column):
    row = invoice()
    del row[column]
    message = refused("aws", bills.write("invoices.csv", [row]), lake)
    assert "invoices.csv: required column" in message and column in message and "for invoices" in message


def test_invoices_landed_as_focus_name_their_provider(bills, lake):
    source = bills.write("invoices.csv", [invoice()])
    assert "required column ProviderName" in refused("focus", source, lake)


@pytest.mark.parametrize(("provider", "row"), [("aws", cur_row), ("azure", azure_row), ("focus", focus_row)])
def test_a_bill_is_no_invoice_even_with_an_invoice_id(bills, lake, provider, row):
    delivery = only(land(provider, str(bills.write("bill.csv", [row(InvoiceId="A")])), lake))
    assert delivery.dataset != "invoices"


def test_a_bill_cannot_be_forced_to_be_invoices(bills, lake):
    source = bills.write("bill.csv", [cur_row()])
    assert "required column BillingAccountId" in refused("aws", source, lake, dataset="invoices")


def test_a_newer_file_counts_and_an_older_one_can_be_taken_back(bills, lake):
    first = only(land("aws", str(bills.write("a.csv", [invoice()])), lake))
    later = datetime(2026, 2, 20, tzinfo=UTC)
    second = only(land("aws", str(bills.write("b.csv", [invoice(InvoicedCost="130")], later)), lake))
    key = ("invoices", "0012", "aws", "2026-01-01")
    assert rules.current(Lake(lake).deliveries())[key] == [second]
    rollback(lake, first.delivery_id)
    assert rules.current(Lake(lake).deliveries())[key][0].restores == first.delivery_id


def test_invoices_landed_again_are_skipped_and_a_lost_account_is_refused(bills, lake):
    both = [invoice(), invoice(BillingAccountId="0013")]
    source = bills.write("a.csv", both)
    only(land("aws", str(source), lake))
    (skipped,) = land("aws", str(source), lake).skipped
    assert "already landed" in skipped.reason
    later = datetime(2026, 2, 20, tzinfo=UTC)
    lacking = land("aws", str(bills.write("b.csv", [invoice()], later)), lake, scope="default")
    assert "without billing account 0013" in lacking.refused[0].message
