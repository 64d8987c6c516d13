"""Slow leaks: cost that creeps up week by week, each step too small for a day's flag.

Belongs here: the channel of weeks. Does not: sudden changes (detector.py).
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from intelligence.anomalies.flags import Days, Flags
from intelligence.anomalies.settings import Settings

LEAST = 0.25  # logarithm of the least growth over the weeks
TIMES = 4.4  # robust deviations of the series' own weekly steps
LARGEST = 0.45  # share of the growth that one week may hold; a launch is one step, a leak is many
PRIOR, LEAN = 0.06, 6
BLOCK = 2000


def detect(days: Days, floors: np.ndarray, settings: Settings) -> Flags:
    """Flagged days of leaks: three or four weekly medians in a row each above the one before, by more in all
    than the series' own weeks of the half year before usually move. The expected cost is that of before the
    first step.

    Looks back only: a day needs the 25 weeks up to it, and fewer where there are no more.
    """
    parts = [
        _block(slice(start, start + BLOCK), days, floors, settings)
        for start in range(0, len(days.flat), BLOCK)
    ]
    row, day, expected, score = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Flags(row, day, expected, score, np.ones(len(row), bool))


def _block(rows: slice, days: Days, floors: np.ndarray, settings: Settings):
    flat = days.flat[rows]
    median = _weekly_median(flat)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(median)
        step = logs - _earlier(logs, 7)
    step[~np.isfinite(step)] = np.nan
    history = np.sort(np.stack([_earlier(step, 7 * week) for week in range(5, 21)]), axis=0)
    count = np.isfinite(history).sum(axis=0)

    def quantile(share: float) -> np.ndarray:
        place = np.clip(np.round(share * (count - 1)).astype(int), 0, None)
        return np.nan_to_num(np.take_along_axis(history, place[None], axis=0)[0])

    plain = (quantile(0.75) - quantile(0.25)) / 1.349
    deviation = np.sqrt((count * plain**2 + LEAN * PRIOR**2) / (count + LEAN))
    usual = np.where(count >= 6, np.clip(quantile(0.5) * count / (count + 8), -0.05, 0.05), 0)
    score, before = np.zeros(flat.shape), np.zeros(flat.shape)
    for weeks in (3, 4):
        steps = np.stack([_earlier(step, 7 * week) for week in range(weeks)]) - usual
        growth = steps.sum(axis=0)
        need = settings.sensitivity * np.maximum(LEAST, TIMES * deviation * np.sqrt(weeks))
        steady = (steps > 0).all(axis=0) & (steps.max(axis=0) < LARGEST * growth) & (count >= 3)
        better = steady & (growth / need > score)
        score = np.where(better, growth / need, score)
        before = np.where(better, _earlier(median, 7 * weeks), before)
    expected = before * days.share[rows]
    off = (median - before) * days.share[rows]
    found = days.counted[rows] & (score >= 1) & (off >= floors[rows]) & (flat > before)
    row, day = np.nonzero(found)
    return row + rows.start, day, expected[row, day].astype(float), score[row, day]


def _weekly_median(flat: np.ndarray) -> np.ndarray:
    """The lower median of the seven days up to each day; NaN where fewer than four are there."""
    before = np.full((len(flat), 6), np.nan, np.float32)
    ordered = np.sort(sliding_window_view(np.concatenate([before, flat], axis=1), 7, axis=1), axis=2)
    count = np.isfinite(ordered).sum(axis=2)
    middle = np.take_along_axis(ordered, (np.maximum(count - 1, 0) // 2)[:, :, None], axis=2)[:, :, 0]
    return np.where(count >= 4, middle, np.nan)


def _earlier(values: np.ndarray, days: int) -> np.ndarray:
    """Each day's value of ``days`` before."""
    out = np.full_like(values, np.nan)
    if days < values.shape[1]:
        out[:, days:] = values[:, : values.shape[1] - days]
    return out
