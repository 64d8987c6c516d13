"""`tally doctor` against each stand-in: it signs in, writes, and tries every dialect macro."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lake import PROJECT, doctor

pytestmark = pytest.mark.engines


def test_an_account_before_its_first_bills(rig: Any, tmp_path: Path) -> None:
    """Every macro's test on literals is run by dbt's own adapter."""
    lake = tmp_path / "lake"
    lake.mkdir()
    said = doctor(rig, lake)
    assert "can be made and written" in said and "no external tables yet" in said
    macros = len(list((PROJECT / "macros" / "dialect").glob("*.sql")))
    tried = re.search(r"(\d+) of (\d+) mean here what they mean on DuckDB", said)
    assert tried and int(tried[1]) >= macros
