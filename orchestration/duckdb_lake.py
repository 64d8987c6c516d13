"""Gives dbt's DuckDB connection what SQL lacks for a lake: make a folder, remove files, read a bucket.

Loaded by dbt-duckdb as a plugin (profiles.yml). Nothing about bills belongs here.
"""

from __future__ import annotations

from pathlib import Path

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from ingestion import environment
from orchestration import lake_files


def make_folder(path: str) -> bool:
    """Create ``path`` and its parents; true when it is there afterwards. Raises ValueError of a bucket."""
    if not environment.is_local(path):
        raise ValueError(
            f"{path}: DuckDB keeps its ledger in a folder only; set CLOUDTALLY_LAKE to one, or build a lake "
            "in a bucket on a warehouse (docs/engines.md)"
        )
    Path(path).mkdir(parents=True, exist_ok=True)
    return True


def remove_files(paths: list[str]) -> int:
    """Remove the files that exist among ``paths`` and return how many went."""
    found = [Path(path) for path in paths if Path(path).exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


class Plugin(BasePlugin):
    """dbt-duckdb looks for this name."""

    def initialize(self, plugin_config: dict) -> None:
        """Make the warehouse's folder, so that a first build on an empty lake has where to write."""
        if self.creds is not None and self.creds.path != ":memory:":
            Path(self.creds.path).parent.mkdir(parents=True, exist_ok=True)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions; side effects keep DuckDB from folding the calls away at planning."""
        conn.create_function("make_folder", make_folder, ["VARCHAR"], "BOOLEAN", side_effects=True)
        conn.create_function("remove_files", remove_files, ["VARCHAR[]"], "INTEGER", side_effects=True)
        lake_files.open_files(environment.lake()).readable_by(conn)
