"""The judge takes what Athena's documentation shows and refuses what Trino does not know or Athena does not allow."""

from __future__ import annotations

import pytest

from athena.judge import rejected

pytestmark = [pytest.mark.engines]

TAKEN = [
    "select reduce(array[1, 2], 0e0, (total, x) -> total + x, total -> total) as total",
    "-- it's a comment\nselect json_format(cast(map(array['a'], array['it''s']) as json)) as tags;",
    "create table \"awsdatacatalog\".\"a\".\"b\" with (table_type='iceberg', is_external=false, location='s3://x/y', partitioning=ARRAY['month(d)']) as select date '2026-01-01' as d",
    'create or replace view "awsdatacatalog"."a"."v" as select * from "awsdatacatalog"."a"."b"',
    'merge into "awsdatacatalog"."a"."b" as t using (select 1 as x) as s on (t.x = s.x) when matched then update set x = s.x when not matched then insert (x) values (s.x)',
    "create external table `a`.`f` (x string) partitioned by (d string) stored as parquet location 's3://x/f/'",
    "alter table `a`.`f` add partition (d = '1') location 's3://x/f/d=1/'",
    "alter table `a`.`b` rename to `a`.`c`",
    "create schema if not exists `a`",
]
REFUSED = {
    "a cast of PostgreSQL's": "select '1'::integer as x",
    "a struct of DuckDB's": "select {'a': 1} as x",
    "qualify": "select x from t qualify row_number() over (order by x) = 1",
    "a lambda of DuckDB's": "select list_transform([1], lambda x: x + 1) as x",
    "a function of DuckDB's": "select strptime(x, '%Y') as x from t",
    "a function of other engines": "select right(x, 2) as x from t",
    "a type of Hive's": "select cast(x as string) as x from t",
    "MERGE by source": "merge into a.b as t using (select 1 as x) as s on (t.x = s.x) when not matched by source then delete",
    "a column set with its table": "merge into a.b as t using (select 1 as x) as s on (t.x = s.x) when matched then update set t.x = 1",
    "an external table without a location": "create external table `a`.`f` (x string) stored as parquet",
    "DDL with double quotes": 'alter table "a"."b" rename to "a"."c"',
    "a text longer than a query may be": f"select '{'x' * 262_144}' as x",
}


def test_valid_statements_are_taken() -> None:
    assert rejected(TAKEN) == []


def test_invalid_statements_are_refused_each() -> None:
    said = rejected(list(REFUSED.values()))
    missing = [
        name
        for name, sql in REFUSED.items()
        if not any(s.endswith(" ".join(sql.split())[:100]) for s in said)
    ]
    assert missing == []


def test_rows_of_a_table_made_as_hives_cannot_be_changed() -> None:
    made = (
        'create table "c"."a"."h" with (table_type=\'hive\', external_location=\'s3://x/h\') as select 1 as x'
    )
    assert rejected([made, 'delete from "c"."a"."h" where x = 1']) == [
        'only rows of Iceberg tables can be changed: delete from "c"."a"."h" where x = 1'
    ]
