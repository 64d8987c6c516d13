"""`tally export focus`: which rows and columns a file holds, in which format, and what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import charges
import duckdb
import pytest
from click.testing import CliRunner, Result

from orchestration.focus_commands import export


def run(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(export, ["focus", "--out", str(out), *arguments])


@pytest.mark.parametrize("ending", ["parquet", "csv", "csv.gz"])
def test_a_file_holds_every_charge_and_the_specifications_columns(
    warehouse: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / "new" / f"focus.{ending}"
    outcome = run(out)
    assert outcome.exit_code == 0, outcome.output
    assert "8 rows" in outcome.output and "57 columns" in outcome.output
    with duckdb.connect() as connection:
        read = connection.execute(f"describe select * from '{out}'").fetchall()
        assert [column for column, *_ in read] == list(charges.USAGE)
        held = connection.execute(f"select count(*), sum(BilledCost) from '{out}'").fetchone()
    assert held == (8, 4)
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_times_in_a_text_file_are_utc_with_a_z(warehouse: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "focus.csv.gz").exit_code == 0
    with gzip.open(tmp_path / "focus.csv.gz", "rt") as text:
        assert "2026-09-01T00:00:00Z" in text.read()


def test_a_period_and_a_provider_choose_rows(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "focus.parquet"
    for arguments, rows in (
        (["--period", "2026-10"], 1),
        (["--period", "2026-09"], 7),
        (["--provider", "cloud"], 7),
        (["--provider", "other", "--period", "2026-10"], 1),
    ):
        outcome = run(out, *arguments)
        assert outcome.exit_code == 0 and f"{rows} rows" in outcome.output, (arguments, outcome.output)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("focus.xlsx", [], ".parquet"),
        ("focus.parquet", ["--version", "1.4"], "focus_1_4"),
        ("focus.parquet", ["--provider", "nobody"], "cloud, other"),
        ("focus.parquet", ["--provider", "other", "--period", "2026-09"], "no row matches"),
    ],
)
def test_what_cannot_be_written_is_a_message_and_no_file(
    warehouse: Path, tmp_path: Path, name: str, arguments: list[str], said: str
) -> None:
    outcome = run(tmp_path / name, *arguments)
    assert outcome.exit_code == 1 and said in outcome.output and "Traceback" not in outcome.output
    assert not list(tmp_path.glob("*focus*"))


def test_a_failed_export_leaves_the_earlier_file(warehouse: Path, tmp_path: Path) -> None:
    out = tmp_path / "focus.parquet"
    assert run(out).exit_code == 0
    before = out.read_bytes()
    assert run(out, "--provider", "other", "--period", "2026-09").exit_code == 1
    assert out.read_bytes() == before


def test_a_billing_account_of_two_providers_is_not_divided(warehouse: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create or replace view marts.cost_and_usage as select unnest(['cloud', 'other']) as provider,"
            " '100' as billing_account_id"
        )
    outcome = run(tmp_path / "focus.parquet", "--provider", "cloud")
    assert outcome.exit_code == 1 and "100" in outcome.output


def test_no_warehouse_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(tmp_path / "none.duckdb"))
    outcome = run(tmp_path / "focus.parquet")
    assert outcome.exit_code == 1 and "tally build" in outcome.output
