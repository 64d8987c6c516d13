"""FOCUS's own validator finds nothing in the golden ledger: what the cases call right is right by the standard too."""

from __future__ import annotations

import pytest
from lakes import Warehouse

from orchestration import validating, validator_environment

# Broken on purpose, (model, provider, rule): rows. Without its amortized half an Azure purchase of a commitment keeps its
# cost as effective cost; `effective_basis` says so.
ON_PURPOSE = {("repaired", "azure", "EffectiveCost-C-005-C"): 1}


@pytest.mark.slow
@pytest.mark.parametrize("model", validating.MODELS)
def test_the_golden_ledger_is_valid_focus(
    golden: tuple[Warehouse, dict[str, list[str]]], model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = golden[0].lake
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(lake))
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(lake / "warehouse.duckdb"))
    monkeypatch.delenv("CLOUDTALLY_SCHEMA_PREFIX", raising=False)
    try:
        report = validating.validate((model,))
    except validator_environment.Unavailable as missing:
        pytest.skip(str(missing))
    assert {"aws", "azure", "gcp"} <= set(report.rows) and all(report.executed.values())
    failed = {(f.model, f.provider, f.rule): f.violations for f in report.of("failed")}
    assert failed == {place: rows for place, rows in ON_PURPOSE.items() if place[0] == model}
