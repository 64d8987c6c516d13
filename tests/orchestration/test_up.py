"""`tally up` as an operator meets it: the real servers, driven over GraphQL, killed, and looked at in a browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from dagster_client import Client

from orchestration import operating, processes
from orchestration.cli import main

CELLS = {"cloudtally/cells": "aws,azure,focus,gcp 2026-09..2026-10"}
PNG = b"\x89PNG"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def slices(lake: Path, models: str = "stg_*__focus") -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (lake / "ledger").glob(f"{models}/*.parquet")}


def alive(pid: int) -> bool:
    """A child that ended and was not waited for yet is not."""
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()
    return bool(told) and not told.startswith("Z")


def test_without_the_extra_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operating, "_NEEDED", ("a_package_that_is_not_there",))
    outcome = CliRunner().invoke(main, ["up"])
    assert (
        outcome.exit_code == 1
        and "uv sync --extra dagster" in outcome.output
        and "Traceback" not in outcome.output
    )


def test_a_port_that_is_taken_is_a_clear_error(at_lake: Path) -> None:
    pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = CliRunner().invoke(main, ["up", "--port", str(taken.getsockname()[1])])
    assert outcome.exit_code == 1 and "--port" in outcome.output and "Traceback" not in outcome.output


@dataclass
class Day:
    """An operator's day until the first run's end: all was killed in its midst, amid the slices and again amid
    the marts, and started again each time.
    """

    lake: Path
    running: operating.Running
    client: Client
    finished: dict[str, int]  # slices of all models that were built when everything was killed
    runs: list[dict]  # of the events, newest first

    def rebuilt(self, before: dict[str, int]) -> set[str]:
        return {Path(path).name for path, written in slices(self.lake).items() if before.get(path) != written}


@pytest.fixture(scope="module")
def day(dagster_lake: Path) -> Iterator[Day]:
    shutil.rmtree(dagster_lake / "ledger", ignore_errors=True)  # what other tests of this lake built
    with operating.up(free_port()) as running:
        client = Client(running.url)
        client.until(lambda: len(slices(dagster_lake)) >= 2)
        assert [run["status"] for run in client.runs(**CELLS)] == ["STARTED"]
        processes.end([process.pid for process in running.processes.values()])
        finished = slices(dagster_lake, "*")
    with operating.up(free_port()) as running:
        client = Client(running.url)
        client.until(lambda: client.materializations("marts", "reconciliation"))
        processes.end([process.pid for process in running.processes.values()])
    with operating.up(free_port()) as running:
        client = Client(running.url)
        client.until(lambda: len(client.runs(**CELLS)) == 3)
        yield Day(dagster_lake, running, client, finished, client.ended(**CELLS))
        pids = [process.pid for process in running.processes.values()]
    assert not any(alive(pid) for pid in pids)


@pytest.mark.slow
def test_a_run_that_was_killed_is_taken_up_and_loses_nothing(day: Day) -> None:
    *again, first = day.runs
    assert [run["status"] for run in day.runs] == ["SUCCESS", "FAILURE", "FAILURE"]
    assert {run["rootRunId"] for run in again} == {first["runId"]}


@pytest.mark.slow
def test_what_was_finished_before_a_kill_is_not_built_again(day: Day) -> None:
    built = slices(day.lake, "*")
    assert day.finished.items() <= built.items() and len(built) > len(day.finished)


@pytest.mark.slow
def test_models_and_tests_that_were_finished_before_a_kill_are_not_run_again(day: Day) -> None:
    third, second, first = (day.client.invocations(run["runId"]) for run in day.runs)
    assert first and len(second) > len(first) and len(third) > len(second)
    assert "model.cloudtally.reconciliation" in second
    assert first.items() <= second.items() and second.items() <= third.items()
    assert len(set(third.values())) == 3  # each start of dbt made a part


@pytest.mark.slow
def test_events_are_told_once_as_raw_bills(day: Day) -> None:
    assert sorted(made["partition"] for made in day.client.materializations("raw", "gcp")) == [
        "2026-09",
        "2026-10",
    ]


@pytest.mark.slow
def test_a_block_of_cells_is_rebuilt_by_a_click_in_one_run(day: Day) -> None:
    before = slices(day.lake)
    keys = [["staging", "stg_aws__focus"], ["staging", "stg_gcp__focus"]]
    backfill = day.client.backfill(keys, ["2026-09", "2026-10"])
    [run] = day.client.ended(**{"dagster/backfill": backfill})
    assert run["status"] == "SUCCESS"
    named = {re.fullmatch(r"(\w+?)__.*__(\d{4}-\d\d)-01\..*", name).groups() for name in day.rebuilt(before)}
    assert named == {(provider, month) for provider in ("aws", "gcp") for month in ("2026-09", "2026-10")}
    made = day.client.materializations("staging", "stg_aws__focus")[0]
    assert made["runId"] == run["runId"]
    assert made["metadata"]["dagster/row_count"] > 0 and made["metadata"]["bytes"] > 0


@pytest.mark.slow
def test_results_of_tests_and_reconciliation_stand_beside_the_assets(day: Day) -> None:
    results = day.client.checks("marts", "reconciliation")
    assert {name: check["status"] for name, check in results.items()} == dict.fromkeys(
        [
            "meets_the_bills",
            "reconciliation__every_residual_is_explained",
            "reconciliation__grain_is_unique",
            "reconciliation__key_is_never_null",
        ],
        "SUCCEEDED",
    )


@pytest.mark.slow
def test_the_asset_graph_can_be_looked_at(day: Day, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no chromium: apt-get install chromium")
    page = f"{day.running.url}/assets/marts/reconciliation?view=lineage&lineageScope=upstream"
    picture = tmp_path / "lineage.png"
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    options += ["--window-size=1800,1000", "--virtual-time-budget=20000", "--timeout=40000"]
    show(browser, *options, f"--screenshot={picture}", page)
    shown = show(browser, *options, "--dump-dom", page)
    assert picture.read_bytes().startswith(PNG) and picture.stat().st_size > 20_000
    for name in ("reconciliation", "int_charges__summed", "int_deliveries__raw_totals", "Passed"):
        assert name in shown, name


def show(*command: str) -> str:
    """What a browser writes; ended with its children when it takes too long."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, text=True
    )
    try:
        return process.communicate(timeout=120)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
