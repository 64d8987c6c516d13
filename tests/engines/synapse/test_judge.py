"""The judge: it lets pass what a dedicated SQL pool takes, and names what is wrong with what it does not."""

from __future__ import annotations

import pytest

from .judge import rejected

pytestmark = pytest.mark.engines

TAKEN = """
exec('create view s.v as with a as (select 1 as id, ''x'' as name) select id, cast(name as varchar(10)) as name from a');
create table s.t with (distribution = hash(id), clustered columnstore index) as select id, name from s.v;
create table s.u with (distribution = round_robin, heap) as select id, name from s.v;
merge into s.t as kept using s.u as fresh on (kept.id = fresh.id)
    when matched then update set name = fresh.name when not matched then insert (id, name) values (id, name);
rename object s.t to w;
select top (5) one.id, coalesce(one.name, 'none') as name, count(*) as rows_found,
    sum(case when one.id > 1 then 1 else 0 end) as larger, row_number() over (order by one.id) as place
from s.w as one full outer join s.u as two on one.id = two.id
where exists (select 1 as found from s.u as three where three.id = one.id)
group by one.id, coalesce(one.name, 'none'), one.name;
"""


def test_what_the_pool_takes_passes() -> None:
    assert rejected([TAKEN], grammar=True) == []


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("select cast(a as varchar) as a from s.t", "without a length"),
        ("select a from s.t limit 3", "LIMIT"),
        ("select a from s.t group by 1", "GROUP BY"),
        ("select a is null as b from s.t", "condition where a value"),
        ("select least(a, b) as a from s.t", "least"),
        ("select a from s.t where a is not distinct from b", "DISTINCT FROM"),
        ("select try_parse(a as int) as a from s.t", "try_parse"),
        ("select value, ordinal from string_split('a', ',', 1)", "ordinal"),
        ("select b.a from (with a as (select 1 as a) select a from a) as b", "WITH"),
        ("create table s.t with (distribution = random) as select 1 as a", "table option"),
        ("select a from from s.t", "sqlfluff|Incorrect syntax"),
        ("select a from s.t where a in (1, 2", "Incorrect syntax|Parse error"),
    ],
)
def test_what_it_would_refuse_is_named(statement: str, rule: str) -> None:
    found = rejected([statement], grammar=True)
    assert any(part in said for said in found for part in rule.split("|")), found


def test_a_merge_is_judged_by_the_table_that_was_made() -> None:
    merge = "merge into s.{0} as kept using s.x as fresh on (kept.a = fresh.a) when not matched then insert (a) values (a);"
    made = "create table s.{0} with (distribution = {1}, heap) as select 1 as a"
    assert rejected([made.format("t", "hash(a)"), merge.format("t")]) == []
    assert "distribute by HASH" in rejected([made.format("u", "round_robin"), merge.format("u")])[0]
