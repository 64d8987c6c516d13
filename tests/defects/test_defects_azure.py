"""What converters do wrong with Azure's bills (docs/defects.md, 10 to 15 and 25 to 33), held against ours."""

from __future__ import annotations


def test_11_a_charge_lasts_its_own_day(holds) -> None:
    holds(
        "azure-11",
        """
        charge_description | charge_period_start | charge_period_end
        us                 | 2026-01-15          | 2026-01-16
        iso                | 2026-01-31          | 2026-02-01
        time               | 2026-01-02          | 2026-01-03
        """,
    )


def test_12_billing_periods_end_exclusively_in_every_date_format(holds) -> None:
    holds(
        "azure-11",
        """
        charge_description | billing_period_start | billing_period_end
        us                 | 2026-01-01           | 2026-02-01
        iso                | 2026-01-01           | 2026-02-01
        time               | 2026-01-01           | 2026-02-01
        """,
    )


def test_13_pricing_models_are_known_as_azure_spells_them(holds) -> None:
    holds(
        "azure-13",
        """
        charge_description | pricing_category | commitment_discount_type | commitment_discount_status
        on demand          | Standard         | -                        | -
        spaced             | Standard         | -                        | -
        spot               | Dynamic          | -                        | -
        planned            | Committed        | Savings Plan             | Used
        reserved           | Committed        | Reservation              | Used
        """,
    )


def test_14_quantities_and_prices_tell_block_from_unit(holds) -> None:
    # 3.5 x 10,000 = 35,000 and 0.24 x 100 = 24; cost is price x blocks
    holds(
        "azure-14",
        """
        charge_description | consumed_quantity | consumed_unit | pricing_quantity | pricing_unit | list_cost | contracted_cost | tags
        transactions       | 35000             | Units         | 3.5              | 10K          | 0.21      | 0.175           | {"team":"web"}
        hours              | 24                | Hours         | 0.24             | 100 Hours    | 6         | 4.8             | -
        single             | 24                | Hours         | 24               | 1 Hour       | 6         | 4.8             | -
        """,
    )


def test_15_services_are_found_in_any_case_and_for_purchases(holds) -> None:
    holds(
        "azure-15",
        """
        charge_description | service_name     | service_category
        upper              | Virtual Machines | Compute
        mixed              | Virtual Machines | Compute
        purchase           | Virtual Machines | Compute
        """,
    )


def test_25_commitments_are_counted_in_units_too(holds) -> None:
    # what stands idle is priced by the block and consumed by no one
    holds(
        "azure-25",
        """
        charge_description | commitment_discount_quantity | commitment_discount_unit | pricing_quantity | consumed_quantity
        reserved           | 24                           | Hours                    | 0.24             | 24
        idle               | 6                            | Hours                    | 0.06             | -
        """,
    )


def test_26_savings_plans_are_treated_as_reservations_are(holds) -> None:
    # billed 50 = effective 45 + 5
    holds(
        "azure-26",
        """
        charge_description | charge_category | charge_frequency | pricing_category | commitment_discount_status | billed_cost | effective_cost | billing_account_type
        plan               | Purchase        | Recurring        | Standard         | -                          | 50          | 0              | Billing Account
        used               | Usage           | Usage-Based      | Committed        | Used                       | 0           | 45             | Billing Account
        idle               | Usage           | Usage-Based      | Committed        | Unused                     | 0           | 5              | Billing Account
        """,
    )
    holds(
        "azure-26-profile",
        """
        charge_description | billing_account_type
        vm                 | Billing Profile
        """,
    )


def test_27_a_refund_is_of_what_it_gives_back(holds) -> None:
    holds(
        "azure-27",
        """
        charge_description | charge_category | charge_class | billed_cost | effective_cost
        usage              | Usage           | -            | -2          | -2
        usage of December  | Usage           | Correction   | -3          | -3
        earlier invoice    | Usage           | Correction   | -4          | -4
        reservation        | Purchase        | -            | -40         | 0
        """,
    )


def test_29_a_missing_list_price_is_not_borrowed_from_another_row(holds) -> None:
    holds(
        "azure-29",
        """
        charge_description | list_unit_price | list_cost | contracted_unit_price | contracted_cost
        cheapest           | 1               | 10        | 0.9                   | 9
        no list price      | 3               | 30        | 3                     | 30
        above the list     | 1.5             | 15        | 2                     | 20
        """,
    )


def test_29_covered_usage_without_a_price_keeps_its_savings(holds) -> None:
    # what a commitment saves is contracted less effective: the list price is the nearest to a price that is not told
    holds(
        "azure-29-covered",
        """
        charge_description | list_cost | contracted_cost | effective_cost
        priced             | 30        | 20              | 12
        no price           | 30        | 30              | 12
        no price at all    | 12        | 12              | 12
        """,
    )


def test_32_a_reservations_price_is_for_its_whole_term(holds) -> None:
    holds(
        "azure-32",
        """
        pricing_quantity | list_unit_price | list_cost | contracted_unit_price | contracted_cost | billed_cost
        2                | 4594            | 9188      | 4594                  | 9188            | 9188
        """,
    )


def test_33_tags_with_and_without_braces_are_read(holds) -> None:
    holds(
        "azure-33",
        """
        charge_description | tags
        none               | -
        bare               | {"team":"web"}
        braced             | {"team":"web"}
        empty              | -
        broken             | -
        """,
    )


def test_33_tags_that_cannot_be_read_are_told(warehouse) -> None:
    # the broken row stands in both files of the pair
    warehouse.build("--select", "azure_tags_are_read", "--store-failures")
    assert warehouse.query("select count(*) from dbt_test__audit.azure_tags_are_read") == [(2,)]
