"""AWS: the bill of one payer account as a CUR 2.0 export.

Belongs here: the order in which the bill comes about. Does not: line item kinds and files (the aws_*
siblings).
"""

from pathlib import Path

import pyarrow as pa

from demo import aws_fees, aws_files, aws_plans, aws_reservations, aws_usage
from demo.aws_bill import Bill
from demo.aws_catalog import ACCOUNT_IDS, CURRENCY, METERS
from demo.aws_schema import SCHEMA
from demo.estate import ACCOUNT_NAMES, Estate, build_fleet
from demo.incidents import impact, plan
from demo.truth import Truth


def generate(estate: Estate, truth: Truth, out: Path) -> None:
    """Write `out/aws/` (a copy of the bucket) and add its truth."""
    table = bill(estate, truth)
    aws_files.write(table, estate.calendar, out / "aws")


def bill(estate: Estate, truth: Truth) -> pa.Table:
    """All line items of all months."""
    incidents = plan(estate, "aws")
    fleet = build_fleet(estate, "aws", METERS, incidents)
    bill = Bill(estate, truth)
    resources = aws_usage.Resources(bill, fleet)
    left = fleet.quantity - aws_reservations.add_reservations(bill, resources, fleet.quantity)
    left = left - aws_plans.add_savings_plan(bill, resources, left)
    effective = aws_usage.add_usage(bill, resources, left.round(9).clip(0))
    for incident in incidents:
        account = ACCOUNT_IDS[ACCOUNT_NAMES.index(incident.account)]
        truth.incident(incident, account, CURRENCY, impact(incident, fleet, effective))
    contract, amount = aws_fees.add_contracts(bill)
    truth.incident(contract, ACCOUNT_IDS[ACCOUNT_NAMES.index(contract.account)], CURRENCY, amount)
    aws_fees.add_support(bill)
    aws_fees.add_refund(bill)
    aws_plans.add_returned_plan(bill)
    aws_fees.add_credits(bill)
    aws_fees.add_discounts(bill)
    aws_fees.add_tax(bill)
    truth.slices_of(
        "aws", "cur2", CURRENCY, bill.rows_by_month, bill.billed_by_month, bill.effective_by_month
    )
    truth.complete("aws")
    return bill.rows.table(SCHEMA)
