"""Every command on a page is run: on one small demo lake, on bills laid out as the pages call them, or elsewhere, and
then a reason says where and why."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import duckdb
import page_bills
import page_commands
import pytest
from click.testing import CliRunner
from page_commands import PROJECT, Command

from orchestration.cli import main

BLOCKS, TEXTS = page_commands.in_blocks(), page_commands.in_text()
SMALL = ["--months", "2", "--scale", "0.02"]
FIRST = ("tally publish",)  # before what asks the published copies
LAST = ("tally prune",)

# what is not run here: how it begins, and where it is run or why nowhere
ELSEWHERE = {
    r"uv sync\b": "installs what these tests run with, and CI begins with it",
    r"uv run pre-commit install": "changes the checkout's git hooks; its hooks are what `make lint` runs",
    r"uv run pytest\b": "is the tests themselves",
    r"uv run dbt build$": "CI: `make docs` builds the fixtures so",
    r"uv run python -m benchmarks\b": "takes minutes to hours; a person runs it, docs/performance.md has what it said",
    r"export [A-Z_]+=": "sets what the lines below it are run with",
    r"tally validate": "installs the validator for Python 3.12; CI: `make validate`, and tests/validation",
    r"tally report --open": "opens a browser until Ctrl-C; tests/reports/test_site.py builds and opens the site",
    r"tally up": "serves until Ctrl-C; tests/orchestration/test_up.py starts and ends it",
    r"tally build$": "its way is that of `tally demo` here; tests/cli/test_build.py",
    r"tally rollback": "needs the id of an older delivery; tests/warehouse/test_scenarios_deliveries.py",
    r"(uv venv superset|superset/bin/|\(cd reports)": "installs and starts another tool, which a person does; "
    "tests/reports/test_superset.py holds its dashboard",
    r"uv run mf query": "tests/reports/test_semantic_layer.py asks MetricFlow these very lines",
    r"python deploy/package.py": "installs packages for a cloud's system; tests/clouds/test_deploy_files.py",
    r"(sam|aws|terraform|az) |\(cd build/deploy": "needs an account of that cloud and its tool",
    r".*(s3|bigquery)://": "needs an account of that cloud; tests/clouds lands from servers of its protocols",
    r"(uv run dbt (run-operation|build)|tally stage) .*--target": "needs that warehouse; "
    "tests/engines runs it on stand-ins",
    r"(CLOUDTALLY_ENGINES=.*|make engines)": "is tests/engines itself, which CI runs",
}


def plain(command: Command) -> str:
    return command.line.removeprefix("uv run ") if "tally " in command.line[:13] else command.line


def elsewhere(line: str) -> str | None:
    return next((reason for start, reason in ELSEWHERE.items() if re.match(start, line)), None)


LINES = sorted(
    {plain(command) for command in BLOCKS},
    key=lambda line: (line.startswith(LAST), not line.startswith(FIRST), line),
)
LANDINGS = [line for line in LINES if line.startswith("tally land") and not elsewhere(line)]
HERE = [line for line in LINES if not elsewhere(line) and line not in LANDINGS and line != "tally demo"]


def run(line: str) -> None:
    """Run a line in the working folder, in this process."""
    program, *arguments = shlex.split(line)
    if program == "duckdb":
        file, sql = arguments
        with duckdb.connect(file) as connection:
            connection.execute(sql)
        return
    assert program == "tally", f"{line}: say in ELSEWHERE why this is not run, or run it here"
    outcome = CliRunner().invoke(main, arguments)
    assert outcome.exit_code == 0, outcome.output


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo, made by the pages' own command in small."""
    room = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(room)
        patch.delenv("CLOUDTALLY_LAKE", raising=False)
        patch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
        assert "tally demo" in LINES
        run(shlex.join(["tally", "demo", *SMALL]))
    return room


@pytest.mark.slow
@pytest.mark.parametrize("line", HERE)
def test_it_runs_on_the_demo(room: Path, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if line.endswith(".xlsx") or ".xlsx " in line:
        pytest.importorskip("xlsxwriter", reason="needs the extra excel")
    monkeypatch.chdir(room)
    monkeypatch.delenv("CLOUDTALLY_LAKE", raising=False)
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    run(line.replace("'/lake/", f"'{room}/lake/"))


@pytest.fixture(scope="module")
def bills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("bills")
    page_bills.lay_out(room)
    return room


@pytest.mark.parametrize("line", LANDINGS)
def test_it_lands_bills_of_that_name(
    bills: Path, line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(bills)
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    run(line)
    assert list((tmp_path / "lake").rglob("delivery.json"))


def test_what_is_run_elsewhere_is_still_on_a_page_and_has_its_place() -> None:
    assert len(HERE) > 10 and len(LANDINGS) > 12
    assert [start for start in ELSEWHERE if not any(re.match(start, line) for line in LINES)] == []
    named = re.findall(r"\btests/[\w/.]*\w", " ".join(ELSEWHERE.values()))
    assert named and [path for path in named if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("line", sorted({plain(c) for c in BLOCKS + TEXTS if "tally " in c.line[:13]}))
def test_its_options_are_options(line: str) -> None:
    """Also of commands in running text and of those that are run elsewhere; their arguments may lack there."""
    options_are_known(line)


def options_are_known(line: str) -> None:
    command: click.Command = main
    _, *arguments = shlex.split(line)
    while isinstance(command, click.Group):
        command = command.commands[arguments.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {argument for argument in arguments if re.match("--?[a-z]", argument)} <= known


def test_an_option_that_is_none_would_be_found() -> None:
    with pytest.raises(AssertionError):
        options_are_known("tally report --fast")
    with pytest.raises(KeyError):
        options_are_known("tally reports")
