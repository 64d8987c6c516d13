"""The flow on a small estate, in this process: all of it is built, checked and published, and a failure keeps it back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

dg = pytest.importorskip("dagster", reason="needs the dagster extra: uv sync --extra dagster")

from orchestration.flow import checks, definitions, models, project, publication  # noqa: E402

MONTHS = {"dagster/asset_partition_range_start": "2026-09", "dagster/asset_partition_range_end": "2026-10"}


@pytest.fixture(scope="module")
def flow(dagster_lake: Path):
    return definitions.flow()


@pytest.fixture(scope="module")
def instance(dagster_lake: Path) -> Iterator:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


@pytest.fixture(scope="module")
def built(flow, instance, dagster_lake: Path) -> list:
    """Results of the two jobs that build everything."""
    results = [
        flow.resolve_job_def("refresh").execute_in_process(instance=instance, tags=MONTHS),
        flow.resolve_job_def("intelligence").execute_in_process(instance=instance),
    ]
    assert all(result.success for result in results)
    return results


def test_definitions_load_from_a_manifest_that_is_there_already(
    flow, dagster_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(project, "_parse", lambda: pytest.fail("dbt was asked to parse"))
    assert definitions.flow().resolve_asset_graph().get_all_asset_keys()


def test_on_a_warehouse_nothing_looks_for_the_duckdb_file(
    dagster_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = project.manifest()
    monkeypatch.setattr(project, "target", lambda: "bigquery")
    monkeypatch.setattr(project, "manifest", lambda: parsed)
    there = definitions.flow()
    graph = there.resolve_asset_graph()
    assert not {key for key in graph.get_all_asset_keys() if key.path[0] in ("published", "report")}
    assert set(checks.keys()) <= graph.asset_check_keys
    jobs = {job.name for job in there.resolve_all_job_defs()}
    assert jobs >= {"refresh", "intelligence", "poll_sources"} and "publication" not in jobs


def test_a_changed_project_is_parsed_again(
    flow, dagster_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    for name in ("dbt_project.yml", "profiles.yml", "models/new_model.sql"):
        (tmp_path / name).touch()
    manifest = project.parsed_folder() / "manifest.json"
    newest = (tmp_path / "models").stat().st_mtime
    monkeypatch.setattr(project, "PROJECT", tmp_path)
    os.utime(manifest, (newest + 5, newest + 5))
    assert not project._is_stale(manifest)
    os.utime(manifest, (newest - 5, newest - 5))
    assert project._is_stale(manifest)


def test_every_model_seed_and_test_of_dbt_is_there(flow) -> None:
    manifest = project.manifest()
    kinds = {name: node["resource_type"] for name, node in manifest["nodes"].items()}
    graph = flow.resolve_asset_graph()
    named = {key.path[-1] for key in graph.get_all_asset_keys() if key.path[0] != "published"}
    assert {n.rsplit(".", 1)[-1] for n, kind in kinds.items() if kind in ("model", "seed")} <= named
    reading = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and any(not p.startswith("source.") for p in node["depends_on"]["nodes"])
    }
    assert reading <= {key.name for key in graph.asset_check_keys}


def test_every_asset_is_built_checked_and_published(flow, built) -> None:
    graph = flow.resolve_asset_graph()
    made = {event.asset_key for result in built for event in result.get_asset_materialization_events()}
    assert made == graph.executable_asset_keys - {dg.AssetKey(["report", "site"])}  # tests/reports builds it
    evaluated = {check.asset_check_key for result in built for check in result.get_asset_check_evaluations()}
    assert graph.asset_check_keys - evaluated == set()
    marts = {key.path[-1] for key in made if key.path[0] == "published"}
    assert {"daily_cost", "reconciliation", "anomalies", "forecasts"} <= marts


def test_the_ledger_says_rows_and_bytes_of_each_month(built, dagster_lake: Path) -> None:
    told = {
        (event.asset_key.path[-1], event.partition): event.materialization.metadata["dagster/row_count"].value
        for event in built[0].get_asset_materialization_events()
        if event.partition
    }
    with duckdb.connect(str(dagster_lake / "warehouse.duckdb"), read_only=True) as connection:
        counted = connection.execute(
            "select case when dataset like 'cur%' then 'aws' when dataset like 'azure%' then 'azure' "
            "when dataset like 'gcp%' then 'gcp' else 'focus' end as landing, strftime(billing_period, '%Y-%m'), count(*) "
            "from marts.cost_and_usage group by all"
        ).fetchall()
    assert told == {(f"stg_{landing}__focus", month): rows for landing, month, rows in counted}


def test_a_run_tells_how_far_each_of_its_cells_is_from_its_bill(flow, built) -> None:
    told = {
        (event.asset_key.path[-1], event.partition): event.asset_observation_data.asset_observation
        for event in built[0].all_events
        if event.event_type_value == "ASSET_OBSERVATION" and event.partition
    }
    ledger = set(models.landings(project.manifest()))
    assert told.keys() == {(key.path[-1], month) for key in ledger for month in ("2026-09", "2026-10")}
    assert all(abs(observation.metadata["residual"].value) <= 1e-6 for observation in told.values())


def test_published_copies_equal_the_marts(built, dagster_lake: Path) -> None:
    with duckdb.connect(str(dagster_lake / "warehouse.duckdb"), read_only=True) as connection:
        for mart in ("daily_cost", "cost_and_usage", "anomalies"):
            copy = f"read_parquet('{dagster_lake}/published/{mart}.parquet')"
            [(differing,)] = connection.execute(
                f"select count(*) from ((from marts.{mart} except all from {copy}) union all (from {copy} except all from marts.{mart}))"
            ).fetchall()
            assert differing == 0


def test_a_failed_blocking_check_keeps_the_older_copies_until_it_passes(
    flow, built, instance, dagster_lake: Path
) -> None:
    served = (dagster_lake / "published").resolve()
    key = next(
        key
        for key in flow.resolve_asset_graph().asset_check_keys
        if key.name == "daily_cost__grain_is_unique"
    )

    def told(passed: bool) -> None:
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(asset_key=key.asset_key, check_name=key.name, passed=passed)
        )

    def published(**options):
        copies = [
            key for key in flow.resolve_asset_graph().get_all_asset_keys() if key.path[0] == "published"
        ]
        job = flow.resolve_job_def("publication")
        return job.execute_in_process(instance=instance, asset_selection=copies, **options)

    told(False)
    result = published(raise_on_error=False)
    assert not result.success and (dagster_lake / "published").resolve() == served
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "daily_cost__grain_is_unique" in failure.event_specific_data.error.message
    told(True)
    assert published().success
    assert (dagster_lake / "published").resolve() != served


def test_without_node_there_is_no_site_and_nothing_fails(
    flow, built, instance, dagster_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    site = dg.AssetKey(["report", "site"])
    result = flow.resolve_job_def("publication").execute_in_process(instance=instance, asset_selection=[site])
    assert result.success and not result.get_asset_materialization_events()
    assert flow.resolve_asset_graph().get(site).parent_keys >= {dg.AssetKey(["published", "daily_cost"])}


def test_the_alert_of_the_docs_tells_of_a_run_that_failed(flow, instance, dagster_lake: Path) -> None:
    text = (project.PROJECT / "docs" / "orchestration.md").read_text()
    [snippet] = re.findall(r"```python\n(.*?)```", text, re.S)
    posted: list[str] = []
    told = {"post": posted.append}
    exec(snippet, told)
    assert told["tell"].name in {sensor.name for sensor in told["defs"].sensors}

    @dg.job(name="refresh")
    def failing():
        dg.op(name="dbt")(lambda: 1 / 0)()

    result = failing.execute_in_process(instance=instance, raise_on_error=False)
    context = dg.build_run_status_sensor_context(
        sensor_name="tell",
        dagster_instance=instance,
        dagster_run=result.dagster_run,
        dagster_event=next(e for e in result.all_events if e.event_type == dg.DagsterEventType.RUN_FAILURE),
    )
    told["tell"](context.for_run_failure())
    [message] = posted
    assert message.startswith("refresh failed: ")


def test_a_warning_keeps_nothing_back(flow, built, instance) -> None:
    key = checks.blocking()[0]
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=key.asset_key, check_name=key.name, passed=False, severity=dg.AssetCheckSeverity.WARN
        )
    )
    assert publication.standing(instance, [key]) == []


def test_a_cell_is_one_landings_month(flow) -> None:
    landings = models.landings(project.manifest())
    graph = flow.resolve_asset_graph()
    assert set(landings.values()) == {"aws", "azure", "gcp", "focus"}
    assert {graph.get(key).partitions_def for key in landings} == {
        graph.get(dg.AssetKey(["raw", "aws"])).partitions_def
    }
    assert graph.get(dg.AssetKey(["marts", "daily_cost"])).partitions_def is None


def test_a_block_of_cells_is_one_range_and_so_one_run(flow) -> None:
    """36 cells: three landings of twelve months. Dagster's backfills make one run of each range of keys."""
    ledger = set(models.landings(project.manifest()))
    graph = flow.resolve_asset_graph()
    assert {graph.get(key).backfill_policy for key in ledger} == {dg.BackfillPolicy.single_run()}
    year = dg.MonthlyPartitionsDefinition("2025-01", fmt="%Y-%m", end_offset=12)
    keys = [f"2025-{month:02}" for month in range(1, 13)]
    [span] = year.subset_with_partition_keys(keys).get_partition_key_ranges(year)
    assert (span.start, span.end) == ("2025-01", "2025-12")
