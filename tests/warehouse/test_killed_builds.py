"""Builds killed at every step, and two at once: readers see whole states only, and the next build goes on.

A build runs as a process of its own and halts where the test says, so that the kill falls on exactly that step.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import restated
from click.testing import CliRunner
from lakes import PROJECT, Warehouse
from quick import WANTED, Quick

from orchestration.cli import main

# Halts at the first message of dbt with the text in HALT_AT (dbt tells its arguments, so it is none of them), or when the second file of the ledger is about to be removed, until
# a line comes in; the messages include each statement just before it is run.
HALTING = """
import os
import sys
from dbt.cli.main import dbtRunner
from orchestration import duckdb_lake

text, arguments = os.environ["HALT_AT"], sys.argv[1:]
halted = []

def halt():
    if not halted:
        halted.append(1)
        print("halted", flush=True)
        sys.stdin.readline()

removing = duckdb_lake.remove_files

def remove_files(paths: list[str]) -> int:
    if text == "second removal" and "stg_aws__focus" in paths[0]:
        removing(paths[:1])
        halt()
    return removing(paths)

duckdb_lake.remove_files = remove_files
result = dbtRunner(callbacks=[lambda event: text in event.info.msg and halt()]).invoke(arguments)
sys.exit(0 if result.success else 1)
"""


@contextmanager
def halting(lake: Path, text: str) -> Iterator[subprocess.Popen]:
    """A build in its own process group; killed in the end, with what it started and left."""
    logs = lake.parent / (lake.name + "-logs")
    process = subprocess.Popen(
        [sys.executable, "-c", HALTING, "--log-level", "none", "run", *WANTED]
        + ["--log-path", str(logs), "--target-path", str(logs / "target")],
        cwd=PROJECT,
        env={**os.environ, "CLOUDTALLY_LAKE": str(lake), "PYTHONPATH": str(PROJECT), "HALT_AT": text},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def killed_at(lake: Path, text: str) -> None:
    with halting(lake, text) as process:
        assert process.stdout.readline() == "halted\n", f"the build never came to {text!r}"


def killed_in_a_copy(lake: Path, model: str) -> None:
    """Killed while the unfinished file of a slice is there; the build runs in short steps, so that none is missed."""
    with halting(lake, f"{model}: slice 1 of") as process:
        assert process.stdout.readline() == "halted\n"
        process.stdin.write("\n")
        process.stdin.flush()
        while not any((lake / "ledger" / model).glob("tmp_*")):
            os.killpg(process.pid, signal.SIGCONT)
            time.sleep(0.0003)  # a small file is there for little more than a millisecond
            os.killpg(process.pid, signal.SIGSTOP)
            assert process.poll() is None, "the build ended before a file was seen being written"


@pytest.fixture
def restated_lake(estate: Path, quick: Quick, tmp_path: Path) -> Quick:
    """The built lake with every month of AWS landed again, not yet built."""
    at = datetime(2026, 11, 5, tzinfo=UTC)
    bill = restated.aws(estate, tmp_path / "bill", at, select=restated.FEWER_CHANGED_AND_NEW)
    assert len(quick.land("aws", bill, estate="demo").landed) == 3
    return quick


# In the order of a build, so that each goes on where the one before was killed.
STEPS = (
    "stg_aws__focus: slice 1 of 3",
    "stg_aws__focus: slice 2 of 3",
    "in a copy",
    'create or replace view "warehouse"."staging"."stg_aws__focus"',
    "second removal",
    "START sql table model marts.reconciliation",
)


@pytest.mark.slow
def test_killed_at_every_step_of_a_build(built: Warehouse, restated_lake: Quick, tmp_path: Path) -> None:
    lake = restated_lake
    clean = lake.from_scratch(tmp_path / "clean")
    old, new = built.ledger(), clean.ledger()
    assert old != new
    seen = []
    for step in STEPS:
        if step == "in a copy":
            killed_in_a_copy(lake.lake, "stg_aws__focus")
            assert any((lake.lake / "ledger").rglob("tmp_*"))
        else:
            killed_at(lake.lake, step)
        ledger = lake.ledger()
        assert ledger in (old, new), f"killed at {step!r}: the ledger is neither the old nor the new one"
        seen.append(ledger == new)
    assert seen == [False, False, False, False, True, True]
    lake.build()
    assert lake.ledger() == new
    lake.reconciles()
    assert lake.files() == lake.files_of_views()


@pytest.mark.slow
def test_two_builds_at_once_the_second_is_refused_and_the_first_ends_well(
    restated_lake: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(restated_lake.lake))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    with halting(restated_lake.lake, "stg_aws__focus: slice 2 of 3") as first:
        assert first.stdout.readline() == "halted\n"
        second = CliRunner().invoke(main, ["build"])
        assert second.exit_code == 1 and f"another build is running (pid {first.pid})" in second.output
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.wait(timeout=120) == 0
    assert restated_lake.build() == []
    restated_lake.reconciles()
