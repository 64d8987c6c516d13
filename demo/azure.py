"""Azure: the bill of one EA enrollment as an actual and an amortized cost export, in EUR.

Belongs here: the order in which the bill comes about. Does not: kinds of charges and files (the azure_*
siblings).
"""

from pathlib import Path

import numpy as np

from demo import azure_benefits, azure_charges, azure_files, azure_usage
from demo.azure_bill import Bill
from demo.azure_catalog import CURRENCY, METERS, SUBSCRIPTIONS
from demo.azure_schema import SCHEMA
from demo.estate import ACCOUNT_NAMES, Estate, Fleet, build_fleet
from demo.incidents import impact, plan
from demo.truth import Truth

BLOCK_DIGITS = {"10K": 4, "1K": 3}  # operations are whole, so quantities in blocks have these decimals


def generate(estate: Estate, truth: Truth, out: Path) -> None:
    """Write `out/azure/` (a copy of the container) and add its truth."""
    result = bill(estate, truth)
    for name, rows in (("actual", result.actual), ("amortized", result.amortized)):
        azure_files.write(name, rows.table(SCHEMA), estate.calendar, out / "azure")


def bill(estate: Estate, truth: Truth) -> Bill:
    """All charges of all months."""
    incidents = plan(estate, "azure")
    fleet = build_fleet(estate, "azure", METERS, incidents)
    bill, quantity = Bill(estate, truth), whole_operations(fleet)
    resources = azure_usage.Resources(bill, fleet)
    left = quantity - azure_benefits.add_reservations(bill, resources, quantity)
    left = left - azure_benefits.add_savings_plan(bill, resources, left)
    costs = azure_usage.add_usage(bill, resources, left.round(9).clip(0))
    azure_usage.add_allocation(bill, resources, quantity)
    for incident in incidents:
        subscription = SUBSCRIPTIONS[ACCOUNT_NAMES.index(incident.account)]
        truth.incident(incident, subscription, CURRENCY, impact(incident, fleet, costs))
    purchase, amount = azure_charges.add_marketplace_purchase(bill)
    truth.incident(purchase, SUBSCRIPTIONS[ACCOUNT_NAMES.index(purchase.account)], CURRENCY, amount)
    azure_benefits.add_returned_reservation(bill)
    azure_charges.add_refund(bill, resources)
    azure_charges.add_rounding(bill)
    truth.slices_of("azure", "azure_actual", CURRENCY, bill.counts["actual"], billed=bill.billed_by_month)
    truth.slices_of(
        "azure", "azure_amortized", CURRENCY, bill.counts["amortized"], effective=bill.effective_by_month
    )
    truth.complete("azure")
    return bill


def whole_operations(fleet: Fleet) -> np.ndarray:
    """Quantities in blocks; operations counted in thousands come in whole numbers."""
    quantity = fleet.quantity.copy()
    for r, unit in enumerate(fleet.of("unit")):
        if unit in BLOCK_DIGITS:
            quantity[r] = quantity[r].round(BLOCK_DIGITS[unit])
    return quantity
