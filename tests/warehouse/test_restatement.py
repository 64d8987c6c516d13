"""Exact slices: what changed is rebuilt, nothing else, and never a ghost or a double row."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

from lakes import Warehouse

from demo import generate


def test_the_same_bills_again_rebuild_nothing(estate: Path, built: Warehouse, copied: Warehouse) -> None:
    again = copied.land("aws", estate / "aws", estate="demo")
    assert not again.landed and len(again.skipped) == 3
    assert copied.build() == []
    assert copied.ledger() == built.ledger()


def test_a_restated_month_replaces_exactly_that_month(
    estate: Path, built: Warehouse, copied: Warehouse, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    generate(other, seed=12, months=3, until=date(2026, 10, 28), scale=0.04)
    restated = tmp_path / "restated"
    shutil.copytree(other / "aws", restated)
    for path in restated.rglob("*BILLING_PERIOD=*"):
        if path.is_dir() and not path.name.endswith("2026-09"):
            shutil.rmtree(path)
    for path in restated.rglob("*"):
        os.utime(path, (1795000000, 1795000000))
        if path.name.endswith("-Manifest.json"):
            path.write_text(path.read_text().replace("2026-10-0", "2026-11-0"))

    landed = copied.land("aws", restated, estate="demo").landed
    assert [d.periods for d in landed] == [("2026-09-01",)]
    rebuilt = copied.build()

    assert {slice.split(": ")[0] for slice in rebuilt} == {
        "stg_aws__focus",
        "stg_aws__commitments",
        "int_deliveries__raw_totals",
    }
    assert all(slice.endswith("2026-09-01") and "aws" in slice for slice in rebuilt)
    september = "provider = 'aws' and billing_period = '2026-09-01'"
    assert copied.ledger(f"not ({september})") == built.ledger(f"not ({september})")
    assert copied.ledger(september) != built.ledger(september)
    assert copied.query(
        f"select count(distinct delivery_id) from marts.cost_and_usage where {september}"
    ) == [(1,)]
    assert copied.query("select max(abs(residual)) <= 1e-6 from marts.reconciliation") == [(True,)]


def test_a_full_refresh_equals_the_increments(built: Warehouse, copied: Warehouse) -> None:
    rebuilt = copied.build("--full-refresh")
    assert len(rebuilt) == 42  # 15 slices in the ledger and in the raw totals, 12 of them with commitments
    assert copied.ledger() == built.ledger()


def test_one_slice_can_be_forced(built: Warehouse, copied: Warehouse) -> None:
    rebuilt = copied.build("--vars", "{force_slices: [{provider: gcp, billing_period: '2026-09-01'}]}")
    assert len(rebuilt) == 3 and all("gcp" in slice and "2026-09-01" in slice for slice in rebuilt)
    assert copied.ledger() == built.ledger()


def test_an_empty_lake_builds(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "empty")
    assert warehouse.build() == []
    assert warehouse.query("select count(*) from marts.cost_and_usage") == [(0,)]
