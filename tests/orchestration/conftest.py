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
def landed(bills: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the estate landed, not built."""
    lake = tmp_path_factory.mktemp("flow") / "lake"
    for provider in LANDINGS:
        assert not land(provider, str(bills / provider), lake, estate="demo").refused
    return lake


@pytest.fixture(scope="module")
def dagster_lake(landed: Path) -> Iterator[Path]:
    """The landed lake as CLOUDTALLY_LAKE, and a DAGSTER_HOME beside it, while a module's tests run."""
    pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")
    home = landed.parent / "dagster"
    home.mkdir(exist_ok=True)
    before = dict(os.environ)
    os.environ |= {"CLOUDTALLY_LAKE": str(landed), "CLOUDTALLY_WAREHOUSE": str(landed / "warehouse.duckdb")}
    os.environ["DAGSTER_HOME"] = str(home)
    yield landed
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def at_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CLOUDTALLY_LAKE for one test, not there yet."""
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return tmp_path / "lake"
