"""AWS usage that no commitment covers, and what every usage row says about its resource.

Belongs here: on-demand, spot and marketplace Usage rows. Does not: covered usage and fees
(aws_commitments.py).
"""

import numpy as np

from demo.aws_bill import EDP_RATE, Bill, discount_maps
from demo.aws_catalog import (
    ACCOUNT_IDS,
    AWS,
    CURRENCY,
    MARKETPLACE,
    PRODUCT_NAMES,
    REGION_PREFIX,
    REGIONS,
    SELLER,
    SERVICES,
)
from demo.aws_schema import TEXT_MAP
from demo.estate import ACCOUNT_NAMES, Fleet, tag_sets
from demo.rows import digest, pick

LOCATIONS = {
    "us-east-1": "US East (N. Virginia)",
    "us-west-2": "US West (Oregon)",
    "eu-west-1": "EU (Ireland)",
}
NO_RESOURCE = {"AmazonAthena", "AmazonGuardDuty", "awskms"}


class Resources:
    """Columns by resource, prepared once; `columns` picks them for rows."""

    def __init__(self, bill: Bill, fleet: Fleet) -> None:
        self.fleet, self.bill = fleet, bill
        self.service = np.array([SERVICES.index(s) for s in fleet.of("service")])
        self.price = np.array(fleet.of("price"))
        self.region = [REGIONS[0 if r % 5 < 3 else r % 5 - 2] for r in range(len(fleet))]
        self.usage_type = [REGION_PREFIX[g] + k for g, k in zip(self.region, fleet.of("key"), strict=True)]
        self.sku = [
            digest("aws sku", u, s, size=8).upper()
            for u, s in zip(self.usage_type, fleet.of("service"), strict=True)
        ]
        self.ids = [_resource_id(bill, fleet, r, self.region[r]) for r in range(len(fleet))]
        tags = tag_sets(fleet.account)
        if bill.estate.odd_names:
            tags[0] = tags[0] | {"application": bill.estate.name("shop", 0)}
        self.tags = [{f"resourceTags/{k}": v for k, v in t.items()} for t in tags]
        self.resource_tags = [
            {f"user_{k.replace('-', '_').lower()}": v for k, v in t.items()}
            | {"aws_created_by": f"role/{ACCOUNT_NAMES[a]}"}
            for t, a in zip(tags, fleet.account, strict=True)
        ]

    def columns(self, r: np.ndarray, day: np.ndarray) -> dict:
        """The columns of usage rows of resources `r` on `day`s that do not depend on how they are charged."""
        fleet = self.fleet
        families, operations = fleet.more("family"), fleet.more("operation")
        servicecode = [None if s == MARKETPLACE else s for s in fleet.of("service")]
        instance = [
            k.split(":")[-1] if f.endswith("Instance") else None
            for k, f in zip(fleet.of("key"), families, strict=True)
        ]
        described = [
            f"${p:g} per {u} for {k}"
            for p, u, k in zip(self.price, fleet.of("unit"), self.usage_type, strict=True)
        ]
        if self.bill.estate.odd_names:
            described[:2] = [self.bill.estate.name(d, i) for i, d in enumerate(described[:2])]
        product = [
            {"product_name": PRODUCT_NAMES[s], "region": g, "tenancy": "Shared"}
            for s, g in zip(fleet.of("service"), self.region, strict=True)
        ]
        sides = self.bill.calendar.month[day] % 2  # both spellings of "no commitment" occur
        return {
            "reservation_reservation_a_r_n": pick([None, ""], sides),
            "savings_plan_savings_plan_a_r_n": pick([None, ""], sides),
            "line_item_usage_type": pick(self.usage_type, r),
            "line_item_operation": pick(operations, r),
            "line_item_resource_id": pick(self.ids, r),
            "line_item_availability_zone": pick(
                [f"{g}a" if i else None for g, i in zip(self.region, instance, strict=True)], r
            ),
            "line_item_line_item_description": pick(described, r),
            "line_item_unblended_rate": pick([f"{p:.10f}" for p in self.price], r),
            "line_item_blended_rate": pick([f"{p:.10f}" for p in self.price], r),
            "pricing_rate_code": pick([f"{s}.JRTCKXETXF.6YS6EN2CT7" for s in self.sku], r),
            "pricing_rate_id": pick([str(int(s[:8], 16)) for s in self.sku], r),
            "pricing_unit": pick(fleet.of("unit"), r),
            "pricing_term": "OnDemand",
            "product": pick(product, r, TEXT_MAP),
            "product_instance_type": pick(instance, r),
            "product_location": pick([LOCATIONS[g] for g in self.region], r),
            "product_location_type": "AWS Region",
            "product_operation": pick(operations, r),
            "product_product_family": pick(families, r),
            "product_region_code": pick(self.region, r),
            "product_servicecode": pick(servicecode, r),
            "product_sku": pick(self.sku, r),
            "product_usagetype": pick(self.usage_type, r),
            "resource_tags": pick(self.resource_tags, r, TEXT_MAP),
            "tags": pick(self.tags, r, TEXT_MAP),
        }


def _resource_id(bill: Bill, fleet: Fleet, r: int, region: str) -> str | None:
    meter = fleet.meters[fleet.meter[r]]
    account, short = ACCOUNT_IDS[fleet.account[r]], digest("aws resource", bill.estate.seed, r, size=9)[:17]
    if meter.service in NO_RESOURCE:
        return "" if r % 2 else None
    if "BoxUsage" in meter.key or "SpotUsage" in meter.key:
        return f"i-{short}"
    if "EBS:Volume" in meter.key:
        return f"vol-{short}"
    if meter.service == "AmazonS3":
        return bill.estate.name(f"meridian-{ACCOUNT_NAMES[fleet.account[r]]}-{short[:4]}", r)
    return f"arn:aws:{meter.service.removeprefix('Amazon').lower()}:{region}:{account}:resource/{short}"


def add_usage(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Usage rows for resources x days of uncovered quantity; returns their effective cost in that shape."""
    fleet = resources.fleet
    r, day = np.nonzero(quantity)
    q = quantity[r, day]
    marketplace = np.array(fleet.more("marketplace", False))[r]
    spot_list = np.array(fleet.more("spot_list", np.nan), dtype=float)[r]
    spot = ~np.isnan(spot_list)
    bundled_rate = np.array(fleet.more("bundled", 0.0))[r]
    cost = np.round(q * resources.price[r], 10)
    net_on = bill.net_on(day) & ~marketplace
    bundled = np.where(net_on, np.round(cost * bundled_rate, 10), 0)
    edp = np.where(net_on, np.round((cost - bundled) * EDP_RATE, 10), 0)
    net = np.round(cost - bundled - edp, 10)
    public = np.where(marketplace, np.nan, np.where(spot, np.round(q * np.nan_to_num(spot_list), 10), cost))
    columns = resources.columns(r, day) | {
        "bill_billing_entity": pick(["AWS", "AWS Marketplace"], marketplace),
        "line_item_legal_entity": pick([AWS, SELLER], marketplace),
        "line_item_usage_amount": q,
        "line_item_net_unblended_rate": pick(
            [None, *(f"{p * (1 - EDP_RATE):.10f}" for p in resources.price)], np.where(net_on, r + 1, 0)
        ),
        "pricing_term": pick(["OnDemand", "Spot"], spot),
        "pricing_public_on_demand_cost": public,
        "pricing_public_on_demand_rate": pick(
            [f"{s or p:.10f}" for s, p in zip(fleet.more("spot_list"), resources.price, strict=True)], r
        ),
        "discount": discount_maps(net_on, edp, bundled),
        "discount_total_discount": np.where(net_on, -(edp + bundled), np.nan),
        "discount_bundled_discount": np.where(net_on, -bundled, np.nan),
    }
    bill.emit(
        "Usage",
        account=fleet.account[r],
        service=resources.service[r],
        day=day,
        cost=cost,
        net=net,
        key=r,
        taxable=True,
        bundled=bundled,
        pricing_currency=CURRENCY,
        **columns,
    )
    effective = np.zeros_like(quantity)
    effective[r, day] = net
    return effective
