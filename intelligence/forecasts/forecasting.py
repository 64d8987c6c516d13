"""The way in: daily costs to forecasts, month totals and their measured accuracy.

Here: the order of the steps. Not here: any step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from intelligence.calendar_days import default_holidays
from intelligence.forecasts import accuracy, backtest, boosted, ensemble, expiries, prophet_model, results
from intelligence.forecasts.intervals import Calibration, Tested
from intelligence.forecasts.reconciliation import Level, levels
from intelligence.forecasts.series import Panel, panels
from intelligence.forecasts.settings import BOOSTED, PROPHET, RUN_RATE, ForecastSettings
from intelligence.forecasts.snapshots import snapshot

TAIL_CHUNK = 4000
BEYOND = 31  # days past the horizon that the third month from now may need


@dataclass(frozen=True)
class Forecasts:
    """`forecasts`: one row per series and day. `totals`: one per series and month, from the running month to
    the third after it. `accuracy`: the backtests. `notes`: what was left out, and why."""

    forecasts: pd.DataFrame
    totals: pd.DataFrame
    accuracy: pd.DataFrame
    notes: list[str]


def forecast(
    daily: pd.DataFrame,
    complete_through: pd.DataFrame | None = None,
    commitment_expiries: pd.DataFrame | None = None,
    holidays: pd.DataFrame | None = None,
    settings: ForecastSettings | None = None,
) -> Forecasts:
    """Forecast every series `horizon` days past its last complete day, coherent over the three levels.

    `daily`: service-level costs, columns series_id, level, provider, billing_account_id, sub_account_id,
    service_name, billing_currency, charge_date, effective_cost (rows of one series and day are added up).
    `complete_through`: provider, billing_account_id, complete_through; later days are not read.
    `commitment_expiries`: series_id, expires_on, daily_change. `holidays`: date, holiday (one name in all
    years), past and to come; without it `default_holidays`. Raises ValueError where a frame lacks a column.
    """
    settings = settings or ForecastSettings()
    settings, notes = _with_what_is_installed(settings)
    found, left_out = panels(daily, complete_through, settings.horizon, settings.history_days)
    notes += left_out
    if not found:
        return Forecasts(results.no_forecasts(), results.no_totals(), results.no_accuracy(), notes)
    longest = max(panel.horizon for panel in found) + BEYOND
    found = [replace(panel, horizon=longest) for panel in found]
    if holidays is None:
        holidays = default_holidays(min(p.dates[0] for p in found), max(p.future[-1] for p in found))
    main, tail = _main_and_tail(found, settings.max_series)
    if tail:
        count = sum(len(panel.values) for panel in tail)
        notes.append(f"{count} series beyond max_series have the run-rate alone")
    now, folds = backtest.run(main, holidays, settings)
    names = [name for name in settings.models if name in now.members]
    weight = ensemble.weights(folds, names) if folds else np.ones((len(now.truth), len(names)))
    points = ensemble.combine(now, names, weight)
    state = results.State(
        keys=pd.concat([panel.keys for panel in main], ignore_index=True).assign(level="service"),
        ends=_ends(main),
        forecast=points,
        scale=now.scale,
        noise=now.noise,
        may_be_negative=_may_be_negative(main),
        month_to_date=_month_to_date(main),
        model=results.model_names(now, names),
    )
    tested = [
        Tested(ensemble.combine(fold, names, weight), fold.truth, fold.scale, fold.noise, fold.alive)
        for fold in folds
    ]
    measured = _measured(levels(state.keys), folds, names, tested)
    if tail:
        state = state.extended(_tail_state(tail, holidays, settings))
    found_levels = levels(state.keys)
    calibrations = _calibrations(found_levels, tested)
    added = expiries.changes(commitment_expiries, state.keys["series_id"], state.ends, longest)
    state = replace(state, forecast=_floored(state.forecast + added, state.may_be_negative))
    days, totals = results.frames(state, found_levels, calibrations, settings.horizon)
    return Forecasts(days, totals, measured.assign(as_of_date=state.ends.max()), notes)


def _with_what_is_installed(settings: ForecastSettings) -> tuple[ForecastSettings, list[str]]:
    there = {BOOSTED: boosted.is_installed, PROPHET: prophet_model.is_installed}
    missing = [name for name in settings.models if name in there and not there[name]()]
    if not missing:
        return settings, []
    note = f"not installed, so left out: {', '.join(missing)} (install the `ml` extra)"
    return replace(settings, models=tuple(m for m in settings.models if m not in missing)), [note]


def _main_and_tail(found: list[Panel], max_series: int) -> tuple[list[Panel], list[Panel]]:
    if sum(len(panel.values) for panel in found) <= max_series:
        return found, []
    main, tail = [], []
    for panel, chosen in zip(found, backtest.heavy_rows(found, max(1, max_series)), strict=True):
        rest = np.setdiff1d(np.arange(len(panel.values)), chosen)
        if len(chosen):
            main.append(panel.rows(chosen))
        tail += [panel.rows(rest[i : i + TAIL_CHUNK]) for i in range(0, len(rest), TAIL_CHUNK)]
    return main, tail


def _tail_state(tail: list[Panel], holidays: pd.DataFrame, settings: ForecastSettings) -> results.State:
    states = []
    for number, panel in enumerate(tail):
        snap = snapshot(panel, 0, holidays)
        states.append(
            results.State(
                keys=panel.keys.assign(level="service"),
                ends=_ends([panel]),
                forecast=snap.forecast,
                scale=snap.parts.scale,
                noise=snap.parts.noise,
                may_be_negative=_may_be_negative([panel]),
                month_to_date=_month_to_date([panel]),
                model=np.full(len(panel.values), RUN_RATE, dtype=object),
            )
        )
        settings.report("run-rate of the tail", number + 1, len(tail))
    joined = states[0]
    for state in states[1:]:
        joined = joined.extended(state)
    return joined


def _calibrations(found: list[Level], tested: list[Tested]) -> list[Calibration]:
    calibrations: list[Calibration] = []
    for level in found:
        own = [level.tested(fold) for fold in tested] if level.name != "service" else tested
        calibrations.append(Calibration(own, calibrations[-1] if calibrations else None))
    return calibrations


def _measured(
    found: list[Level], folds: list[backtest.Origin], names: list[str], tested: list[Tested]
) -> pd.DataFrame:
    frames = [results.no_accuracy()]
    for level in found if folds else []:
        own = [level.tested(fold) for fold in tested] if level.name != "service" else tested
        frames.append(accuracy.accuracy(level, folds, names, own))
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _floored(forecast: np.ndarray, may_be_negative: np.ndarray) -> np.ndarray:
    """Not below zero where costs never were."""
    return np.where(may_be_negative[:, None], forecast, np.maximum(forecast, 0.0))


def _ends(found: list[Panel]) -> pd.Series:
    return pd.Series(
        np.concatenate([np.repeat(np.datetime64(p.dates[-1], "s"), len(p.values)) for p in found])
    )


def _may_be_negative(found: list[Panel]) -> np.ndarray:
    return np.concatenate([(panel.values < 0).any(axis=1) for panel in found])


def _month_to_date(found: list[Panel]) -> np.ndarray:
    return np.concatenate([panel.values[:, -int(panel.dates[-1].day) :].sum(axis=1) for panel in found])
