"""The `tally` command as a person meets it: what it prints and how it exits."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from orchestration.cli import main


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return tmp_path / "lake"


def test_status_without_a_warehouse_says_what_to_do(lake: Path) -> None:
    outcome = CliRunner().invoke(main, ["status"])
    assert outcome.exit_code == 1 and "tally build" in outcome.output and "Traceback" not in outcome.output


def test_landing_what_is_no_bill_is_a_clear_error(lake: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    outcome = CliRunner().invoke(main, ["land", "aws", "--source", str(tmp_path / "notes.csv")])
    assert outcome.exit_code == 1 and "notes.csv" in outcome.output and "Traceback" not in outcome.output
    assert not list(lake.rglob("delivery.json"))


def test_query_prints_a_table_and_csv(lake: Path) -> None:
    lake.mkdir()
    with duckdb.connect(str(lake / "warehouse.duckdb")) as connection:
        connection.execute("create table costs as select 'aws' as provider, 1.5 as cost")
    table = CliRunner().invoke(main, ["query", "select * from costs"])
    assert table.exit_code == 0 and "provider" in table.output and "1.5" in table.output
    written = CliRunner().invoke(main, ["query", "select * from costs", "--format", "csv"])
    assert written.output.splitlines() == ["provider,cost", "aws,1.5"]


def test_a_wrong_query_is_a_message_and_not_a_traceback(lake: Path) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    outcome = CliRunner().invoke(main, ["query", "select nothing from nowhere"])
    assert outcome.exit_code == 1 and "nowhere" in outcome.output
