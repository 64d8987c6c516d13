"""How many cases: CLOUDTALLY_FUZZ_CASES a provider (the whole gate is 1000), from CLOUDTALLY_FUZZ_SEED on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "warehouse"))

CASES = int(os.environ.get("CLOUDTALLY_FUZZ_CASES", "60"))
FIRST = int(os.environ.get("CLOUDTALLY_FUZZ_SEED", "0"))


@pytest.fixture(scope="session")
def seeds() -> range:
    return range(FIRST, FIRST + CASES)
