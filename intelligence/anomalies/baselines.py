"""Three well-known detectors, to choose or to compare with: rolling z, EWMA and Isolation Forest.

Belongs here: these methods as they are known, each looking back only. Does not: guards; the days that they
may not judge are those of guards.py, as for the default detector.
"""

from __future__ import annotations

import numpy as np

from intelligence.anomalies.flags import Flags
from intelligence.anomalies.settings import Settings

WINDOW = 28
LIMIT = 3.0
SMOOTHING = 0.3
REFIT_DAYS = 91


class MissingExtra(ImportError):
    """A method needs a library that is not installed; the message says how to get it."""


def rolling_z(usage: np.ndarray, judged: np.ndarray, settings: Settings) -> Flags:
    """Days more than three standard deviations from the mean of the 28 days before."""
    expected, deviation = np.zeros(usage.shape), np.zeros(usage.shape)
    for day in range(settings.minimum_history, usage.shape[1]):
        past = slice(max(0, day - WINDOW), day)
        weight = judged[:, past]
        count = np.maximum(weight.sum(axis=1), 1)
        mean = (usage[:, past] * weight).sum(axis=1) / count
        expected[:, day] = mean
        deviation[:, day] = np.sqrt((((usage[:, past] - mean[:, None]) ** 2) * weight).sum(axis=1) / count)
    return _flags(usage, expected, deviation, judged, LIMIT * settings.sensitivity)


def ewma(usage: np.ndarray, judged: np.ndarray, settings: Settings) -> Flags:
    """Days more than three exponential standard deviations from the exponential mean (Roberts 1959, West
    1979).
    """
    expected, deviation = np.zeros(usage.shape), np.zeros(usage.shape)
    mean, variance = np.zeros(len(usage)), np.zeros(len(usage))
    seen = np.zeros(len(usage), int)
    for day in range(usage.shape[1]):
        counted = judged[:, day] & ((usage[:, day] > 0) | (seen > 0))
        expected[:, day] = mean
        deviation[:, day] = np.where(seen >= settings.minimum_history, np.sqrt(variance), 0)
        gap = np.where(seen > 0, usage[:, day] - mean, 0)
        mean = np.where(counted, np.where(seen > 0, mean + SMOOTHING * gap, usage[:, day]), mean)
        variance = np.where(counted, (1 - SMOOTHING) * (variance + SMOOTHING * gap**2), variance)
        seen += counted
    return _flags(usage, expected, deviation, judged, LIMIT * settings.sensitivity)


def _flags(usage, expected, deviation, judged, limit: float) -> Flags:
    known = judged & (deviation > 0)
    score = np.where(known, (usage - expected) / np.where(known, limit * deviation, 1), 0)
    row, day = np.nonzero(np.abs(score) >= 1)
    return Flags(row, day, expected[row, day], score[row, day], np.zeros(len(row), bool))


def isolation_forest(usage: np.ndarray, judged: np.ndarray, days: np.ndarray, settings: Settings) -> Flags:
    """Days that a forest of random cuts isolates early (Liu, Ting and Zhou 2008), one forest per series.

    It is fitted every quarter on all days before, for the `forest_series` series that cost most in them, and
    judges the quarter that follows. Features: cost over the mean of the week before, cost over that of a week
    ago, the weekday. Raises `MissingExtra` without scikit-learn.
    """
    try:
        from sklearn.ensemble import IsolationForest
    except ImportError:
        raise MissingExtra("isolation_forest needs scikit-learn; install the extra: cloudtally[ml]") from None
    features, expected = _features(usage, days)
    found: list[tuple[int, int, float]] = []
    quarter = days.astype(int) // REFIT_DAYS
    for number in np.unique(quarter)[1:]:
        now = np.flatnonzero(quarter == number)
        spent = (usage[:, : now[0]] * judged[:, : now[0]]).sum(axis=1)
        for row in np.sort(np.argsort(-spent, kind="stable")[: settings.forest_series]):
            before = np.flatnonzero(judged[row, : now[0]] & (expected[row, : now[0]] > 0))
            ahead = now[judged[row, now] & (expected[row, now] > 0)]
            if len(before) < 2 * settings.minimum_history or not len(ahead):
                continue
            forest = IsolationForest(n_estimators=50, contamination=0.01, random_state=settings.seed)
            forest.fit(features[row, before])
            depth = forest.decision_function(features[row, ahead])
            found += [(row, day, value) for day, value in zip(ahead, depth, strict=True) if value < 0]
    row = np.array([entry[0] for entry in found], int)
    day = np.array([entry[1] for entry in found], int)
    away = 1 - 10 * np.array([entry[2] for entry in found], float)
    score = away * np.where(usage[row, day] >= expected[row, day], 1, -1)
    return Flags(row, day, expected[row, day], score, np.zeros(len(row), bool))


def _features(usage: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    usage = np.maximum(usage, 0)
    mean, ago = np.zeros(usage.shape), np.zeros(usage.shape)
    for day in range(7, usage.shape[1]):
        mean[:, day] = usage[:, day - 7 : day].mean(axis=1)
        ago[:, day] = usage[:, day - 7]
    least = 0.05 * mean + 1e-12
    weekday = np.broadcast_to((days.astype(int) + 3) % 7, usage.shape)
    cost = usage + least
    return np.stack([np.log(cost / (mean + least)), np.log(cost / (ago + least)), weekday], axis=2), mean
