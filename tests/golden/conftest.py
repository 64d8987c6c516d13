"""One lake with every case's bills, landed and built once; the tests only read it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "warehouse")]

import golden_cases  # noqa: E402
from lakes import Warehouse  # noqa: E402

LEDGER = "+cost_and_usage +reconciliation +focus_1_2"


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, dict[str, list[str]]]:
    """The warehouse, and the ids of each case's deliveries."""
    folder = tmp_path_factory.mktemp("golden")
    warehouse = Warehouse(folder / "lake")
    landed = {
        case.name: golden_cases.land(case, warehouse, folder / case.name) for case in golden_cases.cases()
    }
    warehouse.build(
        "--select", LEDGER, "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"
    )
    return warehouse, landed
