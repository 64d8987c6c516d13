"""The emulated BigQuery where it stands in for what the real one documents: external tables, load jobs, its own types."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from bigquery import rig as bigquery_rig
from google.api_core.exceptions import BadRequest, NotFound
from google.cloud import bigquery

pytestmark = pytest.mark.engines

BILL = """
    select 'a' as scope, 7::integer as days, 1.25::decimal(38, 12) as cost, timestamptz '2026-01-01 00:30:00+01:00' as seen,
        [{'key': 'team', 'value': 'web'}] as labels, {'month': '202601'} as invoice
    union all select 'b', null, null, null, null, null
"""
OPTIONS = "format = 'PARQUET', enable_list_inference = true, decimal_target_types = ['BIGNUMERIC']"


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bigquery_rig.Rig]:
    with bigquery_rig.running(tmp_path_factory.mktemp("bigquery")) as running:
        running.query("create schema raw")
        yield running


@pytest.fixture
def uri(rig: bigquery_rig.Rig, tmp_path: Path) -> str:
    """A bucket with the bill in one Parquet file."""
    write(tmp_path / "bill.parquet", BILL)
    return rig.lake_uri(tmp_path)


def write(path: Path, select: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"copy ({select}) to '{path}' (format parquet)")


def test_an_external_table_reads_its_files_at_each_query(rig, uri, tmp_path) -> None:
    columns = "scope string, days int64, cost bignumeric(38, 12), seen timestamp, absent string"
    rig.query(
        f"create or replace external table raw.bill ({columns}) options ({OPTIONS}, uris = ['{uri}/bill.parquet'])"
    )
    names, rows = rig.query("select * from raw.bill order by scope")
    assert names == ["scope", "days", "cost", "seen", "absent"]
    assert rows[0] == ("a", 7, Decimal("1.25"), datetime(2025, 12, 31, 23, 30, tzinfo=UTC), None)
    assert rows[1] == ("b", None, None, None, None)
    write(tmp_path / "bill.parquet", BILL + " union all select 'c', 1, 1, null, null, null")
    assert rig.query("select count(*) as n from raw.bill")[1] == [(3,)]


def test_a_repeated_column_is_never_null(rig, uri) -> None:
    rig.query(f"create or replace external table raw.bill options ({OPTIONS}, uris = ['{uri}/*.parquet'])")
    sql = "select scope, invoice.month, (select max(e.value) from unnest(labels) as e), labels is null from raw.bill order by scope"
    assert rig.query(sql)[1] == [("a", "202601", "web", False), ("b", None, None, False)]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("format = 'PARQUET', decimal_target_types = ['BIGNUMERIC']", "enable_list_inference"),
        ("format = 'PARQUET', enable_list_inference = true", "BIGNUMERIC"),
        ("format = 'CSV'", "Parquet"),
    ],
)
def test_options_that_the_files_need(rig, uri, options: str, error: str) -> None:
    with pytest.raises(BadRequest, match=error):
        rig.query(f"create external table raw.other options ({options}, uris = ['{uri}/bill.parquet'])")


def test_a_file_that_is_not_there(rig, uri) -> None:
    with pytest.raises(NotFound, match="nothing.parquet"):
        rig.query(f"create external table raw.other options ({OPTIONS}, uris = ['{uri}/nothing.parquet'])")


def test_a_load_job_reads_an_empty_field_as_an_empty_text(rig) -> None:
    schema = [bigquery.SchemaField("name", "STRING"), bigquery.SchemaField("number", "INT64")]
    job = rig.client.load_table_from_file(
        io.BytesIO(b"name,number\n,\nx,2\n"),
        f"{bigquery_rig.PROJECT}.raw.loaded",
        job_config=bigquery.LoadJobConfig(schema=schema, skip_leading_rows=1),
    )
    job.result()
    assert sorted(rig.query("select * from raw.loaded")[1]) == [("", None), ("x", 2)]
    assert "create table if not exists" in rig.statements()[-2]


def test_a_statement_that_fails_is_recorded_and_tried_once(rig) -> None:
    with pytest.raises((BadRequest, NotFound)):
        rig.query("select nothing from raw.nowhere")
    assert rig.statements()[-1] == "select nothing from raw.nowhere"


def test_values_come_as_pythons_own(rig) -> None:
    sql = "select date '2026-01-31' as d, cast('0.123456789012' as bignumeric(38, 12)) as m, true as b, 0.5 as f"
    assert rig.query(sql)[1] == [(date(2026, 1, 31), Decimal("0.123456789012"), True, 0.5)]


def test_the_server_ends_with_its_block(tmp_path: Path) -> None:
    with bigquery_rig.running(tmp_path) as running:
        pid = running.pid
    assert not Path(f"/proc/{pid}").exists()
