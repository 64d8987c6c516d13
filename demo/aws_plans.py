"""AWS Savings Plans: what they cover, what they cost, what stays unused.

Belongs here: SavingsPlanCoveredUsage, -Negation, -RecurringFee, and a plan bought upfront and returned.
Does not: reserved instances (aws_reservations.py) and usage left on demand (aws_usage.py).
"""

import numpy as np

from demo.aws_bill import Bill
from demo.aws_catalog import PAYER, SERVICES
from demo.aws_usage import Resources
from demo.cover import commitment_level, cover
from demo.estate import ACCOUNT_NAMES, DAY
from demo.rows import guid, pick
from demo.truth import by_month

OWNER = ACCOUNT_NAMES.index("shared-services")
TERM_DAYS = 1095
PLAN_DISCOUNT = 0.28  # of the on-demand price


def add_savings_plan(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Rows of the Compute Savings Plan; returns the quantity it covers (resources x days)."""
    calendar = bill.calendar
    eligible = np.array(resources.fleet.more("commitment", "")) == "sp"
    rate = resources.price * (1 - PLAN_DISCOUNT)
    demand = np.round(quantity * rate[:, None] * eligible[:, None], 10)
    hourly = round(commitment_level(demand, 0.4) / 24, 3)
    share = cover(demand, np.full(demand.shape[1], 24 * hourly))
    r, day = np.nonzero(share)
    used = share[r, day]
    amount = np.where(used == demand[r, day], quantity[r, day], np.round(used / rate[r], 10))
    cost = np.round(amount * resources.price[r], 10)
    net = np.round(cost * bill.net_rate(day), 10)
    effective = np.round(used * bill.net_rate(day), 10)
    plan = _plan(calendar, hourly, "No Upfront", "compute")
    account, service = resources.fleet.account[r], resources.service[r]
    bill.emit(
        "SavingsPlanCoveredUsage",
        account=account,
        service=service,
        day=day,
        cost=cost,
        net=net,
        billed=0.0,
        effective=effective,
        list_cost=cost,
        key=r,
        **(
            resources.columns(r, day)
            | plan
            | {
                "line_item_usage_amount": amount,
                "pricing_public_on_demand_cost": cost,
                "pricing_public_on_demand_rate": pick([f"{p:.10f}" for p in resources.price], r),
                "savings_plan_savings_plan_rate": rate[r],
                "savings_plan_savings_plan_effective_cost": used,
                "savings_plan_net_savings_plan_effective_cost": bill.net_only(day, effective),
            }
        ),
    )
    _add_negation(bill, plan, account, service, day, cost, net)
    daily_used = np.bincount(day, weights=used, minlength=len(calendar.days))
    daily_net = np.bincount(day, weights=effective, minlength=len(calendar.days))
    _add_plan_fee(bill, plan, hourly, daily_used, daily_net)
    covered = np.zeros_like(quantity)
    covered[r, day] = amount
    return covered


def _add_negation(bill: Bill, plan: dict, account, service, day, cost, net) -> None:
    """One row per account, service and day: coarser than the covered rows it cancels."""
    keys, inverse = np.unique(np.stack([account, service, day], axis=1), axis=0, return_inverse=True)
    total, total_net = (np.round(np.bincount(inverse.ravel(), weights=v), 10) for v in (cost, net))
    bill.emit(
        "SavingsPlanNegation",
        account=keys[:, 0],
        service=keys[:, 1],
        day=keys[:, 2],
        cost=-total,
        net=-total_net,
        billed=0.0,
        list_cost=0.0,
        line_item_usage_amount=1.0,
        pricing_public_on_demand_cost=total,
        line_item_line_item_description="SavingsPlanNegation used by AccountId and ComputeSavingsPlans",
        **plan,
    )


def _add_plan_fee(bill: Bill, plan: dict, hourly: float, used: np.ndarray, net_used: np.ndarray) -> None:
    calendar, day = bill.calendar, np.arange(len(bill.calendar.days))
    fee = np.full(len(day), round(24 * hourly, 10))
    net_fee = np.round(fee * bill.net_rate(day), 10)
    unused = np.round(np.where(bill.net_on(day), net_fee * (1 - used / fee), fee - used), 9)
    bill.emit(
        "SavingsPlanRecurringFee",
        account=OWNER,
        service=SERVICES.index("ComputeSavingsPlans"),
        day=day,
        cost=fee,
        net=net_fee,
        effective=unused,
        list_cost=net_fee,
        taxable=True,
        line_item_usage_amount=1.0,
        line_item_usage_type="ComputeSP:3yrNoUpfront",
        line_item_line_item_description="3 year No Upfront Compute Savings Plan",
        savings_plan_total_commitment_to_date=fee,
        savings_plan_used_commitment=used,
        savings_plan_recurring_commitment_for_billing_period=fee,
        savings_plan_amortized_upfront_commitment_for_billing_period=0.0,
        savings_plan_net_recurring_commitment_for_billing_period=bill.net_only(day, net_fee),
        savings_plan_net_amortized_upfront_commitment_for_billing_period=bill.net_only(day, 0.0),
        **plan,
    )
    start = calendar.starts[0] - 120 * DAY
    bill.truth.commitment(
        "aws",
        plan["savings_plan_savings_plan_a_r_n"],
        "savings_plan",
        "USD",
        start,
        start + TERM_DAYS * DAY,
        hourly,
        *(by_month(calendar, v) for v in (net_fee, net_used, unused)),
    )


def add_returned_plan(bill: Bill) -> None:
    """A plan bought all upfront and returned within the week: fee and refund cancel, it covers nothing."""
    calendar, month = bill.calendar, min(1, bill.calendar.months - 1)
    paid = 876.0
    plan = _plan(calendar, 0.1, "All Upfront", "returned")
    day = np.minimum(calendar.first_day[month] + np.array([3, 5]), len(calendar.days) - 1)
    for kind, bill_type, d, amount in (
        ("SavingsPlanUpfrontFee", "Purchase", day[:1], paid),
        ("Refund", "Refund", day[1:], -paid),
    ):
        bill.emit(
            kind,
            account=OWNER,
            service=SERVICES.index("ComputeSavingsPlans"),
            day=d,
            cost=amount,
            effective=0.0,
            list_cost=amount,
            bill_bill_type=bill_type,
            line_item_usage_amount=1.0,
            key=1,
            line_item_usage_type="ComputeSP:1yrAllUpfront",
            line_item_line_item_description="1 year All Upfront Compute Savings Plan"
            + (" (returned)" if amount < 0 else ""),
            **plan,
        )
    zero, start = np.zeros(calendar.months), calendar.days[day[0]]
    bill.truth.commitment(
        "aws",
        plan["savings_plan_savings_plan_a_r_n"],
        "savings_plan",
        "USD",
        start,
        calendar.days[day[1]],
        0.1,
        zero,
        zero,
        zero,
    )


def _plan(calendar, hourly: float, option: str, name: str) -> dict:
    start = calendar.starts[0] - 120 * DAY
    return {
        "savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::{PAYER}:savingsplan/{guid('plan', name)}",
        "savings_plan_start_time": f"{start}T00:00:00.000Z",
        "savings_plan_end_time": f"{start + TERM_DAYS * DAY}T00:00:00.000Z",
        "savings_plan_offering_type": "ComputeSavingsPlans",
        "savings_plan_payment_option": option,
        "savings_plan_purchase_term": "3yr" if name == "compute" else "1yr",
    }
