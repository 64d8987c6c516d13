"""Rolling-origin backtests: every model run as of earlier days, beside what then came.

Here: the models' forecasts at each origin, for all panels together. Not here: which model is chosen for it,
and how wide an interval must be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

from intelligence.forecasts import boosted, prophet_model
from intelligence.forecasts.series import Panel
from intelligence.forecasts.settings import BOOSTED, PROPHET, RUN_RATE, ForecastSettings
from intelligence.forecasts.snapshots import Snapshot, snapshot

AT_LEAST = 42
Result = TypeVar("Result")


@dataclass(frozen=True)
class Origin:
    """Forecasts as of `back` days ago, for N series of all panels.

    `members`: per model N x H, NaN where it did not run; `truth`: N x H, NaN where not known; `scale`,
    `noise` (N): usual size of a day and its spread as a share; `alive` (N):
    whether there was something to forecast.
    """

    back: int
    members: dict[str, np.ndarray]
    truth: np.ndarray
    scale: np.ndarray
    noise: np.ndarray
    alive: np.ndarray


def run(
    panels: list[Panel], holidays: pd.DataFrame, settings: ForecastSettings
) -> tuple[Origin, list[Origin]]:
    """The forecasts of today, and of each fold origin that the history is long enough for."""
    longest = max(len(panel.dates) for panel in panels)
    folds = [back for back in settings.fold_origins if longest - back >= AT_LEAST]
    with ThreadPoolExecutor(settings.workers) as pool:
        snaps = _side_by_side(
            pool,
            lambda back: [snapshot(p, back, holidays) for p in panels if len(p.dates) > back],
            [0, *folds],
            "run-rate",
            settings,
        )
        by_back = dict(zip([0, *folds], snaps, strict=True))
        members = {back: {RUN_RATE: [s.forecast for s in found]} for back, found in by_back.items()}
        if BOOSTED in settings.models:
            trees = _boosted(pool, panels, holidays, by_back, longest, settings)
            for back, forecasts in trees.items():
                members[back][BOOSTED] = forecasts
    if PROPHET in settings.models:
        _add_prophet(panels, by_back, members, settings)
    origins = [_origin(back, panels, by_back[back], members[back]) for back in by_back]
    return origins[0], origins[1:]


def _side_by_side(
    pool: ThreadPoolExecutor,
    work: Callable[[int], Result],
    items: Iterable[int],
    stage: str,
    settings: ForecastSettings,
) -> list[Result]:
    results, items = [], list(items)
    for result in pool.map(work, items):
        results.append(result)
        settings.report(stage, len(results), len(items))
    return results


def _boosted(
    pool: ThreadPoolExecutor,
    panels: list[Panel],
    holidays: pd.DataFrame,
    by_back: dict[int, list[Snapshot]],
    longest: int,
    settings: ForecastSettings,
) -> dict[int, list[np.ndarray]]:
    """Trees for each origin. Every second fold borrows the next older one's, which saw even less."""
    training = _side_by_side(
        pool,
        lambda back: [snapshot(p, back, holidays) for p in panels if len(p.dates) - back >= AT_LEAST],
        boosted.training_origins(longest),
        "training origins",
        settings,
    )
    snaps = [snap for found in training for snap in found]
    backs = sorted(by_back)
    fitted_at = [0, *backs[:0:-1][::2]]
    fits = _side_by_side(
        pool, lambda back: boosted.Boosted(snaps, back, settings.seed), fitted_at, "xgboost", settings
    )
    models = dict(zip(fitted_at, fits, strict=True))
    usable = {back: models[min(b for b in fitted_at if b >= back)] if back else models[0] for back in backs}
    return {back: [usable[back].correct(s) for s in by_back[back]] for back in backs}


def _add_prophet(
    panels: list[Panel],
    by_back: dict[int, list[Snapshot]],
    members: dict[int, dict[str, list[np.ndarray]]],
    settings: ForecastSettings,
) -> None:
    heaviest = heavy_rows(panels, settings.heavy_series)
    backs = [back for back in by_back if back == 0 or back in settings.heavy_folds]
    total, count = len(backs) * sum(len(rows) for rows in heaviest), 0

    def done() -> None:
        nonlocal count
        count += 1
        settings.report("prophet", count, total)

    for back in backs:
        members[back][PROPHET] = []
        for snap in by_back[back]:
            rows = heaviest[_which(panels, snap)]
            found = prophet_model.forecast(snap, rows, settings.workers, done, settings.seed)
            forecast = np.full(snap.forecast.shape, np.nan)
            for row, values in found.items():
                forecast[row] = values
            members[back][PROPHET].append(forecast)


def money(panel: Panel) -> np.ndarray:
    """Per series what it cost in the latest 90 days, either sign."""
    return np.abs(panel.values[:, -90:]).sum(axis=1)


def heavy_rows(panels: list[Panel], count: int) -> list[np.ndarray]:
    """Per panel the rows that are among the `count` largest of all panels."""
    amounts = np.concatenate([money(panel) for panel in panels])
    chosen = np.zeros(len(amounts), dtype=bool)
    chosen[np.argsort(-amounts, kind="stable")[:count]] = True
    edges = np.cumsum([len(panel.values) for panel in panels])[:-1]
    return [np.flatnonzero(part) for part in np.split(chosen, edges)]


def _which(panels: list[Panel], snap: Snapshot) -> int:
    return next(i for i, panel in enumerate(panels) if panel.keys is snap.panel.keys)


def _origin(
    back: int, panels: list[Panel], snaps: list[Snapshot], members: dict[str, list[np.ndarray]]
) -> Origin:
    """The panels' snapshots one under the other; a panel too young for this origin stands as NaN."""
    found = {_which(panels, snap): i for i, snap in enumerate(snaps)}

    def stacked(part: Callable[[int], np.ndarray], width: int | None) -> np.ndarray:
        blocks = []
        for i, panel in enumerate(panels):
            shape = len(panel.values) if width is None else (len(panel.values), width)
            blocks.append(part(found[i]) if i in found else np.full(shape, np.nan))
        return np.concatenate(blocks)

    horizon = panels[0].horizon
    return Origin(
        back,
        {name: stacked(lambda i, f=forecasts: f[i], horizon) for name, forecasts in members.items()},
        stacked(lambda i: snaps[i].truth, horizon),
        np.nan_to_num(stacked(lambda i: snaps[i].parts.scale, None)),
        np.nan_to_num(stacked(lambda i: snaps[i].parts.noise, None)),
        stacked(lambda i: ((snaps[i].parts.age > 0) & ~snaps[i].parts.is_dead).astype(float), None) > 0.5,
    )
