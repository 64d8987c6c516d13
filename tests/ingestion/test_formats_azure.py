"""Azure's cost details and FOCUS in all their headers, letter cases, dates, formats and manifests."""

import json

import pytest
from outcomes import only, refused
from tiny_bills import AZURE_SCOPE, azure_row, csv_text, focus_row

from ingestion import land


def renamed(row, **names):
    """The row with some columns under another name, None for none at all."""
    return {names.get(k, k): v for k, v in row.items() if names.get(k, k) is not None}


def mca_row(**changes):
    """As a customer agreement's export spells it, in camelCase but for a few."""
    row = azure_row(
        invoiceId="G1", previousInvoiceId="", pricingCurrency="USD", costInUsd="1.4",
        exchangeRatePricingToBilling="0.9", provider="Azure", BillingAccountId="a1:b2_2019-05-31",
    )  # fmt: skip
    row = renamed(row, BillingCurrencyCode="billingCurrency")
    kept = {"SubscriptionId"}
    return {k if k in kept else k[0].lower() + k[1:]: v for k, v in row.items()} | changes


def partner_row(**changes):
    """A partner agreement's: a customer agreement's columns and those of the partner and the customer."""
    return mca_row(
        partnerName="Reseller", partnerTenantId="t1", resellerName="", resellerMpnId="", customerName="Shop",
        customerTenantId="t2", partnerEarnedCreditApplied="1", partnerEarnedCreditRate="15",
        CustomerTenantDomainName="shop.example", exchangeRate="0.9", reservationOrderId="", InstanceId="/vm",
    ) | changes  # fmt: skip


@pytest.mark.parametrize("row", [azure_row, mca_row, partner_row])
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_headers_of_each_agreement_in_any_letter_case(bills, lake, row, case):
    bill = bills.write("bill.csv", [{case(name): value for name, value in row().items()}])
    delivery = only(land("azure", str(bill), lake))
    assert (delivery.dataset, delivery.scope, delivery.unknown_columns) == ("azure_actual", "8611537", ())


def test_older_portal_names(bills, lake):
    row = renamed(
        azure_row(),
        CostInBillingCurrency="Cost",
        BillingCurrencyCode="BillingCurrency",
        BillingProfileId=None,
    )
    delivery = only(land("azure", str(bills.write("bill.csv", [row])), lake))
    assert delivery.slices[0].billing_account_ids == ("8611537",)


@pytest.mark.parametrize("typed", [True, False])
def test_parquet_with_typed_and_with_text_columns(bills, lake, typed):
    day, cost = ("date '2026-01-15'", "1.25::decimal(20, 10)") if typed else ("'01/15/2026'", "'1.25'")
    first = "timestamp '2026-01-01'" if typed else "'01/01/2026'"
    bills.parquet(
        "part_0_0001.snappy.parquet",
        f"""
        select {day} as date, 'UnusedReservation' as chargeType, {cost} as costInBillingCurrency,
            'EUR' as billingCurrency, 'p1' as billingProfileId, {first} as billingPeriodStartDate
        """,
    )
    bills.parquet(
        "part_1_0001.snappy.parquet",
        f"""
        select {day} as "Date", 'Usage' as "ChargeType", {cost} as "CostInBillingCurrency",
            'EUR' as "BillingCurrency", 'p1' as "BillingProfileId", {first} as "BillingPeriodStartDate"
        """,
    )
    delivery = only(land("azure", str(bills.root), lake))
    assert (delivery.dataset, delivery.rows, {f.format for f in delivery.files}) == (
        "azure_amortized", 2, {"parquet"},
    )  # fmt: skip
    assert [(s.billing_period, s.billing_account_ids) for s in delivery.slices] == [("2026-01-01", ("p1",))]


def test_azure_runs_of_a_month_are_deliveries_and_the_newest_counts(bills, lake):
    bills.azure_run([azure_row()], run="a1", submitted="2026-02-01T00:00:00Z")
    bills.azure_run([azure_row(), azure_row()], run="a2", submitted="2026-02-02T00:00:00Z")
    assert [d.rows for d in land("azure", str(bills.root), lake).landed] == [1, 2]
    again = land("azure", str(bills.root), lake)
    assert (again.landed, again.refused, len(again.skipped)) == ((), (), 2)


def test_azure_focus_export(bills, lake):
    bills.azure_run([focus_row(ProviderName="Microsoft", BillingAccountId=AZURE_SCOPE)], kind="FocusCost")
    for provider in ("azure", "focus"):
        delivery = only(land(provider, str(bills.root), lake / provider))
        assert (delivery.provider, delivery.dataset, delivery.slices[0].provider) == (
            "focus",
            "focus",
            "azure",
        )


def test_azure_dates_and_accounts(bills, lake):
    rows = [
        azure_row(BillingProfileId=""),
        azure_row(BillingPeriodStartDate="2026-01-01", Date="2026-01-02", BillingPeriodEndDate="2026-01-31"),
        azure_row(
            BillingProfileId="profile", BillingPeriodStartDate="02/01/2026", BillingPeriodEndDate="02/28/2026"
        ),
    ]
    delivery = only(land("azure", str(bills.write("bill.csv.gz", rows)), lake))
    assert [(s.billing_period, s.billing_account_ids, s.rows) for s in delivery.slices] == [
        ("2026-01-01", ("8611537",), 2),
        ("2026-02-01", ("profile",), 1),
    ]
    assert delivery.scope == "default"


def test_azure_header_in_other_letter_case_and_names(bills, lake):
    row = {name[0].lower() + name[1:]: value for name, value in azure_row().items()}
    row["cost"] = row.pop("costInBillingCurrency")
    row["currency"] = row.pop("billingCurrencyCode")
    delivery = only(land("azure", str(bills.write("bill.csv", "\ufeff" + csv_text([row]))), lake))
    assert delivery.dataset == "azure_actual"


def test_parts_of_one_amortized_export_stay_together(bills, lake):
    bills.write("part_0_0001.csv", [azure_row(Quantity="2")])
    bills.write("part_1_0001.csv", [azure_row(ChargeType="UnusedReservation")])
    assert only(land("azure", str(bills.root), lake)).dataset == "azure_amortized"


def test_a_run_of_several_parts_with_its_counts(bills, lake):
    manifest = bills.azure_run([azure_row()])
    body = json.loads(manifest.read_text())
    more = manifest.parent / "part_1_0001.csv"
    bills.write(more.relative_to(bills.root).as_posix(), [azure_row(), azure_row()])
    blob = body["blobs"][0]
    body["blobs"].append(blob | {
        "blobName": blob["blobName"].replace("part_0", "part_1"), "dataRowCount": 2, "byteCount": more.stat().st_size,
    })  # fmt: skip
    manifest.write_text(json.dumps(body))
    assert [f.rows for f in only(land("azure", str(bills.root), lake)).files] == [1, 2]


@pytest.mark.parametrize("run", ["202602020304/4b1c", "4b1c", "4b1c/"])
def test_the_time_and_run_folders_may_be_there_or_not(bills, lake, run):
    bills.azure_run([azure_row()], run=run.rstrip("/"))
    assert only(land("azure", str(bills.root), lake)).rows == 1


def test_the_newest_of_a_months_runs_counts_whatever_its_folder(bills, lake):
    bills.azure_run([azure_row()] * 3, run="zz", submitted="2026-02-01T00:00:00.5Z")
    bills.azure_run([azure_row()] * 2, run="aa", submitted="2026-02-03T00:00:00.7654321Z")
    last = land("azure", str(bills.root), lake).landed[-1]
    assert (last.exported_at, last.rows) == ("2026-02-03T00:00:00Z", 2)


def test_an_older_run_whose_files_are_gone_is_left_out(bills, lake):
    bills.azure_run([azure_row()], run="a1", submitted="2026-02-01T00:00:00Z")
    bills.azure_run([azure_row()], run="a2", submitted="2026-02-02T00:00:00Z")
    (bills.root / "exports/actual/20260101-20260131/a1/part_0_0001.csv").unlink()
    result = land("azure", str(bills.root), lake)
    assert (only(result).exported_at[:10], "newer run" in result.notes[0]) == ("2026-02-02", True)


@pytest.mark.parametrize(
    "config",
    [
        {"manifestVersion": "2023-01-01"},
        {"runInfo": {"submittedTime": "2026-02-02T03:04:05", "startDate": "2026-01-01T00:00:00Z"}},
        {
            "deliveryConfig": {
                "fileFormat": "Csv",
                "compressionMode": "none",
                "dataOverwriteBehavior": "CreateNewReport",
            }
        },
        {"deliveryConfig": None},
    ],
)
def test_manifests_of_other_versions(bills, lake, config):
    bills.azure_run([azure_row()], **config)
    assert only(land("azure", str(bills.root), lake)).exported_at == "2026-02-02T03:04:05Z"


def test_a_compressed_run_is_not_held_to_its_plain_size(bills, lake):
    manifest = bills.azure_run([azure_row()], deliveryConfig={"fileFormat": "Csv", "compressionMode": "gzip"})
    text = manifest.read_text().replace("part_0_0001.csv", "part_0_0001.csv.gz")
    body = json.loads(text)
    body["blobs"][0]["byteCount"] = 1 << 20
    manifest.write_text(json.dumps(body))
    part = manifest.parent / "part_0_0001.csv"
    bills.write(part.relative_to(bills.root).as_posix() + ".gz", part.read_text())
    part.unlink()
    assert only(land("azure", str(bills.root), lake)).files[0].path == "part_0_0001.csv.gz"


def test_an_old_manifest_with_an_underscore(bills, lake):
    manifest = bills.azure_run([azure_row()])
    manifest.rename(manifest.with_name("_manifest.json"))
    assert only(land("azure", str(bills.root), lake)).dataset == "azure_actual"


def test_an_export_without_a_row(bills, lake):
    bills.azure_run([azure_row()])
    bills.azure_run([azure_row()], kind="AmortizedCost", blobs=[], dataRowCount=0)
    result = land("azure", str(bills.root), lake)
    assert (only(result).dataset, "without a row" in result.notes[0]) == ("azure_actual", True)


@pytest.mark.parametrize(
    ("version", "more"),
    [
        ("1.0r2", {"x_InvoiceId": "", "x_PricingCurrency": "USD", "x_SkuMeterName": "m"}),
        (
            "1.2-preview",
            {"InvoiceId": "", "PricingCurrency": "USD", "SkuMeter": "m", "x_AmortizationClass": ""},
        ),
    ],
)
def test_focus_versions_with_their_manifest(bills, lake, version, more):
    row = focus_row(
        ProviderName="Microsoft", InvoiceIssuerName="Microsoft", BillingAccountId=AZURE_SCOPE, **more
    )
    config = {"exportName": "f", "resourceId": AZURE_SCOPE, "dataVersion": version, "type": "FocusCost"}
    bills.azure_run([row], kind="FocusCost", exportConfig=config)
    delivery = only(land("azure", str(bills.root), lake))
    assert (delivery.dataset, delivery.slices[0].provider) == ("focus", "azure")
    assert delivery.scope == "providers-Microsoft.Billing-billingAccounts-8611537"
    read = {"x_InvoiceId", "x_PricingCurrency"}
    assert delivery.unknown_columns == tuple(
        name for name in more if name.startswith("x_") and name not in read
    )
    assert version in delivery.definition


def test_cost_details_in_place_of_what_the_manifest_says(bills, lake):
    bills.azure_run([focus_row(ProviderName="Microsoft")], kind="ActualCost")
    assert "looks like FOCUS" in refused("azure", bills.root, lake)
