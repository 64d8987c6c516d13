"""`tally stage` of a lake in a bucket: the files that a warehouse reads stand beside the bills, as on disk."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from click.testing import CliRunner
from cloud_servers import contents
from tiny_bills import azure_row

from ingestion import land
from intelligence import tables
from orchestration import computing, duckdb_lake, history, staging
from orchestration.cli import main
from orchestration.lake_files import open_files


@pytest.fixture
def stage(monkeypatch, tmp_path):
    """Stages a lake, whose bills DuckDB reads where they are."""
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(tmp_path / "warehouse" / "warehouse.duckdb"))

    def run(lake: str) -> staging.Staged:
        monkeypatch.setenv("CLOUDTALLY_LAKE", lake)
        return staging.write("nested")

    return run


def rows(file: Path) -> list[tuple]:
    """Without row_id, which is another at each reading of a CSV."""
    query = "select * exclude (row_id) from read_parquet($1, hive_partitioning = false) order by all"
    return duckdb.connect().execute(query, [str(file)]).fetchall()


def test_a_lake_in_a_bucket_is_staged_as_one_on_disk(bucket, bills, tmp_path, stage):
    bills.export("2026-01", chunks=2)
    bills.gcp("gcp/a.parquet")
    bills.azure_run([azure_row(), azure_row(CostInBillingCurrency="2")])
    lake, local = f"{bucket}/some/lake", tmp_path / "lake"
    for place in (lake, str(local)):
        for provider, folder in (("aws", "exports/cur"), ("azure", "exports/actual"), ("gcp", "gcp")):
            assert len(land(provider, str(bills.root / folder), place).landed) == 1

    first, on_disk = stage(lake), stage(str(local))
    wanted = {path for path in on_disk.written if path.startswith("flat/")}
    assert len(wanted) == 3 and wanted < set(first.written)
    for path in wanted:
        copy = tmp_path / "copy.parquet"
        copy.write_bytes(contents(lake)[path])
        assert rows(copy) == rows(local / path) != []

    # of what intelligence has not told yet there is a file without rows, and a staging leaves what was landed since
    empty = {path for path in first.written if path.startswith("history/")}
    assert empty == {history.path(table, "nested") for table in tables.COLUMNS}
    place = history.path("int_anomalies__detected", "nested")
    assert computing._last(open_files(lake), place).empty
    told = pa.Table.from_pylist([{"event_id": "one"}], schema=tables.schema("int_anomalies__detected"))
    history.write(open_files(lake), "int_anomalies__detected", "nested", told)
    again = stage(lake)
    assert (again.written, again.removed, again.kept) == ([], [], 3)
    assert list(computing._last(open_files(lake), place)["event_id"]) == ["one"]

    # a delivery of its own for the month: what stands for the old one goes with the staging after that
    bills.export("2026-01", cost=0.75)
    [delivery] = land("aws", str(bills.root / "exports/cur"), lake).landed
    staged = stage(lake)
    assert staged.kept == 2 and [
        p for p in staged.written if delivery.delivery_id in p and p in contents(lake)
    ]
    old = [path for path in wanted if "/cur2/" in path]
    assert staged.removed == [] and set(old) < set(contents(lake))
    assert set(old) < set(stage(lake).removed) and not set(old) & set(contents(lake))


def test_the_flow_knows_the_months_of_a_bucket(bucket, bills, monkeypatch):
    cells = pytest.importorskip("orchestration.flow.cells", reason="needs the dagster extra")
    bills.export("2024-01")
    monkeypatch.setenv("CLOUDTALLY_LAKE", f"{bucket}/lake")
    land("aws", str(bills.root / "exports/cur"), f"{bucket}/lake")
    assert cells.months(cells.deliveries()).get_first_partition_key() == "2024-01"
    assert cells.slices(["aws"], ["2024-01"], cells.deliveries()) == [
        {"provider": "aws", "billing_period": "2024-01-01"}
    ]


def test_a_ledger_in_a_bucket_is_refused_with_a_remedy():
    with pytest.raises(ValueError, match="s3://lake/ledger: .* set CLOUDTALLY_LAKE"):
        duckdb_lake.make_folder("s3://lake/ledger")


def test_a_bucket_that_cannot_be_reached_is_named_with_a_remedy(enter, stage, monkeypatch):
    enter("s3")
    monkeypatch.setenv("CLOUDTALLY_LAKE", "s3://not-there/lake")
    outcome = CliRunner().invoke(main, ["stage", "--target", "athena", "--files-only"])
    assert outcome.exit_code == 1 and "s3://not-there" in outcome.output
    assert "Traceback" not in outcome.output and outcome.exception.__class__ is SystemExit
