"""`tally query`: files of each kind, and the published copies while a build holds the warehouse."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from orchestration.cli import main

ROWS = (
    "select date '2026-03-01' as charge_date, 'Disks' as service_name, 1234.5::decimal(38, 12) as effective_cost "
    "union all select date '2026-03-02', '=1+1', null order by charge_date"
)


def query(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["query", *arguments])


@pytest.fixture
def published(lake: Path) -> Path:
    (lake / ".published" / "one").mkdir(parents=True)
    duckdb.sql(f"copy ({ROWS}) to '{lake}/.published/one/daily_cost.parquet'")
    (lake / "published").symlink_to(lake / ".published" / "one")
    return lake


def test_the_ending_says_which_file_is_written(published: Path, tmp_path: Path) -> None:
    for name in ("costs.csv", "costs.csv.gz", "costs.parquet"):
        outcome = query("select * from marts.daily_cost", "--published", "--output", str(tmp_path / name))
        assert outcome.output == f"wrote 2 rows to {tmp_path / name}\n"
    text = (tmp_path / "costs.csv").read_text()
    assert text.splitlines() == [
        "charge_date,service_name,effective_cost",
        "2026-03-01,Disks,1234.500000000000",
        "2026-03-02,=1+1,",
    ]
    assert gzip.decompress((tmp_path / "costs.csv.gz").read_bytes()).decode() == text
    assert duckdb.sql(f"select sum(effective_cost) from '{tmp_path}/costs.parquet'").fetchall() == [(1234.5,)]


def test_excel_gets_numbers_dates_and_texts_but_no_formulas(published: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter", reason="needs the excel extra: uv sync --extra excel")
    file = tmp_path / "costs.xlsx"
    assert query("select * from marts.daily_cost", "--published", "--output", str(file)).exit_code == 0
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1234.5</v>" in sheet and "<v>46082</v>" in sheet  # the day, as Excel counts from 1900
    assert "<t>=1+1</t>" in sheet and "<f>" not in sheet


def test_the_published_copies_need_no_warehouse(published: Path) -> None:
    outcome = query("select service_name from marts.daily_cost limit 1", "--published", "--format", "csv")
    assert outcome.output.splitlines() == ["service_name", "Disks"]
    assert not (published / "warehouse.duckdb").exists()


def test_what_is_not_published_is_told(lake: Path) -> None:
    outcome = query("select 1", "--published")
    assert outcome.exit_code == 1 and "run `tally build`, then `tally publish`" in outcome.output


@pytest.mark.parametrize(
    "sql", ["create table x as select 1", "select 1; select 2", "copy (select 1) to 'x.csv'"]
)
def test_only_one_select_is_asked_of_the_copies(published: Path, sql: str, tmp_path: Path) -> None:
    for more in ([], ["--output", str(tmp_path / "x.csv")]):
        outcome = query(sql, "--published", *more)
        assert outcome.exit_code == 1 and "write one SELECT" in outcome.output
    assert not (tmp_path / "x.csv").exists()


def test_a_failed_query_leaves_the_file_before(published: Path, tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("before")
    outcome = query(
        "select nothing from marts.daily_cost", "--published", "--output", str(tmp_path / "costs.csv")
    )
    assert outcome.exit_code == 1 and "nothing" in outcome.output
    assert [(path.name, path.read_text()) for path in tmp_path.glob("*costs.csv")] == [
        ("costs.csv", "before")
    ]


@pytest.mark.parametrize(
    ("name", "told"), [("costs.txt", ".parquet or .xlsx"), ("nowhere/costs.csv", "make it first")]
)
def test_a_file_that_cannot_be_is_told(published: Path, tmp_path: Path, name: str, told: str) -> None:
    outcome = query("select 1", "--published", "--output", str(tmp_path / name))
    assert outcome.exit_code == 1 and told in outcome.output
