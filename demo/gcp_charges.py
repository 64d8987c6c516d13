"""Google Cloud charges that are not usage: a seller's subscription, adjustments, tax, rounding.

Belongs here: what happens once or closes a month. Does not: the commitment (gcp_commitment.py).
"""

import numpy as np

from demo.estate import ACCOUNT_NAMES
from demo.gcp_bill import NOBODY, Bill, records
from demo.gcp_catalog import COBALT, COMPUTE, INVOICE, SELLER
from demo.gcp_schema import USAGE
from demo.incidents import Incident

TAX_RATE = 0.0825
SUBSCRIPTION_FEE = 480.0


def _flat(amount, unit: str = "month") -> dict:
    count = np.ones(len(amount))
    return {
        "cost_at_list": amount,
        "cost_at_effective_price_default": amount,
        "cost_at_list_consumption_model": amount,
        "usage": _usage(count, unit),
    }


def _usage(count: np.ndarray, unit: str):
    return records(
        USAGE,
        len(count),
        amount=count * 2_628_000,
        unit="seconds",
        amount_in_pricing_units=count,
        pricing_unit=unit,
    )


def add_subscription(bill: Bill) -> None:
    """A seller's flat fee on the first day of every month."""
    day = bill.calendar.first_day
    fee = np.full(len(day), round(SUBSCRIPTION_FEE * max(bill.estate.scale, 0.1), 2))
    bill.emit(
        day=day,
        account=ACCOUNT_NAMES.index("data-lake"),
        service=COBALT,
        sku="Cobalt Sync subscription, monthly flat fee",
        cost=fee,
        transaction_type="THIRD_PARTY_AGENCY",
        seller_name=SELLER,
        publisher_type="PARTNER",
        **_flat(fee),
    )


def add_setup(bill: Bill) -> tuple[Incident, float]:
    """A seller's one-time onboarding fee, the incident of kind `fee`."""
    day, amount = (
        np.array([int(len(bill.calendar.days) * 0.65)]),
        round(7_200 * max(bill.estate.scale, 0.1), 2),
    )
    bill.emit(
        day=day,
        account=ACCOUNT_NAMES.index("data-lake"),
        service=COBALT,
        sku="Cobalt Sync onboarding, one-time flat fee",
        cost=amount,
        transaction_type="THIRD_PARTY_AGENCY",
        seller_name=SELLER,
        publisher_type="PARTNER",
        **_flat(np.array([amount]), "count"),
    )
    return Incident("gcp", "data-lake", COBALT, "fee", int(day[0]), int(day[0]), 1.0), amount


def add_adjustments(bill: Bill) -> None:
    """Goodwill on the account, a service level credit of a project, and a general adjustment upwards."""
    calendar = bill.calendar
    month = min(1, calendar.months - 1)
    for number, (kind, account, service, amount) in enumerate(
        (
            ("GOODWILL", NOBODY, INVOICE, -150.0),
            ("SLA_VIOLATION", ACCOUNT_NAMES.index("prod-api"), COMPUTE, -75.5),
            ("GENERAL_ADJUSTMENT", NOBODY, INVOICE, 12.34),
        )
    ):
        day = np.minimum(calendar.first_day[month] + np.array([6 + number]), len(calendar.days) - 1)
        bill.emit(
            day=day,
            account=account,
            service=service,
            sku=f"Billing modification: {kind.lower()}",
            cost=amount,
            cost_type="adjustment",
            adjustment=(f"mod-{number:03d}", kind.replace("_", " ").title(), "MANUAL_ADJUSTMENT", kind),
        )


def add_month_end(bill: Bill) -> None:
    """Tax and rounding of every invoiced month, on its last day and on no project."""
    calendar = bill.calendar
    closed = np.arange(calendar.open_month)
    if not len(closed):
        return
    day = calendar.first_day[1:] - 1
    tax = np.round(np.maximum(bill.billed_by_month[closed], 0) * TAX_RATE, 2)
    rounding = np.where(closed % 2 == 0, 0.003, -0.004)
    for kind, sku, amount in (("tax", "Tax", tax), ("rounding_error", "Rounding error", rounding)):
        bill.emit(day=day, account=NOBODY, service=INVOICE, sku=sku, cost=amount, cost_type=kind, late=3)
