"""Invoices from file to mart: a restated file replaces its months alone, and nothing else of the lake moves."""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from quick import Quick

HEADER = (
    "ProviderName,BillingAccountId,InvoiceId,ServiceName,ChargeCategory,BillingPeriodStart,ChargePeriodStart,"
    "ChargePeriodEnd,BilledCost,EffectiveCost,BillingCurrency"
)
# vendor, account, invoice, service, category, month, cost; October's names no invoice yet, Google's never do
CHARGES = [
    ("Acme", "1", "A", "Queue", "Usage", "09", "60.001"),
    ("Acme", "1", "A", "Store", "Usage", "09", "40.003"),
    ("Acme", "1", "A", "Tax", "Tax", "09", "8"),
    ("Acme", "1", "B", "Seller", "Purchase", "09", "25"),
    ("Acme", "1", "", "Queue", "Usage", "10", "70"),
    ("Acme", "2", "C", "Queue", "Usage", "09", "11"),
    ("Google Cloud", "G", "", "BigQuery", "Usage", "09", "33"),
]
INVOICES = "invoice_id,billing_account_id,billing_period,billing_currency,invoiced_cost,tax_amount,invoice_issue_date"
FIRST = [
    "A,1,2026-09,USD,100.00,0,2026-10-02",
    "A,1,2026-09,USD,9.50,9.50,2026-10-02",
    "D,1,2026-10,USD,75,,",
]
RESTATED = ["A,1,2026-09,USD,108,8,2026-10-02"]
GOOGLE = [
    ["E,G,2026-09,USD,30,,2026-10-02"],
    ["E,G,2026-09,USD,33,,2026-10-02"],
    ["E,G,2026-09,USD,40,,2026-10-02", "F,H,2026-09,USD,1,,2026-10-02"],
]
# the invoices, and what must not know of them
WANTED = ("--select", "+invoice_reconciliation", "+reconciliation", "deliveries")
# all of these that a new delivery of invoices could touch
TOUCHED = (
    *("--select", "int_deliveries__shadowed", "int_deliveries__slices", "int_deliveries__raw_totals"),
    *("stg_focus__focus", "base_invoices__lines+,+invoice_reconciliation", "reconciliation", "deliveries"),
)
KINDS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
TESTS = (
    "invoices_hold_the_ledgers_money",
    "invoice_reconciliation__grain_is_unique",
    "every_delivered_row_is_read",
)


def write(path: Path, lines: list[str], day: int) -> Path:
    path.write_text("\n".join(lines) + "\n")
    os.utime(path, (1_790_000_000 + day * 86_400,) * 2)
    return path


def bill(path: Path) -> Path:
    rows = [
        f"{vendor},{account},{invoice},{service},{category},2026-{month}-01,2026-{month}-03,2026-{month}-04,{cost},{cost},USD"
        for vendor, account, invoice, service, category, month, cost in CHARGES
    ]
    return write(path, [HEADER, *rows], 30)  # 2026-10-21


def invoices(path: Path, rows: list[str], day: int) -> Path:
    return write(path, [f"{INVOICES},provider_name", *(f"{row},Acme" for row in rows)], day)


def google_invoices(path: Path, rows: list[str], day: int) -> Path:
    return write(path, [INVOICES, *rows], day)


@dataclass
class Seen:
    """The marts after a build: that of the invoices by invoice id, and those that tell of bills."""

    invoices: dict[str, tuple]
    others: list[list[tuple]]


def seen(warehouse: Quick) -> Seen:
    rows = warehouse.query(
        "select invoice_id, matched_by, invoiced_cost, ledger_billed_cost, residual, residual_reason"
        " from marts.invoice_reconciliation"
    )
    others = ("cost_and_usage", "reconciliation")
    return Seen(
        {row[0]: row[1:] for row in rows},
        [warehouse.query(f"select * from marts.{name} order by all") for name in others],
    )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Quick, Seen, Seen, tuple[str, str]]:
    """A lake whose invoices came before its bills and were restated: as it was, as it is, the two files' deliveries."""
    folder = tmp_path_factory.mktemp("invoices")
    warehouse = Quick(folder / "lake")
    for day, rows in enumerate(GOOGLE, start=20):
        warehouse.land("gcp", google_invoices(folder / f"google_{day}.csv", rows, day))
    (first,) = warehouse.land("focus", invoices(folder / "first.csv", FIRST, 29)).landed
    warehouse.land("focus", bill(folder / "bill.csv"))
    warehouse.run("build", *WANTED, *KINDS)
    before = seen(warehouse)
    (second,) = warehouse.land("focus", invoices(folder / "second.csv", RESTATED, 40)).landed
    assert warehouse.run("run", *TOUCHED) == []  # no slice of the ledger is built again
    warehouse.run("test", "--select", *TESTS)
    return warehouse, before, seen(warehouse), (first.delivery_id, second.delivery_id)


def test_each_invoice_is_held_against_its_charges(story: tuple) -> None:
    _, before, _, _ = story
    # 100 + 9.50 invoiced, of which 9.50 tax; 60.001 + 40.003 + 8 billed: 1.50 of tax is not in the bill
    assert before.invoices["A"] == (
        "invoice_id",
        cost("109.5"),
        cost("108.004"),
        cost("-1.496"),
        "tax_not_in_export",
    )
    # the bill names it, nobody landed it; of C's account nothing was landed
    assert before.invoices["B"] == ("not_landed", None, cost("25"), None, None)
    assert "C" not in before.invoices
    # no issue date, and the export of 21 October cannot hold all of October
    assert before.invoices["D"] == ("account_and_period", cost("75"), cost("70"), cost("-5"), "run_skew")


def test_a_newer_file_replaces_the_months_that_it_names(story: tuple) -> None:
    warehouse, before, after, (first, second) = story
    assert after.invoices == before.invoices | {
        "A": ("invoice_id", cost("108"), cost("108.004"), cost("0.004"), None)
    }
    told = (
        "select delivery_id, billing_period::varchar, status from marts.deliveries where dataset = 'invoices'"
    )
    assert set(warehouse.query(f"{told} and provider = 'acme'")) == {
        (first, "2026-09-01", "superseded"),
        (first, "2026-10-01", "current"),
        (second, "2026-09-01", "current"),
    }


def test_googles_invoices_do_not_add_up_as_its_bills_do(story: tuple) -> None:
    """The second file of E replaces the first; the third holds E in a scope of its own, and the older scope counts."""
    _, before, _, _ = story
    assert before.invoices["E"] == ("account_and_period", cost("33"), cost("33"), cost("0"), None)
    assert before.invoices["F"] == ("nothing", cost("1"), cost("0"), cost("-1"), "not_in_ledger")


def test_bills_know_nothing_of_invoices(story: tuple) -> None:
    """They landed first, of the same accounts and months, and shadow no bill."""
    warehouse, before, after, _ = story
    assert after.others == before.others
    assert warehouse.query("select sum(billed_cost) from marts.cost_and_usage") == [(cost("247.004"),)]
    assert warehouse.query("select distinct dataset from marts.reconciliation") == [("focus",)]
    shadowed = "select distinct dataset, scope from marts.deliveries where status = 'shadowed'"
    assert warehouse.query(shadowed) == []


def cost(text: str) -> Decimal:
    return Decimal(text)
