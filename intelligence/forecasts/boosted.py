"""XGBoost over all series at once: what the run-rate gets wrong, learnt from earlier origins.

Here: features of a series and a day to come, in units of the series' own scale, the training rows, and the
correction that the trees add to the run-rate. Not here: the run-rate, and when either is trusted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intelligence.forecasts.month_days import fees_on, month_days
from intelligence.forecasts.snapshots import Snapshot

STEP = 11
LOOK_BACK = 400
SAMPLES = 6
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
        learnt = self.model.inplace_predict(_features(snap, rows, steps)).reshape(len(usable), horizon)
        corrected[usable] += snap.parts.scale[usable, None] * np.clip(learnt, -1.0, 1.0)
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
    scale = snap.parts.scale[rows]
    target = np.clip((snap.truth[rows, steps] - snap.forecast[rows, steps]) / scale, -2.0, 2.0)
    weight = scale**0.6
    return _features(snap, rows, steps), target.astype("float32"), (weight / weight.mean()).astype("float32")


def _features(snap: Snapshot, rows: np.ndarray, steps: np.ndarray) -> np.ndarray:
    parts, future = snap.parts, snap.panel.future
    scale = np.where(parts.scale > 0, parts.scale, 1.0)
    weekday = future.day_of_week.to_numpy()[steps]
    fee = fees_on(parts.fee, future)[rows, steps] / scale[rows]
    day = month_days(future)[steps]
    own = _series_features(snap)
    columns = [
        steps + 1,
        weekday,
        day,
        snap.forecast[rows, steps] / scale[rows],
        parts.weekday[rows, weekday],
        fee,
        parts.excess[rows, day, 0] / scale[rows],
        parts.excess[rows, day, 1] / scale[rows],
        snap.dips[rows, steps],
        *_year_ago(snap, rows, steps),
    ]
    return np.concatenate([np.stack(columns, axis=1), own[rows]], axis=1).astype("float32")


def _series_features(snap: Snapshot) -> np.ndarray:
    parts = snap.parts
    scale = np.where(parts.scale > 0, parts.scale, 1.0)[:, None]
    tail = parts.adjusted[:, -28:]
    tail = np.concatenate([np.full((len(tail), 28 - tail.shape[1]), np.nan), tail], axis=1)
    latest = tail[:, -4:] / scale
    weekend = parts.weekday[:, 5:].mean(axis=1) / np.maximum(parts.weekday[:, :5].mean(axis=1), 1e-6)
    zero = (snap.panel.values[:, -28:] == 0).mean(axis=1)
    own = [
        parts.level / scale[:, 0],
        parts.slope * 30,
        parts.noise,
        parts.since_step,
        weekend,
        zero,
        np.log1p(parts.age),
        np.sign(parts.level),
    ]
    return np.concatenate([np.stack(own, axis=1), parts.weekly / scale, latest], axis=1)


def _year_ago(snap: Snapshot, rows: np.ndarray, steps: np.ndarray) -> list[np.ndarray]:
    """How the same week of last year stood to the four weeks before this day of last year; NaN if unknown."""
    values, days = snap.panel.values, snap.panel.values.shape[1]
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    anchor = days - 364
    centre = anchor + steps
    known = (anchor - 28 >= snap.panel.first[rows]) & (anchor >= 28) & (centre + 4 <= days)
    low, high = np.clip(centre - 3, 0, days), np.clip(centre + 4, 0, days)
    week = (total[rows, high] - total[rows, low]) / 7
    base = (total[rows, max(anchor, 0)] - total[rows, max(anchor - 28, 0)]) / 28
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(known & (base != 0), np.clip(week / base, 0, 5), np.nan)
    return [ratio]
