"""Two routes to what intelligence tells, one result: dbt's Python models, and the flow's assets where an engine runs none.

DuckDB stands in for such an engine here; tests/engines/test_equality.py has an emulated warehouse.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

dg = pytest.importorskip("dagster", reason="needs the dagster extra: uv sync --extra dagster")
sys.path.insert(0, str(Path(__file__).parents[1] / "warehouse"))

from lakes import Warehouse  # noqa: E402

from intelligence import computed, tables  # noqa: E402
from orchestration.flow import definitions, models, project  # noqa: E402

NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
WORDS = {"varchar": "string", "date": "date32[day]", "boolean": "bool", "double": "double", "bigint": "int64"}


@pytest.fixture(scope="module")
def by_dbt(dagster_lake: Path) -> dict[str, list[tuple]]:
    """Every relation that comes of intelligence, as dbt alone makes it; both ways begin without a history."""
    shutil.rmtree(dagster_lake / "history", ignore_errors=True)  # what other tests of this lake left
    Warehouse(dagster_lake).run("build", *NO_TESTS)
    found = rows(dagster_lake, late())
    shutil.rmtree(dagster_lake / "history")
    return found


@pytest.fixture(scope="module")
def by_the_flow(by_dbt: dict, dagster_lake: Path) -> Iterator[dg.ExecuteInProcessResult]:
    """The job that makes intelligence, with the Python models off."""
    os.environ["CLOUDTALLY_INTELLIGENCE"] = "flow"
    with duckdb.connect(str(dagster_lake / "warehouse.duckdb")) as connection:
        for relation in late():  # nothing of the other route is left to be found
            kind = "table" if relation.startswith(("intermediate", "marts")) else "view"
            connection.execute(f"drop {kind} if exists {relation}")
    with dg.DagsterInstance.ephemeral() as instance:
        yield definitions.flow().resolve_job_def("intelligence").execute_in_process(instance=instance)


def late() -> list[str]:
    """The relations after intelligence, as `schema.name`."""
    return sorted(".".join(key.path) for key in models.late(project.manifest()))


def rows(lake: Path, relations: list[str]) -> dict[str, list[tuple]]:
    with duckdb.connect(str(lake / "warehouse.duckdb"), read_only=True) as connection:
        return {name: connection.execute(f"from {name} order by all").fetchall() for name in relations}


def alike(one: list[tuple], other: list[tuple]) -> bool:
    """Equal, but for the last digits of doubles, which depend on the order in which rows came to be added up."""
    return len(one) == len(other) and all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) if isinstance(a, float) and b is not None else a == b
        for left, right in zip(one, other, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def test_both_routes_give_the_same_rows(by_dbt: dict, by_the_flow, dagster_lake: Path) -> None:
    assert by_the_flow.success
    told = rows(dagster_lake, list(by_dbt))
    assert {name for name, found in told.items() if not alike(found, by_dbt[name])} == set()
    assert {"marts.anomalies", "marts.forecasts", "marts.budgets", "marts.finops_kpis"} <= told.keys()
    for name in ("anomalies", "forecasts", "forecast_totals", "commitment_recommendations"):
        assert told[f"marts.{name}"], name


def test_the_flow_made_each_table_once_and_dbt_read_it(by_the_flow, dagster_lake: Path) -> None:
    made = {
        event.asset_key.path[-1]: event.materialization.metadata["dagster/row_count"].value
        for event in by_the_flow.get_asset_materialization_events()
        if event.asset_key.path[0] == "history"
    }
    assert made.keys() == computed.TABLES.keys()
    held = rows(dagster_lake, [f"intermediate.{name}" for name in made])
    assert {name.split(".")[1]: len(found) for name, found in held.items()} == made


def test_lineage_goes_from_the_marts_through_what_is_landed_to_the_marts(by_the_flow) -> None:
    graph = definitions.flow().resolve_asset_graph()
    landed = graph.get(dg.AssetKey(["history", "int_commitments__recommended"]))
    assert dg.AssetKey(["marts", "forecast_totals"]) in landed.parent_keys
    assert landed.child_keys == {dg.AssetKey(["intermediate", "int_commitments__recommended"])}


@pytest.mark.parametrize("table", computed.TABLES)
def test_the_python_model_reads_what_its_function_takes(table: str, by_dbt: dict) -> None:
    """By dbt's own parser, so that a model and the flow cannot come to read different relations or settings."""
    os.environ.pop("CLOUDTALLY_INTELLIGENCE", None)
    node = project.manifest()["nodes"][f"model.cloudtally.{table}"]
    assert node["language"] == "python"
    read = {name.split(".")[-1] for name in node["depends_on"]["nodes"]}
    assert read == set(computed.relations(table)) | set(computed.remembered(table).values())
    assert set(node["config"]["meta"]) - {"grain", "key_tested_in"} == set(computed.settings(table))
    declared = [(name, WORDS[column["data_type"]]) for name, column in node["columns"].items()]
    assert declared == [(field.name, str(field.type)) for field in tables.schema(table)]
