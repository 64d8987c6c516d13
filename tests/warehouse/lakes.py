"""A lake and the warehouse over it, driven as a user drives them: landing through ingestion, dbt as a process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb

from ingestion import LandingResult, land

PROJECT = Path(__file__).parents[2]


class Warehouse:
    def __init__(self, lake: Path) -> None:
        self.lake = lake

    def land(self, provider: str, source: Path, estate: str = "real", **options: str) -> LandingResult:
        result = land(provider, str(source), str(self.lake), estate=estate, **options)
        assert not result.refused, result.refused
        return result

    def build(self, *arguments: str) -> list[str]:
        """Run `dbt build` and return the names of the slices that it rebuilt, as `model: slice`."""
        environment = {**os.environ, "CLOUDTALLY_LAKE": str(self.lake)}
        environment.pop("CLOUDTALLY_WAREHOUSE", None)
        logs = self.lake.parent / (self.lake.name + "-logs")
        run = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", "--project-dir", str(PROJECT)]
            + ["--profiles-dir", str(PROJECT), "--log-path", str(logs), "--target-path", str(logs / "target")]
            + list(arguments),
            env=environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
        return [f"{m}: {s}" for m, s in re.findall(r"(\w+): slice \d+ of \d+, (\S+)", run.stdout)]

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.lake / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def ledger(self, where: str = "1 = 1") -> list[tuple]:
        """Every ledger row but its key and delivery, in an order of its own: what must be equal across routes."""
        return self.query(
            f"select * exclude (row_key, delivery_id) from marts.cost_and_usage where {where} order by all"
        )
