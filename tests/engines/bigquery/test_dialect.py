"""Every dialect macro on the emulated BigQuery, by the same literals as on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from bigquery import judge, rig
from lake import dbt

pytestmark = pytest.mark.engines


def test_dialect(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    with rig.running(tmp_path / "rig") as running:
        dbt(running, lake, "test", "--select", "path:tests/dialect")
        assert judge.rejected(running.statements()) == []
