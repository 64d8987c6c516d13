"""Builds of the sliced models alone, and the ledger that a new lake of only the current deliveries gives.

Not here: what a scenario does to a lake.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lakes import Warehouse

from ingestion import rules
from ingestion.lake import Lake

# What is kept by slice beside the ledger itself; of clouds their commitments' terms too.
KEPT = (
    "int_charges__attributed",
    "int_charges__summed",
    "int_commitments__charges",
    "int_deliveries__raw_totals",
)
KEPT_OF_GOOGLE = ("base_gcp__pools", "base_gcp__differences")
WANTED = [
    "--select",
    "+reconciliation",
    "deliveries",
    "+int_commitments__described",
    *(f"+{name}" for name in KEPT),
]


class Quick(Warehouse):
    """A lake with a warehouse that holds the seeds already; `build` runs every sliced model, up to reconciliation."""

    def build(self, *arguments: str) -> list[str]:
        """Like Warehouse.build: the slices that were rebuilt, as `model: slice`."""
        return self.run("run", *WANTED, *arguments)

    def build_with_seeds(self) -> list[str]:
        kinds = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
        return self.run("build", *WANTED, *kinds)

    def from_scratch(self, folder: Path) -> Quick:
        """A new lake that holds only the deliveries that count here, built for the first time."""
        clean = Quick(folder / "lake", self.project)
        lake = Lake(self.lake)
        for held in rules.current(lake.deliveries()).values():
            for delivery in held:
                target = Lake(clean.lake).folder(delivery)
                shutil.copytree(lake.folder(delivery), target, dirs_exist_ok=True)
        clean.build_with_seeds()
        return clean

    def holds_the_truth(self, folder: Path) -> None:
        """Assert that the ledger is the one of a lake built from scratch, and that it equals the bills."""
        clean = self.from_scratch(folder)
        assert self.ledger() == clean.ledger()
        for warehouse in (self, clean):
            warehouse.reconciles()
        assert self.files() == self.files_of_views()

    def reconciles(self) -> None:
        beyond = self.query(
            "select * from marts.reconciliation where greatest(abs(coalesce(residual, 0)), "
            "abs(coalesce(effective_residual, 0))) > greatest(1e-6, 1e-12 * raw_rows)"
        )
        assert beyond == []
        assert self.query("select count(*) = count(distinct row_key) from marts.cost_and_usage") == [(True,)]

    def statuses(self, where: str) -> list[tuple]:
        return self.query(f"select delivery_id, status from marts.deliveries where {where} order by all")

    def files(self) -> set[str]:
        """What stands in the lake's ledger."""
        return {str(path) for path in (self.lake / "ledger").rglob("*") if path.is_file()}

    def files_of_views(self) -> set[str]:
        """What the ledger's views name."""
        views = self.query("select sql from duckdb_views() where sql like '%/ledger/%'")
        return {path for (sql,) in views for path in re.findall(r"'([^']*/ledger/[^']*)'", sql)}
