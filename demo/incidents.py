"""Injected anomalies: what happens, to which series, when, and what it cost.

Belongs here: the plan of incidents and the factors they put on demand. Does not: the rows themselves.
"""

from dataclasses import dataclass

import numpy as np

from demo.estate import ACCOUNT_NAMES, Calendar, Estate, Fleet

KINDS = ("spike", "drop", "leak", "launch", "fee")


@dataclass(frozen=True)
class Incident:
    """`first` and `last` are day indexes, inclusive; `factor` is the peak multiple of normal demand."""

    provider: str
    account: str
    service: str
    kind: str
    first: int
    last: int
    factor: float

    def factors(self, calendar: Calendar) -> np.ndarray:
        """Multiple of normal demand per day; a launch has none before it starts."""
        day = np.arange(len(calendar.days))
        inside = (day >= self.first) & (day <= self.last)
        if self.kind == "launch":
            return (day >= self.first).astype(float)
        if self.kind == "leak":
            ramp = 1 + (self.factor - 1) * (day - self.first + 1) / (self.last - self.first + 1)
            return np.where(inside, ramp, 1.0)
        return np.where(inside, self.factor, 1.0)


# (account, service, kind, place in the range 0..1, days, factor); services are the provider's raw codes.
PLANS = {
    "aws": (
        ("data-lake", "AWSGlue", "spike", 0.22, 3, 7.0),
        ("prod-web", "AmazonCloudFront", "drop", 0.35, 2, 0.12),
        ("sandbox", "AmazonCloudWatch", "leak", 0.55, 32, 4.0),
        ("ml-platform", "AmazonSageMaker", "launch", 0.68, 14, 1.0),
        ("prod-api", "AmazonDynamoDB", "spike", 0.80, 1, 5.0),
        ("analytics", "AmazonAthena", "spike", 0.91, 4, 6.0),
    ),
    "azure": (
        ("analytics", "Azure Data Factory v2", "spike", 0.30, 3, 6.0),
        ("prod-payments", "Azure Cosmos DB", "drop", 0.47, 2, 0.15),
        ("dev", "Log Analytics", "leak", 0.60, 28, 3.5),
        ("ml-platform", "Cognitive Services", "launch", 0.72, 14, 1.0),
        ("prod-api", "Bandwidth", "spike", 0.88, 2, 8.0),
    ),
    "gcp": (
        ("data-lake", "24E6-581D-38E5", "spike", 0.27, 2, 8.0),
        ("prod-api", "152E-C115-5142", "drop", 0.41, 2, 0.10),
        ("sandbox", "5490-F7B7-8DF6", "leak", 0.58, 30, 4.0),
        ("ml-platform", "C7E2-9256-1C43", "launch", 0.75, 14, 1.0),
    ),
    "northwind-data-cloud": (
        ("analytics", "Northwind Warehouse", "spike", 0.38, 3, 5.0),
        ("data-lake", "Northwind Pipelines", "leak", 0.62, 25, 3.0),
    ),
}


def plan(estate: Estate, provider: str) -> tuple[Incident, ...]:
    """The provider's incidents, jittered by the seed and kept clear of the incomplete last days."""
    rng, total = estate.rng(f"{provider} incidents"), len(estate.calendar.days) - 2
    incidents = []
    for account, service, kind, place, days, factor in PLANS[provider]:
        length = min(days, max(1, total // 6))
        first = int((place + rng.uniform(-0.03, 0.03)) * total)
        first = max(1, min(first, total - length))
        incidents.append(Incident(provider, account, service, kind, first, first + length - 1, factor))
    return tuple(incidents)


def impact(incident: Incident, fleet: Fleet, effective: np.ndarray) -> float:
    """Effective cost above (or below) what the series would have cost, over the incident's days.

    `effective` is resources x days, in billing currency.
    """
    hit = np.array([s == incident.service for s in fleet.of("service")])
    hit &= fleet.account == ACCOUNT_NAMES.index(incident.account)
    window = slice(incident.first, incident.last + 1)
    cost, factor = effective[hit, window], fleet.factor[hit, window]
    if incident.kind == "launch":
        return float(cost.sum())
    return float((cost * (1 - 1 / factor)).sum())
