"""Every number of a worked example in docs/commitments.md, computed."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from intelligence.commitments import optimal_commitment, outcome
from intelligence.commitments.schedule import break_even_month, payments

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs" / "commitments.md").read_text()
KINDS = 6


def examples() -> list[list[str]]:
    lines = PAGE.split("| commitment | golden case |")[1].splitlines()[2 : 2 + KINDS]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("cells", examples(), ids=lambda cells: cells[0])
def test_a_worked_example_is_what_its_golden_bill_gives(cells: list[str]) -> None:
    named, case, *said = cells
    name = named.split("`")[1]
    with (PROJECT / "tests" / "golden" / case / "expected.csv").open() as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["commitment_discount_id"].endswith(name) and row["charge_category"] == "Usage"
        ]
    sums = {
        status: {
            cost: sum(float(row[cost]) for row in rows if row["commitment_discount_status"] == status)
            for cost in ("contracted_cost", "list_cost", "effective_cost")
        }
        for status in ("Used", "Unused")
    }
    contracted, listed, used = sums["Used"].values()
    unused = sums["Unused"]["effective_cost"]
    shares = (used / (used + unused), 1 - (used + unused) / contracted, 1 - (used + unused) / listed)
    assert said == [
        *(f"{number:.10g}" for number in (contracted, listed, used, unused)),
        *(f"{100 * share:.1f}%" for share in shares),
    ]


def test_the_hours_of_the_newsvendor() -> None:
    hours = np.array([float(number) for number in "4 6 6 7 8 8 9 9 10 12".split()])
    assert "`4 6 6 7 8 8 9 9 10 12`" in PAGE
    best = optimal_commitment(hours, 0.28)
    saved = {c: outcome(c, hours, 0.28)["saving_cost"] for c in (best, hours.mean() * 0.72, 4 * 0.72)}
    assert best == pytest.approx(6 * 0.72) and hours.sum() == 79
    for number in (f"= {best:.2f} an hour", f"({hours.mean() * 0.72:.2f} an hour)"):
        assert number in PAGE
    first, mean, minimum = saved.values()
    assert f"saves {first:.2f} of 79" in PAGE
    assert f"would save {mean:.2f}, the minimum, 4, saves {minimum:.2f}." in PAGE


def test_the_break_even_of_a_half_paid_commitment() -> None:
    upfront, monthly = payments(1.0, 12, 0.5)
    month = break_even_month(np.full(12, 1000.0), upfront, monthly)
    assert f"12 months upfront is {upfront:,.0f}, then {monthly:.0f} a month" in PAGE
    assert f"has paid for itself in month {month}." in PAGE
