"""A small demo estate, generated, landed and built once; tests that change a lake work on a copy of it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from lakes import Warehouse
from quick import Quick

from demo import generate


@pytest.fixture(scope="session")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("estate")
    generate(folder, seed=11, months=3, until=date(2026, 10, 28), scale=0.05)
    return folder


@pytest.fixture(scope="session")
def built(estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = Warehouse(tmp_path_factory.mktemp("lake"))
    for provider in ("aws", "azure", "gcp", "focus"):
        warehouse.land(provider, estate / provider, estate="demo")
    warehouse.build()
    return warehouse


@pytest.fixture
def copied(built: Warehouse, tmp_path: Path) -> Warehouse:
    """The built lake, free to change; its warehouse file is left behind, being disposable."""
    shutil.copytree(built.lake, tmp_path / "lake", ignore=shutil.ignore_patterns("warehouse.duckdb*"))
    return Warehouse(tmp_path / "lake")


@pytest.fixture
def quick(built: Warehouse, tmp_path: Path) -> Quick:
    """The built lake with its warehouse file, free to change and quick to build."""
    shutil.copytree(built.lake, tmp_path / "lake")
    return Quick(tmp_path / "lake")
