"""The level at the end by exponential smoothing, at the speed that each series' own past asks for.

Here: smoothing at several speeds, and how far each is trusted. Not here: weekdays, fees and trends, which are
taken out before, and series too young to have shown a speed.
"""

from __future__ import annotations

import numpy as np

from intelligence.forecasts.month_days import median_of

SPEEDS = np.array([0.03, 0.06, 0.1, 0.17, 0.3, 0.5])
WATCHED = 2  # the speed against which a day is far off
FAR = 3.0  # noises
FAR_DAYS = 4  # so many far days running count in full
ANEW_DAYS = 8  # and after so many the level is learnt anew: few spikes last so long
FIRST, STEP, AHEAD = 30, 7, 14  # days: the first test, from one to the next, and how far each looks
OTHERS = 8.0  # tests that all series' errors count for beside a series' own
POWER = 12.0
YOUNG = 60
EXACT = 0.001  # a series whose days are usually no further from its level has nothing to smooth
WINDOW = 126
SHARE = 2 / 3
REACH = 2.0  # the smoothed level is held to so many times the given one, either way


def joined(level: np.ndarray, adjusted: np.ndarray, noise: np.ndarray, age: np.ndarray) -> np.ndarray:
    """n: SHARE of the smoothed level and the rest of the given one; the given one of YOUNG series.

    `adjusted`: n x days, NaN where a day tells nothing; `noise`: n, of a day as a share of the level; `age`:
    n, in days.
    """
    adjusted = adjusted[:, -WINDOW:]
    if adjusted.shape[1] < YOUNG:
        return level
    paths = _smoothed(adjusted, noise)
    found = (paths[:, -1] * _weights(adjusted, paths)).sum(axis=1)
    apart = median_of(np.abs(adjusted[:, -28:] - level[:, None]).T)
    # a series that cost nothing till lately is young too
    lived = adjusted.shape[1] - np.argmax(np.nan_to_num(adjusted) != 0, axis=1)
    usable = (
        np.isfinite(found)
        & (level != 0)
        & (np.minimum(age, lived) >= YOUNG)
        & (apart > EXACT * np.abs(level))
    )
    ratio = np.where(usable, found, 1.0) / np.where(usable, level, 1.0)
    return level * (1 + SHARE * (np.clip(ratio, 1 / REACH, REACH) - 1))


def _smoothed(adjusted: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """n x days x SPEEDS; a day that is FAR off counts in part until FAR_DAYS of them run in one direction."""
    count, days = adjusted.shape
    paths = np.empty((count, days, len(SPEEDS)))
    now, seen, run = np.full((count, len(SPEEDS)), np.nan), np.zeros(count), np.zeros(count)
    reach = (FAR * noise + 0.01)[:, None]
    for day in range(days):
        value = adjusted[:, day]
        known = np.isfinite(value)
        apart, limit = value[:, None] - now, reach * np.abs(now)
        drawn = np.where(np.abs(run)[:, None] >= FAR_DAYS, apart, np.clip(apart, -limit, limit))
        speed = np.maximum(SPEEDS, 1 / (seen[:, None] + 1))
        moved = np.where(np.isfinite(now), now + speed * drawn, value[:, None])
        side = np.sign(apart[:, WATCHED]) * (np.abs(apart[:, WATCHED]) > limit[:, WATCHED])
        run = np.where(known, np.where(side == 0, 0, np.where(run * side > 0, run + side, side)), run)
        run = np.nan_to_num(run)
        now = np.where(known[:, None], moved, now)
        seen = np.where(known & (np.abs(run) == ANEW_DAYS), 0, seen + known)
        paths[:, day] = now
    return paths


def _weights(adjusted: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """n x SPEEDS, rows adding up to 1: a speed's mean error over all speeds', drawn to that of all series."""
    days = adjusted.shape[1]
    origins = np.arange(FIRST, days - AHEAD, STEP)
    ahead = median_of(np.stack([adjusted[:, origins + step] for step in range(1, AHEAD + 1)]))
    error = np.abs(paths[:, origins] - ahead[:, :, None])
    tested = np.isfinite(error).all(axis=2)
    tests = tested.sum(axis=1)[:, None]
    own = np.where(tested[:, :, None], error, 0.0).sum(axis=1) / np.maximum(tests, 1)
    mean = own.mean(axis=1, keepdims=True)
    told = (mean > 0) & (tests > 0)
    ratio = np.where(told, own / np.where(told, mean, 1.0), 1.0)
    usual = ratio[told[:, 0]].mean(axis=0) if told.any() else np.ones(len(SPEEDS))
    ratio = (tests * ratio + OTHERS * usual) / (tests + OTHERS)
    weight = np.maximum(ratio, 0.05) ** -POWER
    return weight / weight.sum(axis=1, keepdims=True)
