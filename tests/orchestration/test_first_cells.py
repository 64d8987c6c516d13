"""Runs of different cells that meet on a lake where nothing was built yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

dg = pytest.importorskip("dagster", reason="needs the dagster extra: uv sync --extra dagster")
pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")

from orchestration.flow import models, project  # noqa: E402

CELL = ("staging", "stg_gcp__focus")
RUN = f"""
import sys
import dagster as dg
from orchestration.flow.definitions import flow

there = flow()
months = there.resolve_job_def("refresh").partitions_def
chosen = dg.AssetSelection.assets(dg.AssetKey({CELL!r})).upstream().without_checks()  # these ask of what is not built
cell = dg.define_asset_job("cell", chosen, partitions_def=months)
there = dg.Definitions.merge(there, dg.Definitions(jobs=[cell]))
with dg.DagsterInstance.get() as instance:
    there.resolve_job_def("cell").execute_in_process(instance=instance, partition_key=sys.argv[1])
"""


@pytest.mark.slow
def test_two_cells_that_are_built_first_at_the_same_time_are_both_whole(dagster_lake: Path) -> None:
    shutil.rmtree(dagster_lake / "ledger", ignore_errors=True)
    (dagster_lake / "warehouse.duckdb").unlink(missing_ok=True)
    project.manifest()
    with dg.DagsterInstance.get() as instance:
        # Dagster's own storage is there before anyone starts a run
        assert instance.get_runs_count() is not None
        assert instance.get_latest_materialization_event(dg.AssetKey("none")) is None
    months = ("2026-09", "2026-10")
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", RUN, month], cwd=project.PROJECT, stderr=subprocess.PIPE, text=True
        )
        for month in months
    ]
    told = [run.communicate(timeout=600)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], told
    held = {month: models.held("gcp", month)["dagster/row_count"] for month in months}
    assert all(held.values())
    with duckdb.connect(str(dagster_lake / "warehouse.duckdb"), read_only=True) as connection:
        counted = connection.execute(
            "select strftime(billing_period, '%Y-%m'), count(*) from staging.stg_gcp__focus group by all"
        ).fetchall()
    assert dict(counted) == held
