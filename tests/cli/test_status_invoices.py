"""`tally status` on invoices: nothing without them, else each against the ledger with what the difference is made of."""

from __future__ import annotations

from pathlib import Path

import duckdb
from click.testing import CliRunner

from orchestration.cli import main


def status() -> str:
    outcome = CliRunner().invoke(main, ["status"])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_invoices_are_shown_when_any_was_landed(marts: Path) -> None:
    assert "the invoices" not in status()  # the mart is not built
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "create table marts.invoice_reconciliation (provider varchar, billing_account_id varchar, invoice_id varchar, "
            "billing_period date, billing_currency varchar, invoiced_cost decimal(38, 12), ledger_billed_cost decimal(38, 12), "
            "residual decimal(38, 12), residual_reason varchar)"
        )
    assert "the invoices" not in status()
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "insert into marts.invoice_reconciliation values "
            "('aws', '1', 'A', '2026-09-01', 'USD', 120, 100, -20, 'tax_not_in_export'), "
            "('aws', '1', 'B', '2026-09-01', 'USD', null, 7, null, null), "
            "('aws', '1', 'D', '2026-08-01', 'USD', 5, 4, -1, 'unexplained'), "
            "('aws', '1', 'C', '2026-10-01', 'EUR', 5, null, null, 'currency_differs')"
        )
    told = status().partition("Ledger against the invoices")[2].partition("Whole through")[0]
    lines = [line.split() for line in told.splitlines() if line.startswith("aws")]
    assert lines == [
        "aws 1 D 2026-08 USD 5.00 4.00 -1.000000 unexplained".split(),
        "aws 1 C 2026-10 EUR 5.00 - - currency_differs".split(),
        "aws 1 A 2026-09 USD 120.00 100.00 -20.000000 tax_not_in_export".split(),
    ]
