"""FOCUS's own validator finds nothing in the golden ledger: what the cases call right is right by the standard too.

Native FOCUS files are left out: their gaps (no SKU, no price) are the vendor's, stay as they are and are warned of.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from lakes import Warehouse

from orchestration import validating, validator_environment

# Broken on purpose, (model, provider, rule): rows. Without its amortized half an Azure purchase of a commitment keeps its
# cost as effective cost; `effective_basis` says so.
ON_PURPOSE = {("repaired", "azure", "EffectiveCost-C-005-C"): 1}


@pytest.fixture(scope="module")
def mapped(golden: tuple[Warehouse, dict[str, list[str]]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the golden warehouse whose ledger is what our own mappings made."""
    copy = tmp_path_factory.mktemp("mapped") / "warehouse.duckdb"
    shutil.copy(golden[0].lake / "warehouse.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        parts = [f"select * from staging.stg_{provider}__focus" for provider in ("aws", "azure", "gcp")]
        connection.execute(f"create or replace view marts.cost_and_usage as {' union all '.join(parts)}")
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("model", validating.MODELS)
def test_the_golden_ledger_is_valid_focus(
    golden: tuple[Warehouse, dict[str, list[str]]], mapped: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDTALLY_LAKE", str(golden[0].lake))
    monkeypatch.setenv("CLOUDTALLY_WAREHOUSE", str(mapped))
    monkeypatch.delenv("CLOUDTALLY_SCHEMA_PREFIX", raising=False)
    try:
        report = validating.validate((model,))
    except validator_environment.Unavailable as missing:
        pytest.skip(str(missing))
    assert {"aws", "azure", "gcp"} == set(report.rows) and all(report.executed.values())
    failed = {(f.model, f.provider, f.rule): f.violations for f in report.of("failed")}
    assert failed == {place: rows for place, rows in ON_PURPOSE.items() if place[0] == model}
