"""What anyone would try first: last week again, and Prophet as it comes. To them a score can be held.

Here: two forecasts of days that read the same bills as the models do. Not here: anything that knows of fees,
holidays, ends or launches.
"""

from __future__ import annotations

import logging
import warnings

import numpy as np
import pandas as pd


def naive(values: np.ndarray, horizon: int) -> np.ndarray:
    """n x H: each day costs what the same weekday of the last week did."""
    return np.tile(values[:, -7:], horizon // 7 + 1)[:, :horizon]


def plain_prophet(values: np.ndarray, dates: pd.DatetimeIndex, horizon: int) -> np.ndarray:
    """n x H: Prophet with its own defaults, one series at a time, from each series' first cost on."""
    import cmdstanpy
    from prophet import Prophet

    warnings.filterwarnings("ignore", module=r"prophet\.")
    cmdstanpy.utils.get_logger().setLevel(logging.CRITICAL)
    logging.getLogger("prophet").setLevel(logging.CRITICAL)
    future = pd.DataFrame({"ds": pd.date_range(dates[-1] + pd.Timedelta(days=1), periods=horizon)})
    found = np.zeros((len(values), horizon))
    for row, costs in enumerate(values):
        history = pd.DataFrame({"ds": dates, "y": costs})[np.cumsum(costs != 0) > 0]
        if len(history) < 14:
            continue
        model = Prophet(uncertainty_samples=0)
        found[row] = model.fit(history, seed=0).predict(future)["yhat"]
    return found
