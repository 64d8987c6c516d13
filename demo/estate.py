"""The company and its demand, shared by every provider: calendar, accounts, fleets, quantities, tags.

Belongs here: what is true of Meridian Retail whichever cloud bills it. Does not: provider columns, file
formats and line item kinds (their own modules), injected incidents (incidents.py), coverage (cover.py).
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

DAY = np.timedelta64(1, "D")
INCOMPLETE_SHARES = (0.65, 0.30)  # share of ordinary rows present on the last two days

# Factor of demand, Monday to Sunday.
WEEK = {
    "web": (0.95, 0.94, 0.96, 1.00, 1.10, 1.18, 1.06),
    "office": (1.10, 1.12, 1.12, 1.10, 1.05, 0.42, 0.38),
    "batch": (1.02, 1.05, 1.05, 1.03, 1.00, 0.90, 0.92),
    "steady": (1.00, 1.00, 1.00, 1.00, 1.00, 0.98, 0.98),
}
# Factor of demand, January to December: a retailer's year.
SEASON = (0.92, 0.93, 0.97, 0.98, 1.00, 1.00, 0.98, 0.99, 1.02, 1.06, 1.24, 1.30)
GROWTH_PER_MONTH = 1.012

ACCOUNTS = (
    ("prod-web", "web"),
    ("prod-api", "web"),
    ("prod-payments", "web"),
    ("data-lake", "batch"),
    ("analytics", "office"),
    ("ml-platform", "batch"),
    ("staging", "office"),
    ("dev", "office"),
    ("sandbox", "office"),
    ("shared-services", "steady"),
)
ACCOUNT_NAMES = tuple(name for name, _ in ACCOUNTS)
ODD_NAME = 'Größe "XL" / café\nzweite Zeile'  # only with odd_names=True


@dataclass(frozen=True)
class Calendar:
    """Charge days from the first of the first month to `until`; the month of `until` is the open one."""

    days: np.ndarray  # datetime64[D]
    month: np.ndarray  # index of each day's month
    starts: np.ndarray  # datetime64[D], first day of each month
    ends: np.ndarray  # datetime64[D], exclusive

    @classmethod
    def of(cls, months: int, until: date) -> "Calendar":
        last = np.datetime64(until, "M")
        firsts = np.arange(last - (months - 1), last + 1)
        starts, ends = firsts.astype("datetime64[D]"), (firsts + 1).astype("datetime64[D]")
        days = np.arange(starts[0], np.datetime64(until, "D") + DAY)
        return cls(days, days.astype("datetime64[M]").astype(int) - firsts[0].astype(int), starts, ends)

    @property
    def months(self) -> int:
        return len(self.starts)

    @property
    def open_month(self) -> int:
        return self.months - 1

    @property
    def first_day(self) -> np.ndarray:
        """Index into `days` of each month's first day."""
        return np.searchsorted(self.days, self.starts)

    @property
    def weekday(self) -> np.ndarray:
        return (self.days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday

    @property
    def complete_share(self) -> np.ndarray:
        share = np.ones(len(self.days))
        share[-2:] = INCOMPLETE_SHARES
        return share

    @property
    def last_complete(self) -> np.datetime64:
        return self.days[-3]

    def exported_at(self, month: int) -> np.datetime64:
        """When the newest export of a month ran: eight days after its end, or the morning after `until`."""
        return min(self.ends[month] + 8 * DAY, self.days[-1] + DAY).astype("datetime64[s]") + np.timedelta64(
            5 * 3600 + 36 * 60 + 21, "s"
        )

    def days_in_data(self, month: int) -> int:
        return int((self.month == month).sum())


@dataclass(frozen=True)
class Meter:
    """One priced thing. `level` is units per resource and day (for `steady_hours`: 24), `price` per unit."""

    service: str
    key: str
    unit: str
    price: float
    level: float
    count: int
    accounts: tuple[str, ...]
    steady_hours: bool = False
    more: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Fleet:
    """Resources of one provider (arrays over resources) and their daily quantities (resources x days)."""

    meters: tuple[Meter, ...]
    meter: np.ndarray
    account: np.ndarray
    quantity: np.ndarray
    factor: np.ndarray  # what incidents did to `quantity`; 1 where nothing

    def __len__(self) -> int:
        return len(self.meter)

    def of(self, attribute: str) -> list:
        """An attribute of the meter, by resource."""
        return [getattr(self.meters[m], attribute) for m in self.meter]

    def more(self, key: str, default=None) -> list:
        return [self.meters[m].more.get(key, default) for m in self.meter]


@dataclass(frozen=True)
class Estate:
    """Arguments of one generation and what follows from them."""

    seed: int
    scale: float
    calendar: Calendar
    odd_names: bool = False

    def rng(self, provider: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *provider.encode()])

    def name(self, text: str, index: int) -> str:
        """The name of a resource; the first three are odd when asked for."""
        return f"{text} {ODD_NAME}" if self.odd_names and index < 3 else text


def build_fleet(estate: Estate, provider: str, meters: tuple[Meter, ...], incidents=()) -> Fleet:
    """Resources for the meters (at least one each) and their demand, incidents applied, late rows missing."""
    rng, calendar = estate.rng(provider), estate.calendar
    counts = [max(1, round(m.count * estate.scale)) for m in meters]
    meter = np.repeat(np.arange(len(meters)), counts)
    position = np.concatenate([np.arange(c) for c in counts])
    account = np.array(
        [
            ACCOUNT_NAMES.index(meters[m].accounts[p % len(meters[m].accounts)])
            for m, p in zip(meter, position, strict=True)
        ]
    )
    quantity = demand(rng, calendar, meters, meter, account, position)
    factor = np.ones_like(quantity)
    for incident in incidents:
        hit = np.array([meters[m].service == incident.service for m in meter]) & (
            account == ACCOUNT_NAMES.index(incident.account)
        )
        factor[hit] *= incident.factors(calendar)
    return Fleet(meters, meter, account, np.round(quantity * factor, 6), factor)


def demand(rng, calendar: Calendar, meters, meter, account, position) -> np.ndarray:
    """Units per resource and day: level x week x season x growth x noise, over the resource's life."""
    week = np.array([WEEK[shape] for _, shape in ACCOUNTS])[account][:, calendar.weekday]
    season = np.array(SEASON)[calendar.days.astype("datetime64[M]").astype(int) % 12]
    growth = GROWTH_PER_MONTH ** (np.arange(len(calendar.days)) / 30.4)
    level = np.array([meters[m].level for m in meter]) * rng.lognormal(0, 0.35, len(meter))
    noise = rng.lognormal(0, 0.05, week.shape)
    moving = level[:, None] * week * (season * growth)[None, :] * noise
    steady = (
        np.array([meters[m].level for m in meter])[:, None] * np.minimum(1, week) * np.minimum(1, noise**0.2)
    )
    hours = np.array([meters[m].steady_hours for m in meter])
    quantity = np.where(hours[:, None], steady, moving)
    # Every third resource past a meter's first is born late; every eighth retires early.
    last = len(calendar.days)
    birth = np.where(position % 3 == 2, rng.integers(0, max(1, last // 2), len(meter)), 0)
    death = np.where(position % 8 == 7, rng.integers(last // 2, last, len(meter)), last)
    day = np.arange(last)[None, :]
    alive = (day >= birth[:, None]) & (day < death[:, None])
    committed = np.array([bool(meters[m].more.get("commitment")) for m in meter])
    present = (rng.random(quantity.shape) < calendar.complete_share[None, :]) | committed[:, None]
    return quantity * alive * present


def tag_sets(account: np.ndarray, start: int = 0) -> list[dict[str, str]]:
    """Tags by resource: of every 20, three have none, two are mis-cased, two hold wrong values."""
    sets = []
    for index, a in enumerate(account, start):
        name = ACCOUNT_NAMES[a]
        environment = "prod" if name.startswith("prod") else name if name in ("staging", "dev") else "shared"
        tags = {
            "environment": environment,
            "team": name.split("-")[-1],
            "cost-center": f"CC-{100 + 10 * int(a)}",
            "application": f"app-{index % 12:02d}",
        }
        kind = index % 20
        if kind in (3, 9, 16):
            tags = {}
        elif kind in (5, 12):
            tags = {"Environment": environment.title(), "TEAM": tags["team"].upper()}
        elif kind in (7, 18):
            tags |= {"environment": "prd" if kind == 7 else "tbd", "cost-center": "unknown"}
        sets.append(tags)
    return sets
