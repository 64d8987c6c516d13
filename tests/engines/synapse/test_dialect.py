"""Every dialect macro on the stand-in: its test on literals, run by dbt's own adapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from lake import PROJECT, dbt

from .judge import rejected
from .rig import running

pytestmark = pytest.mark.engines


def test_the_dialect_macros_say_the_same_in_tsql(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    with running(tmp_path / "rig") as rig:
        said = dbt(rig, lake, "test", "--select", "path:tests/dialect")
        macros = [path.stem for path in (PROJECT / "macros" / "dialect").glob("*.sql")]
        assert [name for name in macros if f"PASS {name} " not in said] == []
        assert rejected(rig.statements()) == []
