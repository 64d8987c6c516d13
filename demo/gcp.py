"""Google Cloud: the bill of one billing account as the detailed export to BigQuery.

Belongs here: the order in which the bill comes about. Does not: kinds of charges and files (the gcp_*
siblings).
"""

from pathlib import Path

from demo import gcp_charges, gcp_commitment, gcp_files, gcp_usage
from demo.estate import ACCOUNT_NAMES, Estate, build_fleet
from demo.gcp_bill import Bill
from demo.gcp_catalog import CURRENCY, METERS, PROJECTS
from demo.gcp_schema import SCHEMA
from demo.incidents import impact, plan
from demo.truth import Truth


def generate(estate: Estate, truth: Truth, out: Path) -> None:
    """Write `out/gcp/` (the table's files) and add its truth."""
    gcp_files.write(bill(estate, truth).rows.table(SCHEMA), out / "gcp")


def bill(estate: Estate, truth: Truth) -> Bill:
    """All rows of all invoice months."""
    incidents = plan(estate, "gcp")
    fleet = build_fleet(estate, "gcp", METERS, incidents)
    bill, quantity = Bill(estate, truth), fleet.quantity.copy()
    resources = gcp_usage.Resources(bill, fleet)
    quantity[resources.windows == 2, -1] *= 1 - gcp_usage.EVENING_SHARE
    left = quantity - gcp_commitment.add_commitment(bill, resources, quantity)
    effective = gcp_usage.add_usage(bill, resources, left.round(9).clip(0))
    for incident in incidents:
        project = PROJECTS[ACCOUNT_NAMES.index(incident.account)]
        truth.incident(incident, project, CURRENCY, impact(incident, fleet, effective))
    setup, amount = gcp_charges.add_setup(bill)
    truth.incident(setup, PROJECTS[ACCOUNT_NAMES.index(setup.account)], CURRENCY, amount)
    gcp_charges.add_subscription(bill)
    gcp_charges.add_adjustments(bill)
    gcp_charges.add_month_end(bill)
    truth.slices_of(
        "gcp", "gcp_detailed", CURRENCY, bill.rows_by_month, bill.billed_by_month, bill.effective_by_month
    )
    truth.complete("gcp")
    return bill
