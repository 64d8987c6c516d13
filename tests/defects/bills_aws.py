"""AWS's bills, one payer for each case: CUR 2.0 in Parquet, January 2026. Not here: what they must become."""

from __future__ import annotations

from pathlib import Path

from tables import bill, declared_types, write_parquet

NAMES = {
    "what": "line_item_line_item_description",
    "type": "line_item_line_item_type",
    "usage": "line_item_usage_amount",
    "unblended": "line_item_unblended_cost",
    "net": "line_item_net_unblended_cost",
    "on_demand": "pricing_public_on_demand_cost",
    "ri": "reservation_reservation_a_r_n",
    "ri_cost": "reservation_effective_cost",
    "ri_net_cost": "reservation_net_effective_cost",
    "ri_unused": "reservation_unused_recurring_fee",
    "ri_net_unused": "reservation_net_unused_recurring_fee",
    "ri_unused_hours": "reservation_unused_quantity",
    "ri_units": "reservation_total_reserved_units",
    "sp": "savings_plan_savings_plan_a_r_n",
    "sp_cost": "savings_plan_savings_plan_effective_cost",
    "sp_total": "savings_plan_total_commitment_to_date",
    "sp_used": "savings_plan_used_commitment",
    "product": "line_item_product_code",
    "usage_type": "line_item_usage_type",
    "term": "pricing_term",
    "operation": "line_item_operation",
    "start": "line_item_usage_start_date",
}


def case(payer: str, text: str, **more) -> list[dict]:
    rows = bill(text, NAMES, product="AmazonEC2", start="2026-01-03 10:00:00")
    fixed = {
        "bill_payer_account_id": payer,
        "bill_bill_type": "Anniversary",
        "bill_billing_period_start_date": "2026-01-01",
        "line_item_usage_end_date": "2026-01-03 11:00:00",
        "line_item_currency_code": "USD",
    }
    return [fixed | row | more for row in rows]


# Net of a private discount of 10 %. The fee of 50 (45 net) is used to four fifths.
NET = case(
    "aws-02",
    """
    what     | type           | unblended | net | on_demand | ri     | ri_cost | ri_net_cost | ri_unused | ri_net_unused
    usage    | Usage          | 100       | 90  | 100       | -      | -       | -           | -         | -
    reserved | DiscountedUsage| 0         | 0   | 60        | arn:ri | 40      | 36          | -         | -
    fee      | RIFee          | 50        | 45  | -         | arn:ri | -       | -           | 10        | 9
    discount | EdpDiscount    | -10       | -   | -         | -      | -       | -           | -         | -
    """,
)

# A plan of 20 of which 15 are used, and a reservation of 100 hours for 50 of which 80 hours are.
COMMITMENTS = case(
    "aws-03",
    """
    what       | type                    | usage | unblended | on_demand | ri     | ri_cost | ri_unused | ri_unused_hours | ri_units | sp     | sp_cost | sp_total | sp_used
    plan fee   | SavingsPlanRecurringFee | 1     | 20        | -         | -      | -       | -         | -               | -        | arn:sp | -       | 20       | 15
    planned    | SavingsPlanCoveredUsage | 10    | 18        | 20        | -      | -       | -         | -               | -        | arn:sp | 15      | -        | -
    negation   | SavingsPlanNegation     | 10    | -18       | 20        | -      | -       | -         | -               | -        | arn:sp | -       | -        | -
    ri fee     | RIFee                   | 100   | 50        | 70        | arn:ri | -       | 10        | 20              | 7440     | -      | -       | -        | -
    reserved   | DiscountedUsage         | 80    | 0         | 56        | arn:ri | 40      | -         | -               | 7440     | -      | -       | -        | -
    """,
)

TYPES = case(
    "aws-08",
    """
    what            | type                 | unblended | start
    credit          | Credit               | -5        | 2026-01-03
    refund          | Refund               | -3        | 2025-12-30
    flat rate       | FlatRateSubscription | 19        | 2026-01-03
    partner         | SppDiscount          | -2        | 2026-01-03
    volume          | RiVolumeDiscount     | -1        | 2026-01-03
    bundled         | BundledDiscount      | -0.5      | 2026-01-03
    """,
)

DESCRIBED = case(
    "aws-09",
    """
    what  | type  | usage | unblended | on_demand
    usage | Usage | 4     | 8         | 10
    """,
    bill_payer_account_name="Company",
    bill_invoice_id="INV-9",
    bill_invoicing_entity="Sinnet",
    line_item_usage_account_id="210987654321",
    line_item_usage_account_name="Shop",
    line_item_currency_code="CNY",
    line_item_resource_id="i-9",
    product={"product_name": "Amazon Elastic Compute Cloud"},
    product_product_family="Compute Instance",
    product_region_code="us-east-1",
    pricing_unit="Hrs",
    resource_tags={"user_team": "web", "aws_created_by": "ci"},
)

# The refunds of plans name no plan. AWS writes '' for an ARN that a row has not.
REFUNDS = case(
    "aws-24",
    """
    what            | type   | product                     | usage_type     | term | operation    | ri     | unblended | on_demand
    reservation     | Refund | AmazonEC2                   | -              | -    | -            | arn:ri | -30       | -
    compute plan    | Refund | ComputeSavingsPlans         | -              | -    | -            | -      | -7        | -
    learning plan   | Refund | MachineLearningSavingsPlans | -              | -    | -            | -      | -8        | -
    database plan   | Refund | DatabaseSavingsPlans        | -              | -    | -            | -      | -9        | -
    spot by its use | Usage  | AmazonEC2                   | SpotUsage:m5   | -    | RunInstances | -      | 3         | 10
    spot by its term| Usage  | AmazonEC2                   | BoxUsage:m5    | Spot | RunInstances | -      | 3         | 10
    share of a node | Usage  | AmazonEKS                   | BoxUsage:m5    | -    | EKSPod-EC2   | -      | 0         | 5
    share of a host | Usage  | AmazonECS                   | BoxUsage:m5    | -    | ECSTask-EC2  | -      | 0         | 5
    fargate         | Usage  | AmazonEKS                   | Fargate-vCPU   | -    | FargatePod   | -      | 2         | 2
    """,
)
REFUNDS += case(
    "aws-24",
    """
    what  | type   | unblended
    usage | Refund | -4
    """,
    reservation_reservation_a_r_n="",
    savings_plan_savings_plan_a_r_n="",
)


def write(folder: Path) -> None:
    folder.mkdir(parents=True)
    rows = NET + COMMITMENTS + TYPES + DESCRIBED + REFUNDS
    write_parquet(folder / "cur2.parquet", rows, declared_types("aws", "cur2"))
