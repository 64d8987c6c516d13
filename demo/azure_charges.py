"""Azure charges that are neither usage nor benefits: a refund of usage, rounding, a marketplace purchase.

Belongs here: what happens once or closes a month. Does not: benefits (azure_benefits.py).
"""

import numpy as np

from demo.azure_bill import NOBODY, Bill
from demo.azure_catalog import UNASSIGNED
from demo.azure_usage import SELLER, Resources
from demo.estate import ACCOUNT_NAMES
from demo.incidents import Incident


def add_refund(bill: Bill, resources: Resources) -> None:
    """Storage charged twice and given back, in the month after the first."""
    calendar, r = bill.calendar, resources.fleet.of("key").index("Hot LRS Data Stored")
    day = np.minimum(calendar.first_day[min(1, calendar.months - 1)] + np.array([13]), len(calendar.days) - 1)
    quantity = -64.0
    bill.emit(
        "Refund",
        day=day,
        account=resources.fleet.account[r],
        service="Storage",
        quantity=quantity,
        cost=np.round(quantity * resources.unit[r], 10),
        list_cost=quantity * resources.payg[r],
        **(resources.columns(np.array([r])) | {"Frequency": "OneTime"}),
    )


def add_rounding(bill: Bill) -> None:
    """A cent or less on the last day of every closed month; on no subscription."""
    calendar = bill.calendar
    day = calendar.first_day[1:] - 1 if calendar.months > 1 else calendar.first_day
    cost = np.where(np.arange(len(day)) % 2 == 0, 0.0067, -0.0042)
    bill.emit(
        "RoundingAdjustment",
        day=day,
        account=NOBODY,
        service=None,
        quantity=1.0,
        cost=cost,
        list_cost=cost,
        Frequency="OneTime",
        ProductName="Rounding adjustment",
        IsAzureCreditEligible="False",
        PricingModel=None,
    )


def add_marketplace_purchase(bill: Bill) -> tuple[Incident, float]:
    """A one-time marketplace purchase, the incident of kind `fee`."""
    day, amount = (
        np.array([int(len(bill.calendar.days) * 0.4)]),
        round(9_600 * max(bill.estate.scale, 0.1), 2),
    )
    bill.emit(
        "Purchase",
        day=day,
        account=ACCOUNT_NAMES.index("prod-web"),
        service=UNASSIGNED,
        quantity=1.0,
        cost=amount,
        list_cost=amount,
        Frequency="OneTime",
        PublisherType="Marketplace",
        PublisherName=SELLER,
        UnitOfMeasure="1",
        ProductName="Fjord Search, annual plan",
        PlanName="annual",
        IsAzureCreditEligible="False",
    )
    return Incident("azure", "prod-web", UNASSIGNED, "fee", int(day[0]), int(day[0]), 1.0), amount
