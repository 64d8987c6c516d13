"""`tally report` around Evidence: what is missing, what fails or hangs, what stays. npm and Evidence are stand-ins,
scripts that do what the test says."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from published import publish

from orchestration import reporting
from orchestration.cli import main

BUILDS = 'mkdir -p build && echo "$1" > build/index.html && ls -A data/ > build/copies'
EVIDENCE = f'#!/bin/sh\nif [ "$1" = build ]; then {BUILDS}; fi\n'


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("CLOUDTALLY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "lake"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a node of a version and an npm that installs the given `evidence` before all others."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def write(node: str = "v20.1.0", evidence: str = EVIDENCE, npm: str = "") -> None:
        (tmp_path / "evidence").write_text(evidence)
        install = f"mkdir -p node_modules/.bin; cp -p {tmp_path}/evidence node_modules/.bin/evidence; echo once >> installed"
        for name, script in {"node": f"echo {node}", "npm": npm or install}.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        (tmp_path / "evidence").chmod(0o755)

    return write


def report(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments])


def test_the_site_is_built_from_the_newest_copies(lake: Path, programs: Callable[..., None]) -> None:
    publish(lake)
    programs()
    for _ in range(2):
        result = report()
        assert result.exit_code == 0, result.output
        assert f"built {lake}/report in" in result.output
    assert "daily_cost.parquet" in (lake / "report" / "copies").read_text()
    assert (reporting.workspace() / "installed").read_text() == "once\n"
    assert sorted(path.name for path in lake.iterdir()) == [".published", "logs", "published", "report"]


def test_another_lake_can_be_named(lake: Path, programs: Callable[..., None], tmp_path: Path) -> None:
    publish(tmp_path / "other")
    programs()
    assert report("--lake", str(tmp_path / "other")).exit_code == 0
    assert (tmp_path / "other" / "report" / "index.html").exists()


def test_nothing_published_is_told(lake: Path, programs: Callable[..., None]) -> None:
    result = report()
    assert result.exit_code == 1
    assert (
        f"nothing is published in {lake}/published: run `tally build`, then `tally publish`" in result.output
    )


def test_a_lacking_mart_is_named(lake: Path, programs: Callable[..., None]) -> None:
    (publish(lake) / "forecasts.parquet").unlink()
    result = report()
    assert result.exit_code == 1 and "not published in" in result.output and "forecasts;" in result.output


def test_a_remote_lake_is_refused(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDTALLY_LAKE", "s3://bucket/lake")
    assert "s3://bucket/lake is remote" in report().output


def test_without_node_the_remedy_is_told(lake: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    publish(lake)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = report()
    assert (
        result.exit_code == 1 and "Node.js 18 or newer" in result.output and "no node here" in result.output
    )


def test_an_old_node_is_refused(lake: Path, programs: Callable[..., None]) -> None:
    publish(lake)
    programs(node="v16.2.0")
    assert "is v16.2.0; Evidence needs 18 or newer" in report().output


def test_what_fails_is_told_and_the_site_before_stays(lake: Path, programs: Callable[..., None]) -> None:
    publish(lake)
    programs()
    assert report().exit_code == 0
    programs(evidence='#!/bin/sh\necho "no such column: costt" >&2; exit 1\n')
    (reporting.workspace() / "node_modules" / ".installed-by-tally").unlink()
    result = report()
    assert result.exit_code == 1
    assert "reading the published copies failed" in result.output and "no such column: costt" in result.output
    assert (lake / "report" / "index.html").exists()


def test_an_install_that_broke_off_is_done_again(lake: Path, programs: Callable[..., None]) -> None:
    publish(lake)
    programs(npm="echo no network >&2; exit 1")
    assert "installing Evidence failed" in report().output
    programs()
    assert report().exit_code == 0


def test_what_hangs_is_stopped_with_all_that_it_started(
    lake: Path, programs: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish(lake)
    programs(evidence=f"#!/bin/sh\n(sleep 2; touch {tmp_path}/survived) &\nwait\n")
    monkeypatch.setitem(reporting._LIMITS, "reading the published copies", 0.5)
    result = report()
    assert result.exit_code == 1
    assert "reading the published copies took longer than 0.5 s and was stopped" in result.output
    time.sleep(2)
    assert not (tmp_path / "survived").exists()


def test_the_pages_have_exactly_the_pins_that_work_without_a_network() -> None:
    lock = (reporting.PROJECT / "package-lock.json").read_text()
    assert '"resolved"' not in lock  # the registry is each user's own
    for pin in ('"@duckdb/duckdb-wasm": "1.28.0"', '"codemirror": "6.0.1"'):
        name, version = pin.replace('"', "").split(": ")
        place = lock.index(f'"node_modules/{name}": {{')
        assert f'"version": "{version}"' in lock[place : place + 200]


def test_the_lock_names_a_package_for_every_platform() -> None:
    """`npm ci` refuses a lock in which a package for another system is missing."""
    packages = json.loads((reporting.PROJECT / "package-lock.json").read_text())["packages"]
    asked = {name for package in packages.values() for name in package.get("optionalDependencies", ())}
    there = {path.rpartition("node_modules/")[2] for path in packages}
    assert asked - there == set()
