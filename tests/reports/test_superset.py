"""The dashboard of Apache Superset: what it names is there, and its datasets run on published copies. Superset itself is
not started here; docs/bi.md says how it was looked at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml
from published import publish

from orchestration import reporting

FOLDER = reporting.PROJECT / "superset"


def read(kind: str) -> dict[str, dict]:
    """The definitions of a kind, by uuid."""
    found = [yaml.safe_load(path.read_text()) for path in sorted((FOLDER / kind).rglob("*.yaml"))]
    return {definition["uuid"]: definition for definition in found}


DATASETS, CHARTS, [DASHBOARD] = read("datasets"), read("charts"), read("dashboards").values()


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The database that docs/bi.md has one make: views over the published copies."""
    published = publish(tmp_path_factory.mktemp("superset") / "lake")
    connection = duckdb.connect()
    for mart in ("daily_cost", "chargeback"):
        connection.execute(f"create view {mart} as from read_parquet('{published / mart}.parquet')")
    return connection


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset["table_name"])
def test_a_dataset_has_its_columns_and_metrics(tool: duckdb.DuckDBPyConnection, dataset: dict) -> None:
    assert dataset["database_uuid"] in read("databases")
    rows = f"({dataset['sql']})" if dataset["sql"] else dataset["table_name"]
    columns = {name for name, *_ in tool.execute(f"describe select * from {rows}").fetchall()}
    assert {column["column_name"] for column in dataset["columns"]} <= columns
    assert "billing_currency" in columns
    for metric in dataset["metrics"]:
        [(found,)] = tool.execute(f"select {metric['expression']} from {rows} as t").fetchall()
        assert found is not None, metric["metric_name"]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=lambda chart: chart["slice_name"])
def test_a_chart_shows_what_its_dataset_has(chart: dict) -> None:
    dataset, asked = DATASETS[chart["dataset_uuid"]], chart["params"]
    columns = {column["column_name"] for column in dataset["columns"]}
    assert {*asked["groupby"], *([asked["x_axis"]] if "x_axis" in asked else [])} <= columns
    assert set(asked["metrics"]) <= {metric["metric_name"] for metric in dataset["metrics"]}


def test_the_dashboard_shows_all_charts_and_one_currency_from_the_start() -> None:
    shown = [
        part for part in DASHBOARD["position"].values() if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert {part["meta"]["uuid"] for part in shown} == CHARTS.keys()
    assert all(part["meta"]["sliceName"] == CHARTS[part["meta"]["uuid"]]["slice_name"] for part in shown)
    [currency] = [
        part
        for part in DASHBOARD["metadata"]["native_filter_configuration"]
        if part["targets"][0]["column"]["name"] == "billing_currency"
    ]
    assert currency["requiredFirst"] and currency["controlValues"]["defaultToFirstItem"]
    assert not currency["controlValues"]["multiSelect"] and currency["controlValues"]["enableEmptyFilter"]


def test_its_database_is_that_of_the_page_and_is_only_read() -> None:
    [database] = read("databases").values()
    page = Path(reporting.PROJECT.parent / "docs" / "bi.md").read_text()
    assert database["sqlalchemy_uri"] == "duckdb:///bi.duckdb" and "duckdb bi.duckdb " in page
    assert database["extra"]["engine_params"]["connect_args"]["read_only"] is True
