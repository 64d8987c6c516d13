"""Landing from a month on: earlier exports stay, what was landed is skipped, and what is missing is named."""

from datetime import date

import pytest
from click.testing import CliRunner
from tiny_bills import azure_row, cur_row

from ingestion import gaps, land
from ingestion.gaps import Gap
from ingestion.lake import Lake
from orchestration.cli import main


def test_exports_of_earlier_months_are_left_out(bills, lake):
    for month in ("2025-11", "2026-01", "2026-02"):
        bills.export(month)
    result = land("aws", str(bills.root), lake, since=date(2026, 1, 1))
    assert [d.periods for d in result.landed] == [("2026-01-01",), ("2026-02-01",)]
    assert result.notes == ("1 exports of months before 2026-01, left out by --since",)
    assert result.offered == ("2026-01", "2026-02")
    again = land("aws", str(bills.root), lake, since=date(2025, 1, 1))
    assert [d.periods for d in again.landed] == [("2025-11-01",)] and len(again.skipped) == 2


def test_the_month_of_azures_exports_is_known(bills, lake):
    bills.azure_run([azure_row()])
    result = land("azure", str(bills.root), lake, since=date(2026, 1, 1))
    assert result.offered == ("2026-01",) and len(result.landed) == 1


@pytest.mark.parametrize(
    ("folder", "month"),
    [
        ("20260101-20260201", "2026-01"),
        ("BILLING_PERIOD=2026-01", "2026-01"),
        ("202312-export/20260101-20260201", "2026-01"),
    ],
)
def test_the_month_of_a_series(folder, month):
    from ingestion.candidates import Candidate

    assert Candidate((), None, series=("cur", f"exports/{folder}")).month == month
    assert Candidate((), None).month is None


def test_missing_months_and_accounts_are_named(bills, lake):
    for month in ("2025-11", "2026-01"):
        bills.export(month)
    land("aws", str(bills.root), lake)
    found = gaps.missing(
        Lake(lake).deliveries(),
        "aws",
        date(2025, 11, 1),
        date(2026, 4, 2),
        ["2026-02"],
        ["012345678901", "2"],
    )
    assert found == [
        Gap("2025-11", "2", "no row of this billing account"),
        Gap("2025-12", "", "nothing of it is at the source; ask the provider to export it"),
        Gap("2026-01", "2", "no row of this billing account"),
        Gap("2026-02", "", "its manifest is at the source, but nothing of it is in the lake"),
        Gap("2026-03", "", "nothing of it is at the source; ask the provider to export it"),
    ]
    assert (
        gaps.missing(Lake(lake).deliveries(), "azure", date(2026, 1, 1), date(2026, 2, 2))[0].month
        == "2026-01"
    )


def test_the_command_shows_gaps(bills, lake, monkeypatch):
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(lake))
    bills.write("a.csv", [cur_row()])
    outcome = CliRunner().invoke(main, ["land", "aws", "--source", str(bills.root), "--since", "2025-12"])
    assert outcome.exit_code == 0, outcome.output
    assert "Missing" in outcome.output and "2025-12" in outcome.output.split("Missing")[1]
    assert (
        CliRunner().invoke(main, ["land", "aws", "--source", str(bills.root), "--since", "2025"]).exit_code
        == 2
    )


def test_gaps_are_shown_though_an_export_failed(bills, lake, monkeypatch):
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(lake))
    bills.export("2026-02")
    bills.export("2026-01").write_text("no JSON")
    outcome = CliRunner().invoke(main, ["land", "aws", "--source", str(bills.root), "--since", "2026-01"])
    assert outcome.exit_code == 1 and outcome.output.count("Landing") == 1
    said = " ".join(outcome.output.split())
    assert "2026-01 its manifest is at the source" in said and "the manifest is not JSON" in said
    assert [delivery.periods for delivery in Lake(lake).deliveries()] == [("2026-02-01",)]
