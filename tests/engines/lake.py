"""One lake that several engines build: its bills as they come and change, and dbt on a target of choice.

Here: the lake's story and running dbt. Not here: the engines' rigs, and what is compared.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import restated
from commands import Ended
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
    """One dbt command on the rig's target; what dbt told."""
    return _run(rig, lake, "dbt", *arguments, *_places(lake, rig, project))


def doctor(rig: Any, lake: Path) -> str:
    """`tally doctor` of the rig's target; what it printed. The lake's bucket is no server here, and that alone is amiss."""
    ended = _ended(rig, lake, "tally", "doctor", "--target", rig.target)
    faults = [line for line in ended.said.splitlines() if line.startswith("fault")]
    assert not ended.is_well and [line[:11] for line in faults] == ["fault lake:"], ended.said
    return ended.said


def stage(rig: Any, lake: Path) -> str:
    """`tally stage`: the lake's files for the warehouse, then the external tables over them."""
    said = _run(
        rig, lake, "tally", "stage", "--target", rig.target, "--files-only", CLOUDTALLY_LAKE=str(lake)
    )
    rig.refresh(lake)
    return said + dbt(rig, lake, "run-operation", "stage_raw")


def compute(rig: Any, lake: Path, *tables: str) -> None:
    """Tables of intelligence, made from what the rig holds and landed in the lake."""
    _run(rig, lake, "compute", rig.target, *tables, CLOUDTALLY_LAKE=str(lake))
    rig.refresh(lake)


def checks(rig: Any, lake: Path) -> list[str]:
    """What the flow's checks of whole marts say, a line each."""
    return _run(rig, lake, "checks", rig.target, CLOUDTALLY_LAKE=str(lake)).splitlines()


def rebuilt(said: str) -> list[str]:
    """The slices that a build made anew, as `model: slice`."""
    return [f"{m}: {s}" for m, s in re.findall(r"(\w+): slice \d+ of \d+, (\S+)", said)]


def _places(lake: Path, rig: Any, project: Path) -> list[str]:
    logs = lake.parent / f"{rig.target}-{project.name}"
    places = ["--project-dir", str(project), "--profiles-dir", str(PROJECT), "--target", rig.target]
    return [*places, "--log-path", str(logs), "--target-path", str(logs / "target")]


def _run(rig: Any, lake: Path, program: str, *arguments: str, **variables: str) -> str:
    ended = _ended(rig, lake, program, *arguments, **variables)
    assert ended.is_well, ended.said[-10000:]
    return ended.said


def _ended(rig: Any, lake: Path, program: str, *arguments: str, **variables: str) -> Ended:
    warehouse = str(lake.parent / "tally" / "warehouse.duckdb")  # beside which tally keeps its logs
    places = {"CLOUDTALLY_LAKE": rig.lake_uri(lake), "CLOUDTALLY_WAREHOUSE": warehouse}
    return rig.commands.run(program, *arguments, **{**places, **variables})
