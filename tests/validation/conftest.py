"""A warehouse of hand-made charges: what the export and the validation read, without a build."""

from __future__ import annotations

from pathlib import Path

import charges
import duckdb
import pytest


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two providers: cloud (account 100, all kinds of charges) and other (account 200, one charge of October)."""
    file = tmp_path / "warehouse.duckdb"
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(file))
    monkeypatch.delenv("CLOUDTALLY_SCHEMA_PREFIX", raising=False)
    october = {"BillingPeriodStart": "2026-10-01", "BillingPeriodEnd": "2026-11-01"}
    other = {**charges.USAGE, **october, "BillingAccountId": "200", "ProviderName": "Other"}
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema focus")
        connection.execute("create schema marts")
        charges.create(
            connection, "focus.focus_1_2", [*charges.CHARGES, {**other, "InvoiceIssuerName": "Other"}]
        )
        connection.execute(
            "create view marts.cost_and_usage as select case BillingAccountId when '100' then 'cloud' else 'other' end"
            " as provider, BillingAccountId as billing_account_id from focus.focus_1_2"
        )
    return file
