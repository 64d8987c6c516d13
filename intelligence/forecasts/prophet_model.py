"""Prophet for the largest series: a piecewise trend and a week, with fees and holidays as regressors.

Here: fitting one series at a time, several side by side. Not here: which series are large, and when Prophet
is trusted.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from intelligence.forecasts.month_days import fees_on
from intelligence.forecasts.snapshots import Snapshot

HISTORY = 400
AT_LEAST = 56
ANCHOR_DAYS = 14
DAMPING = 0.95


def is_installed() -> bool:
    """Whether Prophet can be imported; it comes with the `ml` extra."""
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    try:
        import prophet  # noqa: F401
    except ImportError:
        return False
    return True


def forecast(
    snap: Snapshot, rows: np.ndarray, workers: int, done: Callable[[], None], seed: int
) -> dict[int, np.ndarray]:
    """Per row of the snapshot its H forecasts; rows too short, dead or without a fit are left out.

    Stan runs in a process of its own, so threads are enough to use several cores.
    """
    import cmdstanpy

    warnings.filterwarnings("ignore", module=r"prophet\.")  # of its own use of pandas, at every fit
    cmdstanpy.utils.get_logger().setLevel(logging.CRITICAL)  # else two lines a fit

    def one(row: int) -> tuple[int, np.ndarray | None]:
        try:
            return row, _fit(snap, row, seed)
        except (RuntimeError, ValueError):  # Stan gave up on this series: the other models have it
            return row, None
        finally:
            done()

    with ThreadPoolExecutor(max(1, workers)) as pool:
        fitted = list(pool.map(one, (int(row) for row in rows)))
    return {row: values for row, values in fitted if values is not None and np.isfinite(values).all()}


def _fit(snap: Snapshot, row: int, seed: int) -> np.ndarray | None:
    from prophet import Prophet

    parts, panel = snap.parts, snap.panel
    start = max(int(panel.first[row]), len(panel.dates) - HISTORY)
    scale = float(parts.scale[row])
    if scale <= 0 or len(panel.dates) - start < AT_LEAST or parts.is_dead[row]:
        return None
    fee = parts.fee[row : row + 1]
    dates = panel.dates[start:]
    history = pd.DataFrame({"ds": dates, "y": panel.values[row, start:] / scale})
    days = pd.DataFrame({"ds": dates.append(panel.future)})
    expected = _drawn_in(history["y"].to_numpy() - fees_on(fee, dates)[0] / scale)
    history["y"] = expected + fees_on(fee, dates)[0] / scale
    model = Prophet(
        yearly_seasonality=False,
        weekly_seasonality=3,
        daily_seasonality=False,
        changepoint_range=0.95,
        changepoint_prior_scale=0.05,
        n_changepoints=25,
        uncertainty_samples=0,
    )
    if np.any(fee):
        model.add_regressor("fee", prior_scale=10.0, standardize=False)
        days["fee"] = fees_on(fee, days["ds"].dt)[0] / scale
        history["fee"] = days["fee"].iloc[: len(history)]
    model.fit(history, seed=seed)
    predicted = model.predict(days)
    past, ahead = np.split(predicted["yhat"].to_numpy() * scale, [len(dates)])
    ahead = ahead - _undamped(predicted["trend"].to_numpy() * scale, len(ahead))
    gap = np.median(panel.values[row, -ANCHOR_DAYS:] - past[-ANCHOR_DAYS:])
    ahead = (ahead + gap - fees_on(fee, panel.future)[0]) * (1 - snap.dips[row]) + fees_on(fee, panel.future)[
        0
    ]
    return np.maximum(ahead, 0.0) if (panel.values[row, start:] >= 0).all() else ahead


def _undamped(trend: np.ndarray, horizon: int) -> np.ndarray:
    """How far a straight trend runs ahead of one that fades by DAMPING a day."""
    slope = trend[-1] - trend[-2]
    steps = np.arange(1, horizon + 1)
    return slope * (steps - np.cumsum(DAMPING**steps))


def _drawn_in(values: np.ndarray) -> np.ndarray:
    """Days far from the median of the week around them, drawn in to it."""
    series = pd.Series(values)
    middle = series.rolling(15, center=True, min_periods=5).median()
    apart = series - middle
    limit = 6 * max(float(apart.abs().median()), 1e-6)
    return (middle + apart.clip(-limit, limit)).to_numpy()
