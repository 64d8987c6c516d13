"""Exact slices: what changed is rebuilt, nothing else, and never a ghost or a double row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import restated
from lakes import Warehouse
from quick import KEPT, KEPT_OF_GOOGLE, Quick

from demo import generate
from ingestion.lake import Lake

SEPTEMBER = "provider = 'aws' and billing_period = '2026-09-01'"


def only(rebuilt: list[str], *parts: str) -> bool:
    """Whether nothing but the named slice was rebuilt: in the ledger, in what is kept of it and, of a cloud, its commitments."""
    models = 1 + len(KEPT) + (0 if any("focus" in part for part in parts) else 1)
    models += len(KEPT_OF_GOOGLE) if any("gcp" in part for part in parts) else 0
    return len(rebuilt) == models and all(part in slice for slice in rebuilt for part in parts)


def test_the_same_bills_again_rebuild_nothing(estate: Path, built: Warehouse, copied: Warehouse) -> None:
    again = copied.land("aws", estate / "aws", estate="demo")
    assert not again.landed and len(again.skipped) == 3
    assert copied.build() == []
    assert copied.ledger() == built.ledger()


def test_a_restated_month_with_fewer_changed_and_new_rows(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    month = restated.aws(
        estate,
        tmp_path / "bill",
        datetime(2026, 11, 5, tzinfo=UTC),
        "2026-09",
        select=restated.FEWER_CHANGED_AND_NEW,
    )
    (landed,) = quick.land("aws", month, estate="demo").landed
    assert landed.periods == ("2026-09-01",)
    rebuilt = quick.build()
    assert only(rebuilt, "aws__cur2", "2026-09-01")
    models = {"stg_aws__focus", "stg_aws__commitments", *KEPT}
    assert {slice.split(": ")[0] for slice in rebuilt} == models
    assert quick.ledger(f"not ({SEPTEMBER})") == built.ledger(f"not ({SEPTEMBER})")
    asked = f"select count(*), count(*) filter (resource_id = 'i-new') from marts.cost_and_usage where {SEPTEMBER}"
    ((before, _),), ((after, new),) = built.query(asked), quick.query(asked)
    assert after < before and new == 2
    assert quick.query(f"select distinct delivery_id from marts.cost_and_usage where {SEPTEMBER}") == [
        (landed.delivery_id,)
    ]
    quick.holds_the_truth(tmp_path / "clean")


def test_a_then_b_then_a_again(estate: Path, built: Warehouse, quick: Quick, tmp_path: Path) -> None:
    other = datetime(2026, 11, 5, tzinfo=UTC)
    b = restated.aws(
        estate, tmp_path / "b", other, "2026-09", select="select * from bill where random() < 0.5"
    )
    a = restated.aws(estate, tmp_path / "a", datetime(2026, 11, 6, tzinfo=UTC), "2026-09")
    for bill, is_as_before in ((b, False), (a, True)):
        assert len(quick.land("aws", bill, estate="demo").landed) == 1
        assert only(quick.build(), "aws__cur2", "2026-09-01")
        assert (quick.ledger() == built.ledger()) is is_as_before
    quick.reconciles()
    assert quick.files() == quick.files_of_views()
    assert [status for _, status in quick.statuses(SEPTEMBER)].count("current") == 1


def test_a_new_provider(estate: Path, built: Warehouse, quick: Quick, tmp_path: Path) -> None:
    bill = restated.focus(
        estate,
        tmp_path / "bill",
        datetime(2026, 10, 29, tzinfo=UTC),
        "select * replace ('Larch Cloud' as ProviderName, 'LC-1' as BillingAccountId) from bill",
    )
    quick.land("focus", bill, estate="demo")
    rebuilt = quick.build()
    assert len(rebuilt) == 3 * (1 + len(KEPT)) and all(
        "larch-cloud__focus__LC-1" in slice for slice in rebuilt
    )
    assert quick.ledger("provider <> 'larch-cloud'") == built.ledger()
    assert len(quick.ledger("provider = 'larch-cloud'")) == len(
        built.ledger("provider = 'northwind-data-cloud'")
    )
    quick.holds_the_truth(tmp_path / "clean")


def test_a_backfill_of_an_old_month(built: Warehouse, quick: Quick, tmp_path: Path) -> None:
    generate(tmp_path / "old", seed=12, months=1, until=date(2026, 6, 30), scale=0.04)
    quick.land("aws", tmp_path / "old" / "aws", estate="demo")
    assert only(quick.build(), "aws__cur2", "2026-06-01")
    assert quick.ledger("billing_period > '2026-06-01'") == built.ledger()
    quick.holds_the_truth(tmp_path / "clean")


def test_a_full_refresh_equals_the_increments(built: Warehouse, copied: Warehouse) -> None:
    rebuilt = copied.build("--full-refresh")
    # 12 of 15 slices have commitments, 3 are Google's
    assert len(rebuilt) == 15 * (1 + len(KEPT)) + 12 + 3 * len(KEPT_OF_GOOGLE)
    assert copied.ledger() == built.ledger()


def test_one_slice_can_be_forced(built: Warehouse, quick: Quick) -> None:
    rebuilt = quick.build("--vars", "{force_slices: [{provider: gcp, billing_period: '2026-09-01'}]}")
    assert only(rebuilt, "gcp", "2026-09-01")
    assert quick.ledger() == built.ledger()


def test_what_was_built_over_outdated_parents_is_built_again(
    estate: Path, quick: Quick, tmp_path: Path
) -> None:
    """One who runs a model without those above it has them as they are, until they are run too."""
    august = "select * from bill where invoice.month = '202608'"
    bill = restated.gcp(estate, tmp_path / "bill", datetime(2026, 11, 3, tzinfo=UTC), august)
    quick.land("gcp", bill, estate="demo")
    quick.run("run", "--select", "+stg_gcp__focus", "--exclude", *KEPT_OF_GOOGLE)
    without_pools = quick.ledger()
    quick.build()
    assert quick.ledger() != without_pools
    quick.holds_the_truth(tmp_path / "clean")


def damage(lake: Lake, month: str) -> None:
    """Make the rows in Parquet of all bills but a month's unreadable; the files still tell columns and types."""
    for delivery in lake.deliveries():
        for file in lake.folder(delivery).rglob("*.parquet") if month not in delivery.periods else ():
            data = file.read_bytes()
            rows = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
            file.write_bytes(data[:4] + bytes(rows - 4) + data[rows:])


@pytest.mark.parametrize("provider", ["aws", "gcp"])
def test_a_month_is_built_though_no_other_can_be_read(
    estate: Path, quick: Quick, tmp_path: Path, provider: str
) -> None:
    """A slice opens the files of its own deliveries alone, so that a run costs what changed."""
    # Google's other months are in one delivery
    quick.land("gcp", restated.late(estate, tmp_path / "bill", date(2026, 8, 1)), estate="demo")
    quick.build()
    damage(Lake(quick.lake), "2026-09-01")
    force = f"{{force_slices: [{{provider: {provider}, billing_period: '%s'}}]}}"
    assert only(quick.build("--vars", force % "2026-09-01"), provider, "2026-09-01")
    with pytest.raises(AssertionError, match="int_deliveries__raw_totals: "):  # the damage is one
        quick.build("--vars", force % "2026-08-01")


def test_an_empty_lake_builds(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "empty")
    assert warehouse.build() == []
    assert warehouse.query("select count(*) from marts.cost_and_usage") == [(0,)]
