"""The semantic layer: dbt reads it, MetricFlow finds no fault in it, and its numbers are those of plain SQL."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import page_commands
import pytest
from published import ROWS, contracts

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[2]
METRICS = {"effective_cost", "billed_cost", "savings_rate", "coverage", "utilisation", "unit_cost"}
COVERAGE = (
    "select date '2026-02-01' as period_start, 'acme' as provider, 'USD' as billing_currency, grain as period_grain, "
    "eligible as eligible_cost, committed as committed_cost, used as used_cost, unused as unused_cost, effective as effective_cost "
    "from (values ('month', 200, 160, 120, 30, 190), ('month', 100, 20, 10, 0, 90), ('day', 200, 160, 120, 30, 190)) "
    "as t (grain, eligible, committed, used, unused, effective)"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's models, parsed, beside a warehouse with three marts written by hand."""
    room = tmp_path_factory.mktemp("semantic")
    for name in (
        "models",
        "macros",
        "python_models",
        "seeds",
        "snapshots",
        "docs",
        "dbt_project.yml",
        "profiles.yml",
    ):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, room / name)
    shutil.copytree(
        PROJECT / "tests", room / "tests", ignore=shutil.ignore_patterns("*.py", "engines", "fuzz", "golden")
    )
    rows = ROWS | {"commitment_coverage": COVERAGE}
    with duckdb.connect(str(room / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts; create schema intermediate")
        columns = contracts()
        for mart in ("daily_cost", "commitment_coverage", "finops_kpis"):
            told = ", ".join(f"{name} {type_}" for name, type_ in columns[mart].items())
            connection.execute(f"create table marts.{mart} ({told})")
            if sql := rows.get(mart):
                known = {name for name, *_ in connection.execute(f"describe {sql}").fetchall()} & set(
                    columns[mart]
                )
                connection.execute(
                    f"insert into marts.{mart} by name select {', '.join(sorted(known))} from ({sql})"
                )
        connection.execute(
            "create view intermediate.int_days__charged as select distinct charge_date from marts.daily_cost"
        )
    ended = run(room, [sys.executable, "-m", "dbt.cli.main", "parse"])
    assert ended.returncode == 0, ended.stdout
    return room


def run(room: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    told = {"CLOUDTALLY_LAKE": str(room / "lake"), "CLOUDTALLY_WAREHOUSE": str(room / "warehouse.duckdb")}
    return subprocess.run(
        command, cwd=room, env=os.environ | told | {"DBT_PROFILES_DIR": str(room)}, text=True, timeout=120,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def mf(room: Path, *arguments: str) -> str:
    program = shutil.which("mf", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        pytest.skip("no MetricFlow here: uv sync --extra metrics")
    ended = run(room, [program, *arguments])
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def test_dbt_reads_the_metrics_and_passes_over_none(project: Path) -> None:
    told = json.loads((project / "target" / "semantic_manifest.json").read_text())
    assert METRICS <= {metric["name"] for metric in told["metrics"]}
    assert told["project_configuration"]["time_spines"]


def test_metricflow_finds_no_fault(project: Path) -> None:
    assert "ERRORS: 0" in mf(project, "validate-configs").upper()


@pytest.mark.parametrize("line", [line for _, line in page_commands.in_blocks() if " mf " in line])
def test_what_a_page_asks_has_an_answer(project: Path, line: str) -> None:
    arguments = shlex.split(line.partition(" mf ")[2])
    mf(project, *arguments, "--csv", str(project / "page.csv"))
    assert len((project / "page.csv").read_text().splitlines()) > 1


def test_metrics_are_what_sql_gives(project: Path) -> None:
    def ask(metrics: str, by: str) -> list[str]:
        file = project / "answer.csv"
        mf(project, "query", "--metrics", metrics, "--group-by", by, "--csv", str(file))
        return file.read_text().splitlines()[1:]

    with duckdb.connect(str(project / "warehouse.duckdb"), read_only=True) as connection:
        expected = connection.execute(
            "select billing_currency, sum(effective_cost)::double, sum(billed_cost)::double from marts.daily_cost group by 1 order by 1"
        ).fetchall()
    found = sorted(line.split(",") for line in ask("effective_cost,billed_cost", "cost__billing_currency"))
    assert [(code, *map(float, amounts)) for code, *amounts in found] == [
        pytest.approx(row) for row in expected
    ]
    # of 300 by the month 180 covered; 130 of 160 paid for was used; 280 was paid where 300 would have been
    [line] = ask("coverage,utilisation,savings_rate", "commitment_month__billing_currency")
    assert [float(part) for part in line.split(",")[1:]] == pytest.approx([180 / 300, 130 / 160, 20 / 300])
    months = ask("effective_cost", "metric_time__month,cost__provider,cost__billing_currency")
    assert len(months) == 9  # three providers in three months
