"""Northwind Data Cloud: the bill of a fictional data vendor as native FOCUS 1.2, one CSV a month.

Belongs here: its usage, purchases, tax and one correction. Does not: constants (focus_catalog.py).
"""

import json
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from demo.estate import ACCOUNT_NAMES, DAY, Estate, Fleet, build_fleet, tag_sets
from demo.focus_catalog import (
    BILLING_ACCOUNT,
    CURRENCY,
    METERS,
    NEGOTIATED,
    PROVIDER,
    REGIONS,
    SCHEMA,
    SERVICES,
    VENDOR,
    WORKSPACES,
)
from demo.incidents import impact, plan
from demo.rows import Rows, digest, pick, set_time, write_csv
from demo.truth import Truth

TAX_RATE = 0.06
PLATFORM_FEE, TRAINING_FEE = 950.0, 2400.0
NOBODY = len(ACCOUNT_NAMES)  # the account index of rows without a workspace


class Bill:
    """Collects charges in USD. Costs that are a price times a quantity are not rounded: it is exact."""

    def __init__(self, estate: Estate, truth: Truth) -> None:
        self.estate, self.truth, self.rows, self.calendar = estate, truth, Rows(), estate.calendar
        self.counts = np.zeros(self.calendar.months, dtype=int)
        self.billed = np.zeros(self.calendar.months)

    def emit(
        self, category, *, day, account, service, cost, list_cost, month=None, whole_month=False, **columns
    ) -> None:
        """Add charges: arrays (or scalars) of day and account indexes and costs; effective is billed cost.

        `month` is the billing month (default the day's).
        """
        calendar, day = self.calendar, np.asarray(day)
        count = len(day)
        month = calendar.month[day] if month is None else np.broadcast_to(month, count)
        account = np.broadcast_to(account, count)
        cost, list_cost = (
            np.broadcast_to(cost, count).astype(float),
            np.broadcast_to(list_cost, count).astype(float),
        )
        names = list(SERVICES)
        index = pc.index_in(service, pick(names, np.arange(len(names)))).to_numpy()
        ends = calendar.ends[calendar.month[day]] if whole_month else calendar.days[day] + DAY
        invoices = [
            f"NDC-{d.item():%Y%m}" if m < calendar.open_month else None for m, d in enumerate(calendar.starts)
        ]
        shared = {
            "BilledCost": cost,
            "EffectiveCost": cost,
            "ContractedCost": cost,
            "ListCost": list_cost,
            "PricingCurrencyEffectiveCost": cost,
            "BillingAccountId": BILLING_ACCOUNT[0],
            "BillingAccountName": BILLING_ACCOUNT[1],
            "BillingAccountType": "Billing Account",
            "BillingCurrency": CURRENCY,
            "PricingCurrency": CURRENCY,
            "BillingPeriodStart": pick([instant(d) for d in calendar.starts], month),
            "BillingPeriodEnd": pick([instant(d) for d in calendar.ends], month),
            "ChargePeriodStart": pick([instant(d) for d in calendar.days], day),
            "ChargePeriodEnd": pick([instant(d) for d in ends], np.arange(count)),
            "ChargeCategory": category,
            "InvoiceId": pick(invoices, month),
            "InvoiceIssuerName": VENDOR,
            "ProviderName": VENDOR,
            "PublisherName": VENDOR,
            "ServiceName": service,
            "ServiceCategory": pick([c for c, _ in SERVICES.values()], index),
            "ServiceSubcategory": pick([s for _, s in SERVICES.values()], index),
            "SubAccountId": pick((*WORKSPACES, None), account),
            "SubAccountName": pick((*ACCOUNT_NAMES, None), account),
            "SubAccountType": pick((*["Workspace"] * len(WORKSPACES), None), account),
        }
        self.rows.add(count, **(shared | columns))
        np.add.at(self.counts, month, 1)
        np.add.at(self.billed, month, cost)
        self.truth.charge(
            count,
            provider=PROVIDER,
            billing_period=calendar.starts[month],
            charge_date=calendar.days[day],
            sub_account_id=shared["SubAccountId"],
            service=service,
            currency=CURRENCY,
            billed_cost=cost,
            effective_cost=cost,
            list_cost=list_cost,
        )


def instant(day: np.datetime64) -> str:
    return f"{day}T00:00:00Z"


def generate(estate: Estate, truth: Truth, out: Path) -> None:
    """Write `out/focus/` and add its truth."""
    table, calendar = bill(estate, truth).rows.table(SCHEMA), estate.calendar
    for month, start in enumerate(calendar.starts):
        path = out / "focus" / f"northwind_focus_1_2_{start.item():%Y%m}.csv"
        write_csv(table.filter(pc.equal(table["BillingPeriodStart"], instant(start))), path)
        set_time(path, calendar.exported_at(month))


def bill(estate: Estate, truth: Truth) -> Bill:
    """All charges of all months."""
    incidents = plan(estate, PROVIDER)
    fleet = build_fleet(estate, PROVIDER, METERS, incidents)
    bill = Bill(estate, truth)
    costs = _add_usage(bill, fleet)
    for incident in incidents:
        workspace = WORKSPACES[ACCOUNT_NAMES.index(incident.account)]
        truth.incident(incident, workspace, CURRENCY, impact(incident, fleet, costs))
    _add_purchases(bill)
    _add_tax(bill)
    truth.slices_of(PROVIDER, "focus", CURRENCY, bill.counts, bill.billed, bill.billed)
    truth.complete(PROVIDER)
    return bill


def _add_usage(bill: Bill, fleet: Fleet) -> np.ndarray:
    """Usage rows, one of them corrected on the next bill; returns costs (resources x days)."""
    r, day = np.nonzero(fleet.quantity)
    cost = _emit_usage(bill, fleet, r, day, fleet.quantity[r, day])
    costs = np.zeros_like(fleet.quantity)
    costs[r, day] = cost
    if bill.calendar.months > 1:
        first = bill.calendar.first_day[0] + 20
        wrong = np.flatnonzero(fleet.quantity[:, first])[:1]
        correction = {"ChargeClass": "Correction", "month": 1}
        _emit_usage(
            bill, fleet, wrong, np.full(len(wrong), first), -0.5 * fleet.quantity[wrong, first], **correction
        )
    return costs


def _emit_usage(
    bill: Bill, fleet: Fleet, r: np.ndarray, day: np.ndarray, quantity: np.ndarray, **extra
) -> np.ndarray:
    price = np.array(fleet.of("price"))[r]
    contract = np.round(price * (1 - NEGOTIATED), 6)
    regions = [REGIONS[i % 2] for i in range(len(fleet))]
    ids = [f"nd-{digest('northwind', bill.estate.seed, i, size=5)}" for i in range(len(fleet))]
    names = [bill.estate.name(f"{k.lower()}-{i:02d}", i) for i, k in enumerate(fleet.more("kind"))]
    skus = [f"NW-{digest('northwind sku', k, size=3).upper()}" for k in fleet.of("key")]
    tags = [json.dumps(t, ensure_ascii=False) if t else None for t in tag_sets(fleet.account, start=5)]
    described = [f"{k}, per {u}" for k, u in zip(fleet.of("key"), fleet.of("unit"), strict=True)]
    cost = contract * quantity
    bill.emit(
        "Usage",
        day=day,
        account=fleet.account[r],
        service=pick(fleet.of("service"), r),
        cost=cost,
        list_cost=price * quantity,
        ChargeDescription=pick(described, r),
        ChargeFrequency="Usage-Based",
        ConsumedQuantity=quantity,
        ConsumedUnit=pick(fleet.of("unit"), r),
        ResourceId=pick(ids, r),
        ResourceName=pick(names, r),
        ResourceType=pick(fleet.more("kind"), r),
        RegionId=pick([i for i, _ in regions], r),
        RegionName=pick([n for _, n in regions], r),
        Tags=pick(tags, r),
        **_priced(
            pick(skus, r), pick(fleet.of("key"), r), quantity, pick(fleet.of("unit"), r), price, contract
        ),
        **extra,
    )
    return cost


def _priced(sku, meter, quantity, unit, price, contract) -> dict:
    return {
        "SkuId": sku,
        "SkuPriceId": sku,
        "SkuMeter": meter,
        "PricingCategory": "Standard",
        "PricingQuantity": quantity,
        "PricingUnit": unit,
        "ListUnitPrice": price,
        "PricingCurrencyListUnitPrice": price,
        "ContractedUnitPrice": contract,
        "PricingCurrencyContractedUnitPrice": contract,
    }


def _add_purchases(bill: Bill) -> None:
    """A platform subscription on the first of every month and a training package once."""
    calendar, scale = bill.calendar, max(bill.estate.scale, 0.1)
    for name, frequency, day, fee in (
        ("Platform subscription", "Recurring", calendar.first_day, PLATFORM_FEE),
        (
            "Training package",
            "One-Time",
            np.minimum(calendar.first_day[:1] + 14, len(calendar.days) - 1),
            TRAINING_FEE,
        ),
    ):
        one, price = np.ones(len(day)), np.full(len(day), round(fee * scale, 2))
        bill.emit(
            "Purchase",
            day=day,
            account=ACCOUNT_NAMES.index("shared-services"),
            cost=price,
            list_cost=price,
            service=pick(["Northwind Platform"], np.zeros(len(day))),
            whole_month=frequency == "Recurring",
            ChargeFrequency=frequency,
            ChargeDescription=name,
            **_priced(
                f"NW-{digest('northwind sku', name, size=3).upper()}",
                name,
                one,
                "Months" if frequency == "Recurring" else "Packages",
                price,
                price,
            ),
        )


def _add_tax(bill: Bill) -> None:
    """Sales tax on the account, by month; of the open month on what there is so far."""
    day = bill.calendar.first_day
    tax = np.round(bill.billed * TAX_RATE, 2)
    bill.emit(
        "Tax",
        day=day,
        account=NOBODY,
        service=pick(["Northwind Platform"], np.zeros(len(day))),
        cost=tax,
        list_cost=tax,
        whole_month=True,
        ChargeFrequency="Recurring",
        ChargeDescription="Sales tax",
    )
