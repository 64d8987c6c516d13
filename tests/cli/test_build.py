"""`tally build` when it cannot or must not go on: nothing to force, the warehouse held, a failure, Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from ingestion import land
from orchestration import building, slices, warehouse
from orchestration.cli import main

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Another process has the DuckDB file open; its pid."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "held\n"
        yield child.pid
    finally:
        child.communicate(timeout=30)


@pytest.mark.parametrize(
    "asked",
    [["--provider", "nosuch"], ["--period", "2031-01"], ["--provider", "acme", "--period", "2026-02"]],
)
def test_forcing_what_is_no_slice_says_what_there_is_and_builds_nothing(
    lake: Path, bill: Callable[..., Path], asked: list[str]
) -> None:
    land("focus", str(bill("2026-01", "2026-03", "2026-04")), str(lake))
    outcome = CliRunner().invoke(main, ["build", *asked])
    assert outcome.exit_code == 1 and " ".join(asked) in outcome.output
    assert "acme (2026-01, 2026-03..2026-04)" in outcome.output
    assert not (lake / "warehouse.duckdb").exists() and not (lake / "logs").exists()


def test_forcing_in_an_empty_lake_says_to_land(lake: Path) -> None:
    outcome = CliRunner().invoke(main, ["build", "--provider", "aws"])
    assert outcome.exit_code == 1 and "tally land" in outcome.output and not lake.exists()


def test_a_slice_that_is_there_matches(lake: Path, bill: Callable[..., Path]) -> None:
    land("focus", str(bill("2026-01")), str(lake))
    for wanted in ({"provider": "acme"}, {"billing_period": "2026-01-01"}):
        slices.ensure_match(slices.in_lake(), wanted)


def test_of_a_remote_lake_only_the_build_can_tell(marts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.delivery_slices as select 'aws' as provider, date '2026-01-01' as billing_period"
        )
    monkeypatch.setenv("CLOUDTALLY_LAKE", "s3://bucket/lake")
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(marts))
    assert slices.in_lake() is None
    assert slices.in_warehouse() == {("aws", "2026-01-01")}
    with pytest.raises(slices.NoSlice, match=r"--provider gcp; s3://bucket/lake holds aws \(2026-01\)"):
        slices.ensure_match(slices.in_warehouse(), {"provider": "gcp"})


@pytest.mark.parametrize("command", [["build"], ["demo", "--months", "1"], ["status"]])
def test_a_warehouse_that_another_process_holds_is_told_with_its_pid_and_left_alone(
    marts: Path, command: list[str]
) -> None:
    with held(marts) as pid:
        outcome = CliRunner().invoke(main, command)
        assert outcome.exit_code == 1
        assert f"another build is running (pid {pid})" in outcome.output and "wait" in outcome.output
        assert len(outcome.output.strip().splitlines()) == 1
    assert sorted(path.name for path in marts.parent.parent.iterdir()) == ["lake"]  # no bills were made
    assert warehouse.rows("select count(*) from marts.daily_cost")[1] == [(1,)]


@pytest.mark.slow
def test_a_warehouse_taken_while_dbt_starts_is_told_the_same(
    marts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse, "ensure_free", lambda: None)  # it was free a moment ago
    with held(marts) as pid:
        outcome = CliRunner().invoke(main, ["build"])
        assert outcome.exit_code == 1 and f"another build is running (pid {pid})" in outcome.output
        assert len(outcome.output.strip().splitlines()) == 1
    assert warehouse.rows("select count(*) from marts.daily_cost")[1] == [(1,)]


@pytest.mark.slow
def test_a_failure_names_the_model_what_was_not_built_and_the_log(
    lake: Path, bill: Callable[..., Path]
) -> None:
    land("focus", str(bill("2026-01", cost="5")), str(lake))
    landed = next(lake.rglob("bill.csv"))
    landed.write_text(landed.read_text().replace(",5,USD", ",five,USD"))
    before = (Path.cwd(), dict(os.environ))
    outcome = CliRunner().invoke(main, ["build"])
    assert outcome.exit_code == 1 and "Traceback" not in outcome.output
    assert "steps failed" in outcome.output and "\nmodel stg_focus__focus\n" in outcome.output
    assert "five" in outcome.output and "not built because of that: " in outcome.output
    log = Path(outcome.output.strip().splitlines()[-1].removeprefix("log: "))
    assert log == lake / "logs" / "dbt.log" and "stg_focus__focus" in log.read_text()
    assert (Path.cwd(), dict(os.environ)) == before  # dbt moved about, but not us


@pytest.mark.slow
def test_ctrl_c_says_how_far_it_was_and_where_the_log_is(lake: Path, bill: Callable[..., Path]) -> None:
    land("focus", str(bill("2026-01")), str(lake))
    build = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "build"],
        cwd=building.PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # a shell's background job hands on that Ctrl-C is ignored, and then no one could stop the build
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    log = lake / "logs" / "dbt.log"
    waited = time.monotonic()
    while build.poll() is None and not (log.exists() and "5 of " in log.read_text()):
        assert time.monotonic() - waited < 240
        time.sleep(0.05)
    build.send_signal(signal.SIGINT)
    output, _ = build.communicate(timeout=120)
    assert build.returncode == 130, output
    assert "stopped after " in output and "tally build" in output and "Traceback" not in output
    assert output.strip().splitlines()[-1] == f"log: {log}"


def test_a_report_is_short_however_much_failed() -> None:
    outcome = building.Outcome(
        Path("dbt.log"),
        [building.Failure("model", "stg_aws__focus", "\n".join(f"line {n}" for n in range(50)))],
        [f"mart_{n}" for n in range(20)],
        30,
    )
    told = building.report(outcome)
    assert told.startswith("1 of 30 steps failed\nmodel stg_aws__focus\n    line 0\n")
    assert "mart_7 and 12 more\nlog: dbt.log" in told and "line 11" not in told
