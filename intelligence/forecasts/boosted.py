"""XGBoost over all series at once: what the run-rate gets wrong, learnt from earlier origins.

Here: the training rows, and the correction that the trees add to the run-rate. Not here: what the trees are
told of a series and a day (features.py), the run-rate, and when either is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intelligence.forecasts.features import features
from intelligence.forecasts.snapshots import Snapshot

STEP = 11
LOOK_BACK = 400
SAMPLES = 12
MAX_ROWS = 400_000
ROUNDS = 110


def is_installed() -> bool:
    """Whether XGBoost can be imported; it comes with the `ml` extra."""
    try:
        import xgboost  # noqa: F401
    except ImportError:
        return False
    return True


def training_origins(days: int) -> range:
    """Days before the end at which training origins stand: never the same weekday twice running."""
    return range(STEP, max(STEP, min(days - 42, LOOK_BACK)), STEP)


class Boosted:
    """Trees fitted on snapshots; `correct` gives the forecast of another snapshot of the same series."""

    def __init__(self, snapshots: Sequence[Snapshot], before: int, seed: int) -> None:
        """Fit on what was known `before` days before the newest complete day, and on nothing later."""
        import xgboost

        parts = [
            _training_rows(snap, before, np.random.default_rng([seed, snap.back, i]))
            for i, snap in enumerate(snapshots)
        ]
        parts = [part for part in parts if len(part[1])]
        self.model = None
        if sum(len(part[1]) for part in parts) < 200:
            return
        features, target, weight = (np.concatenate([part[i] for part in parts]) for i in range(3))
        if len(target) > MAX_ROWS:
            kept = np.sort(np.random.default_rng(seed).choice(len(target), MAX_ROWS, replace=False))
            features, target, weight = features[kept], target[kept], weight[kept]
        settings = {
            "objective": "reg:absoluteerror",
            "eta": 0.1,
            "max_depth": 6,
            "min_child_weight": 20,
            "subsample": 0.7,
            "colsample_bytree": 0.6,
            "lambda": 5.0,
            "max_bin": 64,
            "tree_method": "hist",
            "seed": seed,
            "nthread": 1,
            "verbosity": 0,
        }
        data = xgboost.QuantileDMatrix(features, target, weight=weight, max_bin=64, nthread=1)
        self.model = xgboost.train(settings, data, num_boost_round=ROUNDS)

    def correct(self, snap: Snapshot) -> np.ndarray:
        """n x H: the run-rate of the snapshot with the trees' correction."""
        count, horizon = snap.forecast.shape
        usable = np.flatnonzero(_has_scale(snap))
        corrected = snap.forecast.copy()
        if self.model is None or not len(usable):
            return corrected
        rows, steps = np.repeat(usable, horizon), np.tile(np.arange(horizon), len(usable))
        learnt = self.model.inplace_predict(features(snap, rows, steps)).reshape(len(usable), horizon)
        # what holidays do is the run-rate's to say: few of them are in any history
        usual = 1 - snap.dips[usable]
        corrected[usable] += snap.parts.scale[usable, None] * usual * np.clip(learnt, -1.0, 1.0)
        return corrected


def _has_scale(snap: Snapshot) -> np.ndarray:
    parts = snap.parts
    return (parts.scale > 0) & (parts.age > 3) & ~parts.is_dead


def _training_rows(
    snap: Snapshot, before: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = min(snap.back - before, snap.forecast.shape[1])
    usable = np.flatnonzero(_has_scale(snap))
    if known < 1 or not len(usable):
        return np.empty((0, 0)), np.empty(0), np.empty(0)
    rows = np.repeat(usable, SAMPLES)
    # as many short horizons as long ones, where the month's end is decided
    steps = np.floor(known * rng.random(len(rows)) ** 1.3).astype(int)
    usual = snap.dips[rows, steps] == 0
    rows, steps = rows[usual], steps[usual]
    scale = snap.parts.scale[rows]
    target = np.clip((snap.truth[rows, steps] - snap.forecast[rows, steps]) / scale, -2.0, 2.0)
    weight = scale**0.6
    return features(snap, rows, steps), target.astype("float32"), (weight / weight.mean()).astype("float32")
