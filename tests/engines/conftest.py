"""The engines' rigs, one at a time, and the lake that all of them and DuckDB build."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "warehouse"))
sys.path.insert(0, str(Path(__file__).parent))

# CLOUDTALLY_ENGINES names others. Athena's long runs are left to it until they fit the time that CI has.
ENGINES = os.environ.get("CLOUDTALLY_ENGINES", "bigquery synapse").split()


@pytest.fixture(scope="module", params=ENGINES)
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A stand-in for the engine, started and ended here. What passes on it was emulated."""
    module = importlib.import_module(f"{request.param}.rig")
    with module.running(tmp_path_factory.mktemp(request.param)) as running:
        yield running
