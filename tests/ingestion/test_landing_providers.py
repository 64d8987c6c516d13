"""Deliveries of every provider in its true layout: what is found, how it is named, what is said of it."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from outcomes import only
from tiny_bills import azure_row, csv_text, focus_row, stored

from ingestion import LandingError, land


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
        "export_time_to", "slices", "totals",
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
    assert {"name": "product", "type": "MAP(VARCHAR, VARCHAR)", "formats": ["parquet"]} in record["columns"]
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


def test_a_bare_folder_gives_one_delivery_per_dataset(bills, lake):
    bills.write("actual.csv", [azure_row()], at=datetime(2026, 2, 3, tzinfo=UTC))
    bills.write("more/actual.csv", [azure_row(Quantity="2")])
    bills.write("amortized.csv", [azure_row(ChargeType="UnusedSavingsPlan")])
    result = land("azure", str(bills.root), lake)
    assert [(d.dataset, d.exported_at, [f.path for f in d.files]) for d in result.landed] == [
        ("azure_actual", "2026-02-03T00:00:00Z", ["actual.csv", "2-actual.csv"]),
        ("azure_amortized", "2026-02-02T00:00:00Z", ["amortized.csv"]),
    ]


def test_dataset_can_be_said(bills, lake):
    bill = bills.write("bill.csv", [azure_row()])
    assert (
        only(land("azure", str(bill), lake, dataset="azure_amortized", scope="My scope/1")).scope
        == "My-scope-1"
    )


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
