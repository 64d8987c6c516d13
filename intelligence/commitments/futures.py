"""The demand that a commitment will meet: past days, scaled to the months to come, net of what is owned.

Here: the distribution of hourly demand in each month of a term, and what a commitment is worth over it. Not
here: how high demand will be (levels.py), and which commitment is chosen (choose.py).

Days of the past weeks are drawn with their hours together, each week brought to the level of today, so that
the shape of a day and of a week stays and a trend or a step does not blur it. A month's demand is that, times
the month's share of today's level. What an owned commitment covers is taken off while its term lasts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intelligence.commitments.curves import Curve
from intelligence.commitments.levels import Level, level

POOL_WEEKS = 8
NODES = 12  # levels of demand that are computed; those between are drawn as mixtures of two


@dataclass(frozen=True)
class Shape:
    """Hourly demand of the past weeks at today's level: `demand`, rates x periods, on-demand cost per hour;
    `covered`: what each owned commitment covers of it, by its id; `weight`: hours of a period."""

    demand: np.ndarray
    covered: dict[str, np.ndarray]
    weight: np.ndarray
    level: Level


def shape(
    demand: np.ndarray, weight: np.ndarray, age: np.ndarray, covered: dict[str, np.ndarray] | None = None
) -> Shape:
    """`demand`: all eligible usage, rates x periods; `age`: whole days before the last day, of each
    period."""
    covered = covered or {}
    known = np.isfinite(demand).all(axis=0) & (weight > 0)
    demand, weight, age = np.maximum(demand[:, known], 0), weight[known], age[known]
    covered = {name: np.maximum(part[:, known], 0) for name, part in covered.items()}
    week = (age // 7).astype(int)
    weeks = max((int(age.max()) + 1) // 7, 1) if len(age) else 0
    hours = np.bincount(week, weights=weight, minlength=weeks)
    sums = np.bincount(week, weights=weight * demand.sum(axis=0), minlength=weeks)
    by_week = np.divide(sums, hours, out=np.full(len(sums), np.nan), where=hours > 0)
    found = level(by_week[:weeks][::-1])
    pool = (week < min(weeks, POOL_WEEKS)) & (week < _since_bought(covered, week, weeks))
    to_now = np.divide(found.now, by_week, out=np.zeros(len(by_week)), where=by_week > 0)[week[pool]]
    keep = to_now > 0
    demand, weight = demand[:, pool][:, keep], weight[pool][keep]
    return Shape(
        demand * to_now[keep], {name: part[:, pool][:, keep] for name, part in covered.items()}, weight, found
    )


def _since_bought(covered: dict[str, np.ndarray], week: np.ndarray, weeks: int) -> int:
    """How many weeks back the newest owned commitment already covered something; all where none is young."""
    first = weeks
    for part in covered.values():
        used = week[part.any(axis=0)]
        if len(used):
            first = min(first, int(used.max()) + 1)
    return max(first, 1)


@dataclass(frozen=True)
class Futures:
    """`draws`: futures x months, shares of today's level; `regime`: which owned commitments are left in each
    month; `curves`: of each regime and each of the `nodes` of that share; `demands` likewise, rates x
    periods; `base`: the one curve that all are multiples of, where nothing owned is taken off."""

    draws: np.ndarray
    regime: np.ndarray
    nodes: np.ndarray
    demands: list[list[np.ndarray]]
    curves: list[list[Curve]]
    base: Curve | None
    weight: np.ndarray
    discount: np.ndarray

    @classmethod
    def of(
        cls, found: Shape, discount: np.ndarray, draws: np.ndarray, ends: dict[str, int] | None = None
    ) -> Futures:
        """`ends`: with which of the months each owned commitment is gone; one that is not named stays."""
        ends = ends or {}
        months = draws.shape[1]
        left = [frozenset(n for n in found.covered if ends.get(n, months) > m) for m in range(months)]
        regimes = list(dict.fromkeys(left))
        nodes = np.unique(np.linspace(draws.min(), draws.max(), NODES))
        demands = [[_residual(found, names, node) for node in nodes] for names in regimes]
        base = None
        if any(regimes):
            curves = [[Curve.of(demand, discount, found.weight) for demand in row] for row in demands]
        else:  # nothing owned is taken off, so that all nodes have one shape
            base = Curve.of(found.demand, discount, found.weight)
            curves = [[base.scaled(node) for node in nodes]]
        regime = np.array([regimes.index(names) for names in left])
        return cls(draws, regime, nodes, demands, curves, base, found.weight, discount)

    def at(self, commitment: float) -> tuple[np.ndarray, np.ndarray]:
        """Covered on-demand cost and used commitment per hour, each futures x months."""
        if self.base is not None:
            covered, used = self.base.at(commitment / np.maximum(self.draws, 1e-12))
            return covered * self.draws, used * self.draws
        covered, used = np.empty_like(self.draws), np.empty_like(self.draws)
        for number, row in enumerate(self.curves):
            at = self.regime == number
            values = np.array([curve.at(commitment) for curve in row])
            covered[:, at] = np.interp(self.draws[:, at], self.nodes, values[:, 0])
            used[:, at] = np.interp(self.draws[:, at], self.nodes, values[:, 1])
        return covered, used

    def total(self) -> np.ndarray:
        """On-demand cost per hour of what is left to cover, futures x months."""
        total = np.empty_like(self.draws)
        for number, row in enumerate(self.curves):
            at = self.regime == number
            total[:, at] = np.interp(self.draws[:, at], self.nodes, [curve.total for curve in row])
        return total

    def mixed(self, margin: float = 0.0) -> Curve:
        """All futures and months as one demand; `margin` as in `Curve.of`."""
        parts, weights = [], []
        for number, row in enumerate(self.demands):
            share = self._shares(self.draws[:, self.regime == number].ravel())
            for demand, part in zip(row, share, strict=True):
                parts.append(demand)
                weights.append(part * self.weight)
        return Curve.of(np.concatenate(parts, axis=1), self.discount, np.concatenate(weights), margin)

    def _shares(self, values: np.ndarray) -> np.ndarray:
        """How much each node counts for values between nodes."""
        if len(self.nodes) == 1:
            return np.array([float(len(values))])
        low = np.clip(np.searchsorted(self.nodes, values, side="right") - 1, 0, len(self.nodes) - 2)
        high = (values - self.nodes[low]) / np.diff(self.nodes)[low]
        size = len(self.nodes)
        return np.bincount(low, 1 - high, size) + np.bincount(low + 1, high, size)


def _residual(found: Shape, names: frozenset[str], share: float) -> np.ndarray:
    demand = found.demand * share
    for name in names:
        demand = demand - found.covered[name]
    return np.maximum(demand, 0)
