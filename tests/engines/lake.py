"""One lake that several engines build: its bills as they come and change, and dbt on a target of choice.

Here: the lake's story and running dbt. Not here: the engines' rigs, and what is compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import restated
from lakes import PROJECT, Warehouse

from demo import generate
from ingestion.lake import Lake

# dbt's own tests of the models are judged on DuckDB and, as statements, by the engines' parsers; unit tests are
# DuckDB's alone, since they try logic that is the same text on every engine.
NO_UNIT_TESTS = ["--exclude-resource-type", "unit_test"]


class Story:
    """The bills of three months: `first` without AWS's oldest, `changed` with what comes late."""

    def __init__(self, folder: Path) -> None:
        self.estate = folder / "estate"
        self.bills = folder / "bills"
        generate(self.estate, seed=11, months=3, until=date(2026, 10, 28), scale=0.02)
        self.warehouse = Warehouse(folder / "lake")

    @property
    def lake(self) -> Path:
        return self.warehouse.lake

    def first(self) -> None:
        at = datetime(2026, 10, 29, tzinfo=UTC)
        aws = restated.aws(self.estate, self.bills / "aws", at, "2026-09", "2026-10")
        self.warehouse.land("aws", aws, estate="demo")
        for provider in ("azure", "gcp", "focus"):
            self.warehouse.land(provider, self.estate / provider, estate="demo")

    def changed(self) -> None:
        """September of AWS with fewer, changed and new rows, its August backfilled, a late correction of Google's,
        and a source that is gone."""
        at = datetime(2026, 11, 5, tzinfo=UTC)
        september = restated.aws(
            self.estate, self.bills / "september", at, "2026-09", select=restated.FEWER_CHANGED_AND_NEW
        )
        august = restated.aws(self.estate, self.bills / "august", at, "2026-08")
        late = restated.late(self.estate, self.bills / "late", date(2026, 9, 1))
        for provider, bill in (("aws", september), ("aws", august), ("gcp", late)):
            assert len(self.warehouse.land(provider, bill, estate="demo").landed) == 1
        lake = Lake(self.lake)
        for delivery in lake.deliveries():
            if delivery.dataset == "focus":
                shutil.rmtree(lake.folder(delivery))


def dbt(rig: Any, lake: Path, *arguments: str, project: Path = PROJECT) -> str:
    """One dbt command on the rig's target, as a process; what it printed."""
    return _run(rig, lake, "dbt.cli.main", "--no-use-colors", *arguments, *_places(lake, rig, project))


def tally(rig: Any, lake: Path, *arguments: str, **variables: str) -> str:
    """One tally command, as a process, with the lake where the rig's target reads it; what it printed."""
    return _run(rig, lake, "orchestration.cli", *arguments, **_beside(lake), **variables)


def doctor(rig: Any, lake: Path) -> str:
    """`tally doctor` of the rig's target; what it printed. The lake's bucket is no server here, and that alone is amiss."""
    run = _started(rig, lake, "orchestration.cli", "doctor", "--target", rig.target, **_beside(lake))
    faults = [line for line in run.stdout.splitlines() if line.startswith("fault")]
    assert run.returncode == 1 and [line[:11] for line in faults] == ["fault lake:"], run.stdout + run.stderr
    return run.stdout


def stage(rig: Any, lake: Path) -> str:
    """`tally stage`: the lake's files for the warehouse, then the external tables over them."""
    said = tally(rig, lake, "stage", "--target", rig.target, "--files-only", CLOUDTALLY_LAKE=str(lake))
    rig.refresh(lake)
    return said + dbt(rig, lake, "run-operation", "stage_raw")


def rebuilt(said: str) -> list[str]:
    """The slices that a build made anew, as `model: slice`."""
    return [f"{m}: {s}" for m, s in re.findall(r"(\w+): slice \d+ of \d+, (\S+)", said)]


def _places(lake: Path, rig: Any, project: Path) -> list[str]:
    logs = lake.parent / f"{rig.target}-{project.name}"
    places = ["--project-dir", str(project), "--profiles-dir", str(PROJECT), "--target", rig.target]
    return [*places, "--log-path", str(logs), "--target-path", str(logs / "target")]


def _beside(lake: Path) -> dict[str, str]:
    return {"CLOUDTALLY_WAREHOUSE": str(lake.parent / "tally" / "warehouse.duckdb")}


def _run(rig: Any, lake: Path, module: str, *arguments: str, **variables: str) -> str:
    run = _started(rig, lake, module, *arguments, **variables)
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-3000:]
    return run.stdout


def _started(
    rig: Any, lake: Path, module: str, *arguments: str, **variables: str
) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "CLOUDTALLY_LAKE": rig.lake_uri(lake),
        **rig.environment,
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=900,
    )
