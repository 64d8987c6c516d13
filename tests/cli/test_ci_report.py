"""`tally ci-report` on a project of three models in a repository of its own, built by dbt."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestration import pull_request, pull_request_page

pytestmark = pytest.mark.slow

FILES = {
    "dbt_project.yml": "name: cloudtally\nprofile: small\nmodel-paths: [models]\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": "small: {target: t, outputs: {t: {type: duckdb, path: \"{{ env_var('CLOUDTALLY_WAREHOUSE') }}\"}}}\n",
    "models/costs.sql": "{{ config(materialized='table') }} select 'USD' as billing_currency, i as day, 2.5::decimal(38, 12) as cost from range(4) as t (i)",
    "models/totals.sql": "select billing_currency, sum(cost)::decimal(38, 12) as cost from {{ ref('costs') }} group by billing_currency",
    "models/aside.sql": "{{ config(materialized='table') }} select random() as luck",
    "models/costs.yml": "models: [{name: costs, columns: [{name: day, data_tests: [unique]}]}]\n",
}


def git(folder: Path, *arguments: str) -> None:
    named = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.hooksPath=/dev/null",
    ]
    subprocess.run(["git", "-C", str(folder), *named, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("change") / "project"
    (folder / "models").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    git(folder, "init", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "base")
    return folder


@pytest.fixture
def steps(project: Path):
    """The project as it was committed, and the steps that were told."""
    for name, text in FILES.items():
        (project / name).write_text(text)
    for path in project.glob("models/new*"):
        path.unlink()
    return []


def compare(project: Path, steps: list[str]) -> pull_request.Comparison:
    return pull_request.compare(
        project, "main", project.parent / "room", lambda tree, lake: None, steps.append
    )


def test_an_unchanged_tree_builds_nothing_and_the_base_is_built_once(project: Path, steps: list[str]) -> None:
    compared = [compare(project, steps) for _ in range(2)]
    assert [c.changes for c in compared] == [(), ()]
    assert sum("the base" in step for step in steps) <= 1
    assert "No model changed" in pull_request_page.page(compared[0])
    listed = subprocess.run(["git", "-C", project, "worktree", "list"], capture_output=True, text=True).stdout
    assert len(listed.splitlines()) == 1


def test_a_changed_model_a_new_one_and_what_hangs_on_them(project: Path, steps: list[str]) -> None:
    costs = project / "models" / "costs.sql"
    costs.write_text(costs.read_text().replace("range(4)", "range(6)"))
    (project / "models" / "new_one.sql").write_text("select count(*) as days from {{ ref('costs') }}")
    found = {change.model: change for change in compare(project, steps).changes}
    assert {name: (c.kind, c.rows_before, c.rows_after) for name, c in found.items()} == {
        "costs": ("changed", 4, 6),
        "totals": ("follows", 1, 1),
        "new_one": ("new", None, 1),
    }  # and not `aside`
    assert found["totals"].moved == {"cost USD": ("10.000000", "15.000000")}
    page = pull_request_page.page(pull_request.Comparison("0" * 40, tuple(found.values()), ()))
    assert "| costs | changed | 4 | 6 | cost USD 10.000000 → 15.000000 |" in page
    assert "all tests passed" in page


def test_the_first_rows_that_fail_a_test_are_shown(project: Path, steps: list[str]) -> None:
    costs = project / "models" / "costs.sql"
    costs.write_text(costs.read_text().replace("i as day", "i // 2 as day"))
    [fault] = compare(project, steps).faults
    assert fault.name.startswith("unique_costs_day")
    assert fault.columns == ("unique_field", "n_records") and sorted(fault.rows) == [(0, 2), (1, 2)]
    assert "The first rows that offend" in pull_request_page.page(
        pull_request.Comparison("0" * 40, (), (fault,))
    )


def test_a_model_that_cannot_be_built_is_a_fault_with_its_reason(project: Path, steps: list[str]) -> None:
    (project / "models" / "totals.sql").write_text("select no_such_column from {{ ref('costs') }}")
    [fault] = compare(project, steps).faults
    assert fault.name == "totals" and "no_such_column" in fault.message


def test_an_unknown_base_is_told(project: Path, steps: list[str]) -> None:
    with pytest.raises(pull_request.CannotCompare, match="nowhere"):
        pull_request.compare(
            project, "nowhere", project.parent / "room", lambda tree, lake: None, steps.append
        )
