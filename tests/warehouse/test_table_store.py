"""Slices kept in a table, as warehouses keep them, on DuckDB without a transaction around the steps: after every change
and every kill the same rows as the files that DuckDB keeps by itself."""

from __future__ import annotations

import os
import shutil
import signal
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import lakes
import pytest
import restated
from lakes import Warehouse
from quick import KEPT_OF_GOOGLE, Quick

from demo import generate
from ingestion import rollback
from ingestion.lake import Lake

TABLES = ["--vars", "{store: tables}"]
MODELS = ["--select", "+int_deliveries__states"]
KEPT = {
    "marts.cost_and_usage": "exclude (row_key, delivery_id)",
    "intermediate.int_charges__summed": "exclude (delivery_id)",
    "intermediate.int_deliveries__raw_totals": "exclude (delivery_id)",
    # when a delivery landed, and which code made its rows, differ between lakes and between the forms
    "intermediate.int_deliveries__states": "exclude (delivery_id, mapping, landed_at)",
}
SEPTEMBER = "provider = 'aws' and billing_period = '2026-09-01'"
AT = datetime(2026, 11, 5, tzinfo=UTC)


class Tables(Quick):
    """A lake whose ledger is kept in tables."""

    def build(self, *arguments: str) -> list[str]:
        return self.run("run", *MODELS, *TABLES, *arguments)

    def killed(self, statement: int) -> None:
        """A build of stg_aws__focus, killed just before the nth change that it makes to its table or stamps."""
        seen = []

        def kill(event) -> None:
            text = event.info.msg.lower()
            if (
                event.info.name == "SQLQuery"
                and "stg_aws__focus" in text
                and ("insert into" in text or "delete from" in text)
            ):
                seen.append(1)
                if len(seen) == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

        child = os.fork()
        if not child:
            lakes.dbt(
                self.lake, "run", "--select", "+stg_aws__focus", *TABLES,
                manifest=lakes.parsed(self.project), callbacks=[kill],
            )  # fmt: skip
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, (
            f"no statement {statement}"
        )

    def stamps(self, model: str = "stg_aws__focus") -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for name, stamp in self.query(
            f"select distinct slice, stamp from staging.{model}__stamps order by all"
        ):
            said.setdefault(name, []).append(stamp)
        return said

    def others(self) -> list[tuple]:
        """Rows of other slices than AWS's September, by keys that are new whenever rows of a CSV file are read again."""
        return self.query(f"select row_key from marts.cost_and_usage where not ({SEPTEMBER}) order by all")


def kept(warehouse: Warehouse) -> dict[str, list[tuple]]:
    return {
        relation: warehouse.query(f"select * {left_out} from {relation} order by all")
        for relation, left_out in KEPT.items()
    }


@pytest.fixture(scope="module")
def first(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    lake = tmp_path_factory.mktemp("tables") / "lake"
    shutil.copytree(built.lake, lake)
    tables = Tables(lake)
    assert len(tables.build()) == 15 * 3 + 3 * len(KEPT_OF_GOOGLE)
    return tables


@pytest.fixture
def tables(first: Tables, tmp_path: Path) -> Tables:
    shutil.copytree(first.lake, tmp_path / "tables")
    return Tables(tmp_path / "tables")


def september(estate: Path, folder: Path) -> Path:
    return restated.aws(estate, folder / "bill", AT, "2026-09", select=restated.FEWER_CHANGED_AND_NEW)


def test_a_first_build_equals_the_files(first: Tables, built: Warehouse) -> None:
    assert kept(first) == kept(built)
    assert all(len(said) == 1 and said[0] for said in first.stamps().values())


def test_the_same_bills_again_rebuild_nothing(tables: Tables) -> None:
    before, others = kept(tables), tables.others()
    assert tables.build() == []
    assert kept(tables) == before and tables.others() == others


def test_a_restated_month_that_is_rolled_back(
    estate: Path, tables: Tables, quick: Quick, built: Warehouse, tmp_path: Path
) -> None:
    others = tables.others()
    (old,) = tables.query(f"select distinct delivery_id from marts.cost_and_usage where {SEPTEMBER}")
    for warehouse in (tables, quick):
        warehouse.land("aws", september(estate, tmp_path / f"{warehouse.lake.name}-bill"), estate="demo")
    rebuilt = tables.build()
    assert len(rebuilt) == 3 and all("aws__cur2" in slice and "2026-09-01" in slice for slice in rebuilt)
    quick.run("run", *MODELS)
    assert kept(tables) == kept(quick)
    assert tables.others() == others
    rollback(str(tables.lake), old[0])
    assert len(tables.build()) == 3
    assert tables.ledger() == built.ledger()
    states = f"select count(distinct delivery_id) from intermediate.int_deliveries__states where {SEPTEMBER}"
    assert tables.query(states) == [(3,)]


def test_slices_that_are_gone_and_a_full_refresh(tables: Tables, built: Warehouse) -> None:
    for delivery in Lake(tables.lake).deliveries():
        if delivery.dataset == "focus":
            shutil.rmtree(Lake(tables.lake).folder(delivery))
    assert tables.build() == []
    rest = built.ledger("dataset <> 'focus'")
    assert tables.ledger() == rest and tables.stamps("stg_focus__focus") == {}
    assert len(tables.build("--full-refresh")) == 12 * 3 + 3 * len(KEPT_OF_GOOGLE)
    assert tables.ledger() == rest


@pytest.mark.slow
def test_killed_before_every_change_that_a_build_makes(
    estate: Path, tables: Tables, quick: Quick, tmp_path: Path
) -> None:
    others, before = tables.others(), tables.ledger(SEPTEMBER)
    for warehouse in (tables, quick):
        warehouse.land("aws", september(estate, tmp_path / f"{warehouse.lake.name}-bill"), estate="demo")
    quick.run("run", *MODELS)
    after = quick.ledger(SEPTEMBER)
    name = next(name for name in tables.stamps() if name.endswith("2026-09-01"))
    # mark, remove the rows, insert the new ones, write the stamp, remove what was said before
    for statement, rows in ((1, before), (2, before), (3, []), (4, after), (5, after)):
        tables.killed(statement)
        assert tables.ledger(SEPTEMBER) == rows, statement
        assert tables.others() == others
        assert statement == 1 or "" in tables.stamps()[name], "nothing tells that the slice is unfinished"
    tables.build()
    assert kept(tables) == kept(quick) and tables.others() == others
    assert all(len(said) == 1 and said[0] for said in tables.stamps().values())


def test_a_slice_that_was_cut_short_and_is_gone_leaves_no_rows(
    tables: Tables, built: Warehouse, tmp_path: Path
) -> None:
    generate(tmp_path / "old", seed=12, months=1, until=date(2026, 6, 30), scale=0.04)
    (landed,) = tables.land("aws", tmp_path / "old" / "aws", estate="demo").landed
    tables.killed(4)  # the rows are there, the stamp is not
    assert tables.ledger("billing_period = '2026-06-01'")
    shutil.rmtree(Lake(tables.lake).folder(landed))
    assert tables.build() == []
    assert tables.ledger() == built.ledger()
    assert not any("2026-06-01" in name for name in tables.stamps())


def test_a_column_more_makes_the_table_anew(tables: Tables) -> None:
    """As after an upgrade: the table that is there lacks a column of the model."""
    before = kept(tables)
    with duckdb.connect(str(tables.lake / "warehouse.duckdb")) as connection:
        connection.execute("drop view marts.cost_and_usage")
        connection.execute("alter table staging.stg_aws__focus drop column list_cost")
        connection.execute(
            "update staging.stg_aws__focus__stamps set stamp = 'of.older' where slice like '%2026-09-01'"
        )
    rebuilt = tables.build()
    assert len([slice for slice in rebuilt if slice.startswith("stg_aws__focus")]) == 3
    assert kept(tables) == before
