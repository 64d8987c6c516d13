"""Every mart of every engine equals DuckDB's, row by row, on first, repeated, changed and refreshed builds.

What hangs on intelligence is compared on one engine, unless a run names another alone.
The engines are emulated here: what is proven is the project's SQL and dbt's adapters, not a cloud's service.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from equality import differences
from lake import NO_UNIT_TESTS, Story, checks, compute, dbt, rebuilt, stage
from lakes import Warehouse

from ingestion import rules
from ingestion.lake import Lake

pytestmark = [pytest.mark.engines, pytest.mark.slow]
# Athena's target is pruned by the condition of its merge; the source's own filters prune what the source reads.
ON = re.compile(r"\bas changed\s+on\b(.*?)\bwhen matched\b", re.S)
# Tables of intelligence that read none of its marts, and those that do. Their SQL twins hang on what landed alone.
AT_ONCE = ["int_anomalies__flagged", "int_forecasts__computed", "int_commitments__backtested"]
THEN = ["int_anomalies__detected", "int_commitments__recommended"]
# Changed bills tell nothing new of what hangs on these: it is built and compared once.
WITHOUT_INTELLIGENCE = ["--exclude", *(f"{table}+" for table in (*AT_ONCE, *THEN))]


@dataclass
class Told:
    """An engine, its lake, DuckDB over the same, and what dbt sent to build the first and the changed bills."""

    rig: Any
    story: Story
    duckdb: Warehouse
    built: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def first(rig: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    story = Story(tmp_path_factory.mktemp(f"{rig.target}-lake"))
    story.first()
    told = Told(rig, story, Warehouse(story.lake))
    stage(rig, story.lake)
    sent = len(rig.statements())
    dbt(rig, story.lake, "build", *NO_UNIT_TESTS)
    told.built = rig.statements()[sent:]
    told.duckdb.run("build", *NO_UNIT_TESTS, "--exclude-resource-type", "test", *WITHOUT_INTELLIGENCE)
    yield told


def test_a_first_build(first: Told) -> None:
    assert _all_differences(first) == {}


def test_a_first_build_selects_all_slices_of_a_model_at_once(first: Told) -> None:
    """A statement each would cost a scan, and on Athena its ten megabytes at least, for every slice."""
    passes = Counter(model for model, _ in _fresh_rows(first.built))
    assert {"stg_aws__focus", "stg_azure__focus", "int_deliveries__raw_totals", "int_charges__summed"} <= set(
        passes
    )
    assert set(passes.values()) == {1}, passes


def test_the_doctor_reads_every_staged_delivery(first: Told) -> None:
    """What `tally doctor` asks dbt; test_account.py has the command whole."""
    said = dbt(first.rig, first.story.lake, "run-operation", "doctor")
    answers = [json.loads(line) for line in re.findall(r"doctor:(\{.*\})", said)]
    told = [answer["said"] for answer in answers if answer["subject"].startswith("raw.")]
    counts = [[int(count) for count in re.findall(r"\d+", line)] for line in told]
    assert all(rows > 0 and read == listed for rows, read, listed in counts), told
    current = rules.current(Lake(first.story.lake).deliveries()).values()
    assert sum(read for _, read, _ in counts) == len({d.delivery_id for held in current for d in held})


def test_intelligence_is_computed_from_the_marts_and_read_where_it_landed(first: Told) -> None:
    """Until then there are no rows of it, and everything could be built all the same. DuckDB's are its Python models'."""
    if first.rig.target != "synapse" and os.environ.get("CLOUDTALLY_ENGINES") != first.rig.target:
        pytest.skip("tried on one engine in the whole suite: it is the same code, and minutes on each")
    assert first.rig.query("select count(*) as n from marts.forecasts")[1][0][0] in (0, "0")
    compute(first.rig, first.story.lake, *AT_ONCE)
    dbt(first.rig, first.story.lake, "run", "--select", *AT_ONCE, "int_anomalies__details", "forecast_totals")
    compute(first.rig, first.story.lake, *THEN)
    late = [f"{table}+" for table in (*AT_ONCE, *THEN)]
    dbt(first.rig, first.story.lake, "run", "--select", *late)
    first.duckdb.run("run", "--select", *late)
    assert first.duckdb.query("select count(*) > 500 from marts.forecasts") == [(True,)]
    assert _all_differences(first, after_intelligence=True) == {}


def test_the_flows_checks_ask_the_engine(first: Told) -> None:
    pytest.importorskip("dagster_dbt", reason="needs the dagster extra: uv sync --extra dagster")
    assert checks(first.rig, first.story.lake) == [
        "meets_the_bills True: every slice meets its bill",
        "no_gaps True: nothing is missing",
        "still_arriving True: the quietest source landed 0 days ago",
    ]


def test_the_same_bills_again_rebuild_nothing(first: Told) -> None:
    stage(first.rig, first.story.lake)
    assert rebuilt(dbt(first.rig, first.story.lake, "run", *WITHOUT_INTELLIGENCE)) == []
    assert _all_differences(first) == {}


def test_restated_shrunk_late_backfilled_and_gone(first: Told) -> None:
    first.story.changed()
    stage(first.rig, first.story.lake)
    sent = len(first.rig.statements())
    said = dbt(first.rig, first.story.lake, "run", *WITHOUT_INTELLIGENCE)
    slices = {line.split(": ")[1] for line in rebuilt(said)}
    assert {tuple(slice.split("__")[i] for i in (1, 3)) for slice in slices} == {
        ("cur2", "2026-08-01"),
        ("cur2", "2026-09-01"),
        ("gcp_detailed", "2026-09-01"),
    }
    first.changed = first.rig.statements()[sent:]
    first.duckdb.run("run", *WITHOUT_INTELLIGENCE)
    assert _all_differences(first) == {}


def test_a_change_reads_and_writes_the_ledger_of_its_months_alone(first: Told) -> None:
    """The cost guard: what takes rows out of the ledger's tables names the touched months, as literals, and no other, and so
    does what reads the ledger for the rows that are kept by slice."""
    touched = {"aws": {"2026-08-01", "2026-09-01"}, "gcp": {"2026-09-01"}}
    written = {"aws": 0, "gcp": 0}
    read = set()
    for statement in first.changed:
        target = re.search(r"(?:delete\s+from|merge\s+into)\s+\S*?stg_(\w+?)__focus\b(?!__)", statement, re.I)
        if target and target[1] in touched:
            condition = ON.search(statement) if first.rig.target == "athena" else None
            months = set(re.findall(r"'(\d{4}-\d{2}-01)'", condition[1] if condition else statement))
            assert months and months <= touched[target[1]], statement
            written[target[1]] += 1
        elif target:  # of the source that is gone every month goes, and Azure was not touched
            assert target[1] == "focus", statement
    assert all(written.values()), written
    for model, statement in _fresh_rows(first.changed):
        months = set(re.findall(r"billing_period = cast\('([\d-]+)' as date\)", statement))
        assert months and months <= touched["aws"] | touched["gcp"], statement
        read.add(model)
    assert {"int_charges__summed", "int_charges__attributed", "int_commitments__charges"} <= read


def test_a_full_refresh_equals_the_increments(first: Told) -> None:
    dbt(first.rig, first.story.lake, "run", "--full-refresh", *WITHOUT_INTELLIGENCE)
    assert _all_differences(first) == {}


def _fresh_rows(statements: list[str]) -> Iterator[tuple[str, str]]:
    """The statements that select the new rows of models kept by slice, each with its model."""
    for statement in statements:
        fresh = re.search(r"create\s+(?:or\s+replace\s+)?table\s+\S*?(\w+?)__fresh\b", statement, re.I)
        if fresh and not re.search(r"where 1 = 0\W*$", statement):  # which only asks for the columns
            yield fresh[1], statement


def _all_differences(told: Told, after_intelligence: bool = False) -> dict[str, list[str]]:
    found = {}
    for relation in _relations(told, after_intelligence):
        types = dict(told.duckdb.query(f"select column_name, column_type from (describe {relation})"))
        wanted = told.duckdb.query(f"select * from {relation}")
        columns, rows = told.rig.query(f"select * from {relation}")
        if lines := differences(types, wanted, columns, rows):
            found[relation] = lines
    return found


def _relations(told: Told, after_intelligence: bool) -> list[str]:
    """The marts and the published FOCUS views, those of intelligence and what reads it or all others, from dbt's manifest
    of the engine's own build."""
    logs = told.story.lake.parent / f"{told.rig.target}-{Path(__file__).parents[2].name}"
    manifest = json.loads((logs / "target" / "manifest.json").read_text())
    late, waiting = set(), [f"model.cloudtally.{table}" for table in (*AT_ONCE, *THEN)]
    while waiting:
        late.add(node := waiting.pop())
        waiting += [child for child in manifest["child_map"].get(node, []) if child not in late]
    return sorted(
        f"{node['schema']}.{node['alias']}"
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["schema"] in ("marts", "focus")
        and (name in late) == after_intelligence
    )
