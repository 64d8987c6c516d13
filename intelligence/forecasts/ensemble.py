"""One forecast from several: weights from backtests, drawn towards equal ones.

Here: how much each series trusts each model. Not here: the models, and intervals.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intelligence.forecasts.backtest import Origin
from intelligence.forecasts.settings import RUN_RATE

OWN = 0.2
POWER = 8.0
EQUAL = 0.1


def weights(folds: Sequence[Origin], names: Sequence[str]) -> np.ndarray:
    """N x models: each row adds up to 1.

    A model's error is the sum of absolute errors over the folds where it ran, over the run-rate's on the same
    days: OWN parts of the series' own ratio and the rest of all series'. Weights fall with that ratio to the
    POWER; EQUAL parts of the result are equal weights.
    """
    count = len(folds[0].truth) if folds else 0
    ratio = np.ones((count, len(names)))
    for m, name in enumerate(names):
        own, base = np.zeros(count), np.zeros(count)
        for fold in folds:
            if name in fold.members:
                both = np.isfinite(fold.truth) & np.isfinite(fold.members[name])
                own += np.where(both, np.abs(fold.members[name] - fold.truth), 0).sum(axis=1)
                base += np.where(both, np.abs(fold.members[RUN_RATE] - fold.truth), 0).sum(axis=1)
        pooled = own.sum() / base.sum() if base.sum() > 0 else 1.0
        mine = np.divide(own, base, out=np.full(count, pooled), where=base > 0)
        ratio[:, m] = OWN * np.clip(mine, 0.3, 3.0) + (1 - OWN) * pooled
    found = np.maximum(ratio, 0.05) ** -POWER
    found /= found.sum(axis=1, keepdims=True)
    return EQUAL / max(len(names), 1) + (1 - EQUAL) * found


def combine(origin: Origin, names: Sequence[str], weight: np.ndarray) -> np.ndarray:
    """N x H: the weighted mean of the members that ran; NaN where none did."""
    stack = np.stack([origin.members[name] for name in names if name in origin.members], axis=2)
    used = np.stack([weight[:, m] for m, name in enumerate(names) if name in origin.members], axis=1)
    share = np.where(np.isfinite(stack), used[:, None, :], 0.0)
    total = share.sum(axis=2)
    mean = np.where(share > 0, stack * share, 0.0).sum(axis=2)
    return np.divide(mean, total, out=np.full(total.shape, np.nan), where=total > 0)
