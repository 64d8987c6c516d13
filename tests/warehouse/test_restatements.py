"""Why last month's bill moved: the restatements mart, against changes made by hand."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from lakes import Warehouse
from quick import Quick

from ingestion.retention import rollback

HEADER = (
    "ProviderName,BillingAccountId,SubAccountId,ServiceName,ChargeCategory,BillingPeriodStart,BillingPeriodEnd,"
    "ChargePeriodStart,ChargePeriodEnd,BilledCost,EffectiveCost,BillingCurrency"
)
MONTH = "2026-09-01T00:00:00Z,2026-10-01T00:00:00Z,2026-09-03T00:00:00Z,2026-09-04T00:00:00Z"
FIRST = [("web", "Queue", "Usage", 10), ("web", "Queue", "Usage", 5), ("data", "Store", "Usage", 7)]
SECOND = [
    ("web", "Queue", "Usage", 10),
    ("web", "Queue", "Usage", 6),
    ("data", "Store", "Usage", 7),
    ("data", "Store", "Credit", -2),
]
THIRD = [("web", "Queue", "Usage", 10), ("web", "Queue", "Usage", 6), ("data", "Store", "Credit", -2)]
BUILD = (
    *("--select", "+restatements", "--exclude-resource-type", "test"),
    *("--exclude-resource-type", "unit_test"),
)
TESTS = ("--select", "restatements_add_up_to_the_ledger", "restatements__grain_is_unique")


def deliver(warehouse: Quick, folder: Path, charges: list[tuple], day: int) -> str:
    folder.mkdir(exist_ok=True)
    lines = [
        f"Acme,A1,{account},{service},{category},{MONTH},{cost},{cost},EUR"
        for account, service, category, cost in charges
    ]
    (folder / "bill.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    os.utime(folder / "bill.csv", (1_790_000_000 + day * 86_400,) * 2)
    (landed,) = warehouse.land("focus", folder).landed
    warehouse.run("build", *BUILD)
    return landed.delivery_id


def changes(warehouse: Warehouse) -> list[tuple]:
    return warehouse.query(
        "select delivery_id, previous_delivery_id, is_remapped, sub_account_id, service_name, charge_category,"
        " previous_charges, charges, billed_change_cost, effective_change_cost from marts.restatements"
        " order by exported_at, sub_account_id, service_name, charge_category"
    )


def test_each_delivery_is_compared_to_the_one_before(tmp_path: Path) -> None:
    warehouse, bill = Quick(tmp_path / "lake"), tmp_path / "bill"
    first = deliver(warehouse, bill, FIRST, 1)
    assert changes(warehouse) == []
    second = deliver(warehouse, bill, SECOND, 2)
    third = deliver(warehouse, bill, THIRD, 3)
    told = [
        # a credit of 2 is new; a queue's charge went from 5 to 6; nothing else moved
        (second, first, False, "data", "Store", "Credit", 0, 1, Decimal(-2), Decimal(-2)),
        (second, first, False, "web", "Queue", "Usage", 2, 2, Decimal(1), Decimal(1)),
        # the store's 7 is gone
        (third, second, False, "data", "Store", "Usage", 1, 0, Decimal(-7), Decimal(-7)),
    ]
    assert changes(warehouse) == told

    # the warehouse file is disposable: history stands in the lake
    (warehouse.lake / "warehouse.duckdb").unlink()
    warehouse.run("build", *BUILD)
    assert changes(warehouse) == told

    rollback(str(warehouse.lake), second)
    warehouse.run("build", *BUILD)
    (back,) = changes(warehouse)[3:]
    assert back[1] == third and back[3:] == ("data", "Store", "Usage", 0, 1, Decimal(7), Decimal(7))
    warehouse.run("test", *TESTS)


def test_the_same_build_again_writes_no_history(built: Warehouse, copied: Warehouse) -> None:
    history = copied.lake / "history"
    files = {path: path.stat().st_mtime_ns for path in history.rglob("*.parquet")}
    states = [path for path in files if path.is_relative_to(history / "int_deliveries__states")]
    assert len(states) == 15  # one for each slice
    copied.build(*BUILD)
    assert {path: path.stat().st_mtime_ns for path in history.rglob("*.parquet")} == files


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp", "northwind-data-cloud"])
def test_a_first_load_restates_nothing(built: Warehouse, provider: str) -> None:
    assert built.query(f"select count(*) from marts.restatements where provider = '{provider}'") == [(0,)]
    assert built.query(
        f"select sum(billed_cost) from intermediate.int_deliveries__states where provider = '{provider}'"
    ) == built.query(f"select sum(billed_cost) from marts.cost_and_usage where provider = '{provider}'")
