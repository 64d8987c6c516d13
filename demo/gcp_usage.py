"""Google Cloud usage at the default consumption model, and what every usage row says about its resource.

Belongs here: on-demand, spot and seller usage, automatic credits, late rows, corrections. Does not:
committed usage (gcp_commitment.py).
"""

import numpy as np

from demo.estate import ACCOUNT_NAMES, Fleet, tag_sets
from demo.gcp_bill import Bill, records
from demo.gcp_catalog import COBALT, DEFAULT_MODEL, NEGOTIATED, PROJECT_NUMBERS, REGIONS, SELLER, UNITS
from demo.gcp_schema import KEY_VALUES, PRICE, SCHEMA, TAGS, USAGE
from demo.rows import digest, pick

EVENING_SHARE = 0.25
LATE_SHARE, LATE_DAYS = 0.06, 6
CORRECTED_SHARE = 0.9  # what a restated row costs of the first one
BIGQUERY = "24E6-581D-38E5"


class Resources:
    """Columns by resource, prepared once; `columns` picks them for rows. Prices are USD per pricing unit."""

    def __init__(self, bill: Bill, fleet: Fleet) -> None:
        self.fleet, self.bill = fleet, bill
        self.list = np.array(fleet.of("price"))
        self.seller = np.array(fleet.of("service")) == COBALT
        self.contract = np.where(self.seller, self.list, np.round(self.list * (1 - NEGOTIATED), 9))
        self.windows = np.array(fleet.more("windows", 1))
        self.regions = [REGIONS[0 if r % 4 < 2 else r % 4 - 1] for r in range(len(fleet))]
        self.resource = [self._resource(r) for r in range(len(fleet))]
        sets = tag_sets(fleet.account, start=3)
        self.labels = [[{"key": k.lower(), "value": v.lower()} for k, v in t.items()] for t in sets]
        self.tags = [_tags(a) if r % 3 == 0 else [] for r, a in enumerate(fleet.account)]

    def _resource(self, r: int) -> dict | None:
        meter = self.fleet.meters[self.fleet.meter[r]]
        if not meter.more["kind"]:
            return None
        account, zone = self.fleet.account[r], f"{self.regions[r][0]}-b"
        short = digest("gcp resource", self.bill.estate.seed, r, size=4)
        path = meter.more["kind"].format(f"projects/{PROJECT_NUMBERS[account]}", zone)
        name = self.bill.estate.name(f"{ACCOUNT_NAMES[account]}-{short[:5]}", r)
        return {"name": name, "global_name": f"//{path}/{int(short, 16) * 7919}"}

    def columns(self, r: np.ndarray, quantity: np.ndarray, price: np.ndarray, model=DEFAULT_MODEL) -> dict:
        """The columns of usage rows of resources `r`; `price` is per unit under the consumption model."""
        fleet, count, unit = self.fleet, len(r), self.fleet.of("unit")
        base, factor = zip(*(UNITS[u] for u in unit), strict=True)
        list_price, contract = self.list[r], self.contract[r]
        specs = [
            [{"key": "compute.googleapis.com/machine_spec", "value": s}] if s else []
            for s in fleet.more("spec")
        ]
        places = [
            {"location": g, "country": c, "region": g, "zone": f"{g}-b" if w else None}
            for (g, c), w in zip(self.regions, self.resource, strict=True)
        ]
        return {
            "labels": pick(self.labels, r, KEY_VALUES),
            "system_labels": pick(specs, r, KEY_VALUES),
            "tags": pick(self.tags, r, TAGS),
            "location": pick(places, r, SCHEMA.field("location").type),
            "usage": records(
                USAGE,
                count,
                amount=quantity * np.array(factor, dtype=float)[r],
                unit=pick(base, r),
                amount_in_pricing_units=quantity,
                pricing_unit=pick(unit, r),
            ),
            "cost_at_effective_price_default": np.round(quantity * contract, 9),
            "cost_at_list_consumption_model": np.round(
                quantity * (price if model != DEFAULT_MODEL else list_price), 9
            ),
            "consumption_model": {"id": model[0], "description": model[1]},
            "price": records(
                PRICE,
                count,
                effective_price=price,
                tier_start_amount=0,
                unit=pick(unit, r),
                pricing_unit_quantity=1,
                list_price=list_price,
                effective_price_default=contract,
                list_price_consumption_model=price if model != DEFAULT_MODEL else list_price,
            ),
            "resource": pick(self.resource, r, SCHEMA.field("resource").type),
        }


def _tags(account: int) -> list[dict]:
    tag = {"namespace": "organizations/5501", "inherited": True}
    return [{"key": "division", "value": ACCOUNT_NAMES[account].split("-")[0], **tag}]


def in_windows(bill: Bill, resources: Resources, quantity: np.ndarray):
    """Resource, day, window and quantity of each row for daily quantities (resources x days).

    A meter of two windows has a quarter of its day in the evening; the last evening of the data is still to
    come.
    """
    r, day = np.nonzero(quantity)
    q, two, last = quantity[r, day], resources.windows[r] == 2, len(bill.calendar.days) - 1
    evening = np.where(two & (day < last), np.round(q * EVENING_SHARE, 9), 0)
    late = evening > 0
    parts = (np.concatenate([a, a[late]]) for a in (r, day))
    window = np.concatenate([np.where(two, 1, 0), np.full(late.sum(), 2)])
    return *parts, window, np.concatenate([np.round(q - evening, 9), evening[late]])


def add_usage(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Usage rows for resources x days at the default model; returns their effective cost in that shape."""
    calendar = bill.calendar
    effective = np.zeros_like(quantity)
    rng = bill.estate.rng("gcp late rows")
    for seller in (False, True):
        rows = in_windows(bill, resources, quantity * (resources.seller == seller)[:, None])
        r, day = rows[:2]
        last_days = (calendar.ends[calendar.month[day]] - calendar.days[day]).astype(int) <= 2
        late = last_days & (rng.random(len(r)) < LATE_SHARE) & (calendar.month[day] < calendar.open_month)
        if last_days.any() and not late.any() and not seller:
            late[np.flatnonzero(last_days & (calendar.month[day] < calendar.open_month))[:3]] = True
        for group, invoice, delay in ((~late, 0, 0), (late, 1, LATE_DAYS)):
            if group.any():
                np.add.at(
                    effective,
                    (r[group], day[group]),
                    _emit(bill, resources, *(a[group] for a in rows), invoice, delay, seller),
                )
    _add_corrections(bill, resources, quantity)
    return effective


def _emit(
    bill: Bill,
    resources: Resources,
    r,
    day,
    window,
    q,
    invoice_shift=0,
    delay=0,
    seller=False,
    sign=1,
    **adjustment,
):
    """Emit default-model rows and return their effective cost; `sign` -1 negates them."""
    fleet, calendar = resources.fleet, bill.calendar
    cost = np.round(q * resources.contract[r], 9) * sign
    columns = resources.columns(r, q * sign, resources.contract[r])
    if seller:
        columns |= {
            "transaction_type": "THIRD_PARTY_AGENCY",
            "seller_name": SELLER,
            "publisher_type": "PARTNER",
        }
    credits = _credits(resources, calendar, r, day, cost)
    promotion = credits[-1][2]
    billed = np.round(cost + sum(c[2] for c in credits), 9)
    list_cost = np.round(q * resources.list[r], 9) * sign
    bill.emit(
        day=day,
        account=fleet.account[r],
        service=pick(fleet.of("service"), r),
        sku=pick(fleet.of("key"), r),
        cost=cost,
        list_cost=list_cost + promotion,
        billed=billed,
        credits=credits,
        window=window,
        invoice=calendar.month[day] + invoice_shift,
        late=delay,
        cost_at_list=list_cost,
        **columns,
        **adjustment,
    )
    return billed


def _credits(resources: Resources, calendar, r, day, cost) -> tuple:
    """Automatic credits, folded into the charge, and a promotion of the first two months, a payment."""
    fleet = resources.fleet
    sustained = np.array(fleet.more("sustained", 0.0))[r] * (_day_of_month(calendar, day) > 7)
    free = np.array(fleet.more("free", 0.0))[r]
    promotion = np.array(fleet.more("promotion", 0.0))[r] * (calendar.month[day] < 2)
    return (
        ("SUSTAINED_USAGE_DISCOUNT", "Sustained Usage Discount", -np.round(cost * sustained, 9)),
        ("FREE_TIER", "Free tier", -np.sign(cost) * np.round(np.minimum(np.abs(cost), free), 9)),
        ("PROMOTION", "Data warehouse migration credit", -np.round(cost * promotion, 9)),
    )


def _day_of_month(calendar, day: np.ndarray) -> np.ndarray:
    return (calendar.days[day] - calendar.starts[calendar.month[day]]).astype(int) + 1


def _add_corrections(bill: Bill, resources: Resources, quantity: np.ndarray) -> None:
    """Three days of BigQuery usage negated and restated lower, on the invoice of the next month."""
    calendar, fleet = bill.calendar, resources.fleet
    for number, month in enumerate(m for m in (0, 5) if m < calendar.open_month):
        first = calendar.first_day[month] + 9
        mine = np.zeros_like(quantity)
        rows = (np.array(fleet.of("service")) == BIGQUERY) & (np.array(fleet.more("promotion", 0)) > 0)
        mine[rows, first : first + 3] = quantity[rows, first : first + 3]
        r, day, window, q = in_windows(bill, resources, mine)
        issue = f"adj-{digest('gcp correction', number, size=4)}", "Correction of bytes scanned"
        info = (*issue, "COMPLETE_NEGATION_WITH_REMONETIZATION", "USAGE_CORRECTION")
        restated = np.round(q * CORRECTED_SHARE, 9)
        for amount, sign in ((q, -1), (restated, 1)):
            _emit(bill, resources, r, day, window, amount, 1, 25, sign=sign, adjustment=info)
