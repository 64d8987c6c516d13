"""Deliveries of every provider in its true layout: what is found, how it is named, what is said of it."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from tiny_bills import AZURE_SCOPE, azure_row, csv_text, cur_row, focus_row, stored

from ingestion import LandingError, land


def only(result):
    assert (result.skipped, result.refused) == ((), ())
    (delivery,) = result.landed
    return delivery


def test_cur2_overwrite_export(bills, lake):
    bills.export("2026-01", chunks=2)
    bills.export("2026-02")
    result = land("aws", str(bills.root), lake)
    assert [d.periods for d in result.landed] == [("2026-01-01",), ("2026-02-01",)]
    first = result.landed[0]
    assert (first.provider, first.dataset, first.scope) == ("aws", "cur2", "999988887777-cur")
    assert first.exported_at == "2026-02-02T00:00:00Z"
    assert first.slices[0].billing_account_ids == ("012345678901",)
    assert first.slices[0].files == ("cur-00001.snappy.parquet", "cur-00002.snappy.parquet")
    assert first.rows == first.slices[0].rows == 4
    assert first.unknown_columns == ()
    assert "exportArn" in first.definition


def test_delivery_holds_the_bytes_and_a_complete_record(bills, lake):
    source = bills.cur2("one.parquet", more=", 1 as strange")
    delivery = only(land("aws", str(source), lake))
    folder = (
        lake
        / f"raw/aws/cur2/012345678901/exported={delivery.exported_at[:10]}/delivery={delivery.delivery_id}"
    )
    assert (folder / "one.parquet").read_bytes() == source.read_bytes()
    record = json.loads((folder / "delivery.json").read_text())
    assert list(record) == [
        "format_version", "delivery_id", "provider", "dataset", "scope", "exported_at", "landed_at", "estate",
        "restores", "source", "definition", "files", "columns", "unknown_columns", "export_time_from",
        "export_time_to", "slices",
    ]  # fmt: skip
    assert record["files"] == [
        {
            "path": "one.parquet",
            "source_key": "one.parquet",
            "source_uri": source.as_uri(),
            "etag": None,
            "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
            "bytes": source.stat().st_size,
            "rows": 2,
            "format": "parquet",
        }
    ]
    assert record["unknown_columns"] == ["strange"]
    assert {"name": "product", "type": "MAP(VARCHAR, VARCHAR)"} in record["columns"]
    assert len(record["delivery_id"]) == 16
    assert stored(lake) == sorted(
        f"{folder.relative_to(lake / 'raw').as_posix()}/{name}" for name in ("delivery.json", "one.parquet")
    )


def test_cur2_create_new_lands_the_latest_run_once(bills, lake):
    bills.export("2026-01", run="20260202T010203Z-aaaa", cost=1)
    bills.export("2026-01", run="20260203T010203Z-bbbb", cost=2)
    delivery = only(land("aws", str(bills.root), lake))
    assert delivery.exported_at == "2026-02-03T01:02:03Z"
    assert delivery.files[0].source_key.endswith("20260203T010203Z-bbbb/cur-00001.snappy.parquet")


@pytest.mark.parametrize("below", [".", "exports", "exports/cur"])
def test_cur2_manifest_is_followed_from_any_folder_of_the_bucket(bills, lake, below):
    bills.export("2026-01")
    assert only(land("aws", str(bills.root / below), lake)).rows == 2


def test_surplus_chunks_outside_the_manifest_are_not_read(bills, lake):
    bills.export("2026-01")
    bills.cur2("exports/cur/data/BILLING_PERIOD=2026-01/cur-00002.snappy.parquet", rows=0)
    assert [f.path for f in only(land("aws", str(bills.root), lake)).files] == ["cur-00001.snappy.parquet"]


def test_legacy_cur_create_new_keeps_two_manifests_of_one_run(bills, lake):
    folder = "cur/20260101-20260201"
    bills.write(f"{folder}/6a5b/report-00001.csv.gz", [cur_row()])
    text = json.dumps({
        "account": "012345678901", "reportName": "report", "assemblyId": "6a5b",
        "reportKeys": [f"/{folder}/6a5b/report-00001.csv.gz"],
    })  # fmt: skip
    bills.write(f"{folder}/report-Manifest.json", text)
    bills.write(f"{folder}/6a5b/report-Manifest.json", text)
    delivery = only(land("aws", str(bills.root), lake))
    assert (delivery.dataset, delivery.scope) == ("cur", "012345678901-report")
    assert delivery.files[0].format == "csv"
    assert delivery.unknown_columns == ()  # tag columns are known by their prefix


def test_exports_that_are_no_bills_are_noted(bills, lake):
    bills.export("2026-01")
    bills.write(
        "advice/metadata/advice-Manifest.json", json.dumps({"columns": [{"name": "recommendation_id"}]})
    )
    result = land("aws", str(bills.root), lake)
    assert len(result.landed) == 1
    assert "advice" in result.notes[0]


def test_azure_actual_and_amortized_share_a_scope(bills, lake):
    bills.azure_run([azure_row()])
    bills.azure_run([azure_row(), azure_row(ChargeType="UnusedReservation")], kind="AmortizedCost")
    bills.azure_run([], kind="PriceSheet")
    result = land("azure", str(bills.root), lake)
    assert {d.dataset for d in result.landed} == {"azure_actual", "azure_amortized"}
    assert {d.scope for d in result.landed} == {"providers-Microsoft.Billing-billingAccounts-8611537"}
    assert {d.exported_at for d in result.landed} == {"2026-02-02T03:04:05Z"}
    assert "PriceSheet" in result.notes[0]


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


def test_a_bare_folder_gives_one_delivery_per_dataset(bills, lake):
    bills.write("actual.csv", [azure_row()], at=datetime(2026, 2, 3, tzinfo=UTC))
    bills.write("more/actual.csv", [azure_row(Quantity="2")])
    bills.write("amortized.csv", [azure_row(ChargeType="UnusedSavingsPlan")])
    result = land("azure", str(bills.root), lake)
    assert [(d.dataset, d.exported_at, [f.path for f in d.files]) for d in result.landed] == [
        ("azure_actual", "2026-02-03T00:00:00Z", ["actual.csv", "2-actual.csv"]),
        ("azure_amortized", "2026-02-02T00:00:00Z", ["amortized.csv"]),
    ]


def test_parts_of_one_amortized_export_stay_together(bills, lake):
    bills.write("part_0_0001.csv", [azure_row(Quantity="2")])
    bills.write("part_1_0001.csv", [azure_row(ChargeType="UnusedReservation")])
    assert only(land("azure", str(bills.root), lake)).dataset == "azure_amortized"


def test_dataset_can_be_said(bills, lake):
    bill = bills.write("bill.csv", [azure_row()])
    assert (
        only(land("azure", str(bill), lake, dataset="azure_amortized", scope="My scope/1")).scope
        == "My-scope-1"
    )


def test_gcp_shards_are_one_delivery_with_an_interval(bills, lake):
    bills.gcp("shards/000.parquet", more=", {'name': 'vm'} as resource")
    bills.gcp("shards/001.parquet", month="202602", last="2026-02-11", more=", {'name': 'vm'} as resource")
    delivery = only(land("gcp", str(bills.root), lake))
    assert (delivery.dataset, delivery.scope) == ("gcp_detailed", "0A-0B")
    assert delivery.export_time_from == "2026-01-02T00:00:00.000001Z"
    assert delivery.export_time_to == "2026-02-11T00:00:00.000000Z"
    assert [(s.billing_period, s.files) for s in delivery.slices] == [
        ("2026-01-01", ("000.parquet",)),
        ("2026-02-01", ("001.parquet",)),
    ]


def test_gcp_without_resource_is_standard_and_new_fields_are_told(bills, lake):
    delivery = only(land("gcp", str(bills.gcp("a.parquet", more=", {'x': 1} as price, 2 as extra")), lake))
    assert delivery.dataset == "gcp_standard"
    assert delivery.unknown_columns == ("price.x", "extra")


def test_focus_slices_by_provider_in_the_data(bills, lake):
    rows = [
        focus_row(),
        focus_row(ProviderName="NULL", InvoiceIssuerName="Microsoft Corporation", BillingAccountId="b"),
        focus_row(ProviderName="Google Cloud", BillingPeriodStart="2026-02-01 08:00:00"),
        focus_row(ProviderName="Oracle & Sons, Inc.", EffectiveCost="NULL"),
    ]
    delivery = only(land("focus", str(bills.write("focus.csv", rows)), lake))
    assert [(s.provider, s.billing_period) for s in delivery.slices] == [
        ("aws", "2026-01-01"),
        ("azure", "2026-01-01"),
        ("gcp", "2026-02-01"),
        ("oracle-sons-inc", "2026-01-01"),
    ]
    assert delivery.scope == "default"


def test_focus_parquet_without_provider_name(bills, lake):
    bills.parquet(
        "f.parquet",
        """
        select 'a' as BillingAccountId, timestamp '2026-01-01' as BillingPeriodStart, 'AWS' as
        ServiceProviderName,
            timestamp '2026-01-01' as ChargePeriodStart, 'Usage' as ChargeCategory, 1.5::decimal(20, 10) as
            BilledCost,
            'USD' as BillingCurrency
    """,
    )
    assert only(land("focus", str(bills.root), lake)).slices[0].provider == "aws"


def test_empty_files_beside_others(bills, lake):
    bills.write("a.csv", [focus_row()])
    bills.write("b.csv", b"")
    bills.write("c.csv", csv_text([focus_row()]).splitlines()[0] + "\n")
    bills.write("d.csv.gz", b"")
    delivery = only(land("focus", str(bills.root), lake))
    assert [(f.path, f.rows, f.format) for f in delivery.files] == [
        ("a.csv", 1, "csv"), ("c.csv", 0, "csv"), ("b.csv", 0, "empty"), ("d.csv.gz", 0, "empty"),
    ]  # fmt: skip


def test_progress_counts_every_byte(bills, lake):
    seen = []
    bill = bills.write("a.csv", [focus_row()])
    land("focus", str(bill), lake, progress=lambda label, done, total: seen.append((label, done, total)))
    assert seen[-1] == ("a.csv", bill.stat().st_size, bill.stat().st_size)


def test_unknown_provider_and_dataset(bills, lake):
    for arguments in (
        {"provider": "oci"},
        {"provider": "gcp", "dataset": "cur2"},
        {"provider": "aws", "scope": "//"},
    ):
        with pytest.raises(LandingError):
            land(**{"source": str(bills.root), "lake": lake} | arguments)
