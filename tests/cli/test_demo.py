"""The README's first command, whole and small: bills made, landed, built, shown, and what it may not touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ingestion import land
from orchestration.cli import main

SMALL = ["demo", "--months", "1", "--scale", "0.02"]


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # dbt changes to the project's folder; this brings the tests back
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(tmp_path / "lake"))
    monkeypatch.delenv("CLOUDTALLY_WAREHOUSE", raising=False)
    return tmp_path / "lake"


@pytest.mark.slow
def test_the_demo_ends_with_every_provider_reconciled(lake: Path) -> None:
    outcome = CliRunner().invoke(main, SMALL)
    assert outcome.exit_code == 0, outcome.output
    for expected in ("aws", "azure", "gcp", "northwind-data-cloud", "USD", "EUR", "done in"):
        assert expected in outcome.output
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
