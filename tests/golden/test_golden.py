"""Every golden case gives exactly the ledger rows that its expected.csv computed by hand, and reconciles."""

from __future__ import annotations

import pytest
from golden_cases import Case, cases, comparable
from lakes import Warehouse

Golden = tuple[Warehouse, dict[str, list[str]]]
CASES = [pytest.param(case, id=case.name) for case in cases()]
ALWAYS = {
    "charge_category",
    "charge_period_start",
    "billed_cost",
    "effective_cost",
    "list_cost",
    "contracted_cost",
}
WITHIN = "greatest(1e-6, 1e-12 * raw_rows)"


def of(ids: list[str]) -> str:
    return f"delivery_id in ({', '.join(repr(id) for id in ids)})"


@pytest.mark.parametrize("case", CASES)
def test_the_ledger_holds_the_expected_rows_and_no_others(golden: Golden, case: Case) -> None:
    warehouse, landed = golden
    names, rows = case.expected
    kinds = {n: k for n, k, *_ in warehouse.query("describe marts.cost_and_usage")}
    assert set(names) >= ALWAYS and set(names) <= set(kinds)
    found = warehouse.query(
        f"select {', '.join(names)} from marts.cost_and_usage where {of(landed[case.name])}"
    )

    def table(rows: list) -> list[str]:
        lines = [[comparable(v, kinds[n]) for n, v in zip(names, row, strict=True)] for row in rows]
        return sorted(" | ".join("-" if cell is None else cell for cell in line) for line in lines)

    assert table(found) == table(rows)


@pytest.mark.parametrize("case", CASES)
def test_the_ledger_holds_the_bills_money(golden: Golden, case: Case) -> None:
    warehouse, landed = golden
    residuals = warehouse.query(
        f"select greatest(abs(coalesce(residual, 0)), abs(coalesce(effective_residual, 0))) <= {WITHIN}"
        f" from marts.reconciliation where {of(landed[case.name])}"
    )
    assert residuals and all(within for (within,) in residuals)


@pytest.mark.parametrize("case", CASES)
def test_every_expected_row_says_why(case: Case) -> None:
    text = (case.folder / "expected.csv").read_text(encoding="utf-8").splitlines()
    assert case.about["title"].strip() and len(text) > 1
    assert all(len(line.rsplit(",", 1)[-1]) > 5 for line in text)
