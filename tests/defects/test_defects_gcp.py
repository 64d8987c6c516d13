"""What converters, Google's own view among them, do wrong with Google's bills (docs/defects.md, 16 to 19, 34, 35)."""

from __future__ import annotations


def test_17_negative_costs_stay(holds) -> None:
    # the sum is the bill's, -8.01: nothing stops at zero
    holds(
        "gcp-17",
        """
        charge_description | charge_category | billed_cost | effective_cost
        surplus            | Usage           | 1           | 1
        surplus            | Credit          | -3          | -3
        correction         | Usage           | -2          | -2
        refund             | Adjustment      | -4          | -4
        rounding           | Adjustment      | -0.01       | -0.01
        """,
    )


def test_18_a_billing_period_is_a_month_long(warehouse) -> None:
    # Google's month begins at midnight on the Pacific coast, in winter at 8:00 UTC
    assert warehouse.query(
        "select distinct cast(billing_period_start as varchar), cast(billing_period_end as varchar)"
        " from marts.cost_and_usage where dataset = 'gcp_detailed'"
    ) == [("2026-01-01 08:00:00", "2026-02-01 08:00:00")]


def test_19_the_new_commitments_are_bought_used_and_left(holds) -> None:
    # billed 1 + 2 + 0.5 = effective 0.75 + 0.25 + 2 + 0.5
    holds(
        "gcp-19",
        """
        charge_description                 | charge_category | sku_price_id  | commitment_discount_id | commitment_discount_quantity | billed_cost | effective_cost | contracted_cost | list_cost
        Commitment - dollar based v1: Core | Purchase        | BB-22/default | cud-1                  | 1                            | 1           | 0              | 1               | 1
        Commitment - dollar based v1: Core | Usage           | BB-22/default | cud-1                  | 0.25                         | 0           | 0.25           | 0               | 0
        Core                               | Usage           | AA-11/default | cud-1                  | 0.75                         | 0           | 0.75           | 1               | 1.25
        Core above                         | Usage           | BB-22/default | -                      | -                            | 2           | 2              | 2               | 2.5
        Spot Preemptible Core              | Usage           | BB-22/default | -                      | -                            | 0.5         | 0.5            | 0.5             | 0.5
        """,
    )


def test_34_the_rows_are_in_focus_terms(holds) -> None:
    # PricingQuantity is what was priced, not the size of the price; the sub account is the project
    holds(
        "gcp-19",
        """
        charge_description                 | charge_category | charge_frequency | sub_account_id | pricing_quantity | pricing_unit | consumed_quantity | service_category | tags
        Commitment - dollar based v1: Core | Purchase        | Recurring        | p-1            | 1                | hour         | -                 | Compute          | {"team":"web"}
        Commitment - dollar based v1: Core | Usage           | Usage-Based      | p-1            | 0.25             | EUR          | -                 | Compute          | {"team":"web"}
        Core                               | Usage           | Usage-Based      | p-1            | 10               | hour         | 36000             | Compute          | {"team":"web"}
        Core above                         | Usage           | Usage-Based      | p-1            | 20               | hour         | 72000             | Compute          | {"team":"web"}
        Spot Preemptible Core              | Usage           | Usage-Based      | p-1            | 20               | hour         | 72000             | Compute          | {"team":"web"}
        """,
    )


def test_35_commitments_have_a_status_and_prices_a_kind(holds) -> None:
    # the export names no invoice, and its month is none
    holds(
        "gcp-19",
        """
        charge_description                 | commitment_discount_status | pricing_category | invoice_id
        Commitment - dollar based v1: Core | -                          | Standard         | -
        Commitment - dollar based v1: Core | Unused                     | Committed        | -
        Core                               | Used                       | Committed        | -
        Core above                         | -                          | Standard         | -
        Spot Preemptible Core              | -                          | Dynamic          | -
        """,
    )
