"""What may join a lake: repeats, restatements, order, lost billing accounts, demo beside real."""

import json
from datetime import UTC, datetime

import pytest
from tiny_bills import azure_row, cur_row, focus_row, stored

from ingestion import LandingError, land, prune, rules
from ingestion.lake import Lake

OLD, NEW, NEWER = (datetime(2026, 2, day, tzinfo=UTC) for day in (1, 2, 3))


def counting(lake):
    return {
        (key[0], key[3]): [d.delivery_id for d in held]
        for key, held in rules.current(Lake(lake).deliveries()).items()
    }


def test_the_same_bill_twice_is_skipped_whatever_its_time(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    (first,) = land("aws", str(bill), lake).landed
    before = stored(lake)
    bills.touch("a.csv", NEWER)
    again = land("aws", str(bill), lake)
    assert [s.delivery_id for s in again.skipped] == [first.delivery_id]
    assert (again.landed, again.refused, stored(lake)) == ((), (), before)


def test_a_folder_of_two_datasets_twice_is_skipped(bills, lake):
    bills.write("actual.csv", [azure_row()])
    bills.write("amortized.csv", [azure_row(ChargeType="UnusedSavingsPlan")])
    land("azure", str(bills.root), lake)
    again = land("azure", str(bills.root), lake)
    assert (again.landed, again.refused, len(again.skipped)) == ((), (), 2)


def test_a_restated_month_becomes_current(bills, lake):
    bill = bills.write("a.csv", [cur_row()], at=OLD)
    land("aws", str(bill), lake)
    bills.write("a.csv", [cur_row(lineItem__UnblendedCost="0.7")], at=NEW)
    (second,) = land("aws", str(bill), lake).landed
    assert counting(lake) == {("cur", "2026-01-01"): [second.delivery_id]}
    assert len(Lake(lake).deliveries()) == 2


def test_an_older_export_landed_late_does_not_replace_a_newer_one(bills, lake):
    bill = bills.write("a.csv", [cur_row()], at=NEW)
    (newer,) = land("aws", str(bill), lake).landed
    bills.write("a.csv", [cur_row(lineItem__UnblendedCost="0.7")], at=OLD)
    assert len(land("aws", str(bill), lake).landed) == 1
    assert counting(lake) == {("cur", "2026-01-01"): [newer.delivery_id]}


def test_exported_at_the_same_second_the_later_landing_counts(bills, lake):
    bill = bills.write("a.csv", [cur_row()], at=NEW)
    land("aws", str(bill), lake)
    bills.write("a.csv", [cur_row(lineItem__UnblendedCost="0.7")], at=NEW)
    (second,) = land("aws", str(bill), lake).landed
    assert counting(lake) == {("cur", "2026-01-01"): [second.delivery_id]}


def test_a_replaced_run_is_refused_with_rollback_as_the_remedy(bills, lake):
    first, second = [cur_row()], [cur_row(lineItem__UnblendedCost="0.7")]
    bill = bills.write("a.csv", first, at=OLD)
    (old,) = land("aws", str(bill), lake).landed
    bills.write("a.csv", second, at=NEW)
    land("aws", str(bill), lake)
    bills.write("a.csv", first, at=OLD)
    result = land("aws", str(bill), lake)
    assert f"tally rollback {old.delivery_id}" in result.refused[0].message
    assert len(Lake(lake).deliveries()) == 2


def test_a_re_export_of_old_content_is_a_new_delivery(bills, lake):
    first, second = [cur_row()], [cur_row(lineItem__UnblendedCost="0.7")]
    bill = bills.write("a.csv", first, at=OLD)
    land("aws", str(bill), lake)
    bills.write("a.csv", second, at=NEW)
    land("aws", str(bill), lake)
    bills.write("a.csv", first, at=NEWER)
    (third,) = land("aws", str(bill), lake).landed
    assert counting(lake) == {("cur", "2026-01-01"): [third.delivery_id]}


def test_losing_a_billing_account_is_refused_but_for_a_scope_of_its_own(bills, lake):
    bill = bills.write("a.csv", [focus_row(), focus_row(BillingAccountId="acct-2")], at=OLD)
    land("focus", str(bill), lake, scope="all")
    bills.write("a.csv", [focus_row()], at=NEW)
    result = land("focus", str(bill), lake, scope="all")
    assert result.landed == ()
    assert "acct-2" in result.refused[0].message
    assert "--scope" in result.refused[0].message
    assert len(land("focus", str(bill), lake, scope="mine").landed) == 1


def test_gaining_a_billing_account_is_fine(bills, lake):
    bill = bills.write("a.csv", [focus_row()], at=OLD)
    land("focus", str(bill), lake, scope="all")
    bills.write("a.csv", [focus_row(), focus_row(BillingAccountId="acct-2")], at=NEW)
    assert len(land("focus", str(bill), lake, scope="all").landed) == 1


def test_gcp_deliveries_add_up_until_one_covers_another(bills, lake):
    ids = [
        land("gcp", str(bills.gcp(name, first=first, last=last)), lake).landed[0].delivery_id
        for name, first, last in (
            ("a.parquet", "2026-01-02", "2026-01-09"),
            ("b.parquet", "2026-01-09", "2026-01-16"),
            ("c.parquet", "2026-01-01", "2026-01-10"),
        )
    ]
    assert sorted(counting(lake)["gcp_standard", "2026-01-01"]) == sorted(ids[1:])


def test_gcp_deliveries_that_do_not_overlap_may_name_other_accounts(bills, lake):
    land("gcp", str(bills.gcp("a.parquet")), lake, scope="org")
    later = bills.gcp("b.parquet", first="2026-01-10", last="2026-01-12", account="0C-0D")
    assert len(land("gcp", str(later), lake, scope="org").landed) == 1
    over = bills.gcp("c.parquet", first="2026-01-01", last="2026-01-20", account="0C-0D")
    assert "0A-0B" in land("gcp", str(over), lake, scope="org").refused[0].message


@pytest.mark.parametrize(("first", "second"), [("real", "demo"), ("demo", "real")])
def test_demo_and_real_never_share_a_lake(bills, lake, first, second):
    bill = bills.write("a.csv", [cur_row()])
    land("aws", str(bill), lake, estate=first)
    before = stored(lake)
    with pytest.raises(LandingError, match="CLOUDTALLY_LAKE"):
        land("aws", str(bills.write("b.csv", [cur_row(), cur_row()])), lake, estate=second)
    assert stored(lake) == before


def test_no_rows_is_skipped(bills, lake):
    bills.export("2026-01", rows=0)
    result = land("aws", str(bills.root), lake)
    assert [s.reason for s in result.skipped] == ["holds no rows"]
    assert stored(lake) == []


def test_same_files_under_another_scope_are_another_delivery(bills, lake):
    bill = bills.write("a.csv", [cur_row()])
    ids = {land("aws", str(bill), lake, scope=scope).landed[0].delivery_id for scope in ("one", "two")}
    assert len(ids) == 2


def test_a_later_export_of_the_same_files_is_noted_beside_the_delivery(bills, lake):
    bill = bills.write("a.csv", [cur_row()], at=NEW)
    (landed,) = land("aws", str(bill), lake).landed
    note = lake / "seen" / f"{landed.delivery_id}.json"
    told = []
    for at in (OLD, NEW, NEWER, OLD):
        bills.touch("a.csv", at)
        assert land("aws", str(bill), lake).skipped
        told.append(json.loads(note.read_text())["exported_at"] if note.exists() else None)
    assert told == [None, None, "2026-02-03T00:00:00Z", "2026-02-03T00:00:00Z"]
    bills.write("a.csv", [cur_row(lineItem__UnblendedCost="0.7")], at=NEWER)
    land("aws", str(bill), lake)
    prune(lake, keep=1)
    assert not note.exists()
