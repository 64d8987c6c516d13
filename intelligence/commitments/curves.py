"""What a commitment of any size is worth over a known demand, exactly.

Here: one commitment over usage at one or many rates. Not here: what demand will be, and which size is chosen
under risk or a constraint (choose.py).

A commitment of c an hour buys usage at committed prices, the highest discount first, and is paid used or not.
What it covers, counted at on-demand prices, is concave in c, and bends only where an hour's demand at one
rate is used up. So the best c is one of those breakpoints: the first one after which another unit covers, on
average, no more than it costs (g(c) = mean of 1/(1-d) over hours falls through 1). With one rate that is the
d-quantile of demand, the newsvendor's critical ratio: underage p*d, overage p*(1-d).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME = 1e-9  # slopes nearer than that are one


@dataclass(frozen=True)
class Curve:
    """A commitment's worth by its size; all in money per hour.

    `level`: breakpoints, ascending from 0; `covered`: mean on-demand cost that each covers; `used`: mean part
    of it that is used; `total`: mean on-demand cost of all demand. Between breakpoints all are linear, beyond
    the last constant.
    """

    level: np.ndarray
    covered: np.ndarray
    used: np.ndarray
    total: float

    @classmethod
    def of(
        cls,
        demand: np.ndarray,
        discount: np.ndarray | float,
        weight: np.ndarray | None = None,
        margin: float = 0.0,
    ) -> Curve:
        """`demand`: on-demand cost per hour, rates x periods, or periods alone; `discount`: a share below 1
        for each rate; `weight`: hours of each period, one each if None. A period with a NaN or infinity is
        left out, negative demand is none. Raises ValueError for a discount of 1 or more, or shapes that do
        not fit. With a `margin`, what is covered counts as if each discount were so much smaller, at the same
        prices.
        """
        demand, discount, weight = _checked(demand, discount, weight)
        if not weight.sum() > 0:
            return cls(np.zeros(1), np.zeros(1), np.zeros(1), 0.0)
        order = np.argsort(-discount, kind="stable")
        demand, price = demand[order], 1 - discount[order]
        slope = 1 / (price + margin)
        edges = np.cumsum(demand * price[:, None], axis=0)
        share = weight / weight.sum()
        # what each breakpoint takes off the slopes of covered and of used
        fall = (slope - np.append(slope[1:], 0))[:, None] * share
        ends = np.zeros_like(fall)
        ends[-1] = share
        total = float((price * slope) @ (demand @ share))
        return cls._summed(edges.ravel(), fall.ravel(), ends.ravel(), total)

    @classmethod
    def _summed(cls, edges: np.ndarray, fall: np.ndarray, ends: np.ndarray, total: float) -> Curve:
        order = np.argsort(edges)
        level = np.concatenate([[0.0], edges[order]])
        step = np.diff(level)
        slopes = [
            values.sum() - np.concatenate([[0.0], np.cumsum(values[order])[:-1]]) for values in (fall, ends)
        ]
        covered, used = (np.concatenate([[0.0], np.cumsum(step * np.maximum(slope, 0))]) for slope in slopes)
        return cls(level, np.minimum(covered, total), np.minimum(used, level), total)

    def at(self, commitment: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """`covered` and `used` of commitments."""
        covered = np.interp(commitment, self.level, self.covered)
        return covered, np.interp(commitment, self.level, self.used)

    def scaled(self, share: float) -> Curve:
        """The curve of the same demand times a share."""
        return Curve(self.level * share, self.covered * share, self.used * share, self.total * share)

    def best(self) -> float:
        """The smallest commitment that saves most; 0 where none saves."""
        gain = np.diff(self.covered) - np.diff(self.level)
        up = np.flatnonzero(gain > SAME * np.diff(self.level))
        return float(self.level[up[-1] + 1]) if len(up) else 0.0


def optimal_commitment(
    demand: np.ndarray, discount: np.ndarray | float, weight: np.ndarray | None = None
) -> float | np.ndarray:
    """The commitment per hour, at committed prices, that would have saved most: the hindsight optimum.

    `demand` as in `Curve.of`, or curves x rates x periods for many at once, with a `discount` for each rate
    or for each curve and rate; then an array. Exact: no candidate other than the breakpoints can be better.
    """
    demand = np.asarray(demand, dtype=float)
    if demand.ndim < 3:
        return Curve.of(demand, discount, weight).best()
    discounts = np.broadcast_to(np.asarray(discount, dtype=float), demand.shape[:2])
    return np.array([Curve.of(d, r, weight).best() for d, r in zip(demand, discounts, strict=True)])


def outcome(
    commitment: float, demand: np.ndarray, discount: np.ndarray | float, weight: np.ndarray | None = None
) -> dict[str, float]:
    """What a commitment per hour did over a demand (both as in `Curve.of`).

    `hours`; over all of them `on_demand_cost` (without it), `covered_cost` (of that), `committed_cost`,
    `used_cost`, `saving_cost`; `utilization_pct` and `coverage_pct`, NaN where nothing was committed or
    needed.
    """
    demand, discount, weight = _checked(demand, discount, weight)
    hours = float(weight.sum())
    left, covered = np.full(demand.shape[1], max(float(commitment), 0.0)), 0.0
    for row in np.argsort(-discount, kind="stable"):
        taken = np.minimum(left, demand[row] * (1 - discount[row]))
        left = left - taken
        covered += float((taken / (1 - discount[row])) @ weight)
    committed, unused, total = (
        max(float(commitment), 0.0) * hours,
        float(left @ weight),
        float((demand @ weight).sum()),
    )
    return {
        "hours": hours,
        "on_demand_cost": total,
        "covered_cost": covered,
        "committed_cost": committed,
        "used_cost": committed - unused,
        "saving_cost": covered - committed,
        "utilization_pct": 100 * (1 - unused / committed) if committed > 0 else np.nan,
        "coverage_pct": 100 * covered / total if total > 0 else np.nan,
    }


def _checked(
    demand: np.ndarray, discount: np.ndarray | float, weight: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    demand = np.atleast_2d(np.asarray(demand, dtype=float))
    discount = np.broadcast_to(np.atleast_1d(np.asarray(discount, dtype=float)), demand.shape[:1])
    weight = np.ones(demand.shape[1]) if weight is None else np.asarray(weight, dtype=float)
    if weight.shape != demand.shape[1:]:
        raise ValueError(f"weight has shape {weight.shape}, one for each period is {demand.shape[1:]}")
    if not (discount < 1).all():
        raise ValueError("a discount is a share below 1, and a number")
    known = np.isfinite(demand).all(axis=0) & np.isfinite(weight) & (weight > 0)
    return np.maximum(demand[:, known], 0), discount, weight[known]
