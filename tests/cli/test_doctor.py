"""`tally doctor` on this machine: it names what is wrong with a lake and a warehouse, and what mends it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from ingestion import land
from ingestion.lake import Lake
from orchestration.cli import main


def doctor() -> Result:
    return CliRunner().invoke(main, ["doctor"])


def read_by_a_build(lake: Path) -> None:
    """A warehouse that read the deliveries that are in the lake now."""
    with duckdb.connect(str(lake / "warehouse.duckdb")) as connection:
        connection.execute(
            "create schema if not exists raw; create or replace table raw.deliveries (delivery_id varchar)"
        )
        for delivery in Lake(lake).deliveries():
            connection.execute("insert into raw.deliveries values (?)", [delivery.delivery_id])


@pytest.fixture
def landed(lake: Path, bill: Callable[..., Path]) -> Path:
    """The one file of the lake's one delivery."""
    land("focus", str(bill("2026-01")), str(lake))
    held = Lake(lake)
    (delivery,) = held.deliveries()
    return held.folder(delivery) / delivery.files[0].path


def test_an_empty_folder_is_no_fault(lake: Path) -> None:
    outcome = doctor()
    assert outcome.exit_code == 0, outcome.output
    assert "tally demo" in outcome.output and "nothing to mend" in outcome.output
    assert not lake.exists()


def test_a_whole_lake_that_was_built_is_well(lake: Path, landed: Path) -> None:
    read_by_a_build(lake)
    outcome = doctor()
    assert outcome.exit_code == 0, outcome.output
    assert "1 deliveries" in outcome.output and "read every delivery" in outcome.output


def test_a_file_that_was_cut_or_lost_is_named(lake: Path, landed: Path) -> None:
    landed.write_bytes(landed.read_bytes()[:-1])
    outcome = doctor()
    assert outcome.exit_code == 1
    assert str(landed) in outcome.output and "bytes where its delivery says" in outcome.output
    landed.unlink()
    outcome = doctor()
    assert outcome.exit_code == 1
    assert f"{landed} cannot be read" in outcome.output and "land its source again" in outcome.output


def test_a_delivery_record_that_cannot_be_read_is_named(lake: Path, landed: Path) -> None:
    (record,) = lake.rglob("delivery.json")
    record.write_text("{")
    outcome = doctor()
    assert outcome.exit_code == 1 and str(record) in outcome.output


def test_what_landed_after_the_last_build_is_counted(
    lake: Path, landed: Path, bill: Callable[..., Path]
) -> None:
    read_by_a_build(lake)
    land("focus", str(bill("2026-02", name="later.csv", account="2")), str(lake))
    outcome = doctor()
    assert outcome.exit_code == 0
    assert "1 deliveries came after the last build" in outcome.output and "tally build" in outcome.output


def test_a_warehouse_file_that_is_none_is_a_fault(lake: Path, landed: Path) -> None:
    shutil.copy(landed, lake / "warehouse.duckdb")
    outcome = doctor()
    assert outcome.exit_code == 1 and "cannot be opened" in outcome.output


def test_a_remote_lake_that_cannot_be_reached_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDTALLY_LAKE", "s3://bucket/lake")
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(tmp_path / "none.duckdb"))
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    outcome = doctor()
    assert outcome.exit_code == 1 and "s3://bucket/lake is remote" in outcome.output
    assert "fault lake: s3://bucket: " in outcome.output  # no credentials, or no client to have them with


def test_an_engine_without_its_settings_says_what_to_set(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dbt.adapters.bigquery", reason="needs the extra bigquery: uv sync --all-extras")
    monkeypatch.delenv("CLOUDTALLY_BIGQUERY_PROJECT", raising=False)
    outcome = CliRunner().invoke(main, ["doctor", "--target", "bigquery"])
    assert outcome.exit_code == 1, outcome.output
    assert "CLOUDTALLY_BIGQUERY_PROJECT" in outcome.output and "docs/engines/bigquery.md" in outcome.output
    assert "gs://" in outcome.output  # the lake of a local folder is no bucket
