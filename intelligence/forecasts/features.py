"""What trees are told of a series and of a day to come, in units of the series' own scale.

Here: numbers made of a snapshot. Not here: what is learnt from them (boosted.py).
"""

from __future__ import annotations

import numpy as np

from intelligence.forecasts.levels import median_of_axis
from intelligence.forecasts.month_days import fees_on, month_days
from intelligence.forecasts.snapshots import Snapshot

AGO = (1, 2, 3, 4, 6, 9, 13, 18, 26, 39, 52)  # weeks
SPANS = (4, 8, 13, 26, 52)  # weeks
JUMP = 4.4  # median steps beyond which a step is a jump


def features(snap: Snapshot, rows: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Of each pair of a row and a step (0 is the first day to come), a row of numbers; NaN is not known."""
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
    return np.concatenate([np.stack(own, axis=1), parts.weekly / scale, latest, _growth(snap)], axis=1)


def _growth(snap: Snapshot) -> np.ndarray:
    """Logs of earlier weeks over today's level, and over several spans the mean weekly step (jumps held
    short), its spread, and how sure it is: what tells a steady growth from a step, a wave or a walk.
    """
    parts = snap.parts
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = parts.year / np.where(parts.level != 0, parts.level, np.nan)[:, None]
        logs = np.log(np.where(ratio > 0, np.clip(ratio, 0.02, 50.0), np.nan))
    steps = np.diff(logs, axis=1)
    found = [logs[:, -ago] for ago in AGO]
    for span in SPANS:
        latest = steps[:, -span:]
        known = np.isfinite(latest)
        limit = JUMP * median_of_axis(np.abs(latest)[:, None, :]) + 0.003
        held = np.where(known, np.clip(latest, -limit, limit), 0.0)
        count = np.maximum(known.sum(axis=1), 1)
        mean = held.sum(axis=1) / count
        spread = np.sqrt((np.where(known, held - mean[:, None], 0.0) ** 2).sum(axis=1) / count)
        some = known.any(axis=1)
        for value in (mean, spread, mean / (spread / np.sqrt(count) + 0.001)):
            found.append(np.where(some, value, np.nan))
    return np.stack(found, axis=1)


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
