"""dbt's snapshots on each engine: a changed row gets a second version, a deleted one is closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lake import dbt

pytestmark = pytest.mark.engines
PROJECT = Path(__file__).parent / "snapshot_project"


def test_changed_and_deleted_rows(rig: Any, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    for seen in (1, 2):
        dbt(rig, lake, "build", "--vars", f"{{seen: {seen}}}", project=PROJECT)
    _, rows = rig.query("select owner_id, team_name, dbt_valid_to from snapshots.owner_history")
    versions = sorted((owner, team, ended is None) for owner, team, ended in rows)
    assert versions == [
        ("gone", "storage", False),
        ("moved", "data", False),
        ("moved", "web", True),
        ("same", "web", True),
    ]
