"""AWS reserved instances: what they cover, what they cost, what stays unused.

Belongs here: DiscountedUsage, RIFee and reservation Fee rows. Does not: Savings Plans (aws_plans.py) and
usage left on demand (aws_usage.py).
"""

from dataclasses import dataclass

import numpy as np

from demo.aws_bill import Bill
from demo.aws_catalog import PAYER, SERVICES
from demo.aws_usage import Resources
from demo.cover import cover
from demo.estate import ACCOUNT_NAMES, DAY
from demo.rows import guid, pick

OWNER = ACCOUNT_NAMES.index("shared-services")
TERM_DAYS = 1095


@dataclass(frozen=True)
class Reservation:
    """`recurring` and `upfront` are USD per reserved hour; upfront is paid on the first day of the data."""

    commitment: str
    service: str
    instance: str
    normal: float  # size factor
    recurring: float
    upfront: float

    @property
    def arn(self) -> str:
        code, name = self.service.removeprefix("Amazon").lower(), guid("ri", self.instance)
        return f"arn:aws:{code}:us-east-1:{PAYER}:reserved-instances/{name}"

    @property
    def option(self) -> str:
        return "Partial Upfront" if self.upfront else "No Upfront"


RESERVATIONS = (
    Reservation("ri", "AmazonEC2", "m5.large", 4, 0.0605, 0.0),
    Reservation("ri_upfront", "AmazonRDS", "db.r6g.large", 4, 0.0663, 0.0655),
)


def add_reservations(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Rows of all reservations; returns the hours they cover (resources x days)."""
    covered = np.zeros_like(quantity)
    kinds = np.array(resources.fleet.more("commitment", ""))
    for reservation in RESERVATIONS:
        rows = np.flatnonzero(kinds == reservation.commitment)
        hours = quantity[rows]
        count = max(1, round(0.85 * np.median((hours > 0).sum(axis=0))))
        covered[rows] = cover(hours, np.full(hours.shape[1], 24.0 * count))
        _add_reservation(
            bill, resources, reservation, count, covered * np.isin(np.arange(len(kinds)), rows)[:, None]
        )
    return covered


def _add_reservation(
    bill: Bill, resources: Resources, ri: Reservation, count: int, covered: np.ndarray
) -> None:
    calendar = bill.calendar
    r, day = np.nonzero(covered)
    hours = covered[r, day]
    recurring, upfront = np.round(hours * ri.recurring, 10), np.round(hours * ri.upfront, 10)
    net_recurring = np.round(recurring * bill.net_rate(day), 10)
    effective, lease = net_recurring + upfront, _lease(calendar, ri)
    public = np.round(hours * resources.price[r], 10)
    bill.emit(
        "DiscountedUsage",
        account=resources.fleet.account[r],
        service=resources.service[r],
        day=day,
        cost=0.0,
        billed=0.0,
        effective=effective,
        list_cost=public,
        key=r,
        **(
            resources.columns(r, day)
            | lease
            | {
                "line_item_usage_amount": hours,
                "line_item_normalization_factor": ri.normal,
                "line_item_normalized_usage_amount": hours * ri.normal,
                "line_item_unblended_rate": "0.0000000000",
                "pricing_term": "Reserved",
                "pricing_public_on_demand_cost": public,
                "pricing_public_on_demand_rate": pick([f"{p:.10f}" for p in resources.price], r),
                "reservation_effective_cost": recurring + upfront,
                "reservation_recurring_fee_for_usage": recurring,
                "reservation_amortized_upfront_cost_for_usage": upfront,
                "reservation_net_effective_cost": bill.net_only(day, effective),
                "reservation_net_recurring_fee_for_usage": bill.net_only(day, net_recurring),
                "reservation_net_amortized_upfront_cost_for_usage": bill.net_only(day, upfront),
            }
        ),
    )
    _add_fees(
        bill,
        ri,
        count,
        lease,
        *(_monthly(calendar, day, v) for v in (hours, recurring, net_recurring, upfront)),
    )


def _add_fees(
    bill: Bill, ri: Reservation, count: int, lease: dict, hours, recurring, net_recurring, upfront
) -> None:
    """The monthly RIFee (hours of the open month only as far as the data goes) and the upfront Fee."""
    calendar, day = bill.calendar, bill.calendar.first_day
    reserved = 24.0 * count * np.bincount(calendar.month, minlength=calendar.months)
    fee, fee_upfront = np.round(reserved * ri.recurring, 10), np.round(reserved * ri.upfront, 10)
    net_fee = np.round(fee * bill.net_rate(day), 10)
    paid = round(24.0 * count * TERM_DAYS * ri.upfront, 2)
    unused = [np.round(v, 9) for v in (fee - recurring, net_fee - net_recurring, fee_upfront - upfront)]
    effective_unused = unused[1] + unused[2]
    service = SERVICES.index(ri.service)
    texts = {
        "line_item_line_item_description": f"USD {ri.recurring} hourly fee per {ri.instance} instance",
        "line_item_usage_type": f"HeavyUsage:{ri.instance}",
        "line_item_operation": "RunInstances" if ri.service == "AmazonEC2" else "CreateDBInstance:0014",
        "product_region_code": "us-east-1",
    }
    bill.emit(
        "RIFee",
        account=OWNER,
        service=service,
        day=day,
        cost=fee,
        net=net_fee,
        effective=effective_unused,
        list_cost=net_fee,
        whole_month=True,
        taxable=True,
        **(
            texts
            | lease
            | {
                "line_item_usage_amount": reserved,
                "line_item_normalized_usage_amount": reserved * ri.normal,
                "line_item_normalization_factor": ri.normal,
                "pricing_unit": "Hrs",
                "pricing_term": "Reserved",
                "reservation_number_of_reservations": str(count),
                "reservation_units_per_reservation": "1",
                "reservation_normalized_units_per_reservation": str(ri.normal),
                "reservation_total_reserved_units": pick(
                    [str(v) for v in reserved], np.arange(calendar.months)
                ),
                "reservation_total_reserved_normalized_units": pick(
                    [str(v * ri.normal) for v in reserved], np.arange(calendar.months)
                ),
                "reservation_unused_quantity": reserved - hours,
                "reservation_unused_normalized_unit_quantity": (reserved - hours) * ri.normal,
                "reservation_unused_recurring_fee": unused[0],
                "reservation_net_unused_recurring_fee": bill.net_only(day, unused[1]),
                "reservation_amortized_upfront_fee_for_billing_period": fee_upfront,
                "reservation_net_amortized_upfront_fee_for_billing_period": bill.net_only(day, fee_upfront),
                "reservation_unused_amortized_upfront_fee_for_billing_period": unused[2],
                "reservation_net_unused_amortized_upfront_fee_for_billing_period": bill.net_only(
                    day, unused[2]
                ),
                "reservation_upfront_value": paid,
                "reservation_net_upfront_value": bill.net_only(day, paid),
            }
        ),
    )
    purchased = net_fee.copy()
    if ri.upfront:
        purchased[0] += paid
        bill.emit(
            "Fee",
            account=OWNER,
            service=service,
            day=day[:1],
            cost=paid,
            effective=0.0,
            list_cost=paid,
            taxable=True,
            bill_bill_type="Purchase",
            line_item_usage_amount=float(count),
            reservation_upfront_value=paid,
            **(
                texts
                | lease
                | {"line_item_line_item_description": f"Sign up charge for {count} x {ri.instance}"}
            ),
        )
    start = calendar.starts[0] if ri.upfront else calendar.starts[0] - 90 * DAY
    bill.truth.commitment(
        "aws",
        ri.arn,
        "reservation",
        "USD",
        start,
        start + TERM_DAYS * DAY,
        count * (ri.recurring + ri.upfront),
        purchased,
        net_recurring + upfront,
        effective_unused,
    )


def _lease(calendar, ri: Reservation) -> dict:
    start = calendar.starts[0] if ri.upfront else calendar.starts[0] - 90 * DAY
    return {
        "reservation_reservation_a_r_n": ri.arn,
        "reservation_subscription_id": str(int(guid("subscription", ri.arn)[:8], 16)),
        "reservation_start_time": f"{start}T00:00:00.000Z",
        "reservation_end_time": f"{start + TERM_DAYS * DAY}T00:00:00.000Z",
        "reservation_modification_status": "Original",
        "pricing_lease_contract_length": "3yr",
        "pricing_offering_class": "standard",
        "pricing_purchase_option": ri.option,
    }


def _monthly(calendar, day: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.bincount(calendar.month[day], weights=values, minlength=calendar.months)
