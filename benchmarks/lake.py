"""A lake of generated bills and the pipeline over it, run as a user runs it: dbt as a process of its own.

Here: landing a month, forgetting what was built, one dbt run. Not here: what is compared with what.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import generate, measure
from ingestion import land

PROJECT = Path(__file__).resolve().parents[1]
SELECTED = ("+daily_cost", "+reconciliation")  # the ledger, its witness and these marts
SCOPE = "benchmark"
DATA = (".parquet", ".csv.gz")
PROVIDERS = {"cur2": "aws", "cur": "aws", "azure": "azure", "gcp": "gcp"}


@dataclass(frozen=True)
class Lake:
    """A folder with a lake of one bill: `cur2`, `cur`, `azure` (the pair of exports) or `gcp`."""

    folder: Path
    bill: str = "cur2"

    @property
    def provider(self) -> str:
        return PROVIDERS[self.bill]

    @property
    def path(self) -> Path:
        return self.folder / "lake"

    def add(self, month: date, rows: int, run: int = 0) -> None:
        """Generate and land a month, unless that was done; the generated files go, landing copied them."""
        done = self.folder / f"added-{month}-{rows}-{run}"
        if done.exists():
            return
        source = self.folder / "source"
        getattr(generate, self.bill)(source, month, rows, run)
        landed = land(self.provider, str(source), str(self.path), estate="real", scope=SCOPE)
        if landed.refused:
            raise RuntimeError(f"landing was refused: {landed.refused}")
        shutil.rmtree(source)
        done.touch()

    def deliveries_of(self, month: date) -> int:
        """How often a month was landed."""
        return len(list(self.folder.glob(f"added-{month}-*")))

    def files(self, month: date | None = None) -> list[str]:
        """The raw files of a month's newest deliveries, or of all months when each was delivered once."""
        stamp = "*" if month is None else f"{generate.exported_at(month, 0):%Y-%m}-*"
        chosen = []
        for dataset in sorted(self.path.glob(f"raw/{self.provider}/*")):
            deliveries = sorted(dataset.glob(f"*/exported={stamp}/*"))
            for delivery in deliveries if month is None else deliveries[-1:]:
                chosen.extend(str(file) for file in sorted(delivery.rglob("*")) if file.name.endswith(DATA))
        return chosen

    def forget(self) -> None:
        """Remove the ledger and the warehouse, and seed anew: the next run builds everything."""
        shutil.rmtree(self.path / "ledger", ignore_errors=True)
        for file in self.path.glob("warehouse.duckdb*"):
            file.unlink()
        self._dbt("seed")

    def build(self) -> measure.Measurement:
        """One `dbt run` of the ledger, daily_cost and reconciliation."""
        return self._dbt("run", "--select", *SELECTED)

    def stored_mb(self) -> float:
        """Size of the ledger and the warehouse file."""
        ledger = sum(file.stat().st_size for file in self.path.glob("ledger/*/*"))
        return (ledger + (self.path / "warehouse.duckdb").stat().st_size) / 1e6

    def map_bare(self, month: date | None = None) -> measure.Measurement:
        """The bare limit on the same files."""
        return measure.run(
            [sys.executable, "-m", "benchmarks.bare_limit", self.provider, str(self.folder / "bare.parquet")]
            + self.files(month),
            self.folder / "bare.log",
        )

    def _dbt(self, *arguments: str) -> measure.Measurement:
        places = ["--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")]
        places += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        return measure.run(
            [sys.executable, "-m", "dbt.cli.main", *arguments, *places],
            self.folder / f"dbt-{arguments[0]}.log",
            {"CLOUDTALLY_LAKE": str(self.path), "CLOUDTALLY_WAREHOUSE": str(self.path / "warehouse.duckdb")},
        )
