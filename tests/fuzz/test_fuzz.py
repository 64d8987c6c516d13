"""Mutated bills: each lands and reconciles to what it says, or is refused by name and leaves nothing.

Here: the judgement over landing and ledger. Not here: the mutations and the independent sums.

    CLOUDTALLY_FUZZ_CASES=1000 uv run pytest tests/fuzz
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from cases import PROVIDERS, Case, run
from lakes import Warehouse

TO_THE_LEDGER = ["--select", "+reconciliation", "+cost_and_usage"]
NO_TESTS = ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]


@pytest.fixture(scope="module", params=PROVIDERS)
def landed(request, seeds, tmp_path_factory) -> tuple[list[Case], Path]:
    """All cases of a provider, and the lake with those that landed."""
    folder = tmp_path_factory.mktemp(f"fuzz-{request.param}")
    return list(run(request.param, seeds, folder / "work", folder / "lake")), folder / "lake"


def test_each_lands_or_is_refused_by_name(landed):
    cases, _ = landed
    assert _faulty(cases) == []
    assert {bool(case.expected) for case in cases} == {True, False}, "both outcomes must be tried"


@pytest.mark.slow
def test_what_landed_reconciles(landed):
    cases, lake = landed
    warehouse = Warehouse(lake)
    warehouse.build(*TO_THE_LEDGER, *NO_TESTS)
    totals = {
        scope: rest
        for scope, *rest in warehouse.query("""
            select scope, sum(raw_rows), sum(ledger_billed_cost), max(abs(residual)),
                string_agg(distinct residual_reason)
            from marts.reconciliation
            group by scope
        """)
    }
    for case in cases:
        if case.expected is not None and not case.faults:
            case.faults += _differences(case, *totals.get(case.account, (0, None, None, "no row")))
    assert _faulty(cases) == []


def _differences(case: Case, rows: int, billed: Decimal | None, residual: Decimal | None, why: str | None):
    """How the ledger differs from the case's files. Doubles hold some fifteen digits of what is added up."""
    wanted = case.expected
    if rows != wanted.rows:
        yield f"{rows} rows in the ledger's reconciliation, {wanted.rows} in the files"
    if why not in (None, "run_skew"):  # the amounts of Azure's pair were changed in one file of two
        yield f"residual {residual} is {why}"
    if wanted.billed is None:
        return
    if billed is None and wanted.size == 0:  # costs that are all null tell nothing
        return
    if billed is None:
        yield f"no billed total, the files say {wanted.billed}"
    elif abs(billed - wanted.billed) > max(Decimal("1e-6"), wanted.size * Decimal("1e-15")):
        yield f"the ledger says {billed}, the files {wanted.billed}"
    if residual is not None and residual > max(Decimal("1e-6"), Decimal("1e-12") * rows):
        yield f"residual {residual}"


def _faulty(cases: list[Case]) -> list[str]:
    return [str(case) for case in cases if case.faults]
