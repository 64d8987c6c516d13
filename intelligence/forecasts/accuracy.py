"""How good the forecasts were: errors of the backtests by model, level and horizon.

Here: the forecast_accuracy frame. Not here: running the backtests.
Formulas: WAPE = sum of |forecast - actual| over sum of |actual|; bias = sum of (forecast - actual) over the
same; coverage = share of days inside the interval; width = sum of widths over sum of |actual|.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from intelligence.forecasts.backtest import Origin
from intelligence.forecasts.intervals import Calibration, Tested
from intelligence.forecasts.reconciliation import Level
from intelligence.forecasts.settings import ENSEMBLE

HORIZONS = ((1, 7), (8, 30), (31, 60), (61, 95), (1, 30), (1, 90))
COLUMNS = [
    "model",
    "level",
    "billing_currency",
    "horizon_from",
    "horizon_to",
    "wape",
    "bias",
    "coverage_80",
    "coverage_95",
    "width_80",
    "origins",
    "series",
    "days",
]


def accuracy(
    level: Level, folds: Sequence[Origin], names: Sequence[str], tested: Sequence[Tested]
) -> pd.DataFrame:
    """Rows of COLUMNS for one level: each member where it ran, and the ensemble with its intervals.

    A fold's intervals are calibrated on the other folds alone. A member is summed to a higher level only
    where it ran for all series that lived; it has no intervals, so its coverage and width are null.
    """
    rows: list[dict] = []
    currencies = level.keys["billing_currency"].astype(str).to_numpy()
    bounds = [_left_out(tested, number) for number in range(len(tested))]
    for currency in np.unique(currencies):
        at = np.flatnonzero(currencies == currency)
        for low, high in HORIZONS:
            where = {
                "level": level.name,
                "billing_currency": currency,
                "horizon_from": low,
                "horizon_to": high,
            }
            for name in names:
                pairs = [_member(level, fold, name) for fold in folds if name in fold.members]
                found = _errors([(f[at], t[at], None) for f, t in pairs], low, high)
                rows.append({"model": name, **where, **found})
            own = [
                (
                    t.forecast[at],
                    np.where(t.alive[:, None], t.truth, np.nan)[at],
                    {k: v[at] for k, v in b.items()},
                )
                for t, b in zip(tested, bounds, strict=True)
            ]
            rows.append({"model": ENSEMBLE, **where, **_errors(own, low, high)})
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame[frame["days"] > 0].reset_index(drop=True)


def _left_out(tested: Sequence[Tested], number: int) -> dict[str, np.ndarray]:
    others = [fold for i, fold in enumerate(tested) if i != number]
    fold = tested[number]
    return Calibration(others).apply(fold.forecast, fold.scale, fold.noise)


def _member(level: Level, fold: Origin, name: str) -> tuple[np.ndarray, np.ndarray]:
    ran = np.isfinite(fold.members[name])
    lacking = level.sum((~ran & (fold.alive & (fold.scale > 0))[:, None]).astype(float)) > 0
    truth = np.where(level.known(fold.truth) & ~lacking, level.sum(fold.truth), np.nan)
    lived = level.sum(fold.alive.astype(float)) > 0
    return level.sum(fold.members[name]), np.where(lived[:, None], truth, np.nan)


def _errors(parts: list[tuple[np.ndarray, np.ndarray, dict | None]], low: int, high: int) -> dict:
    off, actual, over, inside80, inside95, width, days, series, origins = 0.0, 0.0, 0.0, 0, 0, 0.0, 0, 0, 0
    judged = False
    for forecast, truth, bounds in parts:
        window = slice(low - 1, high)
        known = np.isfinite(truth[:, window])
        came, said = np.nan_to_num(truth[:, window]), forecast[:, window]
        off += np.abs(np.where(known, said - came, 0)).sum()
        over += np.where(known, said - came, 0).sum()
        actual += np.abs(came).sum()
        days += int(known.sum())
        series = max(series, int(known.any(axis=1).sum()))
        origins += bool(known.any())
        if bounds is not None:
            judged = True
            cut = {name: values[:, window] for name, values in bounds.items()}
            inside80 += int((known & (came >= cut["lower_80"]) & (came <= cut["upper_80"])).sum())
            inside95 += int((known & (came >= cut["lower_95"]) & (came <= cut["upper_95"])).sum())
            width += np.where(known, cut["upper_80"] - cut["lower_80"], 0).sum()
    share = (lambda x: x / actual) if actual > 0 else (lambda x: None)
    counted = judged and days > 0
    return {
        "wape": share(off),
        "bias": share(over),
        "coverage_80": inside80 / days if counted else None,
        "coverage_95": inside95 / days if counted else None,
        "width_80": share(width) if counted else None,
        "origins": origins,
        "series": series,
        "days": days,
    }
