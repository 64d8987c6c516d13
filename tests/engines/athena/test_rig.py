"""The stand-in answers and refuses as Athena's and Trino's documentation say, on values worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from athena.rig import Rig, running

pytestmark = [pytest.mark.engines, pytest.mark.slow]
ICEBERG = "with (table_type = 'iceberg', is_external = false, location = 's3://cloudtally-tables/{0}', format = 'parquet'{1})"


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with running(tmp_path_factory.mktemp("athena")) as started:
        started.query("create schema if not exists `x`")
        yield started


def create(rig: Rig, name: str, select: str, more: str = "") -> None:
    rig.query(f"create table x.{name} {ICEBERG.format(name, more)} as {select}")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("7 / 2", "3"),
        ("sum(x) / count(*) from (values 3, 4) as t(x)", "3"),
        ("cast(1 as decimal(38, 12)) / 3", "0.333333333333"),
        ("cast(1.25e11 as varchar)", "1.25E11"),
        ("cast(cast('2026-01-02 03:04:05.123456' as timestamp(6)) as varchar)", "2026-01-02 03:04:05.123456"),
        ("cast('2026-01-02 03:04:05.123456' as timestamp)", "2026-01-02 03:04:05.123"),
        ("try_cast('2026-01-02T03:04:05Z' as timestamp)", None),
        ("date_trunc('month', date '2026-02-15')", "2026-02-01"),
        ("date_add('month', 1, date '2026-01-31')", "2026-02-28"),
        ("date_diff('month', date '2026-01-31', date '2026-02-27')", "0"),
        ("json_format(cast(map(array['b', 'a'], array['x', 'y']) as json))", '{"a":"y","b":"x"}'),
        ('json_format(json_parse(\'{"b": 1, "a": 2}\'))', '{"a":2,"b":1}'),
        ("json_format(cast('a' as json))", '"a"'),
        ("concat('a', cast(null as varchar))", None),
        ("regexp_extract('abc', 'x(.)', 1)", None),
        ("split_part('a,b', ',', 3)", None),
        ("greatest(1, null)", None),
        ("element_at(map(array['a'], array[1]), 'b')", None),
        (
            "cast(at_timezone(from_iso8601_timestamp('2026-07-01T00:00:00-07:00'), 'UTC') as timestamp)",
            "2026-07-01 07:00:00.000",
        ),
        ("array['a', null]", "[a, null]"),
        ("map(array['a'], array[1.5])", "{a=1.5}"),
    ],
)
def test_values_are_trinos(rig: Rig, expression: str, value: str | None) -> None:
    assert rig.query(f"select {expression}")[1] == [(value,)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select 1 where date '2026-01-01' > '2026-01-01'", "TYPE_MISMATCH"),
        ("select 1 where 1 = '1'", "TYPE_MISMATCH"),
        ("select concat('a', 1)", "TYPE_MISMATCH"),
        ("select coalesce('a', 1)", "TYPE_MISMATCH"),
        ("select md5('a')", "Unexpected parameters"),
        ("select cast(1 as decimal(38, 12)) / 0", "DIVISION_BY_ZERO"),
        ("select * from x.nothing", "TABLE_NOT_FOUND"),
        ("select 1; select 2", "Only one sql statement"),
        (
            f"create table x.a {ICEBERG.format('a', '')} as select timestamp '2026-01-01 00:00:00' as t",
            "precision",
        ),
        (
            "create table x.a with (external_location = 's3://cloudtally-tables/a') as select cast(now() as timestamp(6)) as t",
            "MILLISECONDS",
        ),
        (
            "create table x.a with (external_location = 's3://cloudtally-tables/a') as select now() as t",
            "Unsupported Hive type",
        ),
        ("create or replace view x.a as select now() as t", "Unsupported Hive type"),
        (
            "create table x.a with (table_type = 'iceberg', location = 's3://cloudtally-tables/a') as select 1 as x",
            "is_external",
        ),
        ("create table x.a with (table_type = 'iceberg', is_external = false) as select 1 as x", "location"),
        (
            f"create table x.a {ICEBERG.format('a', ', bucketed_by = ARRAY[' + chr(39) + 'x' + chr(39) + ']')} as select 1 as x",
            "bucketed_by",
        ),
        (
            f"create table x.a {ICEBERG.format('a', '')} as select count(*) from x.numbers",
            "Column name not specified",
        ),
        ("create table x.a with (external_location = 's3://no-such-bucket/a') as select 1 as x", "bucket"),
        ("insert into x.numbers select 'a'", "TYPE_MISMATCH"),
    ],
)
def test_what_athena_refuses_is_refused(rig: Rig, sql: str, reason: str) -> None:
    if rig.client("glue").get_tables(DatabaseName="x")["TableList"] == []:
        create(rig, "numbers", "select 1 as n")
    with pytest.raises(RuntimeError, match=reason):
        rig.query(sql)


def test_a_merge_changes_iceberg_tables_alone(rig: Rig) -> None:
    create(rig, "kept", "select * from (values (1, 'a'), (2, 'b')) as t(k, v)")
    merge = "merge into x.{} as t using (select * from (values (2, 'c'), (3, 'd')) as s(k, v)) as s on (t.k = s.k) when matched then update set v = s.v when not matched then insert (k, v) values (s.k, s.v)"
    rig.query(merge.format("kept"))
    assert rig.query("select k, v from x.kept order by k")[1] == [("1", "a"), ("2", "c"), ("3", "d")]
    rig.query(
        "create table x.hive with (external_location = 's3://cloudtally-tables/hive') as select 1 as k, 'a' as v"
    )
    for sql in (merge.format("hive"), "delete from x.hive where k = 1", "update x.hive set v = 'b'"):
        with pytest.raises(RuntimeError, match="only supported for transactional tables"):
            rig.query(sql)


def test_a_row_is_merged_once(rig: Rig) -> None:
    create(rig, "once", "select 1 as k")
    with pytest.raises(RuntimeError, match="MERGE_TARGET_ROW_MULTIPLE_MATCHES"):
        rig.query(
            "merge into x.once as t using (select * from (values 1, 1) as s(k)) as s on (t.k = s.k) when matched then delete"
        )


def test_at_most_a_hundred_partitions_are_written(rig: Rig) -> None:
    days = "select date_add('day', n, date '2026-01-01') as d from unnest(sequence(1, {})) as t(n)"
    create(rig, "days", days.format(100), ", partitioning = ARRAY['d']")
    with pytest.raises(RuntimeError, match="TOO_MANY_OPEN_PARTITIONS"):
        create(rig, "more_days", days.format(101), ", partitioning = ARRAY['d']")
    with pytest.raises(RuntimeError, match="TOO_MANY_OPEN_PARTITIONS"):
        rig.query(f"insert into x.days {days.format(101)}")
    create(rig, "months", days.format(400), ", partitioning = ARRAY['month(d)']")


def test_a_view_reads_what_its_table_is_now(rig: Rig) -> None:
    create(rig, "old", "select 1 as n")
    rig.query("create or replace view x.seen as select n from x.old")
    rig.query("alter table `x`.`old` rename to `x`.`older`")
    with pytest.raises(RuntimeError, match="TABLE_NOT_FOUND"):
        rig.query("select * from x.seen")
    create(rig, "old_2", "select 2 as n")
    rig.query("alter table `x`.`old_2` rename to `x`.`old`")
    assert rig.query("select * from x.seen")[1] == [("2",)]


def test_a_tables_rows_go_with_its_objects(rig: Rig) -> None:
    rig.query("create table x.gone with (external_location = 's3://cloudtally-tables/gone') as select 1 as n")
    with pytest.raises(RuntimeError, match="HIVE_PATH_ALREADY_EXISTS"):
        rig.query(
            "create table x.again with (external_location = 's3://cloudtally-tables/gone') as select 1 as n"
        )
    s3 = rig.client("s3")
    for found in s3.list_objects_v2(Bucket="cloudtally-tables", Prefix="gone/")["Contents"]:
        s3.delete_object(Bucket="cloudtally-tables", Key=found["Key"])
    assert rig.query("select * from x.gone")[1] == []


def test_parquet_of_the_lake_is_read_by_partition(rig: Rig, tmp_path: Path) -> None:
    uri = rig.lake_uri(tmp_path)
    for name, value in (("one", 1), ("two", 2), ("other", 3)):
        (tmp_path / name).mkdir()
        select = f"select {value} as n, timestamp '2026-01-01 00:00:00.123456' as t"
        duckdb.sql(f"copy ({select}) to '{tmp_path / name / 'part-0.parquet'}'")
    rig.query(
        f"create external table `x`.`files` (n int, t timestamp, absent string) partitioned by (d string) stored as parquet location '{uri}/'"
    )
    assert rig.query("select * from x.files")[1] == []
    rig.query(
        f"alter table `x`.`files` add partition (d = 'a') location '{uri}/one/' partition (d = 'b') location '{uri}/two/'"
    )
    rows = rig.query("select * from x.files order by n")[1]
    assert rows == [("1", "2026-01-01 00:00:00.123", None, "a"), ("2", "2026-01-01 00:00:00.123", None, "b")]
    rig.query(f"create external table `x`.`wrong` (n string) stored as parquet location '{uri}/other/'")
    with pytest.raises(RuntimeError, match="HIVE_BAD_DATA"):
        rig.query("select * from x.wrong")


def test_pages_of_a_result(rig: Rig) -> None:
    columns, rows = rig.query("select n from unnest(sequence(1, 2500)) as t(n) order by n")
    assert columns == ["n"] and [int(n) for (n,) in rows] == list(range(1, 2501))


def test_a_query_too_long_is_no_request(rig: Rig) -> None:
    with pytest.raises(rig.client("athena").exceptions.InvalidRequestException):
        rig.query(f"select '{'x' * 262_144}'")
