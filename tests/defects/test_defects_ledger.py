"""What goes wrong where providers are put together and added up (docs/defects.md, 20 to 23 and 31), held against ours."""

from __future__ import annotations

import re

import pytest
from lakes import PROJECT


@pytest.mark.parametrize("account", ["aws-09", "azure-14", "gcp-19", "focus-20"])
def test_20_the_union_keeps_every_providers_columns(warehouse, account: str) -> None:
    kept = (
        "resource_id, resource_type, tags, billing_period_end, charge_period_end, charge_frequency, sub_account_name,"
        " invoice_issuer_name, contracted_cost, pricing_currency"
    )
    (row,) = warehouse.query(
        f"select {kept} from marts.cost_and_usage where billing_account_id = '{account}'"
        " and charge_description in ('usage', 'transactions', 'Core', 'instance')"
    )
    assert None not in row


def test_20_hours_invoices_and_contracted_costs_reach_the_published_view(holds) -> None:
    holds(
        "focus-20",
        """
        ResourceId | ResourceName | ResourceType | InvoiceId | PricingCurrency | ContractedCost | ListCost | ChargePeriodStart
        ocid-1     | box          | Instance     | INV-20    | USD             | 7              | 8        | 2026-01-03T10:00:00
        """,
        "focus.focus_1_2",
    )


def test_22_no_model_adds_up_unit_prices() -> None:
    models = sorted((PROJECT / "models").rglob("*.sql"))
    assert len(models) > 20
    added = [
        m.name for m in models if re.search(r"sum\s*\([^)]*(unit_?price|UnitPrice)", m.read_text(), re.I)
    ]
    assert added == []


def test_23_currencies_stay_apart_and_old_months_stay(holds) -> None:
    holds(
        "focus-23",
        """
        charge_date | billing_currency | billed_cost | effective_cost
        2026-01-03  | USD              | 10          | 10
        2026-01-03  | EUR              | 4           | 4
        """,
        "marts.daily_cost",
    )
    holds(
        "focus-23-old",
        """
        charge_date | billing_currency | billed_cost
        2024-02-03  | USD              | 3
        """,
        "marts.daily_cost",
    )


def test_31_the_provider_is_who_the_row_says_and_costs_are_the_rows(holds) -> None:
    holds(
        "focus-31",
        """
        charge_description | provider | billing_currency | billed_cost | effective_cost
        google             | gcp      | JPY              | 150         | 120
        amazon             | aws      | EUR              | 2           | 1
        microsoft          | azure    | USD              | 3           | 3
        """,
    )


def test_the_bills_of_all_cases_reconcile(warehouse) -> None:
    found = warehouse.query("select count(*), count(residual_reason) from marts.reconciliation")
    assert found[0][0] > 8 and found[0][1] == 0
