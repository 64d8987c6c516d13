"""A panel as it stood on a day, taken apart and carried forward: what every model and backtest starts from.

Here: the run-rate's parts at an origin, and the true costs that followed. Not here: other models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intelligence.calendar_days import holiday_codes
from intelligence.forecasts import run_rate
from intelligence.forecasts.series import Panel


@dataclass(frozen=True)
class Snapshot:
    """`panel` as of its last day. `forecast`: the run-rate, n x H. `dips`: holidays, n x H. `truth`: the
    costs that followed, n x H, NaN where not yet known. `back`: days before the newest complete day."""

    panel: Panel
    parts: run_rate.Parts
    forecast: np.ndarray
    dips: np.ndarray
    truth: np.ndarray
    back: int


def snapshot(panel: Panel, back: int, holidays: pd.DataFrame) -> Snapshot:
    """The panel as of `back` days before its last complete day."""
    then = panel.until(back)
    days, horizon = len(then.dates), panel.horizon
    codes, names = holiday_codes(holidays, then.dates.append(then.future))
    group = pd.factorize(panel.keys["provider"])[0]
    parts = run_rate.decompose(then.values, then.dates, then.first, codes[:days], len(names), group)
    truth = np.full((len(panel.values), horizon), np.nan)
    known = min(back, horizon)
    truth[:, :known] = panel.values[:, days : days + known]
    forecast = run_rate.project(parts, then.future, codes[days:])
    return Snapshot(then, parts, forecast, run_rate.dips(parts, codes[days:]), truth, back)
