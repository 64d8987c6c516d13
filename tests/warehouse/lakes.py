"""A lake and the warehouse over it: landing through ingestion, and dbt in this process, its project parsed once.

Here: what any test of bills and models needs. Not here: fast builds of the sliced models alone (quick.py), and dbt as a
process of its own, which tests/cli drives.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from ingestion import LandingResult, land

PROJECT = Path(__file__).parents[2]


def dbt(lake: Path, *arguments: str, project: Path = PROJECT, manifest=None, callbacks=()):
    """One dbt command on the lake; its result. Logs and artifacts stand beside the lake."""
    logs = lake.parent / (lake.name + "-logs")
    places = ["--project-dir", str(project), "--profiles-dir", str(project)]
    places += ["--log-path", str(logs), "--target-path", str(logs / "target")]
    before = dict(os.environ)
    os.environ["CLOUDTALLY_LAKE"] = str(lake)
    os.environ.pop("CLOUDTALLY_WAREHOUSE", None)
    try:
        with contextlib.chdir(project):
            return dbtRunner(manifest=manifest, callbacks=list(callbacks)).invoke(
                ["--log-level", "none", *arguments, *places]
            )
    finally:
        DuckDBConnectionManager.close_all_connections()
        os.environ.clear()
        os.environ.update(before)


def parsed(project: Path = PROJECT, variables: str | None = None):
    """A project's manifest, free to change, as dbt changes the one that it runs."""
    return _parsed(project, variables).deepcopy()


@cache
def _parsed(project: Path, variables: str | None):
    lake = Path(tempfile.mkdtemp()) / "lake"
    result = dbt(lake, "parse", *_told(variables), project=project)
    assert result.success, result.exception
    shutil.rmtree(lake.parent)
    result.result.disabled.clear()  # dbt's own copying fails with nodes that are disabled, and no run needs them
    return result.result


def _told(variables: str | None) -> list[str]:
    return ["--vars", variables] if variables else []


class Warehouse:
    """A lake, and what dbt makes of it."""

    def __init__(self, lake: Path, project: Path = PROJECT, variables: str | None = None) -> None:
        """`variables`, as dbt's --vars, hold for every command, and when the project is parsed."""
        self.lake, self.project, self.variables = lake, project, variables

    def land(self, provider: str, source: Path, estate: str = "real", **options: str) -> LandingResult:
        result = land(provider, str(source), str(self.lake), estate=estate, **options)
        assert not result.refused, result.refused
        return result

    def run(self, *arguments: str) -> list[str]:
        """A dbt command, as it is typed; the slices that were rebuilt, as `model: slice`."""
        said: list[str] = []
        result = dbt(
            self.lake,
            *arguments,
            *_told(self.variables),
            project=self.project,
            manifest=parsed(self.project, self.variables),
            callbacks=[lambda event: said.append(event.info.msg)],
        )
        failed = [f"{r.node.name}: {r.message}" for r in result.result or () if r.status in ("error", "fail")]
        assert result.success, failed or result.exception
        return [f"{m}: {s}" for m, s in re.findall(r"(\w+): slice \d+ of \d+, (\S+)", "\n".join(said))]

    def build(self, *arguments: str) -> list[str]:
        """`dbt build`, but for the unit tests, which no lake has a part in."""
        return self.run("build", "--exclude-resource-type", "unit_test", *arguments)

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.lake / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def ledger(self, where: str = "1 = 1") -> list[tuple]:
        """Every ledger row but its key and delivery, in an order of its own: what must be equal across routes."""
        return self.query(
            f"select * exclude (row_key, delivery_id) from marts.cost_and_usage where {where} order by all"
        )
