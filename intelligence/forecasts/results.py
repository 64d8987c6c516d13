"""The frames that are handed out: forecasts by day, totals by month, accuracy.

Here: their columns and how they are filled for each level. Not here: numbers that a model or a calibration
makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intelligence.forecasts import accuracy
from intelligence.forecasts.backtest import Origin
from intelligence.forecasts.intervals import LEVELS, Calibration
from intelligence.forecasts.reconciliation import Level
from intelligence.forecasts.series import KEYS
from intelligence.forecasts.settings import ENSEMBLE, PROPHET

BOUNDS = ["lower_80", "upper_80", "lower_95", "upper_95"]
FORECASTS = [*KEYS, "forecast_date", "forecast_cost", *BOUNDS, "model", "as_of_date"]
TOTALS = [*KEYS, "month", "actual_cost", "forecast_cost", *BOUNDS, "model", "as_of_date"]
MONTHS = 4


@dataclass(frozen=True)
class State:
    """All service series: keys, last complete days, forecasts N x H, and what intervals are made from."""

    keys: pd.DataFrame
    ends: pd.Series
    forecast: np.ndarray
    scale: np.ndarray
    noise: np.ndarray
    may_be_negative: np.ndarray
    month_to_date: np.ndarray
    model: np.ndarray

    def extended(self, other: State) -> State:
        """These series and those of `other`."""
        return State(
            pd.concat([self.keys, other.keys], ignore_index=True),
            pd.concat([self.ends, other.ends], ignore_index=True),
            *(
                np.concatenate([getattr(self, name), getattr(other, name)])
                for name in ("forecast", "scale", "noise", "may_be_negative", "month_to_date", "model")
            ),
        )


def no_forecasts() -> pd.DataFrame:
    return pd.DataFrame(columns=FORECASTS)


def no_totals() -> pd.DataFrame:
    return pd.DataFrame(columns=TOTALS)


def no_accuracy() -> pd.DataFrame:
    return pd.DataFrame(columns=[*accuracy.COLUMNS, "as_of_date"])


def model_names(now: Origin, names: Sequence[str]) -> np.ndarray:
    """Per series what ran: a single model's name, or `ensemble`, with Prophet `ensemble+prophet`."""
    if len(names) == 1:
        return np.full(len(now.truth), names[0], dtype=object)
    model = np.full(len(now.truth), ENSEMBLE, dtype=object)
    if PROPHET in now.members:
        model[np.isfinite(now.members[PROPHET][:, 0])] = f"{ENSEMBLE}+{PROPHET}"
    return model


def frames(
    state: State, found: Sequence[Level], calibrations: Sequence[Calibration], horizon: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The forecasts and totals of all levels; a level's first day follows the last complete day of all its
    members, its last day is the same for all of a provider."""
    last = state.ends.groupby(state.keys["provider"].to_numpy()).transform("max") + pd.Timedelta(days=horizon)
    days, totals = [], []
    for level, calibration in zip(found, calibrations, strict=True):
        ends = state.ends.groupby(level.member).max()
        stop = (last.groupby(level.member).max() - ends).dt.days.to_numpy()
        shift = (ends.to_numpy()[level.member] - state.ends.to_numpy()).astype("timedelta64[D]").astype(int)
        shifted = _shifted(state.forecast, shift)
        points = level.sum(shifted)
        scale, noise = level.sum(state.scale), level.noise(state.scale, state.noise)
        if level.name == "service":
            noise = state.noise
        floor = np.where(level.sum(state.may_be_negative.astype(float)) > 0, -np.inf, 0.0)
        bounds = _ordered(points, calibration.apply(points, scale, noise), floor[:, None])
        model = pd.Series(state.model).groupby(level.member).agg(_joint).to_numpy()
        days.append(_daily(level.keys, ends, stop, points, bounds, model))
        begun = level.sum(state.month_to_date + _caught_up(state, shift))
        totals.append(_monthly(level.keys, ends, points, (scale, noise, floor), calibration, begun, model))
    return pd.concat(days, ignore_index=True), pd.concat(totals, ignore_index=True)


def _joint(models: pd.Series) -> str:
    named = models.unique()
    return named[0] if len(named) == 1 else ENSEMBLE


def _shifted(values: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Each row moved `shift` days on, so that all begin on the day after their level's last complete one."""
    if not shift.any():
        return values
    at = np.minimum(np.arange(values.shape[1])[None, :] + shift[:, None], values.shape[1] - 1)
    return np.take_along_axis(values, at, axis=1)


def _caught_up(state: State, shift: np.ndarray) -> np.ndarray:
    """What a series that lags is thought to have cost between its own last complete day and its level's."""
    step = np.arange(state.forecast.shape[1])[None, :]
    return np.where(step < shift[:, None], state.forecast, 0.0).sum(axis=1)


def _ordered(points: np.ndarray, bounds: dict[str, np.ndarray], floor: np.ndarray) -> dict[str, np.ndarray]:
    """Bounds around the forecast, the wider outside the narrower, not below zero where costs never were."""
    low80 = np.minimum(np.maximum(bounds["lower_80"], floor), points)
    high80 = np.maximum(bounds["upper_80"], points)
    low95 = np.minimum(np.maximum(bounds["lower_95"], floor), low80)
    return {
        "lower_80": low80,
        "upper_80": high80,
        "lower_95": low95,
        "upper_95": np.maximum(bounds["upper_95"], high80),
    }


def _daily(
    keys: pd.DataFrame,
    ends: pd.Series,
    stop: np.ndarray,
    points: np.ndarray,
    bounds: dict[str, np.ndarray],
    model: np.ndarray,
) -> pd.DataFrame:
    step = np.broadcast_to(np.arange(points.shape[1]), points.shape)
    row, step = np.nonzero(step < stop[:, None])
    frame = keys.iloc[row].reset_index(drop=True)
    as_of = ends.to_numpy().astype("datetime64[D]")[row]
    frame["forecast_date"] = (as_of + 1 + step).astype("datetime64[s]")
    frame["forecast_cost"] = points[row, step]
    for name in BOUNDS:
        frame[name] = bounds[name][row, step]
    frame["model"] = model[row]
    frame["as_of_date"] = as_of.astype("datetime64[s]")
    return frame[FORECASTS]


def _monthly(
    keys: pd.DataFrame,
    ends: pd.Series,
    points: np.ndarray,
    spread: tuple[np.ndarray, np.ndarray, np.ndarray],
    calibration: Calibration,
    begun: np.ndarray,
    model: np.ndarray,
) -> pd.DataFrame:
    """The running month (what it cost so far, and the rest) and the three after it, by last complete day."""
    scale, noise, floor = spread
    parts = []
    for end in ends.unique():
        rows = np.flatnonzero((ends == end).to_numpy())
        month = pd.Timestamp(end).replace(day=1)
        if pd.Timestamp(end).is_month_end:
            month += pd.offsets.MonthBegin()
        for _ in range(MONTHS):
            after = month + pd.offsets.MonthBegin()
            start, stop = max((month - end).days - 1, 0), (after - end).days - 1
            running = begun[rows] if month <= end else np.zeros(len(rows))
            middle = points[rows, start:stop].sum(axis=1)
            bounds = calibration.total(points, scale, noise, start, stop)
            bounds = _ordered(middle, {name: bounds[name][rows] for name in LEVELS}, floor[rows])
            part = keys.iloc[rows].assign(
                month=month.to_datetime64().astype("datetime64[s]"),
                actual_cost=running,
                forecast_cost=running + middle,
                model=model[rows],
                as_of_date=np.datetime64(end, "s"),
                **{name: running + bounds[name] for name in BOUNDS},
            )
            parts.append(part[TOTALS])
            month = after
    return pd.concat(parts, ignore_index=True)
