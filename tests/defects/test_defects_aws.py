"""What converters do wrong with AWS's bills (docs/defects.md, 1 to 9 and 24), held against ours."""

from __future__ import annotations


def test_02_effective_cost_is_net_where_the_bill_is(holds) -> None:
    # billed 90 + 45 = effective 90 + 36 + 9: the discount is in the net columns and counts no second time
    holds(
        "aws-02",
        """
        charge_description | charge_category | commitment_discount_status | billed_cost | effective_cost
        usage              | Usage           | -                          | 90          | 90
        reserved           | Usage           | Used                       | 0           | 36
        fee                | Purchase        | -                          | 45          | 0
        fee                | Usage           | Unused                     | 0           | 9
        discount           | Adjustment      | -                          | 0           | 0
        """,
    )


def test_03_a_fee_buys_and_what_it_left_unused_stands_beside_it(holds) -> None:
    holds(
        "aws-03",
        """
        charge_description | charge_category | commitment_discount_status | commitment_discount_quantity | commitment_discount_unit | billed_cost | effective_cost
        plan fee           | Purchase        | -                          | 20                           | USD                      | 20          | 0
        plan fee           | Usage           | Unused                     | 5                            | USD                      | 0           | 5
        planned            | Usage           | Used                       | 15                           | USD                      | 0           | 15
        ri fee             | Purchase        | -                          | 100                          | Hours                    | 50          | 0
        ri fee             | Usage           | Unused                     | 20                           | Hours                    | 0           | 10
        reserved           | Usage           | Used                       | 80                           | Hours                    | 0           | 40
        """,
    )


def test_04_commitments_are_named_from_the_parquet_spelling(holds) -> None:
    holds(
        "aws-03",
        """
        charge_description | commitment_discount_id | commitment_discount_type | commitment_discount_category
        plan fee           | arn:sp                 | Savings Plan             | Spend
        plan fee           | arn:sp                 | Savings Plan             | Spend
        planned            | arn:sp                 | Savings Plan             | Spend
        ri fee             | arn:ri                 | Reserved Instance        | Usage
        ri fee             | arn:ri                 | Reserved Instance        | Usage
        reserved           | arn:ri                 | Reserved Instance        | Usage
        """,
    )


def test_07_list_cost_counts_usage_once(holds) -> None:
    # used: 20 + 56 at list. The negation has none, the fee has its own price, a share that was not used has none
    holds(
        "aws-03",
        """
        charge_description | charge_category | pricing_quantity | list_unit_price | list_cost
        plan fee           | Purchase        | 1                | 20              | 20
        plan fee           | Usage           | 5                | 0               | 0
        planned            | Usage           | 10               | 2               | 20
        ri fee             | Purchase        | 100              | 0.5             | 50
        ri fee             | Usage           | 20               | 0               | 0
        reserved           | Usage           | 80               | 0.7             | 56
        """,
    )


def test_08_every_line_item_type_has_its_category(holds) -> None:
    holds(
        "aws-08",
        """
        charge_description | charge_category | charge_class | billed_cost | effective_cost
        credit             | Credit          | -            | -5          | -5
        refund             | Usage           | Correction   | -3          | -3
        flat rate          | Purchase        | -            | 19          | 19
        partner            | Adjustment      | -            | -2          | -2
        volume             | Adjustment      | -            | -1          | -1
        bundled            | Adjustment      | -            | -0.5        | -0.5
        """,
    )


def test_09_nothing_that_the_bill_tells_is_left_out(holds) -> None:
    holds(
        "aws-09",
        """
        billing_currency | contracted_cost | list_cost | invoice_id | invoice_issuer_name | sub_account_id | sub_account_name | region_id | region_name
        CNY              | 8               | 10        | INV-9      | Sinnet              | 210987654321   | Shop             | us-east-1 | US East (N. Virginia)
        """,
    )
    holds(
        "aws-09",
        """
        service_name                 | service_category | tags
        Amazon Elastic Compute Cloud | Compute          | {"team":"web","aws_created_by":"ci"}
        """,
    )


def test_24_refunds_spot_and_split_rows_are_known_by_more_than_one_sign(holds) -> None:
    # shares of a node or host repeat the cost of a row that stands; Fargate's rows are usage of their own
    holds(
        "aws-24",
        """
        charge_description | charge_category | pricing_category | commitment_discount_id | billed_cost | effective_cost | list_cost
        reservation        | Purchase        | Standard         | arn:ri                 | -30         | 0              | -30
        compute plan       | Purchase        | Standard         | -                      | -7          | 0              | -7
        learning plan      | Purchase        | Standard         | -                      | -8          | 0              | -8
        database plan      | Purchase        | Standard         | -                      | -9          | 0              | -9
        spot by its use    | Usage           | Dynamic          | -                      | 3           | 3              | 3
        spot by its term   | Usage           | Dynamic          | -                      | 3           | 3              | 3
        fargate            | Usage           | Standard         | -                      | 2           | 2              | 2
        usage              | Usage           | Standard         | -                      | -4          | -4             | -4
        """,
    )
