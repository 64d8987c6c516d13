"""The `tally` command as a person meets it: what it prints and how it exits."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from ingestion import LandingError, LandingResult, Skipped
from orchestration.cli import main


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


@pytest.mark.parametrize("sql", ["", "  ", "-- only a comment", "/* nothing */", ";"])
def test_a_query_without_a_statement_says_what_to_write(lake: Path, sql: str) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    outcome = CliRunner().invoke(main, ["query", sql])
    assert outcome.exit_code == 1 and "NoneType" not in outcome.output
    assert "holds no statement" in outcome.output and "tally query" in outcome.output


def test_a_query_may_begin_with_a_comment(lake: Path) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    outcome = CliRunner().invoke(main, ["query", "-- all\nselect 42 as answer"])
    assert outcome.exit_code == 0 and "42" in outcome.output


def test_a_month_that_is_none_is_refused_before_anything_is_built(lake: Path) -> None:
    for period in ("2026-13", "2026-1", "september"):
        outcome = CliRunner().invoke(main, ["build", "--period", period])
        assert outcome.exit_code == 2 and "YYYY-MM" in outcome.output
    assert not lake.exists()


def test_brackets_in_a_value_are_shown_as_they_are(lake: Path) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    for value in ("disk[red]1", "a[/b]"):
        outcome = CliRunner().invoke(main, ["query", f"select '{value}' as name"])
        assert outcome.exit_code == 0 and value in outcome.output


def test_status_of_a_warehouse_without_marts_says_to_build(lake: Path) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    outcome = CliRunner().invoke(main, ["status"])
    assert outcome.exit_code == 1 and "tally build" in outcome.output and "Traceback" not in outcome.output
    assert isinstance(outcome.exception, SystemExit)


def test_a_query_cannot_write(lake: Path) -> None:
    lake.mkdir()
    duckdb.connect(str(lake / "warehouse.duckdb")).close()
    outcome = CliRunner().invoke(main, ["query", "create table costs as select 1 as cost"])
    assert outcome.exit_code == 1 and "read-only" in outcome.output


def test_deliveries_settled_before_an_error_are_still_told(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(*arguments: object, **options: object) -> LandingResult:
        error = LandingError("part[2].csv: cannot be read")
        error.result = LandingResult(skipped=(Skipped("cur2/one 2026-01", "already landed", None),))
        raise error

    monkeypatch.setattr("orchestration.cli.land", half)
    outcome = CliRunner().invoke(main, ["land", "aws", "--source", "bills"])
    assert outcome.exit_code == 1
    told = next(line for line in outcome.output.splitlines() if "already landed" in line)
    assert told.split()[:4] == ["-", "cur2", "one", "2026-01"] and "part[2].csv" in outcome.output


def test_a_rollback_makes_an_older_delivery_current_and_prune_keeps_it(lake: Path, tmp_path: Path) -> None:
    header = "BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency,ProviderName"
    bill = tmp_path / "bill.csv"
    run = CliRunner()
    for day, cost in ((1, "5"), (2, "6")):
        bill.write_text(f"{header}\na,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,Usage,{cost},USD,Acme\n")
        os.utime(bill, (1770000000 + day * 86400, 1770000000 + day * 86400))
        assert run.invoke(main, ["land", "focus", "--source", str(bill)]).exit_code == 0
    records = [json.loads(path.read_text()) for path in lake.rglob("delivery.json")]
    oldest = min(records, key=lambda record: record["exported_at"])["delivery_id"]

    assert run.invoke(main, ["rollback", oldest]).exit_code == 0
    assert run.invoke(main, ["prune", "--keep", "1"]).exit_code == 0
    kept = [json.loads(path.read_text()) for path in lake.rglob("delivery.json")]
    assert [record["restores"] for record in kept] == [oldest]
    assert run.invoke(main, ["rollback", "0000"]).exit_code == 1
