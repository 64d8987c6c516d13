"""AWS line items that are not usage: contracts, support, credits, refunds, discounts, tax.

Belongs here: what follows from a month's sums or happens once. Does not: commitments (aws_reservations.py,
aws_plans.py).
"""

import numpy as np

from demo.aws_bill import Bill
from demo.aws_catalog import MARKETPLACE, SELLER, SERVICES
from demo.estate import ACCOUNT_NAMES
from demo.incidents import Incident
from demo.truth import by_month

OWNER = ACCOUNT_NAMES.index("shared-services")
SUPPORT_RATE, TAX_RATE = 0.07, 0.0725


def _account(name: str) -> int:
    return ACCOUNT_NAMES.index(name)


def _day(bill: Bill, month: int, offset: int) -> np.ndarray:
    """The day index of a day of a month that the calendar may cut short."""
    month = min(month, bill.calendar.months - 1)
    return np.array([min(bill.calendar.first_day[month] + offset, len(bill.calendar.days) - 1)])


def add_contracts(bill: Bill) -> tuple[Incident, float]:
    """A marketplace contract bought in one day (the incident of kind `fee`) and a domain registration."""
    day, amount = np.array([len(bill.calendar.days) // 2]), round(18_000 * max(bill.estate.scale, 0.1), 2)
    bill.emit(
        "Fee",
        account=_account("prod-web"),
        service=SERVICES.index(MARKETPLACE),
        day=day,
        cost=amount,
        taxable=True,
        bill_bill_type="Purchase",
        bill_billing_entity="AWS Marketplace",
        line_item_legal_entity=SELLER,
        line_item_usage_type="MP:lumen_annual_contract-Units",
        line_item_usage_amount=1.0,
        pricing_unit="Units",
        line_item_line_item_description="Lumen Metrics Observability, 12 month contract",
    )
    bill.emit(
        "Fee",
        account=OWNER,
        service=SERVICES.index("AmazonRegistrar"),
        day=_day(bill, 0, 9),
        cost=14.0,
        taxable=True,
        line_item_usage_type="DomainRegistration-com",
        line_item_operation="DomainRegistration",
        line_item_usage_amount=1.0,
        line_item_line_item_description="Registration of meridian-retail.example",
    )
    incident = Incident("aws", "prod-web", MARKETPLACE, "fee", int(day[0]), int(day[0]), 1.0)
    return incident, amount


def add_support(bill: Bill) -> None:
    """Business support, a share of each month's bill, dated on its first day."""
    fee = np.round(bill.billed_by_month * SUPPORT_RATE, 2)
    bill.emit(
        "Fee",
        account=OWNER,
        service=SERVICES.index("AWSSupportBusiness"),
        day=bill.calendar.first_day,
        cost=fee,
        whole_month=True,
        taxable=True,
        line_item_usage_type="Dollar",
        line_item_usage_amount=1.0,
        line_item_line_item_description="AWS Support (Business)",
    )


def add_credits(bill: Bill) -> None:
    """A migration credit every month and a service credit once."""
    amount = -np.round(np.minimum(1200.0 * bill.estate.scale + 5, bill.billed_by_month * 0.05), 2)
    bill.emit(
        "Credit",
        account=_account("prod-web"),
        service=SERVICES.index("AmazonEC2"),
        day=bill.calendar.first_day,
        cost=amount,
        whole_month=True,
        line_item_line_item_description="Migration program credit",
    )
    bill.emit(
        "Credit",
        account=_account("data-lake"),
        service=SERVICES.index("AmazonS3"),
        day=_day(bill, 0, 17),
        cost=-42.5,
        key=1,
        line_item_line_item_description="Service level agreement credit",
    )


def add_refund(bill: Bill) -> None:
    """A refund of usage, in the month after the first."""
    bill.emit(
        "Refund",
        account=_account("data-lake"),
        service=SERVICES.index("AmazonS3"),
        day=_day(bill, 1, 11),
        cost=-318.27,
        bill_bill_type="Refund",
        line_item_usage_type="TimedStorage-ByteHrs",
        line_item_usage_amount=-1.0,
        line_item_line_item_description="Refund for storage charged twice",
    )


def add_discounts(bill: Bill) -> None:
    """Discount rows of the net world, by account, service and day: the unblended side of what net costs hold.

    Their net cost is 0, so that the sums of unblended and of net cost over all rows are equal.
    """
    for kind, amounts in (("EdpDiscount", bill.edp), ("BundledDiscount", bill.bundled)):
        amounts = np.round(amounts, 10)
        account, service, day = np.nonzero(amounts)
        bill.emit(
            kind,
            account=account,
            service=service,
            day=day,
            cost=-amounts[account, service, day],
            net=0.0,
            list_cost=0.0,
            line_item_line_item_description=f"{kind} applied to usage and fees",
        )


def add_tax(bill: Bill) -> None:
    """Sales tax by account, service and month, dated over the whole month."""
    calendar = bill.calendar
    monthly = np.apply_along_axis(lambda daily: by_month(calendar, daily), 2, bill.taxable)
    tax = np.round(monthly * TAX_RATE, 2)
    account, service, month = np.nonzero(tax)
    bill.emit(
        "Tax",
        account=account,
        service=service,
        day=calendar.first_day[month],
        cost=tax[account, service, month],
        whole_month=True,
        line_item_tax_type="USSalesTax",
        line_item_usage_amount=1.0,
        line_item_line_item_description="Tax of type USSalesTax",
    )
