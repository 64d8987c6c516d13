"""The README's first command, whole and small: bills made, landed, built, shown, and what it may not touch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion import land
from orchestration import demo_estate, terminal
from orchestration.cli import main

SMALL = ["demo", "--months", "1", "--scale", "0.02"]


@pytest.mark.slow
def test_the_demo_ends_with_every_provider_reconciled(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal.console, "width", 80)
    outcome = CliRunner().invoke(main, SMALL)
    assert outcome.exit_code == 0, outcome.output
    for expected in ("aws", "azure", "gcp", "northwind-data-cloud", "USD", "EUR", "done in"):
        assert expected in outcome.output
    landing = outcome.output.partition("Landing\n")[2].partition("built and tested")[0]
    starts = [
        line.split(" ")[0] for line in landing.splitlines() if not line.startswith((" ", "delivery", "─"))
    ]
    assert len(starts) == 5 and all(re.fullmatch("[0-9a-f]{16}|[0-9]+", start) for start in starts), landing
    sql = "select count(distinct provider), max(abs(coalesce(residual, 0))) <= 1e-6 from marts.reconciliation"
    told = CliRunner().invoke(main, ["query", sql, "--format", "csv"])
    assert told.output.splitlines()[1] == "4,True"


def test_the_demo_leaves_a_lake_of_real_bills_alone(lake: Path, tmp_path: Path) -> None:
    bill = tmp_path / "bill.csv"
    bill.write_text(
        "ProviderName,BillingAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency\n"
        "Acme,1,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,Usage,1.00,USD\n"
    )
    assert land("focus", str(bill), str(lake)).landed
    outcome = CliRunner().invoke(main, SMALL)
    assert outcome.exit_code == 1 and "CLOUDTALLY_LAKE" in outcome.output
    assert len(list(lake.rglob("delivery.json"))) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"bill.csv", "lake"}  # no bills were made in vain


@pytest.mark.parametrize(
    "remote", ["s3://bucket/lake", "abfss://lake@account.dfs.core.windows.net/x", "gs://b"]
)
def test_the_demo_needs_a_local_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remote: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLOUDTALLY_LAKE", remote)
    outcome = CliRunner().invoke(main, SMALL)
    assert outcome.exit_code == 1 and "the demo needs a local lake for now" in outcome.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("files", [["mine.txt"], ["truth/mine.txt"], [demo_estate.MARKER, "mine.txt"]])
def test_a_folder_that_holds_what_the_demo_did_not_write_is_never_touched(
    lake: Path, tmp_path: Path, files: list[str]
) -> None:
    bills = tmp_path / "lake-demo-bills"
    for name in files:
        (bills / name).parent.mkdir(parents=True, exist_ok=True)
        (bills / name).write_text("mine")
    outcome = CliRunner().invoke(main, SMALL)
    assert outcome.exit_code == 1 and str(bills) in outcome.output and "move it away" in outcome.output
    assert sorted(str(p.relative_to(bills)) for p in bills.rglob("*") if p.is_file()) == sorted(files)
    assert not lake.exists()


def test_an_earlier_demos_bills_are_replaced_whole(lake: Path, tmp_path: Path) -> None:
    bills = demo_estate.folder()
    demo_estate.make(bills, seed=7, months=2, scale=0.01)
    assert list(bills.rglob("*202609*"))
    demo_estate.make(demo_estate.folder(), seed=7, months=1, scale=0.01)
    assert not list(bills.rglob("*202609*")) and list(bills.rglob("*202610*")) and (bills / "truth").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["lake-demo-bills"]


def test_bills_that_cannot_be_made_leave_the_earlier_ones(lake: Path, tmp_path: Path) -> None:
    bills = demo_estate.folder()
    demo_estate.make(bills, seed=7, months=1, scale=0.01)
    before = {path: path.read_bytes() for path in bills.rglob("*") if path.is_file()}
    with pytest.raises((ValueError, TypeError, ArithmeticError)):
        demo_estate.make(bills, seed=7, months=1, scale=float("nan"))
    assert {path: path.read_bytes() for path in bills.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["lake-demo-bills"]
