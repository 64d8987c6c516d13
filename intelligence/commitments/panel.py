"""From usage as bills tell it to demand per hour of each thing that one commitment can cover.

Here: which columns usage has, and how it becomes arrays. Not here: prices, and the future.

A charge of several hours is spread evenly over them. Where all charges of a family are of whole days its
periods are days, else hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

KEYS = [
    "provider",
    "billing_account_id",
    "commitment_type",
    "commitment_category",
    "family",
    "region_id",
    "billing_currency",
]
REQUIRED = [*KEYS, "meter", "period_start", "hours", "on_demand_cost"]
LONGEST = 24 * 366 * 6  # hours; a charge or a gap longer than that is a mistake of its bill


@dataclass(frozen=True)
class Panel:
    """`demand`: on-demand cost per hour of all eligible usage, meters x periods, NaN where unknown;
    `covered`: the part that each commitment covered; `weight`: hours of a period; `day`: of each period;
    `unit_cost`: on-demand cost of an hour of one unit, NaN where quantities are not known; `longest`: hours
    of the longest charge."""

    keys: dict[str, object]
    meters: list[object]
    demand: np.ndarray
    covered: dict[str, np.ndarray]
    weight: np.ndarray
    day: np.ndarray
    unit_cost: float
    longest: int

    @property
    def last_day(self) -> np.datetime64:
        return self.day[-1]

    @property
    def days(self) -> int:
        return int((self.day[-1] - self.day[0]).astype(int)) + 1

    @property
    def age(self) -> np.ndarray:
        """Whole days of each period before the last day."""
        return (self.day[-1] - self.day).astype(int)

    def by_rate(self, discount: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """Discounts (rounded to a hundredth of a percent, which no bill's cent can tell), and the demand and
        covered demand of each: meters of one discount are one rate."""
        rates, row = np.unique(np.round(discount, 4), return_inverse=True)

        def summed(values: np.ndarray) -> np.ndarray:
            if len(rates) == len(values):
                return values[np.argsort(row)]
            total = np.zeros((len(rates), values.shape[1]))
            np.add.at(total, row, values)
            return total

        return rates, summed(self.demand), {name: summed(part) for name, part in self.covered.items()}


def panels(usage: pd.DataFrame, complete_through: pd.DataFrame | None = None) -> Iterator[Panel]:
    """A panel for each combination of KEYS, in their order.

    `usage`: columns REQUIRED (hours: of the period; on_demand_cost: in it), and `commitment_discount_id` and
    `usage_quantity` (unit-hours in the period) where known. Days after `complete_through` (provider,
    billing_account_id, complete_through) are not read. Raises ValueError where a column is missing.
    """
    check(usage)
    usage = _complete(usage.dropna(subset=["period_start"]), complete_through)
    for keys, rows in usage.groupby(KEYS, dropna=False, sort=True, observed=True):
        named = {name: None if pd.isna(value) else value for name, value in zip(KEYS, keys, strict=True)}
        yield _panel(named, rows)


def check(usage: pd.DataFrame) -> None:
    """Raises ValueError naming the columns that usage lacks."""
    if missing := [name for name in REQUIRED if name not in usage]:
        raise ValueError(f"usage lacks the columns {', '.join(missing)}")


def _complete(usage: pd.DataFrame, complete_through: pd.DataFrame | None) -> pd.DataFrame:
    usage = usage.assign(period_start=_utc(usage["period_start"]))
    if complete_through is None or not len(complete_through):
        return usage
    last = complete_through.groupby(["provider", "billing_account_id"], as_index=False, dropna=False)[
        "complete_through"
    ].max()
    until = usage[["provider", "billing_account_id"]].merge(last, how="left")["complete_through"]
    until = pd.to_datetime(until).to_numpy().astype("datetime64[s]")
    starts = usage["period_start"].to_numpy()
    return usage[np.isnat(until) | (starts < until + np.timedelta64(86400, "s"))]


def _utc(times: pd.Series) -> pd.Series:
    times = pd.to_datetime(times)
    if times.dt.tz is not None:
        times = times.dt.tz_convert("UTC").dt.tz_localize(None)
    return times.astype("datetime64[s]")


def _panel(keys: dict[str, object], rows: pd.DataFrame) -> Panel:
    start = rows["period_start"].to_numpy().astype("datetime64[h]").astype(np.int64)
    hours = (
        np.clip(np.nan_to_num(rows["hours"].to_numpy(dtype=float), nan=1.0), 1, LONGEST)
        .round()
        .astype(np.int64)
    )
    cost = rows["on_demand_cost"].to_numpy(dtype=float)
    step = 24 if ((start % 24 == 0) & (hours % 24 == 0)).all() else 1
    start, periods = start // step, hours // step
    first = max(start.min(), (start + periods).max() - LONGEST // step)
    kept = start >= first
    start, periods, cost = (start - first)[kept], periods[kept], cost[kept] / hours[kept]
    rows = rows[kept]
    count = int((start + periods).max())
    meter, meters = pd.factorize(rows["meter"], use_na_sentinel=False)
    demand = _spread(meter, start, periods, cost, len(meters), count)
    covered = {}
    if "commitment_discount_id" in rows:
        by, names = pd.factorize(rows["commitment_discount_id"])
        for number, name in enumerate(names):
            own = by == number
            part = _spread(meter[own], start[own], periods[own], cost[own], len(meters), count)
            covered[str(name)] = np.nan_to_num(part)
    time = (first + np.arange(count)) * step
    return Panel(
        keys,
        list(meters),
        demand,
        covered,
        np.full(count, float(step)),
        time.astype("datetime64[h]").astype("datetime64[D]"),
        _unit_cost(rows),
        int(hours.max()),
    )


def _spread(
    row: np.ndarray, start: np.ndarray, periods: np.ndarray, cost: np.ndarray, rows: int, count: int
) -> np.ndarray:
    """Costs per hour, rows x periods; NaN in periods of a cost that is not a number."""
    unknown = ~np.isfinite(cost)
    cost = np.where(unknown, 0.0, cost)
    single = periods == 1
    at = row[single] * count + start[single]
    found = np.bincount(at, cost[single], rows * count).astype(float).reshape(rows, count)
    if not single.all():
        change = np.zeros((rows, count + 1))
        long = ~single
        np.add.at(change, (row[long], start[long]), cost[long])
        np.add.at(change, (row[long], start[long] + periods[long]), -cost[long])
        more = np.cumsum(change, axis=1)[:, :-1]
        found += np.where(np.abs(more) > 1e-9 * np.abs(cost).max(initial=0), more, 0)
    for line in np.flatnonzero(unknown):
        found[:, start[line] : start[line] + periods[line]] = np.nan
    return found


def _unit_cost(rows: pd.DataFrame) -> float:
    if "usage_quantity" not in rows:
        return np.nan
    known = rows[["on_demand_cost", "usage_quantity"]].astype(float).dropna()
    known = known[known["usage_quantity"] > 0]
    quantity = known["usage_quantity"].sum()
    return float(known["on_demand_cost"].sum() / quantity) if quantity > 0 else np.nan
