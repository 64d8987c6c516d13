"""Sources that cannot land: each message names the file and the remedy, and the lake stays as it was."""

import json

import pytest
from outcomes import refused
from tiny_bills import azure_row, cur_row, focus_row

from ingestion import LandingError, land
from ingestion.errors import SourceChanged
from ingestion.stores import open_store


def test_missing_source(tmp_path, lake):
    assert "--source" in refused("aws", tmp_path / "nowhere", lake)


def test_empty_folder_and_folder_without_bills(bills, lake):
    assert "no bill found (nothing)" in refused("aws", bills.root, lake)
    bills.write("notes.txt", "hello")
    assert "notes.txt" in refused("aws", bills.root, lake)


@pytest.mark.parametrize(
    ("wrong", "rows", "right"),
    [
        ("aws", azure_row, "azure"),
        ("gcp", cur_row, "aws"),
        ("azure", focus_row, "focus"),
        ("focus", cur_row, "aws"),
    ],
)
def test_wrong_provider_names_the_right_one(bills, lake, wrong, rows, right):
    message = refused(wrong, bills.write("bill.csv", [rows()]), lake)
    assert f"tally land {right}" in message


def test_another_providers_export_with_its_manifest(bills, lake):
    bills.azure_run([azure_row()])
    assert "tally land azure" in refused("aws", bills.root, lake)


@pytest.mark.parametrize(
    ("provider", "rows", "column"),
    [
        ("aws", cur_row, "bill/PayerAccountId"),
        ("aws", cur_row, "lineItem/CurrencyCode"),
        ("azure", azure_row, "BillingCurrencyCode"),
        ("azure", azure_row, "BillingPeriodStartDate"),
        ("focus", focus_row, "BilledCost"),
        ("focus", focus_row, "ProviderName"),
    ],
)
def test_missing_required_column(bills, lake, provider, rows, column):
    row = rows()
    del row[column]
    message = refused(provider, bills.write("bill.csv", [row]), lake)
    assert "bill.csv" in message
    assert column in message


def test_missing_column_in_one_of_two_files(bills, lake):
    bills.write("a.csv", [focus_row()])
    bills.write("b.csv", [{k: v for k, v in focus_row().items() if k != "BillingCurrency"}])
    assert "b.csv: required column BillingCurrency" in refused("focus", bills.root, lake)


def test_missing_field_of_a_struct(bills, lake):
    bills.parquet(
        "a.parquet",
        """
        select 'a' as billing_account_id, {'day': 1} as invoice, now() as usage_start_time, 'tax' as
        cost_type,
            1.0 as cost, 'EUR' as currency
    """,
    )
    assert "invoice.month" in refused("gcp", bills.root, lake)


def test_manifest_naming_a_missing_file(bills, lake):
    bills.export("2026-01", chunks=2)
    (bills.root / "exports/cur/data/BILLING_PERIOD=2026-01/cur-00002.snappy.parquet").unlink()
    message = refused("aws", bills.root, lake)
    assert "cur-Manifest.json: the manifest names s3://bucket/exports/cur/data" in message
    assert "cur-00002" in message


def test_a_missing_file_is_not_taken_from_another_month_or_prefix(bills, lake):
    bills.export("2026-01")
    bills.export("2026-01", prefix="other")
    bills.export("2026-02")
    (bills.root / "exports/cur/data/BILLING_PERIOD=2026-01/cur-00001.snappy.parquet").unlink()
    with pytest.raises(LandingError, match="exports/cur/data/BILLING_PERIOD=2026-01") as told:
        land("aws", str(bills.root), lake)
    landed = {file.source_key.split("/cur/")[0] for d in told.value.result.landed for file in d.files}
    assert landed == {"other", "exports"} and len(told.value.result.landed) == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"columns": []}'])
def test_broken_manifest(bills, lake, text):
    bills.export("2026-01")
    manifest = bills.write("exports/cur/metadata/BILLING_PERIOD=2026-01/cur-Manifest.json", text)
    assert manifest.name in refused("aws", bills.root, lake)


def test_manifest_by_itself(bills, lake):
    assert "by itself" in refused("aws", bills.export("2026-01"), lake)


def test_azure_counts_in_the_manifest_are_checked(bills, lake):
    manifest = bills.azure_run([azure_row()])
    body = json.loads(manifest.read_text())
    body["blobs"][0]["dataRowCount"] = 7
    manifest.write_text(json.dumps(body))
    assert "has 1 rows where the manifest says 7" in refused("azure", bills.root, lake)
    body["blobs"][0]["byteCount"] += 1
    manifest.write_text(json.dumps(body))
    assert "cut short" in refused("azure", bills.root, lake)


def test_several_runs_without_a_manifest(bills, lake):
    for run in ("aaaa", "bbbb"):
        bills.write(f"exports/actual/20260101-20260131/{run}/part_0_0001.csv", [azure_row(Quantity=run)])
    assert "2 runs of one month" in refused("azure", bills.root, lake)


def test_one_file_twice_in_a_folder(bills, lake):
    bills.write("bill.csv", [azure_row()])
    bills.write("bill (1).csv", [azure_row()])
    assert "count twice" in refused("azure", bills.root, lake)


def test_formats_that_are_not_read_yet(bills, lake):
    rows = [{"billing_account_id": "1", "invoice.month": "202601", "cost_type": "regular", "sku": ""}]
    assert "gcp_standard as CSV cannot be read yet; export it as PARQUET OR JSON" in refused(
        "gcp", bills.write("a.csv", rows), lake
    )


@pytest.mark.parametrize("uri", ["ftp://host/x", "s3:///x", "https://bucket.s3.amazonaws.com/x"])
def test_other_schemes_are_no_sources(bills, lake, uri):
    assert f"{uri}: not a path, s3://bucket" in refused("aws", uri, lake)


def test_a_storage_account_must_be_told(bills, lake, monkeypatch):
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    assert "AZURE_STORAGE_ACCOUNT_NAME" in refused("azure", "az://bills/x", lake)


@pytest.mark.parametrize(
    "uri", ["s3://AKIA:planted@bucket/x", "az://bills/x?sig=planted", "gs://a:planted@b"]
)
def test_a_secret_in_a_uri_is_refused_and_not_repeated(bills, lake, uri):
    message = refused("aws", uri, lake)
    assert "take it out" in message and "planted" not in message


def test_a_name_that_is_too_long_for_a_disk_is_kept_shorter_and_apart(bills, lake):
    """Stores take a thousand bytes, disks 255: names that begin alike stay two files, with the ends that tell formats."""
    from ingestion import copying
    from ingestion.stores import Entry

    store = open_store(str(bills.write("a.csv", [cur_row()]).parent))
    [entry] = store.list()
    folder = lake / "room"
    names = [f"{'é' * 200}{n}.snappy.parquet" for n in (1, 2)]
    for name in names:
        # as an object of a bucket is named, which no folder here could hold
        named = Entry(f"x/{name}", entry.uri, entry.size, entry.modified, None, entry.version)
        store.open = lambda key: (bills.root / "a.csv").open("rb")
        copying.copy(store, named, folder, lambda size: None)
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) == 2 and all(name.endswith(".snappy.parquet") for name in kept)
    assert all(len(name.encode()) <= 200 for name in kept)


def test_a_source_inside_the_lake(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    land("aws", str(bill), lake)
    with pytest.raises(LandingError, match="inside the lake"):
        land("aws", str(lake / "raw"), lake)


def test_the_lake_below_the_source_is_not_read(bills):
    bills.write("a.csv", [cur_row()])
    lake = bills.root / "lake"
    land("aws", str(bills.root), lake)
    assert len(land("aws", str(bills.root), lake).skipped) == 1


def test_one_bad_delivery_leaves_the_others_landed(bills, lake):
    bills.export("2026-01")
    path = bills.root / "exports/cur/data/BILLING_PERIOD=2026-01/cur-00001.snappy.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    bills.export("2026-02")
    with pytest.raises(LandingError, match="cut short") as caught:
        land("aws", str(bills.root), lake)
    assert [d.periods for d in caught.value.result.landed] == [("2026-02-01",)]
    assert len(list(lake.rglob("delivery.json"))) == 1


def test_what_may_pass_for_every_export_may_pass_for_their_source(bills, lake):
    manifests = [bills.export(month) for month in ("2026-01", "2026-02")]

    def rewrite(label, done, total):  # neither ever rests
        for manifest in manifests:
            manifest.write_text(manifest.read_text() + " ")

    with pytest.raises(SourceChanged) as told:
        land("aws", str(bills.root), lake, progress=rewrite)
    assert told.value.message.count("the manifest changed") == 2
    bills.write("exports/cur/data/BILLING_PERIOD=2026-02/cur-00001.snappy.parquet", "no Parquet")
    with pytest.raises(LandingError) as told:
        land("aws", str(bills.root), lake, progress=rewrite)
    assert type(told.value) is LandingError
