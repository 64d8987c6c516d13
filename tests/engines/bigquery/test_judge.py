"""The judge takes what BigQuery takes and refuses what it refuses, each for its own reason."""

from __future__ import annotations

import pytest
from bigquery import judge

pytestmark = pytest.mark.engines

MADE = [
    "create or replace external table `p`.`raw`.`bill` (`scope` string, `cost` bignumeric(38, 12), `seen` timestamp, "
    "`day` date, `n` int64, `x` float64, `labels` array<struct<`key` string, `value` string>>) options (format = 'PARQUET')",
    "create or replace view `p`.`marts`.`costs` as select scope, sum(cost) as cost from `p`.`raw`.`bill` group by scope",
    "create or replace table `p`.`marts`.`kept` partition by date_trunc(day, month) cluster by scope "
    "as (select scope, day, cost from `p`.`raw`.`bill`)",
]


@pytest.mark.parametrize(
    "sql",
    [
        "select cost from `p`.`marts`.`costs`",
        "select `cost` from `p.marts.costs`",
        "select scope from `p`.`raw`.`bill` qualify row_number() over (partition by scope order by day) = 1",
        "select (select max(entry.value) from unnest(labels) as entry where entry.key = 'team') from `p`.`raw`.`bill`",
        "select a.scope from `p`.`raw`.`bill` as a left join `p`.`raw`.`bill` as b on a.scope = b.scope and a.day > b.day",
        "select a.scope from `p`.`raw`.`bill` as a inner join `p`.`raw`.`bill` as b on a.day > b.day",
        "merge into `p`.`marts`.`kept` as kept using (select scope, day, cost from `p`.`raw`.`bill`) as fresh "
        "on kept.scope = fresh.scope when matched then update set cost = fresh.cost "
        "when not matched then insert (scope, day, cost) values (scope, day, cost) when not matched by source then delete",
        "begin transaction; delete from `p`.`marts`.`kept` where scope = 'a'; commit transaction",
        "alter table `p`.`marts`.`kept` set options (description = 'x')",
        "create schema if not exists `p`.`snapshots` options (location = 'US')",
    ],
)
def test_taken(sql: str) -> None:
    assert judge.rejected([*MADE, sql]) == []


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("select nothing from `p`.`marts`.`costs`", "Unrecognized name: nothing"),
        ("select scope from `p`.`marts`.`absent`", "Table not found"),
        ("select scope::string from `p`.`raw`.`bill`", "Syntax error"),
        ("select scope + n from `p`.`raw`.`bill`", "No matching signature for operator +"),
        ("select scope from `p`.`raw`.`bill` where seen > day", "No matching signature for operator >"),
        ("select date_trunc('month', day) from `p`.`raw`.`bill`", "Could not cast literal"),
        ("select labels.key from `p`.`raw`.`bill`", "Cannot access field key"),
        ("select scope, sum(cost) from `p`.`raw`.`bill`", "neither grouped nor aggregated"),
        ("select cast(scope as varchar) from `p`.`raw`.`bill`", "Type not found: varchar"),
        ("insert into `p`.`marts`.`kept` (scope, day) values ('a', 5)", "type INT64"),
        (
            "select a.scope from `p`.`raw`.`bill` as a left join `p`.`raw`.`bill` as b on a.day > b.day",
            "LEFT OUTER JOIN cannot be used without a condition that is an equality",
        ),
        (f"select '{'x' * 1_100_000}'", "longer than"),
        ("drop table `p`.`marts`.`kept`; select scope from `p`.`marts`.`kept`", "Table not found"),
    ],
)
def test_refused(sql: str, error: str) -> None:
    refused = judge.rejected([*MADE, sql])
    assert len(refused) == 1
    assert error in refused[0]


def test_each_call_begins_with_nothing() -> None:
    judge.rejected(MADE)
    assert "Table not found" in judge.rejected(["select cost from `p`.`marts`.`costs`"])[0]
