"""What the flow's tests share: a small estate, landed once, and Dagster on it; skipped where the extra is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from demo import generate
from ingestion import land

LANDINGS = ("aws", "azure", "gcp", "focus")


@pytest.fixture(scope="session")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate")
    generate(folder, seed=11, months=2, until=date(2026, 10, 28), scale=0.05)
    return folder


@pytest.fixture(scope="session")
def dagster_lake(bills: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lake with the estate landed, not built; CLOUDTALLY_LAKE and DAGSTER_HOME while the session lasts."""
    pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")
    folder = tmp_path_factory.mktemp("flow")
    lake = folder / "lake"
    for provider in LANDINGS:
        assert not land(provider, str(bills / provider), lake, estate="demo").refused
    before = dict(os.environ)
    os.environ |= {"CLOUDTALLY_LAKE": str(lake), "CLOUDTALLY_WAREHOUSE": str(lake / "warehouse.duckdb")}
    os.environ["DAGSTER_HOME"] = str(folder / "dagster")
    (folder / "dagster").mkdir()
    yield lake
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def at_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CLOUDTALLY_LAKE for one test, not there yet."""
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return tmp_path / "lake"
