"""What a forecast can be told: sizes, models and limits of cost.

Here: the settings and their defaults. Not here: what any of them does to a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

RUN_RATE, BOOSTED, PROPHET, ENSEMBLE = "run_rate", "xgboost", "prophet", "ensemble"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ForecastSettings:
    """Settings of `forecast`; all days are counted in whole days.

    `models`: which of run_rate, xgboost and prophet may run. `max_series`: the largest series by money that
    get more than the run-rate. `heavy_series`: the largest that get Prophet besides. `fold_origins`: how many
    days before the last complete day each backtest starts; `heavy_folds` of them also run Prophet.
    `workers`: fits side by side; each uses one core, and their number changes no result. `seed` makes a run
    repeatable.
    """

    models: tuple[str, ...] = (RUN_RATE, BOOSTED, PROPHET)
    horizon: int = 95
    history_days: int = 760
    max_series: int = 5000
    heavy_series: int = 100
    fold_origins: tuple[int, ...] = (14, 30, 47, 64, 95, 127)
    heavy_folds: tuple[int, ...] = (30, 95)
    workers: int = 2
    seed: int = 0
    progress: Progress | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        unknown = set(self.models) - {RUN_RATE, BOOSTED, PROPHET}
        if unknown:
            raise ValueError(f"unknown forecast model: {', '.join(sorted(unknown))}")
        if RUN_RATE not in self.models:
            raise ValueError("the run-rate cannot be left out: the other models start from it")
        if not 1 <= self.horizon <= 366:
            raise ValueError("horizon must be from 1 to 366 days")
        if self.history_days < 60:
            raise ValueError("history_days must be at least 60")

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell the caller's progress function, if any, that `done` of `total` of a stage are done."""
        if self.progress:
            self.progress(stage, done, total)
