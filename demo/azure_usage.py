"""Azure usage that no benefit covers, and what every usage row says about its resource.

Belongs here: on-demand, spot and marketplace usage, and shared cost moved by an allocation rule. Does not:
covered usage (azure_benefits.py).
"""

import json

import numpy as np

from demo.azure_bill import Bill
from demo.azure_catalog import EA_DISCOUNT, LOCATIONS, METER_REGIONS, SUBSCRIPTIONS
from demo.estate import ACCOUNT_NAMES, Fleet, tag_sets
from demo.rows import digest, guid, pick

SELLER = "Fjord Systems AS"
ALLOCATION_RULE, ALLOCATED_SHARE = "shared-observability", 0.30


class Resources:
    """Columns by resource, prepared once; `columns` picks them for rows. Prices are EUR per block."""

    def __init__(self, bill: Bill, fleet: Fleet) -> None:
        self.fleet = fleet
        self.marketplace = np.array(fleet.more("marketplace", False))
        self.spot = np.array(fleet.more("spot", False))
        self.payg = np.array(fleet.of("price"))
        self.unit = np.where(
            self.marketplace | self.spot, self.payg, np.round(self.payg * (1 - EA_DISCOUNT), 6)
        )
        self.places = [LOCATIONS[r % 4] for r in range(len(fleet))]
        self.names = [
            bill.estate.name(
                f"{k.split('/')[-1].lower()}-{digest('azure resource', bill.estate.seed, r, size=3)}", r
            )
            for r, k in enumerate(fleet.more("kind"))
        ]
        self.groups = [
            f"rg-{ACCOUNT_NAMES[a]}" if r % 6 else f"RG-{ACCOUNT_NAMES[a].upper()}"
            for r, a in enumerate(fleet.account)
        ]
        self.ids = [self._id(r) for r in range(len(fleet))]
        self.tags = [_tags(t, r) for r, t in enumerate(tag_sets(fleet.account, start=1))]

    def _id(self, r: int) -> str:
        """ARM ids, of which a third come in capitals."""
        fleet, provider = self.fleet, self.fleet.meters[self.fleet.meter[r]].more["provider"]
        kind = fleet.meters[fleet.meter[r]].more["kind"]
        group = f"/subscriptions/{SUBSCRIPTIONS[fleet.account[r]]}/resourceGroups/{self.groups[r]}"
        text = f"{group}/providers/{provider}/{kind}/{self.names[r]}"
        return text.upper() if r % 3 == 1 else text

    def columns(self, r: np.ndarray) -> dict:
        """The columns of usage rows of resources `r` that do not depend on how they are charged."""
        fleet, market = self.fleet, self.marketplace[r]
        meter = [guid("azure meter", k, s) for k, s in zip(fleet.of("key"), fleet.of("service"), strict=True)]
        product = [
            " - ".join(filter(None, (s, sub, k, METER_REGIONS[p[1]])))
            for s, sub, k, p in zip(
                fleet.of("service"), fleet.more("subcategory"), fleet.of("key"), self.places, strict=True
            )
        ]
        return {
            "ResourceGroup": pick(self.groups, r),
            "ResourceLocation": pick([p[0] for p in self.places], r),
            "ResourceLocationNormalized": pick([p[1] for p in self.places], r),
            "ProductName": pick(product, r),
            "MeterSubCategory": pick([s or None for s in fleet.more("subcategory")], r),
            "MeterId": pick(meter, r),
            "MeterName": pick(fleet.of("key"), r),
            "MeterRegion": pick([METER_REGIONS[p[1]] for p in self.places], r),
            "UnitOfMeasure": pick(fleet.of("unit"), r),
            "ConsumedService": pick(fleet.more("provider"), r),
            "ResourceId": pick(self.ids, r),
            "ResourceName": pick(self.names, r),
            "Tags": pick(self.tags, r),
            "AdditionalInfo": pick([_info(fleet.meters[m].more) for m in fleet.meter], r),
            "ServiceFamily": pick(fleet.more("family"), r),
            "PartNumber": pick([f"AAH-{int(m[:5], 16) % 100000:05d}" for m in meter], r),
            "PublisherType": pick(["Azure", "Marketplace"], market),
            "PublisherName": pick(["Microsoft", SELLER], market),
            "PlanName": pick([None, "standard"], market),
            "IsAzureCreditEligible": pick(["True", "False"], market),
            "PricingModel": pick(["OnDemand", "Spot"], self.spot[r]),
            "UnitPrice": np.where(market, 0, self.unit[r]),
            "PayGPrice": np.where(market, 0, self.payg[r]),
        }


def _tags(tags: dict[str, str], r: int) -> str | None:
    """`"k": "v","k2": "v2"`: mostly without the outer braces of JSON."""
    if not tags:
        return None
    text = ",".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in tags.items())
    return f"{{{text}}}" if r % 7 == 0 else text


def _info(more: dict) -> str | None:
    if "size" not in more:
        return None
    return json.dumps(
        {
            "UsageType": "ComputeHR",
            "ImageType": "Canonical",
            "ServiceType": more["size"],
            "VCPUs": more["vcpus"],
            "RINormalizationRatio": "1",
        }
    )


def add_usage(bill: Bill, resources: Resources, quantity: np.ndarray) -> np.ndarray:
    """Usage rows for resources x days of uncovered quantity; returns their cost in that shape."""
    fleet = resources.fleet
    r, day = np.nonzero(quantity)
    q = quantity[r, day]
    cost = np.round(q * resources.unit[r], 10)
    list_cost = np.where(resources.marketplace[r], cost, q * resources.payg[r])
    bill.emit(
        "Usage",
        day=day,
        account=fleet.account[r],
        service=pick(fleet.of("service"), r),
        quantity=q,
        cost=cost,
        list_cost=list_cost,
        **resources.columns(r),
    )
    costs = np.zeros_like(quantity)
    costs[r, day] = cost
    return costs


def add_allocation(bill: Bill, resources: Resources, quantity: np.ndarray) -> None:
    """A share of the monitoring moved from its subscription to prod-web: two rows a day that cancel."""
    fleet = resources.fleet
    source = fleet.of("service").index("Azure Monitor")
    day = np.flatnonzero(quantity[source])
    q = np.round(quantity[source, day] * ALLOCATED_SHARE, 6)
    cost = np.round(q * resources.unit[source], 10)
    for sign, account in ((-1, fleet.account[source]), (1, ACCOUNT_NAMES.index("prod-web"))):
        bill.emit(
            "Usage",
            day=day,
            account=account,
            service="Azure Monitor",
            quantity=sign * q,
            cost=sign * cost,
            list_cost=sign * q * resources.payg[source],
            CostAllocationRuleName=ALLOCATION_RULE,
            **resources.columns(np.full(len(day), source)),
        )
