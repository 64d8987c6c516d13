"""The seasonal run-rate: a robust recent level, times weekday and holidays, plus fees, with a damped trend.

Here: taking a series apart (`decompose`) and carrying the parts forward (`project`), all series at once. The
other models start from these parts. Not here: how far the run-rate is to be trusted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intelligence.forecasts import holiday_effects, levels, month_days, smoothing

LOOK_BACK = 434
WINDOW = 182
YEAR = 56  # weeks
PROFILE_WEEKS = 12
DAMPING = 0.995
LASTING = (
    0.0015  # of the level a day, 4.6% a month: what is steeper is mostly a move to a new level, and ends
)
DEAD_DAYS = 5


@dataclass(frozen=True)
class Parts:
    """What a series is made of, per series (n): cost = level x weekday x (1 - dip) + fee.

    `level` per day and its `slope` (log, per day); `weekday` n x 7; `fee` n x 33 by day of month; `depth` and
    `response` of holidays by their `group`; `scale`, the usual size of a day; `noise`, the spread of a day
    as a share of it; `adjusted` n x W, the latest days without weekday, fee and outliers; `weekly` n x 13,
    its medians by week; `year` n x 56, such medians with outliers, further back; `since_step`, weeks since
    the level last jumped; `excess` n x 33 x 2, the latest two costs above expectation on each day of the
    month; `age` in days; `is_dead`, no cost lately.
    """

    level: np.ndarray
    slope: np.ndarray
    weekday: np.ndarray
    fee: np.ndarray
    depth: np.ndarray
    response: np.ndarray
    group: np.ndarray
    scale: np.ndarray
    noise: np.ndarray
    adjusted: np.ndarray
    weekly: np.ndarray
    year: np.ndarray
    since_step: np.ndarray
    excess: np.ndarray
    age: np.ndarray
    is_dead: np.ndarray


def decompose(
    values: np.ndarray,
    dates: pd.DatetimeIndex,
    first: np.ndarray,
    codes: np.ndarray,
    holidays: int,
    group: np.ndarray,
) -> Parts:
    """Take the series apart as known on the last of `dates`.

    `values`: n x T; `first`: column of the first cost; `codes`: the holiday of each date or -1; `holidays`:
    how many there are; `group`: per series, whose holidays it shares.
    """
    if (
        values.shape[1] > LOOK_BACK
    ):  # a year, so that last year's holidays are seen, and the weeks before them
        first = np.maximum(first - (values.shape[1] - LOOK_BACK), 0)
        values, dates, codes = values[:, -LOOK_BACK:], dates[-LOOK_BACK:], codes[-LOOK_BACK:]
    days = values.shape[1]
    known = np.arange(days)[None, :] >= first[:, None]
    expected, low, high = month_days.local_expectation(values, np.broadcast_to(codes >= 0, values.shape))
    excess = values - expected
    window = slice(max(0, days - WINDOW), days)
    fee = month_days.fees(excess[:, window], known[:, window], dates[window])
    recent = values[:, window] - month_days.fees_on(fee, dates[window])
    recent = _without_outliers(recent, excess[:, window], (low[:, window], high[:, window]), known[:, window])
    alive, usual = known[:, window], codes[window] < 0
    weekday = _weekday_profile(recent, alive, usual, dates[window])
    adjusted = _adjusted(recent, weekday, alive, usual, dates[window])
    weekly = levels.weekly(adjusted)
    whole = _adjusted(values - month_days.fees_on(fee, dates), weekday, known, codes < 0, dates)
    since_step, slope = levels.trend(weekly)
    level, noise = levels.level(adjusted, slope)
    age = np.maximum(days - first, 0)
    level = smoothing.joined(level, adjusted, noise, age)
    lately = np.isfinite(adjusted[:, -28:])
    scale = np.abs(np.where(lately, adjusted[:, -28:], 0.0)).sum(axis=1) / np.maximum(lately.sum(axis=1), 1)
    is_dead = _is_dead(values, fee, dates)
    depth, response = _holidays(values, expected, known, fee, dates, codes, holidays, group, weekday)
    return Parts(
        level=np.where(is_dead, 0.0, level),
        slope=np.where(is_dead, 0.0, slope),
        weekday=weekday,
        fee=np.where(is_dead[:, None], 0.0, fee),
        depth=depth,
        response=response,
        group=group,
        scale=scale,
        noise=noise,
        adjusted=adjusted,
        weekly=weekly,
        year=levels.weekly(whole, YEAR),
        since_step=since_step,
        excess=month_days.latest_excess(excess[:, window], dates[window]),
        age=age,
        is_dead=is_dead,
    )


def project(parts: Parts, future: pd.DatetimeIndex, codes: np.ndarray) -> np.ndarray:
    """n x H: the parts carried to the days of `future`, whose holidays are `codes`."""
    steps = np.cumsum(DAMPING ** np.arange(1, len(future) + 1))
    growth = np.exp(np.clip(parts.slope, -LASTING, LASTING)[:, None] * steps[None, :])
    usual = parts.level[:, None] * growth * parts.weekday[:, future.day_of_week] * (1 - dips(parts, codes))
    return usual + month_days.fees_on(parts.fee, future)


def dips(parts: Parts, codes: np.ndarray) -> np.ndarray:
    """n x days: the share by which a holiday lowers each series, 0 on usual days."""
    deep = np.concatenate([parts.depth, np.zeros((len(parts.depth), 1))], axis=1)[:, codes]
    return np.clip(parts.response[:, None] * deep[parts.group], -1.0, 1.0)


def _without_outliers(
    values: np.ndarray, excess: np.ndarray, sides: tuple[np.ndarray, np.ndarray], known: np.ndarray
) -> np.ndarray:
    """Days unlike the same weekday before and after drawn in, but the latest: they may be a new level."""
    noise = 1.4826 * np.median(np.abs(np.where(known, excess, 0)), axis=1)[:, None]
    low, high = sides
    limit = 4 * noise + 0.02 * np.abs(high)
    drawn = np.clip(values, low - limit, high + limit)
    drawn[:, -10:] = values[:, -10:]
    return np.where(known, drawn, 0.0)


def _weekday_profile(
    values: np.ndarray, known: np.ndarray, usual: np.ndarray, dates: pd.DatetimeIndex
) -> np.ndarray:
    """n x 7, mean 1: each weekday's share of its week, weekdays drawn together as far as noise blurs them."""
    count, days = values.shape
    whole = (days // 7) * 7
    ones = np.ones((count, 7))
    if whole < 14:
        return ones
    weeks = min(whole // 7, PROFILE_WEEKS)
    tail = values[:, -weeks * 7 :].reshape(count, weeks, 7)
    valid = (known & usual[None, :])[:, -weeks * 7 :].reshape(count, weeks, 7)
    week_level = np.median(np.abs(tail), axis=2)
    week_mean = tail.mean(axis=2)
    fits = valid.all(axis=2) & (
        np.abs(week_mean) > 0.05 * np.maximum(week_level, np.abs(tail).max(axis=2) * 0.2)
    )
    share = tail / np.where(fits, week_mean, 1.0)[:, :, None]
    share = np.where(fits[:, :, None], share, np.nan)
    middle = median_over_weeks(share)
    seen = fits.sum(axis=1)
    spread = 1.4826 * median_over_weeks(np.abs(share - middle[:, None, :]))
    share = np.clip(share, (middle - 2.5 * spread)[:, None, :], (middle + 2.5 * spread)[:, None, :])
    profile = np.nansum(share, axis=1) / np.maximum(seen, 1)[:, None]
    error = spread.mean(axis=1) ** 2 / np.maximum(seen, 1)
    order = dates[-7:].day_of_week.to_numpy()
    by_day = np.ones((count, 7))
    by_day[:, order] = np.where(seen[:, None] > 0, profile, 1.0)
    error = np.where(np.isfinite(error), error, 1.0)
    for part in (slice(0, 5), slice(5, 7)):
        mean = by_day[:, part].mean(axis=1, keepdims=True)
        between = np.maximum(by_day[:, part].var(axis=1, ddof=1) - error, 0)
        keep = between / (between + error + 1e-9)
        by_day[:, part] = mean + keep[:, None] * (by_day[:, part] - mean)
    trust = np.clip((seen - 1) / 2, 0, 1)[:, None]
    by_day = 1 + trust * (by_day - 1)
    return by_day / np.where(np.abs(by_day.mean(axis=1)) > 0.01, by_day.mean(axis=1), 1.0)[:, None]


def median_over_weeks(share: np.ndarray) -> np.ndarray:
    """n x weeks x 7 to n x 7, NaN left out."""
    return month_days.median_of(np.moveaxis(share, 1, 0))


def _adjusted(
    values: np.ndarray, weekday: np.ndarray, known: np.ndarray, usual: np.ndarray, dates: pd.DatetimeIndex
) -> np.ndarray:
    """Cost over its weekday's share; NaN where that says nothing: unborn, holiday, or a day of rest."""
    share = weekday[:, dates.day_of_week]
    tells = known & usual[None, :] & (np.abs(share) > 0.15)
    return np.where(tells, values / np.where(tells, share, 1.0), np.nan)


def _is_dead(values: np.ndarray, fee: np.ndarray, dates: pd.DatetimeIndex) -> np.ndarray:
    """No cost for longer than DEAD_DAYS and twice the longest pause of the half year before."""
    days = values.shape[1]
    zero = values[:, max(0, days - WINDOW) :] == 0
    run = np.zeros(len(values), dtype=int)
    longest = np.zeros(len(values), dtype=int)
    lived = np.zeros(len(values), dtype=bool)
    for day in range(zero.shape[1]):
        longest = np.where(~zero[:, day] & lived, np.maximum(longest, run), longest)
        lived |= ~zero[:, day]
        run = np.where(zero[:, day], run + 1, 0)
    return (run >= DEAD_DAYS) & (run > 2 * longest)


def _holidays(
    values: np.ndarray,
    expected: np.ndarray,
    known: np.ndarray,
    fee: np.ndarray,
    dates: pd.DatetimeIndex,
    codes: np.ndarray,
    holidays: int,
    group: np.ndarray,
    weekday: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    at = np.flatnonzero(codes >= 0)
    usual = np.abs(expected[:, at])
    scale = usual.max(axis=1, keepdims=True) if len(at) else usual
    sure = known[:, np.maximum(at - 28, 0)] & (at >= 28)[None, :] & (usual > 0.1 * scale)
    if len(at):
        edge = at + 7 < values.shape[1]
        sure &= edge[None, :] | (at + 3 < values.shape[1])[None, :]
    seen = values[:, at] - month_days.fees_on(fee, dates[at])
    with np.errstate(invalid="ignore", divide="ignore"):
        dip = np.where(sure, 1 - seen / np.where(sure, expected[:, at], 1.0), 0.0)
    weekend = 1 - weekday[:, 5:].mean(axis=1) / np.maximum(weekday[:, :5].mean(axis=1), 1e-9)
    return holiday_effects.learn(dip, sure, codes[at], holidays, group, weekend)
