"""The stand-in against what Microsoft's reference says of dedicated SQL pools."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from .pool import PoolError
from .pool.engine import Session
from .rig import Rig, running

pytestmark = pytest.mark.engines


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path / "rig") as found:
        yield found


@pytest.fixture
def session(rig: Rig) -> Iterator[Session]:
    pool = rig._opened()
    session = pool.session()
    session.execute("create schema s")
    yield session
    pool.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session that its tests change nothing in."""
    with running(tmp_path_factory.mktemp("reader")) as rig:
        pool = rig._opened()
        session = pool.session()
        session.execute("create schema s")
        yield session
        pool.close()


def value(session: Session, expression: str) -> object:
    return session.execute(f"select {expression} as value")[0].rows[0][0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cast('abcdefghijklmnopqrstuvwxyz0123456789' as varchar)", "abcdefghijklmnopqrstuvwxyz0123"),  # 30
        ("cast('abcdef' as varchar(3))", "abc"),
        ("len('ab  ')", 2),
        ("'a' + null", None),
        ("concat('a', null, 1)", "a1"),
        ("5 / 2", 2),
        ("-5 / 2", -2),
        ("5.0 / 2", 2.5),
        ("cast(2.9 as int)", 2),
        ("cast('' as int)", 0),
        ("cast('' as date)", dt.date(1900, 1, 1)),
        ("cast('2026-01-31T00:00:00Z' as date)", dt.date(2026, 1, 31)),
        ("try_cast('n/a' as date)", None),
        ("try_convert(date, '03/04/2026', 101)", dt.date(2026, 3, 4)),
        ("case when 'Team' = 'team' then 1 else 0 end", 1),
        ("case when 'Team' collate Latin1_General_BIN2 = 'team' then 1 else 0 end", 0),
        ("charindex('B', 'abc')", 2),
        ("charindex('B', 'abc' collate Latin1_General_BIN2)", 0),
        ("replace('aXbx', 'x', '\\')", "a\\b\\"),
        ("patindex('%[^a-z]%', 'abc1')", 4),
        ("case when 'a1' like '[a-z][0-9]' then 1 else 0 end", 1),
        ("case when 'abc' not like '%B%' then 1 else 0 end", 0),
        ("case when 'abc' not like '%[0-9]%' then 1 else 0 end", 1),
        ("substring('abc', 0, 2)", "a"),
        ("stuff('abc', 2, 1, 'xx')", "axxc"),
        ("datediff(month, '2026-01-31', '2026-02-01')", 1),
        ("dateadd(month, 1, cast('2026-01-31' as datetime2(6)))", dt.datetime(2026, 2, 28)),
        ("eomonth('2024-02-03')", dt.date(2024, 2, 29)),
        (
            "cast('2026-01-01 01:30:00+01:00' as datetimeoffset) at time zone 'UTC'",
            dt.datetime(2026, 1, 1, 0, 30),
        ),
        ('json_value(\'{"a": {"b": "x"}}\', \'$.a.b\')', "x"),
        ('json_value(\'{"a": {"b": "x"}}\', \'$.a\')', None),
        ("json_query('{\"a\": {\"b\": 1}}', '$.a')", '{"b":1}'),
        ("isjson('{\"a\": 1}') + isjson('a')", 1),
        ("convert(varchar(32), hashbytes('MD5', 'a'), 2)", "0CC175B9C0F1B6A831C399E269772661"),
        ("cast(cast(0.123456789 as float) as varchar(20))", "0.123457"),
        # 38 digits leave six places to a product or quotient of costs
        ("cast(1 as decimal(38, 12)) / cast(3 as decimal(38, 12))", 0.333333),
        ("cast(0.00000012 as decimal(38, 12)) * cast(2 as decimal(38, 12))", 0),
    ],
)
def test_an_expression_means_what_it_means_in_tsql(
    reader: Session, expression: str, expected: object
) -> None:
    assert value(reader, expression) == expected


def test_openjson_gives_rows_of_lists_and_of_objects(reader: Session) -> None:
    found = reader.execute(
        """select j.[key], j.value, j.type from openjson('{"a": "x", "b": 1, "c": null, "d": true}') as j order by j.[key]"""
    )[0]
    assert found.rows == [("a", "x", 1), ("b", "1", 2), ("c", None, 0), ("d", "true", 3)]
    summed = """
        select lists.name, (
            select sum(j.amount) from openjson(lists.list) with (amount float '$.amount', kind varchar(10) '$.type') as j
            where j.kind = 'a'
        ) as amount
        from (select 'one' as name, '[{"amount": 1.5, "type": "a"}, {"amount": 2, "type": "b"}]' as list
              union all select 'none', null) as lists order by lists.name
    """
    assert reader.execute(summed)[0].rows == [("none", None), ("one", 1.5)]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select a from s.t limit 5", "LIMIT"),
        ("select a = b, a > b as larger from s.t", "condition"),
        ("select case when is_a then 1 end as a from s.t", "value where a condition"),
        ("select a from s.t where true", "TRUE"),
        ("select a from s.t group by 1", "GROUP BY"),
        ("select * from (with a as (select 1 as x) select x from a) as b", "WITH"),
        ("select greatest(a, b) as a from s.t", "greatest"),
        ("select string_escape(a, 'json') as a from s.t", "string_escape"),
        ("select a from s.t where a is distinct from b", "DISTINCT FROM"),
        ("select a || b as a from s.t", "||"),
        ("select cast(a as text) as a from s.t", "type text"),
        ("select cast(a as double) as a from s.t", "type double"),
        ("select sum((select 1)) as a from s.t", "aggregate"),
        ("select a from s.t where (a, b) in (select a, b from s.u)", "several columns"),
        ("select x.a from (values (1), (2)) as x (a)", "VALUES"),
        ("select a from s.t join s.u using (a)", "USING"),
        ("create view s.v as select 1", "without a name"),
        ("create view s.v as select a from s.t order by a", "ORDER BY"),
        ("create or alter view s.v as select 1 as a", "OR ALTER"),
        ("drop table if exists s.t", "IF EXISTS"),
        ("create table s.t with (heap) as select 1 as a", "DISTRIBUTION"),
        ("create table s.t with (distribution = hash, heap) as select 1 as a", "DISTRIBUTION"),
        ("create table s.t with (distribution = hash(b), heap) as select 1 as a", "distribution column"),
        ("use other", "USE"),
        ("create schema q; create schema r", "only statement"),
        ("select cast('2026-13-01' as date) as a", "Conversion failed"),
        ("select left('abc', -1) as a", "Invalid length"),
        ("select 1 / 0 as a", "Divide by zero"),
        ("select json_value('{', '$.a') as a", "Malformed JSON"),
    ],
)
def test_the_pool_refuses(reader: Session, statement: str, said: str) -> None:
    with pytest.raises(PoolError, match=said.replace("|", r"\|")):
        reader.execute(statement)


def test_merge_needs_a_hash_distributed_target(session: Session) -> None:
    merge = """
        merge into s.{0} as kept using s.fresh as fresh on kept.id = fresh.id
        when matched then update set name = fresh.name when not matched then insert (id, name) values (id, name)
    """
    session.execute(
        "create table s.fresh with (distribution = round_robin, heap) as select 1 as id, 'new' as name"
    )
    session.execute(
        "exec('create table s.a with (distribution = hash(id), heap) as select 1 as id, ''old'' as name')"
    )
    session.execute(
        "create table s.b with (distribution = round_robin, heap) as select 1 as id, 'old' as name"
    )
    session.execute(merge.format("a") + ";")
    assert session.execute("select name from s.a")[0].rows == [("new",)]
    with pytest.raises(PoolError, match="hash distributed"):
        session.execute(merge.format("b") + ";")
    with pytest.raises(PoolError, match="semicolon"):
        session.execute(merge.format("a"))
    session.execute("rename object s.a to c")
    session.execute(merge.format("c") + ";")  # the distribution goes with the name


def test_a_batch_needs_no_semicolons_between_its_statements(session: Session) -> None:
    session.execute("create table s.t (id int, name varchar(3)) with (distribution = round_robin, heap)")
    results = session.execute("""
        if object_id('[pool].[s].[t]', 'U') is not null begin insert into s.t (id, name) select 1, 'a' union all select 2, 'b' end
        update kept set name = fresh.name from s.t as kept inner join (select 2 as id, 'c' as name) as fresh
            on fresh.id = kept.id where kept.name in ('b') option (label = 'l')
        exec('create view s.v as select name from s.t')
        select name from s.v order by name
        delete kept from s.t as kept where kept.id = 1
        exec('drop view s.v')
    """)
    assert [result.rows for result in results if result.columns] == [[("a",), ("c",)]]
    assert session.execute("select id, name from s.t")[0].rows == [(2, "c")]
    with pytest.raises(PoolError, match="truncated") as raised:
        session.execute("insert into s.t (id, name) select 3, 'long'")
    assert raised.value.state == "22001"


def test_a_failed_transaction_leaves_nothing(session: Session) -> None:
    session.execute("create table s.t (id int, name varchar(3)) with (distribution = round_robin, heap)")
    session.execute("insert into s.t (id, name) select 1, 'a'")
    with pytest.raises(PoolError, match="truncated"):
        session.execute(
            "begin transaction; delete from s.t where id = 1; insert into s.t (id, name) select 2, 'long'; commit"
        )
    assert session.execute("select name from s.t")[0].rows == [("a",)]
    session.execute(
        "begin transaction; delete from s.t where id = 1; insert into s.t (id, name) select 2, 'b'; commit"
    )
    assert session.execute("select name from s.t")[0].rows == [("b",)]
    with pytest.raises(PoolError, match="inside a user transaction"):
        session.execute("begin transaction; drop table s.t; commit")


def test_an_external_table_reads_the_folder_of_a_mounted_lake(rig: Rig, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    (lake / "flat" / "delivery=a").mkdir(parents=True)
    with duckdb.connect() as writer:
        writer.execute(
            f"copy (select 'x' as name, 1.5::decimal(38, 12) as cost) to '{lake}/flat/delivery=a/part-0.parquet'"
        )
    container, folder = rig.lake_uri(lake).rsplit("/", 1)
    assert rig.lake_uri(lake) == f"{container}/{folder}"
    define = """
        create external table s.{0} ({1}) with (location = '/{2}/flat/', data_source = lake, file_format = parquet)
    """
    pool = rig._opened()
    session = pool.session()
    session.execute("create schema s")
    session.execute(f"create external data source lake with (type = hadoop, location = '{container}')")
    session.execute("create external file format parquet with (format_type = parquet)")
    session.execute(define.format("bills", "name varchar(10), cost decimal(38, 12)", folder))
    with pytest.raises(PoolError, match="not compatible"):
        session.execute(define.format("wrong", "name int, cost decimal(38, 12)", folder))
    with pytest.raises(PoolError, match="no file"):
        session.execute(define.format("empty", "name int", folder + "/none"))
    with pytest.raises(PoolError, match="Cannot drop"):
        session.execute("drop table s.bills")
    pool.close()
    assert rig.query("select name, cost from s.bills") == (["name", "cost"], [("x", Decimal("1.5"))])
    with duckdb.connect() as writer:
        writer.execute(
            f"copy (select 'longer than ten' as name, 2::decimal(38, 12) as cost) to '{lake}/flat/b.parquet'"
        )
    with pytest.raises(PoolError, match="truncated"):
        rig.query("select name from s.bills")
