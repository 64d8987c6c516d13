"""What the ledger says of commitments' terms, against the demo estate's truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lakes import Warehouse


def test_terms_of_aws_equal_the_truth(built: Warehouse, estate: Path) -> None:
    """AWS's bills tell all of them. The truth ends a returned plan at its return: those that go on are compared."""
    rows = built.query(
        f"""
        with truth as (
            select distinct provider, commitment_id, start_date, end_date, hourly_commitment
            from '{estate}/truth/commitments.parquet' where end_date - start_date > 300
        )
        select truth.provider, truth.commitment_id, described.starts_at::date, start_date, described.ends_at::date,
            end_date, described.commitment_cost / date_diff('hour', described.starts_at, described.ends_at),
            case when commitment_discount_category = 'Spend' then hourly_commitment end
        from truth left join intermediate.int_commitments__described as described
            on lower(commitment_discount_id) = lower(commitment_id)
        where truth.provider = 'aws'
        """
    )
    assert len(rows) == 3
    for _, _, start, true_start, end, true_end, hourly, true_hourly in rows:
        assert (start, end) == (true_start, true_end)
        assert hourly == (None if true_hourly is None else pytest.approx(true_hourly, abs=1e-9))


def test_every_commitment_of_the_truth_is_in_the_dataset(built: Warehouse, estate: Path) -> None:
    missing = built.query(
        f"""
        select distinct lower(commitment_id) from '{estate}/truth/commitments.parquet'
        except select lower(ContractCommitmentId) from focus.contract_commitment_1_3
        """
    )
    assert missing == []


def test_contract_applied_adds_up_to_what_commitments_paid_for(built: Warehouse) -> None:
    rows = built.query(
        "select CommitmentDiscountId, CommitmentDiscountCategory, CommitmentDiscountQuantity, EffectiveCost, ContractApplied,"
        " CommitmentDiscountUnit from focus.focus_1_4 where CommitmentDiscountStatus = 'Used'"
    )
    assert {category for _, category, *_ in rows} == {"Spend", "Usage"}
    for commitment, category, quantity, cost, applied, unit in rows:
        (element,) = json.loads(applied)["Elements"]
        expected = {"ContractId": commitment, "ContractCommitmentId": commitment}
        if category == "Spend":
            expected["ContractCommitmentAppliedCost"] = pytest.approx(float(cost), abs=1e-12)
        else:
            expected["ContractCommitmentAppliedQuantity"] = pytest.approx(quantity, rel=1e-12)
            expected["ContractCommitmentAppliedUnit"] = unit
        assert element == expected
    others = built.query(
        "select count(*) from focus.focus_1_4 where ContractApplied is not null"
        " and coalesce(CommitmentDiscountStatus, '') <> 'Used'"
    )
    assert others == [(0,)]
