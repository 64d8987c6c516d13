"""Which deliveries count: late, out of order, rolled back, pruned, removed, or of a bill that is there already."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import restated
from lakes import Warehouse
from quick import Quick
from test_scenarios_slices import SEPTEMBER, only

from ingestion import prune, rollback
from ingestion.lake import Lake


def test_a_late_gcp_correction_of_an_old_usage_day(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    bill = restated.late(estate, tmp_path / "bill", date(2026, 8, 1))
    (landed,) = quick.land("gcp", bill, estate="demo").landed
    assert only(quick.build(), "gcp_detailed", "2026-08-01")
    old = f"delivery_id <> '{landed.delivery_id}'"
    assert quick.ledger(old) == built.ledger()
    assert len(quick.ledger(f"not ({old})")) >= 5
    assert {status for _, status in quick.statuses("provider = 'gcp'")} == {"current"}
    quick.holds_the_truth(tmp_path / "clean")


def test_a_newer_gcp_delivery_of_a_part_replaces_that_part(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    part = "select * replace (2 * cost as cost) from bill where export_time between '2026-08-05' and '2026-08-10'"
    bill = restated.gcp(estate, tmp_path / "bill", datetime(2026, 11, 3, tzinfo=UTC), part)
    quick.land("gcp", bill, estate="demo")
    quick.build()
    assert quick.ledger("provider <> 'gcp' or billing_period > '2026-08-01'") == built.ledger(
        "provider <> 'gcp' or billing_period > '2026-08-01'"
    )
    assert quick.ledger() != built.ledger()
    quick.holds_the_truth(tmp_path / "clean")


def test_out_of_order_an_older_export_landed_late_changes_nothing(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    old = datetime(2026, 9, 20, tzinfo=UTC)
    half = "select * from bill where line_item_usage_start_date < '2026-09-15'"
    aws = restated.aws(estate, tmp_path / "aws", old, "2026-09", select=half)
    part = "select * replace (2 * cost as cost) from bill where export_time < timestamptz '2026-09-19 00:00:00+00'"
    gcp = restated.gcp(estate, tmp_path / "gcp", old, part)
    landed = [*quick.land("aws", aws, estate="demo").landed, *quick.land("gcp", gcp, estate="demo").landed]
    assert len(landed) == 2
    assert quick.build() == []
    assert quick.ledger() == built.ledger()
    ids = ", ".join(f"'{delivery.delivery_id}'" for delivery in landed)
    assert {status for _, status in quick.statuses(f"delivery_id in ({ids})")} == {"superseded"}


def test_rollback_and_prune(estate: Path, built: Warehouse, quick: Quick, tmp_path: Path) -> None:
    (old,) = quick.query(f"select distinct delivery_id from marts.cost_and_usage where {SEPTEMBER}")[0]
    half = "select * from bill where random() < 0.5"
    bill = restated.aws(estate, tmp_path / "bill", datetime(2026, 11, 5, tzinfo=UTC), "2026-09", select=half)
    (new,) = quick.land("aws", bill, estate="demo").landed
    quick.build()
    assert quick.ledger() != built.ledger()

    restored = rollback(quick.lake, old)
    assert only(quick.build(), "aws__cur2", "2026-09-01")
    assert quick.ledger() == built.ledger()
    expected = [(old, "superseded"), (new.delivery_id, "superseded"), (restored.delivery_id, "restored")]
    assert quick.statuses(SEPTEMBER) == sorted(expected)

    gone = {delivery.delivery_id for delivery in prune(quick.lake, keep=1)}
    assert {old, new.delivery_id} <= gone
    assert quick.build() == []
    assert quick.ledger() == built.ledger()
    assert quick.statuses(SEPTEMBER) == [(restored.delivery_id, "restored")]
    quick.reconciles()


def test_a_slice_that_no_delivery_names_any_more_is_dropped(built: Warehouse, quick: Quick) -> None:
    for delivery in Lake(quick.lake).deliveries():
        if delivery.provider == "aws" and delivery.periods == ("2026-09-01",):
            shutil.rmtree(Lake(quick.lake).folder(delivery))
    assert quick.build() == []
    assert quick.ledger() == built.ledger(f"not ({SEPTEMBER})")
    assert quick.files() == quick.files_of_views()


def test_two_exports_of_one_account_the_second_dataset_is_shadowed(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    as_aws = "select * replace ('AWS' as ProviderName, '012345678901' as BillingAccountId) from bill"
    bill = restated.focus(estate, tmp_path / "bill", datetime(2026, 11, 5, tzinfo=UTC), as_aws)
    (landed,) = quick.land("focus", bill, estate="demo").landed
    assert all("aws__focus__012345678901" in slice for slice in quick.build())
    assert quick.ledger() == built.ledger()
    assert {status for _, status in quick.statuses(f"delivery_id = '{landed.delivery_id}'")} == {"shadowed"}
    quick.holds_the_truth(tmp_path / "clean")

    for delivery in Lake(quick.lake).deliveries():
        if delivery.dataset == "cur2" and delivery.periods == ("2026-09-01",):
            shutil.rmtree(Lake(quick.lake).folder(delivery))
    assert only(quick.build(), "aws__focus__012345678901", "2026-09-01")
    assert len(quick.ledger(SEPTEMBER)) == len(
        built.ledger("provider = 'northwind-data-cloud' and billing_period = '2026-09-01'")
    )


def test_two_exports_of_one_account_the_same_dataset_under_another_scope_is_shadowed(
    estate: Path, built: Warehouse, quick: Quick, tmp_path: Path
) -> None:
    other = restated.aws(estate, tmp_path / "bill", datetime(2026, 11, 5, tzinfo=UTC), "2026-09")
    (landed,) = quick.land("aws", other, estate="demo", scope="another").landed
    assert only(quick.build(), "aws__cur2__another", "2026-09-01")
    assert quick.ledger() == built.ledger()
    assert quick.statuses("scope = 'another'") == [(landed.delivery_id, "shadowed")]
    quick.reconciles()
