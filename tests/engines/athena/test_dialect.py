"""Every test of a dialect macro, in Athena's words, finds no wrong row on the stand-in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from athena.judge import rejected
from athena.rig import Rig, running

pytestmark = [pytest.mark.engines, pytest.mark.slow]
PROJECT = Path(__file__).parents[3]
CASES = sorted(path.stem for path in (PROJECT / "tests" / "dialect").glob("*.sql"))


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with running(tmp_path_factory.mktemp("athena")) as started:
        yield started


@pytest.fixture(scope="module")
def compiled(rig: Rig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled tests."""
    target = tmp_path_factory.mktemp("target")
    dbt = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors"]
    places = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        target,
        "--log-path",
        target,
    ]
    run = subprocess.run(
        [*dbt, "compile", "--target", "athena", "--select", "path:tests/dialect", *places],
        env={**os.environ, **rig.environment, "CLOUDTALLY_LAKE": rig.lake_uri(target)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout[-4000:]
    return target / "compiled" / "cloudtally" / "tests" / "dialect"


@pytest.mark.parametrize("name", CASES)
def test_a_macro_says_the_same_as_elsewhere(rig: Rig, compiled: Path, name: str) -> None:
    sql = (compiled / f"{name}.sql").read_text()
    columns, rows = rig.query(sql)
    assert columns == ["case_name", "actual", "expected"]
    assert rows == []


def test_the_grammar_takes_all(compiled: Path) -> None:
    assert rejected([(compiled / f"{name}.sql").read_text() for name in CASES]) == []
