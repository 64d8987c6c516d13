"""How high demand stands and where it goes, month by month, with its uncertainty.

Here: weekly levels, their trend, and paths of months drawn from it. Not here: the shape of a week
(futures.py).

The trend is the median of the slopes between weeks (Theil and Sen), of levels or of their logarithms,
whichever fits better, weighed against a prior of no trend by how sure each is, so that noise is not taken for
a trend. A decline is followed for a year: to commit through it costs for the whole term. A rise is not
followed: what is missing then can be bought then, and what was bought for a rise that ended is paid to the
end of the term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WEEKS = 26  # that the trend is told from
RECENT = 4  # that the level is told from
WEEKS_IN_MONTH = 365.25 / 12 / 7
DECLINE_MONTHS = 12
USUAL_SLOPE = 0.007  # a week: before anything is known, two of three slopes lie below, 3 percent a month
STOPPED = 0.02  # of a usual week: below that the last one says that usage has ended
FEWEST = 5  # weeks that tell a trend
LEAST_SPREAD = 0.005
LEAST_SHARE = 0.2  # of the less likely of line and compounding: half a year does not tell them apart surely
USUAL_SPREAD, PRIOR_WEEKS = 0.03, 4  # of a week, as if that many had been seen to vary so


@dataclass(frozen=True)
class Level:
    """`now`: demand per hour; `slope`: change per week as a share of it, if it compounds; `line`: if it goes
    on in a line; `line_share`: how likely the line is; `slope_error`; `spread`: of a week around its level,
    as a share; `weeks`: how many were looked at."""

    now: float
    slope: float = 0.0
    line: float = 0.0
    line_share: float = 0.0
    slope_error: float = USUAL_SLOPE
    spread: float = 0.1
    weeks: int = 0


def level(weekly: np.ndarray) -> Level:
    """The level of mean demand per hour of each week, oldest first; weeks before the first demand are left
    out."""
    weekly = weekly[np.isfinite(weekly)][-WEEKS:]
    if not (weekly > 0).any() or weekly[-1] < STOPPED * np.median(weekly[weekly > 0]):
        return Level(0.0, weeks=len(weekly))
    # a launch: the weeks before it say nothing, nor does the one in which it began
    begun = np.flatnonzero(weekly > 0.1 * np.median(weekly[weekly > 0]))
    weekly = weekly[begun[0] :] if len(begun) else weekly
    recent = float(np.median(weekly[-RECENT:]))
    if len(weekly) < FEWEST or recent <= 0:
        spread = float(np.std(weekly) / weekly.mean()) if len(weekly) > 1 else 0.1
        now = min(recent, float(weekly[-2:].mean()))
        return Level(now, spread=max(spread, LEAST_SPREAD), weeks=len(weekly))
    curve, line = (_fitted(weekly, is_linear) for is_linear in (False, True))
    line_share = 1 / (1 + (line.error / curve.error) ** (len(weekly) / 2)) if curve.error > 0 else 0.5
    best = line if line_share > 0.5 else curve
    line_share = min(max(line_share, LEAST_SHARE), 1 - LEAST_SHARE)
    # what fell in the last weeks counts at once: the lower answer is the safer one
    fallen = float(weekly[-2:].mean())
    now = fallen if fallen < best.now * (1 - 2.5 * best.spread) else best.now
    return Level(now, curve.slope, line.slope, float(line_share), best.slope_error, best.spread, len(weekly))


@dataclass(frozen=True)
class _Fit:
    """`error`: sum of squares, in demand; the rest as in Level."""

    error: float
    now: float
    slope: float
    slope_error: float
    spread: float


def _fitted(weekly: np.ndarray, is_linear: bool) -> _Fit:
    weeks = len(weekly)
    age = np.arange(weeks) - (weeks - 1)
    values = weekly if is_linear else np.log(np.maximum(weekly, 0.01 * weekly.max()))
    one, other = np.triu_indices(weeks, 1)
    slope = float(np.median((values[other] - values[one]) / (other - one)))
    end = float(np.median((values - slope * age)[-2 * RECENT :]))
    fit = end + slope * age
    error = float(((weekly - (fit if is_linear else np.exp(fit))) ** 2).sum())
    now = max(end if is_linear else float(np.exp(end)), 0.0)
    size = max(now, 0.01 * float(weekly.max())) if is_linear else 1.0
    squares = float((((values - fit) / size) ** 2).sum()) + PRIOR_WEEKS * USUAL_SPREAD**2
    spread = max(float(np.sqrt(squares / (weeks - 2 + PRIOR_WEEKS))), LEAST_SPREAD)
    slope_error = spread * np.sqrt(12 / (weeks**3 - weeks))
    belief = USUAL_SLOPE**2 / (USUAL_SLOPE**2 + slope_error**2)
    return _Fit(error, now, slope / size * belief, float(slope_error * np.sqrt(belief)), spread)


def path(slope: float, months: int, is_linear: bool) -> np.ndarray:
    """Demand of each of the months to come, as a share of today's, for a change per week."""
    month = np.minimum(np.arange(months) + 0.5, DECLINE_MONTHS)
    change = min(slope, 0.0) * WEEKS_IN_MONTH * month
    return np.maximum(1 + change, 0.0) if is_linear else np.exp(change)


def drawn(
    found: Level,
    months: int,
    draws: int,
    seed: int,
    forecast: np.ndarray | None = None,
    forecast_spread: np.ndarray | None = None,
) -> np.ndarray:
    """Paths of demand, draws x months, as shares of `now`; the same seed draws the same paths.

    `forecast`: shares of `now` for the first months, with their spread (a share); after them the trend goes
    on from the last of them.
    """
    lines = np.arange(draws)[:, None] < round(draws * found.line_share)
    centre = np.where(lines, path(found.line, months, True), path(found.slope, months, False))
    random = np.random.default_rng(seed)
    start, slope = random.standard_normal((2, draws, 1))
    drift, month = random.standard_normal((2, draws, months))
    ahead = np.arange(months) + 0.5
    spread = found.spread * start / np.sqrt(RECENT) + found.slope_error * WEEKS_IN_MONTH * slope * np.minimum(
        ahead, DECLINE_MONTHS
    )
    spread = spread + found.spread / 2 * (np.cumsum(drift, axis=1) + month)
    if forecast is not None and len(forecast):
        known = min(len(forecast), months)
        carried = forecast[known - 1] / np.maximum(centre[:, known - 1 : known], 1e-9)
        centre = np.hstack([np.tile(forecast[:known], (draws, 1)), centre[:, known:] * carried])
        if forecast_spread is not None:
            # one draw for all months: errors of a forecast last
            spread[:, :known] = start * forecast_spread[:known]
    return np.maximum(centre, 0) * np.exp(spread - spread.var(axis=0) / 2)
