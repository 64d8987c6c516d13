"""Which commitment is bought: the aim, risk and limits applied to what each is worth.

Here: one number per hour out of drawn futures. Not here: the futures, and what it costs (schedule.py).
"""

from __future__ import annotations

import numpy as np

from intelligence.commitments.futures import Futures
from intelligence.commitments.settings import COVERAGE, UTILIZATION, CommitmentSettings

STEPS = 50  # halvings: finer than a cent of any bill


def choose(futures: Futures, settings: CommitmentSettings, already_covered: float = 0.0) -> float:
    """The commitment per hour. `already_covered`: on-demand cost per hour that owned commitments cover, which
    counts for a target coverage."""
    if settings.mode == COVERAGE:
        return _for_coverage(futures, settings.target / 100, already_covered)
    best = futures.mixed(settings.discount_margin).best()
    if settings.cvar_weight > 0:
        best = _less_risk(futures, settings, best)
    if settings.mode == UTILIZATION:
        best = _for_utilization(futures, settings, best)
    return best


def savings(futures: Futures, commitment: float) -> np.ndarray:
    """Saving per hour of each future, over all its months."""
    return futures.at(commitment)[0].mean(axis=1) - commitment


def utilization(futures: Futures, commitment: float) -> np.ndarray:
    """The used share of a commitment above 0, of each future."""
    return futures.at(commitment)[1].mean(axis=1) / commitment


def _for_utilization(futures: Futures, settings: CommitmentSettings, best: float) -> float:
    """The largest up to `best` that is used enough, as surely as asked."""

    def is_used(commitment: float) -> bool:
        low = np.quantile(utilization(futures, commitment), 1 - settings.confidence)
        return bool(low >= settings.target / 100)

    if best <= 0 or is_used(best):
        return best
    return _last(is_used, best)


def _for_coverage(futures: Futures, share: float, already: float) -> float:
    """The smallest that covers the share of all that is eligible, on average; the whole demand if none
    does."""
    total = float(futures.total().mean())
    wanted = share * (total + already) - already
    highest = max(float(curve.level[-1]) for row in futures.curves for curve in row)
    if wanted <= 0 or total <= 0:
        return 0.0
    return _last(lambda c: bool(futures.at(c)[0].mean() < wanted), highest)


def _less_risk(futures: Futures, settings: CommitmentSettings, best: float) -> float:
    """Where mean less weight x CVaR is highest: concave, and nowhere above where the mean is."""
    worst = max(1, round(settings.cvar_tail * len(futures.draws)))

    def score(commitment: float) -> float:
        found = savings(futures, commitment)
        loss = -np.sort(found)[:worst].mean()
        return float(found.mean() - settings.cvar_weight * loss)

    low, high = 0.0, best
    for _ in range(STEPS):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (left, high) if score(left) < score(right) else (low, right)
    middle = (low + high) / 2
    return middle if score(middle) > 0 else 0.0


def _last(holds, highest: float) -> float:
    """The last commitment for which something holds that ends once, between 0 and the highest."""
    low, high = 0.0, highest
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
