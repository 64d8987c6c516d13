"""Rollback and prune."""

from datetime import UTC, datetime

import pytest
from tiny_bills import cur_row

from ingestion import LandingError, land, prune, rollback, rules
from ingestion.lake import Lake


@pytest.fixture
def history(bills, lake):
    """Three deliveries of one month, oldest first."""
    deliveries = []
    for day in (1, 2, 3):
        bill = bills.write(
            "a.csv", [cur_row(lineItem__UnblendedCost=str(day))], at=datetime(2026, 2, day, tzinfo=UTC)
        )
        deliveries += land("aws", str(bill), lake).landed
    return deliveries


def current(lake):
    ((held),) = rules.current(Lake(lake).deliveries()).values()
    return held[0]


def test_rollback_is_a_new_delivery_that_counts(bills, lake, history):
    restored = rollback(lake, history[0].delivery_id[:8])
    assert restored.restores == history[0].delivery_id
    assert restored.delivery_id not in {d.delivery_id for d in history}
    assert restored.fingerprint == history[0].fingerprint
    assert current(lake) == restored
    folder = Lake(lake).folder(restored)
    assert (folder / "a.csv").read_bytes() == (Lake(lake).folder(history[0]) / "a.csv").read_bytes()


def test_after_a_rollback_the_newer_run_is_refused_until_the_next(bills, lake, history):
    restored = rollback(lake, history[1].delivery_id)
    assert "tally rollback" in land("aws", str(bills.root), lake).refused[0].message
    again = rollback(lake, history[2].delivery_id)
    assert current(lake) == again
    assert again.order > restored.order


def test_rollback_of_what_counts_or_is_unknown(lake, history):
    for name in (history[2].delivery_id, "ffff", ""):
        with pytest.raises(LandingError):
            rollback(lake, name)
    assert len(Lake(lake).deliveries()) == 3


def test_prune_keeps_what_counts(lake, history):
    restored = rollback(lake, history[0].delivery_id)
    gone = prune(lake, keep=2)
    assert [d.delivery_id for d in gone] == [d.delivery_id for d in history[:2]]
    assert Lake(lake).deliveries() == [history[2], restored]
    assert not Lake(lake).folder(history[0]).exists()
    assert (Lake(lake).folder(restored) / "a.csv").exists()
    assert len(prune(lake, keep=1)) == 1
    assert prune(lake, keep=1) == ()
    with pytest.raises(LandingError, match="keep"):
        prune(lake, keep=0)


def test_prune_of_gcp_keeps_all_that_add_up(bills, lake):
    intervals = {
        "a": ("2026-01-02", "2026-01-09"),
        "b": ("2026-01-09", "2026-01-16"),
        "c": ("2026-01-01", "2026-01-10"),
    }
    for name, (first, last) in intervals.items():
        land("gcp", str(bills.gcp(f"{name}.parquet", first=first, last=last)), lake)
    assert [d.files[0].path for d in prune(lake, keep=1)] == ["a.parquet"]


def test_prune_of_no_lake(tmp_path):
    assert prune(tmp_path / "none", keep=1) == ()
