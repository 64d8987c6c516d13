"""Two hundred random rule sets over a small ledger: the money is kept, and each charge goes to whom the rules say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from lakes import Warehouse
from quick import Quick
from rule_sets import RuleSet, owner, rule_set

SETS = 200
# The models from the rules to what centers bear, in the order in which they are built.
MODELS = (
    "int_allocation__rules int_tags__values int_allocation__matches int_allocation__policies int_allocation__pools "
    "int_allocation__owners int_allocation__commitments int_allocation__charges int_allocation__booked "
    "int_allocation__links int_allocation__weights int_allocation__costs int_chargeback__live"
).split()
SEEDS = {
    "tag_aliases": "aliases",
    "shared_cost_rules": "shared",
    "usage_drivers": "drivers",
    "commitment_policy": "commitments",
    "credit_and_tax_policy": "credits_and_taxes",
}


@dataclass
class Allocation:
    """A copy of the warehouse with a small ledger, and dbt's own SQL of the models."""

    connection: duckdb.DuckDBPyConnection
    sql: dict[str, str]
    combinations: list[dict]

    def run(self, rules: RuleSet) -> None:
        for seed, name in SEEDS.items():
            self._fill(seed, getattr(rules, name))
        columns = [c for c, *_ in self.connection.execute("describe staging.allocation_rules").fetchall()]
        self._fill("allocation_rules", [tuple(rule[c] for c in columns) for rule in rules.rules])
        for model, sql in self.sql.items():
            self.connection.execute(f"create or replace table intermediate.{model} as {sql}")

    def query(self, sql: str) -> list[tuple]:
        return self.connection.execute(sql).fetchall()

    def _fill(self, seed: str, rows: list[tuple]) -> None:
        self.connection.execute(f"delete from staging.{seed}")
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            self.connection.executemany(f"insert into staging.{seed} values ({marks})", rows)


@pytest.fixture(scope="module")
def allocation(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Allocation]:
    lake = tmp_path_factory.mktemp("fuzz") / "lake"
    shutil.copytree(built.lake, lake)
    quick = Quick(lake)
    quick.run("compile", "--select", *MODELS, "int_allocation__combinations")
    compiled = (
        Path(f"{lake}-logs") / "target" / "compiled" / "cloudtally" / "models" / "intermediate" / "allocation"
    )
    with duckdb.connect(config={"threads": 1}) as connection:
        # in memory, under the names that dbt's SQL has; each kind of charge of each month and service
        connection.execute(f"attach '{lake}/warehouse.duckdb' as built (read_only)")
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse; create schema intermediate; create schema staging")
        for seed in ("allocation_rules", "tag_policy", "taggable_resource_types", *SEEDS):
            connection.execute(f"create table staging.{seed} as from built.staging.{seed}")
        connection.execute(
            """
            create table intermediate.int_charges__attributed as
            from built.intermediate.int_charges__attributed qualify row_number() over (
                partition by provider, billing_period, charge_category, commitment_discount_status, service_name
                order by hash(resource_id, tags, sub_account_id)
            ) = 1
            """
        )
        sql = (compiled / "int_allocation__combinations.sql").read_text()
        connection.execute(f"create or replace table intermediate.int_allocation__combinations as {sql}")
        found = connection.execute("from intermediate.int_allocation__combinations")
        names = [column[0] for column in found.description]
        combinations = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        yield Allocation(connection, {m: (compiled / f"{m}.sql").read_text() for m in MODELS}, combinations)


@pytest.mark.slow
def test_two_hundred_rule_sets_keep_the_money_and_find_the_owners(allocation: Allocation) -> None:
    by_id = {c["combination_id"]: c for c in allocation.combinations}
    seen = set()
    for seed in range(SETS):
        rules = rule_set(seed, allocation.combinations)
        allocation.run(rules)
        assert _residuals(allocation) == [], seed
        wrong = [
            (combination, month, rule, center)
            for combination, month, rule, center in allocation.query(
                "select combination_id, billing_period, rule_id, cost_center_id from intermediate.int_allocation__owners"
            )
            if owner(by_id[combination], month, rules) != (rule, center)
        ]
        assert wrong == [], seed
        seen |= {
            kind
            for (kind,) in allocation.query(
                "select distinct cost_kind from intermediate.int_allocation__costs where pool_id is not null"
            )
        }
    assert seen == {"shared", "commitment_waste", "credit", "tax"}  # each was split at least once


def test_the_order_of_rules_decides_nothing(allocation: Allocation) -> None:
    rules = rule_set(7, allocation.combinations)
    found = []
    for _ in range(2):
        allocation.run(rules)
        found.append(allocation.query("from intermediate.int_chargeback__live order by all"))
        rules.rules.reverse()
        rules.shared.reverse()
        rules.drivers.reverse()
    assert found[0] == found[1]


def _residuals(allocation: Allocation) -> list[tuple]:
    return allocation.query(
        """
        select billing_period, provider, billing_currency, sum(cost) from (
            select billing_period, provider, billing_currency, total_cost as cost from intermediate.int_chargeback__live
            union all
            select billing_period, provider, billing_currency, -effective_cost from intermediate.int_charges__attributed
        ) group by all having abs(sum(cost)) > 1e-6
        union all
        select billing_period, provider, billing_currency, max(abs(
            direct_cost + shared_cost + commitment_waste_cost + credit_cost + tax_cost - total_cost
        )) as rest from intermediate.int_chargeback__live group by all having rest > 1e-6
        """
    )
