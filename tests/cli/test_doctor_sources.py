"""`tally doctor --source`: what is wrong where bills come from, and what mends it."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main

sys.path.append(str(Path(__file__).parents[1] / "ingestion"))
from tiny_bills import Bills, azure_row  # noqa: E402


@pytest.fixture
def bills(tmp_path) -> Bills:
    (tmp_path / "source").mkdir()
    return Bills(tmp_path / "source")


def doctor(*places):
    outcome = CliRunner().invoke(
        main, ["doctor", *(word for place in places for word in ("--source", *place))]
    )
    return outcome.exit_code, " ".join(outcome.output.split())


def test_a_source_that_is_not_there_is_a_fault(lake, tmp_path):
    code, said = doctor(("aws", str(tmp_path / "nowhere")))
    assert code == 1 and "nowhere: no such file or folder check --source" in said


def test_an_old_export_without_resource_ids_is_noted(lake, bills):
    bills.export("2026-01", run="20260202T030405Z-e1")
    manifest = bills.root / "exports/cur/metadata/BILLING_PERIOD=2026-01/cur-Manifest.json"
    body = json.loads(manifest.read_text())
    body["columns"] += [{"name": "line_item_usage_type", "type": "string"}]
    body["query"] = {"TIME_GRANULARITY": "MONTHLY"}
    manifest.write_text(json.dumps(body))
    code, said = doctor(("aws", str(bills.root)))
    assert code == 0
    for part in (
        "can be listed",
        "days ago",
        "not included",
        "switch resource ids on",
        "choose daily or hourly",
    ):
        assert part in said, part
    assert "Parquet" in said and "older runs" in said and "choose to overwrite" in said
    assert not lake.exists()


def test_a_file_that_a_manifest_names_and_is_not_there_is_a_fault(lake, bills):
    bills.export("2026-01")
    next(bills.root.rglob("*.parquet")).unlink()
    code, said = doctor(("aws", str(bills.root)))
    assert code == 1 and "the manifest names s3://bucket/" in said


def test_a_manifest_that_cannot_be_read_hides_no_other_export(lake, bills):
    bills.export("2026-02")
    bills.export("2026-01").write_text("no JSON")
    code, said = doctor(("aws", str(bills.root)))
    assert code == 1 and "the manifest is not JSON" in said and "copy it again from the cloud storage" in said
    assert "1 exports, whose manifests and files can be read" in said


def test_azures_settings_are_noted_and_sources_yml_is_looked_at(lake, bills):
    config = {"exportName": "actual", "resourceId": "/x", "type": "ActualCost", "granularity": "Monthly"}
    kept = {"dataOverwriteBehavior": "CreateNewReport"}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    bills.azure_run([azure_row()], submitted=now, exportConfig=config, deliveryConfig=kept)
    lake.mkdir()
    (lake / "sources.yml").write_text(f"sources:\n  - {{provider: azure, source: {bills.root}}}\n")
    code, said = doctor()
    assert code == 0 and "days ago" not in said
    for part in ("choose Parquet", "export it with daily granularity", "switch file overwrite on"):
        assert part in said, part


def test_a_provider_that_is_none_is_told(lake):
    code, said = doctor(("acme", "/x"))
    assert code == 1 and "take one of aws, azure" in said


def test_a_table_without_a_bucket_for_its_extracts_is_a_fault(lake, monkeypatch):
    monkeypatch.delenv("CLOUDTALLY_EXTRACTS", raising=False)
    code, said = doctor(("gcp", "bigquery://acme/billing/export_v1"))
    assert code == 1 and "extracted to a bucket first set CLOUDTALLY_EXTRACTS to gs://" in said
    code, said = doctor(("aws", "bigquery://acme/billing/export_v1"))
    assert code == 1 and "holds Google's bills land it with: tally land gcp" in said
