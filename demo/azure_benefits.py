"""Azure reservations and savings plans: purchases, covered usage, unused shares, a returned reservation.

Belongs here: rows with a benefit id. Does not: usage left on demand (azure_usage.py).
"""

from dataclasses import dataclass

import numpy as np

from demo.azure_bill import NOBODY, Bill
from demo.azure_catalog import CURRENCY
from demo.azure_usage import Resources
from demo.cover import commitment_level, cover
from demo.estate import ACCOUNT_NAMES, DAY
from demo.rows import guid, pick
from demo.truth import by_month

OWNER = ACCOUNT_NAMES.index("shared-services")
MONTHLY_DISCOUNT, UPFRONT_DISCOUNT, PLAN_DISCOUNT = 0.36, 0.40, 0.24  # of the contract price
UPFRONT_DAYS = 1095


@dataclass(frozen=True)
class Benefit:
    """A reservation or savings plan; `term` in months."""

    kind: str  # "reservation" or "savings_plan"
    name: str
    term: int

    @property
    def order(self) -> str:
        return guid("azure order", self.name)

    @property
    def guid(self) -> str:
        return guid("azure benefit", self.name)

    @property
    def id(self) -> str:
        if self.kind == "reservation":
            return f"/providers/Microsoft.Capacity/reservationOrders/{self.order}/reservations/{self.guid}"
        return f"/providers/Microsoft.BillingBenefits/savingsPlanOrders/{self.order}/savingsPlans/{self.guid}"

    def columns(self) -> dict:
        reservation = self.kind == "reservation"
        return {
            "PricingModel": "Reservation" if reservation else "SavingsPlan",
            "ReservationId": self.guid if reservation else None,
            "ReservationName": self.name if reservation else None,
            "ProductOrderId": self.order,
            "ProductOrderName": self.name,
            "Term": str(self.term),
            "benefitId": self.id,
            "benefitName": self.name,
        }


def add_reservations(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """The monthly paid and the upfront reservation; returns the hours they cover (resources x days)."""
    covered = np.zeros_like(quantity)
    kinds = np.array(resources.fleet.more("commitment", ""))
    for commitment, name, discount, term in (
        ("reservation", "vm-d4s-v5-1y", MONTHLY_DISCOUNT, 12),
        ("upfront", "vm-e8s-v5-3y", UPFRONT_DISCOUNT, 36),
    ):
        rows = np.flatnonzero(kinds == commitment)
        hours = quantity[rows]
        count = max(1, round(0.9 * np.median((hours > 0).sum(axis=0))))
        covered[rows] = cover(hours, np.full(hours.shape[1], 24.0 * count))
        hourly = count * float(resources.unit[rows[0]]) * (1 - discount)
        mine = covered * np.isin(np.arange(len(kinds)), rows)[:, None]
        _add_reservation(bill, resources, Benefit("reservation", name, term), count, hourly, mine)
    return covered


def _add_reservation(
    bill: Bill, resources: Resources, benefit: Benefit, count: int, hourly: float, covered
) -> None:
    """A monthly payment is the same every month; a day of a month amortises an equal part of it."""
    calendar, month_days = bill.calendar, (bill.calendar.ends - bill.calendar.starts).astype(int)
    if benefit.term == 12:
        paid = np.full(calendar.months, round(hourly * 730, 2))
        daily, purchase_day = (paid / month_days)[calendar.month], calendar.first_day
    else:
        paid = np.zeros(calendar.months)
        paid[0] = round(hourly * 24 * UPFRONT_DAYS, 2)
        daily, purchase_day = np.full(len(calendar.days), paid[0] / UPFRONT_DAYS), calendar.first_day[:1]
    r, day = np.nonzero(covered)
    hours = covered[r, day]
    cost = np.round(hours * daily[day] / (24 * count), 10)
    bill.emit(
        "Usage",
        benefit="covered",
        day=day,
        account=resources.fleet.account[r],
        quantity=hours,
        cost=cost,
        service=pick(resources.fleet.of("service"), r),
        list_cost=hours * resources.unit[r],
        **(resources.columns(r) | benefit.columns() | {"PayGPrice": 0.0}),
    )
    used = np.bincount(day, weights=cost, minlength=len(calendar.days))
    hours_left = np.round(24.0 * count - np.bincount(day, weights=hours, minlength=len(calendar.days)), 6)
    unused = np.round(daily - used, 10) * (hours_left > 0)
    _add_unused(bill, benefit, unused, hours_left)
    _add_purchase(bill, benefit, purchase_day, paid[: len(purchase_day)], float(count))
    start = calendar.starts[0]
    bill.truth.commitment(
        "azure",
        benefit.id,
        benefit.kind,
        CURRENCY,
        start,
        start + benefit.term // 12 * 365 * DAY,
        hourly,
        paid,
        by_month(calendar, used),
        by_month(calendar, unused),
    )


def add_savings_plan(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """The savings plan, paid monthly by its hours; returns the quantity it covers (resources x days)."""
    calendar, benefit = bill.calendar, Benefit("savings_plan", "compute-plan-1y", 12)
    eligible = np.array(resources.fleet.more("commitment", "")) == "plan"
    rate = resources.unit * (1 - PLAN_DISCOUNT)
    demand = np.round(quantity * rate[:, None] * eligible[:, None], 10)
    hourly = round(commitment_level(demand, 0.4) / 24, 3)
    share = cover(demand, np.full(demand.shape[1], 24 * hourly))
    r, day = np.nonzero(share)
    cost = share[r, day]
    hours = np.where(cost == demand[r, day], quantity[r, day], np.round(cost / rate[r], 9))
    bill.emit(
        "Usage",
        benefit="covered",
        day=day,
        account=resources.fleet.account[r],
        quantity=hours,
        cost=cost,
        service=pick(resources.fleet.of("service"), r),
        list_cost=hours * resources.payg[r],
        **(resources.columns(r) | benefit.columns()),
    )
    used = np.bincount(day, weights=cost, minlength=len(calendar.days))
    unused = np.round(24 * hourly - used, 9)
    _add_unused(bill, benefit, unused, np.full(len(used), 24.0))
    paid = np.round(24 * hourly * (calendar.ends - calendar.starts).astype(int), 10)
    _add_purchase(bill, benefit, calendar.first_day, paid, 1.0)
    start = calendar.starts[0]
    bill.truth.commitment(
        "azure",
        benefit.id,
        benefit.kind,
        CURRENCY,
        start,
        start + 365 * DAY,
        hourly,
        paid,
        by_month(calendar, used),
        by_month(calendar, unused),
    )
    covered = np.zeros_like(quantity)
    covered[r, day] = hours
    return covered


def _add_unused(bill: Bill, benefit: Benefit, unused: np.ndarray, hours: np.ndarray) -> None:
    """One row a day with something unused; it belongs to no subscription."""
    day = np.flatnonzero(unused > 0)
    kind = "UnusedReservation" if benefit.kind == "reservation" else "UnusedSavingsPlan"
    bill.emit(
        kind,
        benefit="unused",
        day=day,
        account=NOBODY,
        service="Virtual Machines",
        quantity=hours[day],
        cost=unused[day],
        list_cost=0.0,
        UnitOfMeasure="1 Hour",
        ProductName=f"{benefit.name}, unused",
        ResourceId=benefit.id,
        ConsumedService="Microsoft.Compute",
        **(benefit.columns() | {"UnitPrice": np.round(unused[day] / hours[day], 12)}),
    )


def _add_purchase(bill: Bill, benefit: Benefit, day: np.ndarray, paid: np.ndarray, count: float) -> None:
    monthly = len(day) > 1 or benefit.term == 12
    bill.emit(
        "Purchase",
        benefit="purchase",
        day=day,
        account=OWNER,
        service=None,
        quantity=count,
        cost=paid,
        list_cost=paid,
        Frequency="Recurring" if monthly else "OneTime",
        ProductName=benefit.name,
        UnitOfMeasure="1",
        ResourceId=benefit.id,
        IsAzureCreditEligible="False",
        **(benefit.columns() | {"UnitPrice": paid / count}),
    )


def add_returned_reservation(bill: Bill) -> None:
    """A reservation bought and returned within the week: purchase and refund cancel, it covers nothing."""
    benefit, paid, calendar = Benefit("reservation", "sql-vcore-1y", 12), 1490.4, bill.calendar
    day = np.minimum(
        calendar.first_day[min(1, calendar.months - 1)] + np.array([4, 9]), len(calendar.days) - 1
    )
    for kind, d, sign in (("Purchase", day[:1], 1), ("Refund", day[1:], -1)):
        bill.emit(
            kind,
            benefit="purchase",
            day=d,
            account=OWNER,
            service=None,
            quantity=float(sign),
            cost=sign * paid,
            list_cost=sign * paid,
            Frequency="OneTime",
            ProductName=benefit.name,
            UnitOfMeasure="1",
            ResourceId=benefit.id,
            IsAzureCreditEligible="False",
            **(benefit.columns() | {"UnitPrice": paid}),
        )
    zero = np.zeros(calendar.months)
    bill.truth.commitment(
        "azure",
        benefit.id,
        benefit.kind,
        CURRENCY,
        calendar.days[day[0]],
        calendar.days[day[1]],
        paid / 8760,
        zero,
        zero,
        zero,
    )
