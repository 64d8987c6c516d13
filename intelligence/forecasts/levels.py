"""Level, trend and noise at the end of series from which weekday, fee and outliers are taken.

Here: weekly medians, the last step in them, the slope since then, the level of the latest days. Not here:
what was taken out before.
"""

from __future__ import annotations

import numpy as np

from intelligence.forecasts import month_days

WEEKS = 13


def weekly(adjusted: np.ndarray, weeks: int = WEEKS) -> np.ndarray:
    """n x weeks: the median of each of the latest weeks, NaN where unknown."""
    count, days = adjusted.shape
    tail = adjusted[:, -min(days, weeks * 7) :]
    missing = weeks * 7 - tail.shape[1]
    tail = np.concatenate([np.full((count, missing), np.nan), tail], axis=1)
    return median_of_axis(tail.reshape(count, weeks, 7))


def level(adjusted: np.ndarray, slope: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The level at the end, and the noise of a day as a share of it."""
    last7, last14, last28 = (median_of_axis(adjusted[:, None, -n:])[:, 0] for n in (7, 14, 28))
    deviation = np.abs(adjusted[:, -56:] - _smooth(adjusted)[:, -56:])
    noise_money = 1.4826 * median_of_axis(deviation[:, None, :])[:, 0]
    level = _blend(last7, last14, last28, noise_money, slope)
    with np.errstate(invalid="ignore", divide="ignore"):
        noise = noise_money / np.abs(level)
    noise = np.where(np.isfinite(noise), np.clip(noise, 0, 2), 0.3)
    return np.where(np.isfinite(level), level, 0.0), noise


def _smooth(adjusted: np.ndarray) -> np.ndarray:
    return month_days.median_of(np.stack([month_days.shifted(adjusted, d) for d in (-3, -2, -1, 0, 1, 2, 3)]))


def median_of_axis(blocks: np.ndarray) -> np.ndarray:
    """Median over the last axis, NaN left out."""
    return month_days.median_of(np.moveaxis(blocks, -1, 0))


def _blend(
    last7: np.ndarray, last14: np.ndarray, last28: np.ndarray, noise: np.ndarray, slope: np.ndarray
) -> np.ndarray:
    """Shorter windows as far as they differ from longer ones by more than noise explains."""
    grown = np.exp(slope)
    last7, last14, last28 = last7 * grown**3, last14 * grown**6.5, last28 * grown**13.5
    calm = np.where(np.isfinite(last14), last14, last7)
    calm = np.where(np.isfinite(last28), 0.5 * calm + 0.5 * last28, calm)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(last7 - calm) / (noise / np.sqrt(5) + 1e-12)
    trust = np.where(np.isfinite(apart), np.clip((apart - 1.5) / 3.5, 0.2, 1.0), 1.0)
    return np.where(np.isfinite(last7), trust * last7 + (1 - trust) * np.nan_to_num(calm), calm)


def trend(weekly: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weeks since the last step in the weekly levels, and the slope per day since it, drawn towards none.

    The step is where two levels fit the weeks better than a line does; the slope is the median of all pairs
    of weeks (Theil and Sen) on logs, times t2 / (t2 + 4).
    """
    count, weeks = weekly.shape
    middle = np.abs(median_of_axis(weekly[:, None, :])[:, 0])[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.maximum(weekly * np.sign(np.nan_to_num(weekly[:, -1:])), 0.02 * middle))
    logs = np.where(np.isfinite(logs), logs, np.nan)
    start = np.zeros(count, dtype=int)
    best = _line_error(logs)
    for split in range(2, weeks - 1):
        step = _flat_error(logs[:, :split]) + _flat_error(logs[:, split:])
        better = np.isfinite(step) & (step < 0.75 * best)
        start = np.where(better, split, start)
        best = np.where(better, step / 0.75, best)
    at = np.arange(weeks)
    logs = np.where(at[None, :] >= start[:, None], logs, np.nan)
    i, j = np.triu_indices(weeks, 1)
    slope = (
        median_of_axis(((logs[:, j] - logs[:, i]) / (j - i))[:, None, :])[:, 0] if len(i) else np.zeros(count)
    )
    seen = np.isfinite(logs).sum(axis=1)
    centre = median_of_axis((logs - slope[:, None] * at)[:, None, :])[:, 0]
    rest = 1.4826 * median_of_axis(np.abs(logs - slope[:, None] * at - centre[:, None])[:, None, :])[:, 0]
    error = rest * np.sqrt(12 / np.maximum(seen, 1) ** 3) + 0.001
    t2 = (slope / error) ** 2
    usable = np.isfinite(t2) & (seen >= 5)
    return weeks - start, np.where(usable, np.clip(slope * t2 / (t2 + 4), -0.12, 0.12) / 7, 0.0)


def _flat_error(logs: np.ndarray) -> np.ndarray:
    middle = median_of_axis(logs[:, None, :])[:, 0]
    return np.nansum(np.abs(logs - middle[:, None]), axis=1)


def _line_error(logs: np.ndarray) -> np.ndarray:
    at = np.arange(logs.shape[1], dtype=float)
    usable = np.isfinite(logs)
    n = np.maximum(usable.sum(axis=1), 1)
    mean_x = (usable * at).sum(axis=1) / n
    filled = np.where(usable, logs, 0.0)
    mean_y = filled.sum(axis=1) / n
    dx = np.where(usable, at - mean_x[:, None], 0.0)
    slope = (dx * filled).sum(axis=1) / np.maximum((dx**2).sum(axis=1), 1e-9)
    fit = mean_y[:, None] + slope[:, None] * dx
    return np.where(usable, np.abs(logs - fit), 0.0).sum(axis=1)
