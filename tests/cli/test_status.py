"""`tally status` on marts written by hand: what each section says, and that one lacking mart hides no other."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from orchestration import terminal
from orchestration.cli import main

SAYS = {
    "daily_cost": "1,234.50",
    "deliveries": "01234567",
    "reconciliation": "0.250000",
    "completeness": "arrival pattern",
    "gaps": "shop-dev",
    "price_coverage": "87.50",  # 35 of 40
    "anomalies": "767.25",  # the 19th and the 25th, the first and last day of the week
    "forecast_totals": "110.50",
}


def status() -> Result:
    return CliRunner().invoke(main, ["status"])


def line(outcome: Result, start: str) -> list[str]:
    """The words of the last line that begins so."""
    return [text for text in outcome.output.splitlines() if text.startswith(start)][-1].split()


def test_every_section_is_shown(marts: Path) -> None:
    outcome = status()
    assert outcome.exit_code == 0, outcome.output
    assert all(text in outcome.output for text in SAYS.values()) and "skipped" not in outcome.output


@pytest.mark.parametrize("mart", SAYS)
def test_a_mart_that_is_missing_hides_no_other_and_is_named(marts: Path, mart: str) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute(f"drop table marts.{mart}")
    outcome = status()
    assert outcome.exit_code == 0
    assert {name for name, text in SAYS.items() if text in outcome.output} == set(SAYS) - {mart}
    assert f"(model {mart})" in outcome.output and "tally build" in outcome.output


def test_a_mart_of_an_older_shape_is_skipped_like_a_missing_one(marts: Path) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute("alter table marts.completeness drop column complete_through")
    outcome = status()
    assert (
        outcome.exit_code == 0 and "(model completeness)" in outcome.output and "01234567" in outcome.output
    )


def test_a_delivery_is_told_with_its_size_for_people_and_its_unknown_columns(marts: Path) -> None:
    told = line(status(), "01234567")
    assert told == "01234567 acme focus team-one current 2026-02-03 1,200 34 MB 2".split()


def test_slices_of_one_delivery_are_one_row(marts: Path) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "insert into marts.deliveries select * replace ('superseded' as status) from marts.deliveries"
        )
    outcome = status()
    assert outcome.output.count("01234567") == 1
    assert "current, superseded" in outcome.output and "2,400" in outcome.output


def test_reconciliation_at_a_glance_tells_the_worst_and_what_is_beyond_the_bound(marts: Path) -> None:
    outcome = status()
    glance = outcome.output.partition("Ledger against the bills")[2].partition("Beyond the bound")[0]
    assert (
        "acme      USD            2             1       12.00          12.25        0.250000  unexplained"
        in glance
    )
    beyond = outcome.output.partition("Beyond the bound")[2].partition("Whole through")[0]
    assert "2026-02" in beyond and "2026-01" not in beyond


def test_nothing_beyond_the_bound_is_no_section(marts: Path) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.reconciliation where residual > 0.1")
    assert "Beyond" not in status().output


def test_a_source_is_whole_through_its_least_complete_account(marts: Path) -> None:
    assert line(status(), "acme") == "acme focus team-one 2 2026-01-28 3 arrival pattern".split()
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "update marts.completeness set complete_through = null where billing_account_id = '1'"
        )
    assert line(status(), "acme") == "acme focus team-one 2 - 3 arrival pattern".split()


def test_a_gap_is_told_with_its_days_and_what_a_day_used_to_cost(marts: Path) -> None:
    told = "silent account acme shop-dev 2026-01-09 2026-01-28 USD 42.50"
    assert line(status(), "silent") == told.split()
    with duckdb.connect(str(marts)) as connection:
        connection.execute("update marts.gaps set gap_kind = 'silent_source', sub_account_id = null")
        connection.execute("update marts.gaps set billing_account_id = null, typical_daily_cost = null")
    assert line(status(), "silent") == "silent source acme team-one 2026-01-09 2026-01-28 USD -".split()
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.gaps")
    assert "Gaps, latest first: none" in status().output


def test_coverage_is_a_share_of_all_priced_cost_and_unknown_without_any(marts: Path) -> None:
    assert "acme      USD                    3        40.00     87.50           25.00" in status().output
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.price_coverage where priced_charges is not null")
    told = status().output.partition("Priced by the bills")[2]
    assert "acme USD - - - -" in " ".join(told.split())


def test_conversion_is_shown_when_there_is_something_to_convert(marts: Path) -> None:
    assert "Converted" not in status().output
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "insert into marts.converted_daily_cost values "
            "('Usage', 'EUR', 'USD', 20, 25, null), ('Usage', 'EUR', 'USD', 7, null, 'no rate'), ('Tax', 'EUR', 'USD', 9, 9, null)"
        )
    told = " ".join(status().output.partition("Converted")[2].partition("Priced")[0].split())
    assert "EUR 27.00 USD 25.00 7.00 no rate" in told  # without the tax
    assert "USD 1,234.50 USD 1,234.50 0.00" in told


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal_and_no_money_is_cut(
    marts: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(terminal.console, "width", width)
    scope = "providers-Microsoft.Billing-billingAccounts-84512007"
    with duckdb.connect(str(marts)) as connection:
        for mart in ("deliveries", "completeness", "reconciliation", "gaps"):
            connection.execute(
                f"update marts.{mart} set provider = 'northwind-data-cloud', scope = '{scope}'"
            )
        connection.execute("update marts.reconciliation set raw_billed_cost = 123456789.12")
        connection.execute("update marts.deliveries set dataset = 'azure_amortized', status = 'superseded'")
    tables = status().output.partition("\nwarehouse")[0]
    assert max(len(text) for text in tables.splitlines()) <= width
    assert "246,913,578.24" in tables and "superseded" in tables and "…" not in tables


def test_an_empty_mart_says_so(marts: Path) -> None:
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.deliveries")
    assert "Deliveries, latest first: nothing yet" in status().output


def test_invoices_are_shown_when_any_was_landed(marts: Path) -> None:
    assert "the invoices" not in status().output  # the mart is not built
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "create table marts.invoice_reconciliation (provider varchar, billing_account_id varchar, invoice_id varchar, "
            "billing_period date, billing_currency varchar, invoiced_cost decimal(38, 12), ledger_billed_cost decimal(38, 12), "
            "residual decimal(38, 12), residual_reason varchar)"
        )
    assert "the invoices" not in status().output
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "insert into marts.invoice_reconciliation values "
            "('aws', '1', 'A', '2026-09-01', 'USD', 120, 100, -20, 'tax_not_in_export'), "
            "('aws', '1', 'B', '2026-09-01', 'USD', null, 7, null, null), "
            "('aws', '1', 'D', '2026-08-01', 'USD', 5, 4, -1, 'unexplained'), "
            "('aws', '1', 'C', '2026-10-01', 'EUR', 5, null, null, 'currency_differs')"
        )
    told = status().output.partition("Ledger against the invoices")[2].partition("Whole through")[0]
    lines = [line.split() for line in told.splitlines() if line.startswith("aws")]
    assert lines == [
        "aws 1 D 2026-08 USD 5.00 4.00 -1.000000 unexplained".split(),
        "aws 1 C 2026-10 EUR 5.00 - - currency_differs".split(),
        "aws 1 A 2026-09 USD 120.00 100.00 -20.000000 tax_not_in_export".split(),
    ]


def test_of_the_week_only_what_is_open_and_whole_is_told(marts: Path) -> None:
    told = status().output
    assert "shop-web" in told and "787.25" in told
    assert not any(cost in told for cost in ("4,999.00", "5,999.00", "1,057.25"))


def test_the_month_end_is_the_running_months_of_the_provider(marts: Path) -> None:
    told = status().output
    assert "100.12" in told and "95.25" in told and "200.00" not in told


def test_what_forecasts_left_out_is_told_and_else_not_named(marts: Path) -> None:
    assert "no prophet here" in status().output
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.forecast_notes")
    assert "left out" not in status().output


def test_commitments_to_buy_and_those_that_end_are_shown_where_there_are_any(marts: Path) -> None:
    assert "Commitments" not in status().output
    with duckdb.connect(str(marts)) as connection:
        connection.execute(
            "create table marts.commitment_recommendations as select 'acme' as provider, 'Plan' as commitment_type, 'Compute' as family, "
            "12 as term_months, 'USD' as billing_currency, unnest([0.4321, 9.9]) as hourly_commitment, 315.43 as monthly_cost, "
            "120.5 as expected_monthly_savings, 90.25 as savings_p10, 130.0 as savings_p90, unnest([true, false]) as is_best"
        )
        connection.execute(
            "create table marts.commitment_alerts as select 'expiry' as alert, 'acme' as provider, null::varchar as commitment_discount_name, "
            "'plan-7' as commitment_discount_id, 'Compute' as family, 'USD' as billing_currency, 'high' as severity, 77.7 as at_stake_cost, "
            "99.0 as utilization_pct, timestamp '2026-03-01' as ends_at"
        )
    told = status().output
    assert "0.43" in told and "120.50" in told and "9.90" not in told
    assert "plan-7" in told and "2026-03-01" in told
