"""`tally up` as an operator meets it: the real servers, driven over GraphQL, killed, and looked at in a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from dagster_client import Client

from orchestration import operating
from orchestration.cli import main

CELLS = {"cloudtally/cells": "aws,azure,focus,gcp 2026-09..2026-10"}
PNG = b"\x89PNG"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def slices(lake: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (lake / "ledger").glob("stg_*__focus/*.parquet")}


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


@pytest.mark.slow
def test_an_operators_day(dagster_lake: Path, tmp_path: Path) -> None:
    """Events start the first run; all is killed in its midst and loses nothing; cells are rebuilt by a click."""
    lake = dagster_lake
    shutil.rmtree(lake / "ledger", ignore_errors=True)  # what other tests of this lake built
    with operating.up(free_port()) as running:
        client = Client(running.url)
        client.until(lambda: len(slices(lake)) >= 2 and client.runs(**CELLS)[0]["status"] == "STARTED")
        first = client.runs(**CELLS)
        assert len(first) == 1
        operating._end([process.pid for process in running.processes.values()])
        finished = slices(lake)

    with operating.up(free_port()) as running:
        client = Client(running.url)
        client.until(lambda: len(client.runs(**CELLS)) == 2)
        again, killed = client.ended(**CELLS)
        assert (killed["status"], again["status"], again["rootRunId"]) == (
            "FAILURE",
            "SUCCESS",
            killed["runId"],
        )
        assert finished.items() <= slices(lake).items() and len(slices(lake)) > len(finished)
        raw = client.materializations("raw", "aws")
        assert {made["partition"] for made in raw} == {"2026-09", "2026-10"}

        before = slices(lake)
        backfill = client.backfill(
            [["staging", "stg_aws__focus"], ["staging", "stg_gcp__focus"]], ["2026-10"]
        )
        [run] = client.ended(**{"dagster/backfill": backfill})
        assert run["status"] == "SUCCESS"
        changed = {path for path, written in slices(lake).items() if before.get(path) != written}
        assert {Path(path).name.split("__")[0] for path in changed} == {"aws", "gcp"}
        assert all("2026-10" in path for path in changed)
        results = client.checks("staging", "stg_aws__focus")
        assert all(check["status"] == "SUCCEEDED" for check in results.values())
        made = client.materializations("staging", "stg_aws__focus")[0]
        assert made["runId"] == run["runId"] and made["partition"] == "2026-10"
        assert made["metadata"]["dagster/row_count"] > 0 and made["metadata"]["bytes"] > 0

        reconciled = client.checks("marts", "reconciliation")["meets_the_bills"]
        assert (reconciled["status"], reconciled["runId"]) == ("SUCCEEDED", again["runId"])
        assert (
            len(client.runs(**CELLS)) == 2
        )  # the events that were read before the kill started nothing more
        look(running.url, tmp_path)
        pids = [process.pid for process in running.processes.values()]
    assert not any(alive(pid) for pid in pids)


def look(url: str, folder: Path) -> None:
    """The asset graph in a headless browser; left out where there is none."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        return
    page = f"{url}/assets/marts/reconciliation?view=lineage&lineageScope=upstream"
    picture = folder / "lineage.png"
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    options += ["--window-size=1800,1000", "--virtual-time-budget=20000", "--timeout=40000"]
    for kind in (f"--screenshot={picture}", "--dump-dom"):
        process = subprocess.Popen(
            [browser, *options, kind, page],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            shown, _ = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert picture.read_bytes().startswith(PNG) and picture.stat().st_size > 20_000
    for name in (b"reconciliation", b"int_charges__summed", b"int_deliveries__raw_totals"):
        assert name in shown, name
