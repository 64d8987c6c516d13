"""Published copies: whole, switched at once, and never of a ledger that does not meet its bills."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration import publishing, warehouse

MARTS = ["daily_cost", "reconciliation"]


def built(lake: Path, cost: int = 5, reason: str | None = None) -> None:
    lake.mkdir(exist_ok=True)
    said = f"'{reason}'" if reason else "null::varchar"
    with duckdb.connect(str(lake / "warehouse.duckdb")) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(f"create or replace table marts.daily_cost as select {cost} as cost from range(3)")
        connection.execute(
            "create or replace table marts.reconciliation as select 'aws' as provider, "
            f"date '2026-01-01' as billing_period, {said} as residual_reason"
        )


def served(lake: Path) -> list[tuple]:
    return duckdb.sql(
        f"select distinct cost from read_parquet('{lake}/published/daily_cost.parquet')"
    ).fetchall()


def test_the_copies_hold_the_marts_and_the_catalog_says_what_there_is(at_lake: Path) -> None:
    built(at_lake)
    made = publishing.publish(MARTS)
    assert served(at_lake) == [(5,)] and {copy.name: copy.rows for copy in made.copies} == {
        "daily_cost": 3,
        "reconciliation": 1,
    }
    catalog = json.loads((at_lake / "published" / "published.json").read_text())
    assert [mart["name"] for mart in catalog["marts"]] == MARTS and catalog[
        "published_at"
    ] == made.published_at


def test_a_reader_that_resolved_the_folder_keeps_it_for_one_publication_more(at_lake: Path) -> None:
    built(at_lake)
    publishing.publish(MARTS)
    opened = (at_lake / "published").resolve()
    for cost in (6, 7):
        built(at_lake, cost)
        assert opened.exists()
        publishing.publish(MARTS)
        assert served(at_lake) == [(cost,)]
    assert not opened.exists() and len(list((at_lake / ".published").iterdir())) == 2


@pytest.mark.parametrize("reason", ["run_skew", None])
def test_an_explained_residual_is_published(at_lake: Path, reason: str | None) -> None:
    built(at_lake, reason=reason)
    publishing.publish(MARTS)


def test_a_period_that_does_not_meet_its_bill_is_kept_out_and_the_older_copies_stay(at_lake: Path) -> None:
    built(at_lake, cost=5)
    publishing.publish(MARTS)
    built(at_lake, cost=6, reason="unexplained")
    with pytest.raises(publishing.NotPublished, match="aws 2026-01"):
        publishing.publish(MARTS)
    assert served(at_lake) == [(5,)]


def test_a_mart_that_is_not_built_is_left_out_and_named(at_lake: Path) -> None:
    built(at_lake)
    made = publishing.publish([*MARTS, "gaps"])
    assert made.lacking == ("gaps",) and [copy.name for copy in made.copies] == MARTS


def test_what_was_not_held_against_the_bills_is_not_published(at_lake: Path) -> None:
    built(at_lake)
    with duckdb.connect(str(at_lake / "warehouse.duckdb")) as connection:
        connection.execute("drop table marts.reconciliation")
    with pytest.raises(publishing.NotPublished, match="reconciliation is not built"):
        publishing.publish(["daily_cost"])
    assert not (at_lake / "published").exists()


def test_a_publication_that_is_cut_leaves_the_older_copies_and_no_litter(
    at_lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(at_lake, cost=5)
    publishing.publish(MARTS)
    built(at_lake, cost=6)
    with monkeypatch.context() as cut:
        cut.setattr(publishing, "_switch", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publishing.publish(MARTS)
    assert served(at_lake) == [(5,)]
    publishing.publish(MARTS)
    assert served(at_lake) == [(6,)] and len(list((at_lake / ".published").iterdir())) == 2


def test_what_someone_else_put_there_is_left_alone(at_lake: Path) -> None:
    built(at_lake)
    (at_lake / "published").mkdir()
    (at_lake / "published" / "mine.txt").write_text("mine")
    with pytest.raises(publishing.NotPublished, match="not made by"):
        publishing.publish(MARTS)
    assert (at_lake / "published" / "mine.txt").exists()


def test_without_a_warehouse_one_is_told_to_build(at_lake: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match="tally build"):
        publishing.publish(MARTS)


def test_the_list_of_marts_is_the_manifests() -> None:
    def model(name: str, layer: str, kind: str = "model") -> dict:
        return {"name": name, "resource_type": kind, "fqn": ["cloudtally", layer, name]}

    nodes = [
        model("b", "marts"),
        model("a", "marts"),
        model("int_x", "intermediate"),
        model("t", "marts", "test"),
    ]
    assert publishing.marts({"nodes": {node["name"]: node for node in nodes}}) == ["a", "b"]


def test_every_other_command_works_without_dagster() -> None:
    code = "import sys; sys.modules['dagster'] = None; from orchestration.cli import main; main(['up', '--help'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0 and "--port" in run.stdout, run.stderr
