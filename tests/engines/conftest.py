"""The engines' rigs, one at a time; an engine whose extra is not installed is skipped by name."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "warehouse"))
sys.path.insert(0, str(Path(__file__).parent))

import commands  # noqa: E402


def is_installed(engine: str) -> bool:
    return importlib.util.find_spec(f"dbt.adapters.{engine}") is not None


# A rig's own tests import what its extra brings.
collect_ignore = [name for name in ("athena", "bigquery", "synapse") if not is_installed(name)]
# CLOUDTALLY_ENGINES names fewer: a person at work on one engine waits for that alone.
ENGINES = os.environ.get("CLOUDTALLY_ENGINES", "athena bigquery synapse").split()


@pytest.fixture(scope="session", params=ENGINES)
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A stand-in for the engine, started and ended here, with the process that runs `commands` on it. What passes on it
    was emulated. All tests of an engine share one, in the order of their files."""
    if not is_installed(request.param):
        pytest.skip(f"the extra {request.param} is not installed; run: uv sync --all-extras")
    module = importlib.import_module(f"{request.param}.rig")
    folder = tmp_path_factory.mktemp(request.param)
    with module.running(folder) as running:
        with commands.started(running.environment, folder / "commands.log") as running.commands:
            yield running
