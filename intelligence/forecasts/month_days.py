"""Fees that fall on a day of the month: found in a series, taken out of it, and put on days to come.

Here: the local expectation of a day, and the fees that stand above or below it. Not here: levels and trends.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

MONTHS = 6
LAST_DAY = 32


def shifted(values: np.ndarray, days: int) -> np.ndarray:
    """The value that many days later (earlier, if negative); NaN beyond the edge."""
    moved = np.full(values.shape, np.nan)
    if abs(days) < values.shape[1]:
        if days > 0:
            moved[:, :-days] = values[:, days:]
        elif days < 0:
            moved[:, -days:] = values[:, :days]
        else:
            moved[:] = values
    return moved


def median_of(stack: np.ndarray) -> np.ndarray:
    """Median over the first axis, NaN left out; NaN where nothing is known."""
    ordered = np.sort(stack, axis=0)
    count = np.isfinite(stack).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, len(stack) - 1)[None], axis=0)[0]
    return (low + high) / 2


def local_expectation(values: np.ndarray, unusual: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n x T three times: the median of the same weekday one to three weeks before and after, the lower and
    the higher of the two sides' own medians; `unusual` days are left out."""
    usable = np.where(unusual, np.nan, values)
    before = np.stack([shifted(usable, days) for days in (-21, -14, -7)])
    after = np.stack([shifted(usable, days) for days in (7, 14, 21)])
    expected = median_of(np.concatenate([before, after]))
    sides = np.stack([median_of(before), median_of(after)])
    low, high = np.fmin(*sides), np.fmax(*sides)
    known = np.isfinite(expected)
    return tuple(np.where(known, part, 0.0) for part in (expected, low, high))


def month_days(dates: pd.DatetimeIndex) -> np.ndarray:
    """The day of the month, and LAST_DAY for the last one."""
    return np.where(dates.is_month_end, LAST_DAY, dates.day)


def fees(excess: np.ndarray, known: np.ndarray, dates: pd.DatetimeIndex) -> np.ndarray:
    """n x 33: the fee that each series has on each day of the month, 0 where none.

    `excess`: n x T, cost less its local expectation; `known`: where the series lives. A fee has stood out
    from the noise in the latest month and in most of the last MONTHS; the first of a month needs two such
    months, any other day three. Its amount is the median of the latest three.
    """
    days = month_days(dates)
    noise = 1.4826 * np.median(np.abs(excess[:, -120:]), axis=1)
    found = np.zeros((len(excess), LAST_DAY + 1))
    for day in np.unique(days):
        at = np.flatnonzero(days == day)[-MONTHS:]
        needed = 2 if day == 1 else 3
        if len(at) < needed:
            continue
        seen = np.where(known[:, at], excess[:, at], np.nan)
        amount = median_of(seen[:, -3:].T)
        amount = np.where(np.isfinite(amount), amount, 0.0)
        floor = np.maximum((3.5 if day == 1 else 5) * noise, 0.25 * np.abs(amount))
        alike = (np.abs(seen) > floor[:, None]) & (np.sign(seen) == np.sign(amount)[:, None])
        lived = np.isfinite(seen).sum(axis=1)
        recent = alike[:, -1] & alike[:, -min(needed, len(at)) :].all(axis=1)
        found[:, day] = np.where(recent & (alike.sum(axis=1) >= 0.6 * lived), amount, 0.0)
    return found


def fees_on(found: np.ndarray, dates: pd.DatetimeIndex) -> np.ndarray:
    """n x days: the fees of `fees` on given dates."""
    return found[:, month_days(dates)]


def latest_excess(excess: np.ndarray, dates: pd.DatetimeIndex) -> np.ndarray:
    """n x 33 x 2: on each day of the month, the excess of the latest two months; 0 where there is none."""
    days = month_days(dates)
    latest = np.zeros((len(excess), LAST_DAY + 1, 2))
    for day in np.unique(days):
        for back, at in enumerate(np.flatnonzero(days == day)[::-1][:2]):
            latest[:, day, back] = excess[:, at]
    return latest
