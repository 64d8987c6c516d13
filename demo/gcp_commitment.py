"""Google Cloud's flexible committed use discount in its new model: fee, offsets, covered usage, unused fee.

Belongs here: rows with a subscription. Does not: the overage, which is usage at the default model
(gcp_usage.py).
"""

import numpy as np

from demo.cover import commitment_level, cover
from demo.estate import ACCOUNT_NAMES, DAY
from demo.gcp_bill import Bill, records
from demo.gcp_catalog import COMPUTE, CURRENCY, DEFAULT_MODEL, sku_id
from demo.gcp_schema import KEY_VALUES, PRICE, SCHEMA, USAGE
from demo.gcp_usage import Resources, in_windows
from demo.rows import guid, pick
from demo.truth import by_month

OWNER = ACCOUNT_NAMES.index("shared-services")
MODEL = ("C1F1-EDF1-0001", "Compute Flexible CUDs 1 Year")
FEE_SKU = "Commitment - dollar based v1: Compute Flexible CUDs 1 Year"
DISCOUNT = 0.28  # of the list price
SUBSCRIPTION = guid("gcp subscription")
ORIGIN = "goog-originating-sku-id"


def add_commitment(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Fee and covered rows; returns the quantity covered (resources x days).

    A day's fee is 24 times the hourly commitment: one row for each SKU that used a part of it, cancelled by
    its offset, and one without label or offset for the rest.
    """
    calendar, fleet = bill.calendar, resources.fleet
    eligible = np.array(fleet.more("commitment", "")) == "cud"
    price = np.round(resources.list * (1 - DISCOUNT), 9)
    demand = np.round(quantity * price[:, None] * eligible[:, None], 9)
    hourly = round(commitment_level(demand, 0.4) / 24, 3)
    share = cover(demand, np.full(demand.shape[1], 24 * hourly))
    covered = np.where(share == demand, quantity * eligible[:, None], np.round(share / price[:, None], 9))
    r, day, window, q = in_windows(bill, resources, covered)
    cost = np.round(q * price[r], 9)
    columns = resources.columns(r, q, price[r], MODEL)
    list_cost = np.round(q * resources.list[r], 9)
    bill.emit(
        day=day,
        account=fleet.account[r],
        service=COMPUTE,
        sku=pick(fleet.of("key"), r),
        cost=cost,
        billed=0.0,
        effective=cost,
        list_cost=list_cost,
        window=window,
        cost_at_list=list_cost,
        subscription={"instance_id": SUBSCRIPTION},
        **columns,
    )
    used_by_sku = {}
    for sku in sorted({fleet.of("key")[i] for i in np.flatnonzero(eligible)}):
        mine = np.array([k == sku for k in fleet.of("key")])[r]
        used_by_sku[sku] = np.round(
            np.bincount(day[mine], weights=cost[mine], minlength=len(calendar.days)), 9
        )
    used = sum(used_by_sku.values())
    unused = np.round(np.maximum(24 * hourly - used, 0), 9)
    for sku, amount in used_by_sku.items():
        _add_fee(bill, amount, sku)
    _add_fee(bill, unused, None)
    start = calendar.starts[0] - 30 * DAY
    bill.truth.commitment(
        "gcp",
        SUBSCRIPTION,
        "spend_cud",
        CURRENCY,
        start,
        start + 365 * DAY,
        hourly,
        *(by_month(calendar, v) for v in (used + unused, used, unused)),
    )
    return covered


def _add_fee(bill: Bill, amount: np.ndarray, sku: str | None) -> None:
    """Fee rows at a price of 1; the used ones name their SKU and are offset, the unused ones stay."""
    day = np.flatnonzero(amount)
    fee = amount[day]
    labels = [{"key": ORIGIN, "value": sku_id(COMPUTE, sku)}] if sku else []
    credits = (("FEE_UTILIZATION_OFFSET", "Fee utilization offset", -fee),) if sku else ()
    bill.emit(
        day=day,
        account=OWNER,
        service=COMPUTE,
        sku=FEE_SKU,
        cost=fee,
        billed=fee,
        effective=0.0 if sku else fee,
        list_cost=fee,
        credits=credits,
        cost_at_list=fee,
        cost_at_effective_price_default=fee,
        cost_at_list_consumption_model=fee,
        consumption_model={"id": DEFAULT_MODEL[0], "description": DEFAULT_MODEL[1]},
        labels=pick([labels], np.zeros(len(day)), KEY_VALUES),
        system_labels=pick([[]], np.zeros(len(day)), KEY_VALUES),
        location={"location": "global", "country": None, "region": None, "zone": None},
        usage=records(
            USAGE,
            len(day),
            amount=fee * 3600,
            unit="seconds",
            amount_in_pricing_units=fee,
            pricing_unit="hour",
        ),
        price=records(
            PRICE,
            len(day),
            effective_price=1,
            tier_start_amount=0,
            unit="hour",
            pricing_unit_quantity=1,
            list_price=1,
            effective_price_default=1,
            list_price_consumption_model=1,
        ),
        subscription={"instance_id": SUBSCRIPTION},
        tags=pick([[]], np.zeros(len(day)), SCHEMA.field("tags").type),
    )
