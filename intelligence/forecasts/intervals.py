"""How far off a forecast may be: intervals from the errors of its own backtests.

Here: split conformal quantiles of scaled errors, by horizon and by how unsteady a series is, for days and for
sums of days. Not here: the forecasts themselves.
Source of the method: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005), chapter 2;
groups of unlike series are calibrated apart (the book's Mondrian predictors).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LEVELS = {"lower_95": 0.025, "lower_80": 0.10, "upper_80": 0.90, "upper_95": 0.975}
EDGES = (1, 4, 8, 15, 31, 61, 1000)
GROUPS = 4
TAIL = 2.5  # a normal distribution's 95% bounds are 1.5 times as far as its 80% ones, those of t(3) 1.9
USUAL_GROWTH = 0.5  # of errors of sums with the days ahead, as of a random walk; data move it


@dataclass(frozen=True)
class Tested:
    """One backtest of a level: the forecasts and what came (M x H), size and noise of a day (M)."""

    forecast: np.ndarray
    truth: np.ndarray
    scale: np.ndarray
    noise: np.ndarray
    alive: np.ndarray


def unsteadiness(
    folds: Sequence[Tested], skip: int | None, scale: np.ndarray, noise: np.ndarray
) -> np.ndarray:
    """M: the unit in which a row's relative errors are measured: noise, and its own backtests' mean error.

    `skip`: the fold whose own errors must stay out, because it is to be judged.
    """
    error, seen = np.zeros(len(scale)), np.zeros(len(scale))
    for number, fold in enumerate(folds):
        usable = (
            np.isfinite(fold.truth)
            & np.isfinite(fold.forecast)
            & (fold.scale > 0)[:, None]
            & fold.alive[:, None]
        )
        if number == skip:
            continue
        apart = np.where(usable, np.abs(fold.truth - fold.forecast), 0).sum(axis=1)
        days = usable.sum(axis=1)
        size = np.where(fold.scale > 0, fold.scale, 1.0)
        rows = len(days)  # series beyond max_series come last, and have no backtests
        error[:rows] += np.where(days > 0, np.clip(apart / size / np.maximum(days, 1), 0, 2), 0)
        seen[:rows] += days > 0
    typical = error.sum() / seen.sum() if seen.sum() else 0.1
    own = (error + 1.0 * typical) / (seen + 1.0)
    return 0.7 * noise + 0.6 * own + 0.01


def sizes(forecast: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """M x H: how large a day is, between the series' usual day and the forecast itself."""
    return 0.4 * scale[:, None] + 0.6 * np.abs(np.nan_to_num(forecast))


class Calibration:
    """Quantiles of scaled errors of days, learnt from `folds`; `apply` turns them into bounds."""

    def __init__(self, folds: Sequence[Tested], borrowed: Calibration | None = None) -> None:
        """`borrowed`: the calibration of the level below, used beside the own errors where rows are few."""
        self.folds = list(folds)
        units = [unsteadiness(folds, number, f.scale, f.noise) for number, f in enumerate(folds)]
        flat = [_scores(fold, unit) for fold, unit in zip(folds, units, strict=True)]
        score, step, unit = (np.concatenate([f[i] for f in flat]) if flat else np.empty(0) for i in range(3))
        if borrowed is not None and sum(fold.alive.sum() for fold in folds) < 150:
            score, step, unit = (
                np.concatenate([own, other])
                for own, other in zip((score, step, unit), borrowed.scores, strict=True)
            )
        self.scores = (score, step, unit)
        self.edges = (
            np.quantile(unit, np.linspace(0, 1, GROUPS + 1)[1:-1]) if len(unit) > 2000 else np.empty(0)
        )
        self.is_sum = borrowed is not None
        self.table = self._table()

    def _table(self) -> np.ndarray:
        """Groups x horizon buckets x LEVELS; a cell with few errors takes its bucket's, then all."""
        score, step, unit = self.scores
        group = np.searchsorted(self.edges, unit)
        table = np.zeros((len(self.edges) + 1, len(EDGES) - 1, len(LEVELS)))
        for b in range(len(EDGES) - 1):
            inside = (step >= EDGES[b]) & (step < EDGES[b + 1])
            for g in range(len(table)):
                for chosen in (inside & (group == g), inside, np.ones(len(score), bool)):
                    if chosen.sum() >= 200 or chosen.all():
                        break
                table[g, b] = self._quantiles(score[chosen])
            if b:  # what is further off is not surer
                table[:, b, :2] = np.minimum(table[:, b, :2], table[:, b - 1, :2])
                table[:, b, 2:] = np.maximum(table[:, b, 2:], table[:, b - 1, 2:])
        return table

    def apply(
        self, forecast: np.ndarray, scale: np.ndarray, noise: np.ndarray, skip: int | None = None
    ) -> dict[str, np.ndarray]:
        """Bounds M x H by name; `skip` leaves one fold out of the rows' own errors."""
        unit = unsteadiness(self.folds, skip, scale, noise) if self.folds else 0.7 * noise + 0.1
        group = np.searchsorted(self.edges, unit)
        centres = np.sqrt(np.array(EDGES[:-1], float) * (np.array([*EDGES[1:-1], 111], float) - 1))
        at = np.log(np.arange(1, forecast.shape[1] + 1))
        spread = sizes(forecast, scale) * unit[:, None]
        bounds = {}
        for k, name in enumerate(LEVELS):
            curves = np.stack([np.interp(at, np.log(centres), row[:, k]) for row in self.table])
            bounds[name] = forecast + spread * curves[group]
        return bounds

    def total(
        self, forecast: np.ndarray, scale: np.ndarray, noise: np.ndarray, start: int, stop: int
    ) -> dict[str, np.ndarray]:
        """Bounds (M) of the sum of steps `start` to `stop` (excluded), from such sums in the backtests.

        A backtest that does not reach so far lends the sums of as many days that it knows, its errors made as
        much larger as errors of sums grow with the days ahead.
        """
        growth, length = self._growth(stop - start), stop - start
        scores = []
        for number, fold in enumerate(self.folds):
            shift = max(0, stop - int(np.isfinite(fold.truth).any(axis=0).sum()))
            if start - shift < 0:
                continue
            further = ((start + length / 2) / (start - shift + length / 2)) ** growth
            scores.append(further * self._sum_scores(number, start - shift, stop - shift))
        found = np.concatenate(scores) if scores else np.empty(0)
        if len(found) < 12:  # too few such sums: as if all days erred the same way
            bounds = self.apply(forecast, scale, noise)
            return {name: bounds[name][:, start:stop].sum(axis=1) for name in LEVELS}
        unit = unsteadiness(self.folds, None, scale, noise)
        spread = (sizes(forecast, scale)[:, start:stop] * unit[:, None]).sum(axis=1)
        middle = forecast[:, start:stop].sum(axis=1)
        wider = np.sqrt(1 + 2 / len(scores))  # sums of one fold err alike, and folds are few
        return {
            name: middle + spread * wider * q for name, q in zip(LEVELS, self._quantiles(found), strict=True)
        }

    def _quantiles(self, scores: np.ndarray) -> np.ndarray:
        """Those of `_quantiles`. Sums have too few backtests to tell a tail, and that of the lower level is
        too heavy for them: there the outer bounds are TAIL times as far as the inner at most.
        """
        found = _quantiles(scores)
        if self.is_sum:
            found[0], found[3] = max(found[0], TAIL * found[1]), min(found[3], TAIL * found[2])
        return found

    def _growth(self, length: int) -> float:
        """The power of the days ahead with which errors of sums of `length` days grow: the slope of logs."""
        ahead, error = [], []
        for number, fold in enumerate(self.folds):
            known = int(np.isfinite(fold.truth).any(axis=0).sum())
            inside = []
            for start in range(0, known - length + 1, length):
                off = np.abs(self._sum_scores(number, start, start + length))
                if len(off):
                    inside.append((np.log(start + length / 2), np.log(np.median(off) + 1e-9)))
            if len(inside) > 1:  # within a fold alone: some months are harder than others
                middle = np.mean(inside, axis=0)
                ahead += [point[0] - middle[0] for point in inside]
                error += [point[1] - middle[1] for point in inside]
        if not ahead:
            return USUAL_GROWTH
        squares = float(np.square(ahead).sum())
        return float(np.clip((np.dot(ahead, error) + USUAL_GROWTH) / (squares + 1), 0, 1))

    def _sum_scores(self, number: int, start: int, stop: int) -> np.ndarray:
        fold, window = self.folds[number], slice(start, stop)
        unit = unsteadiness(self.folds, number, fold.scale, fold.noise)
        spread = (sizes(fold.forecast, fold.scale)[:, window] * unit[:, None]).sum(axis=1)
        off = (fold.truth - fold.forecast)[:, window].sum(axis=1)
        usable = np.isfinite(off) & fold.alive & (spread > 0)
        return off[usable] / spread[usable]


def _scores(fold: Tested, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    spread = sizes(fold.forecast, fold.scale) * unit[:, None]
    usable = np.isfinite(fold.truth) & np.isfinite(fold.forecast) & (spread > 0) & fold.alive[:, None]
    rows, steps = np.nonzero(usable)
    off = (fold.truth - fold.forecast)[rows, steps] / spread[rows, steps]
    return off, steps + 1, unit[rows]


def _quantiles(scores: np.ndarray) -> np.ndarray:
    """The LEVELS of the scores, with the half step outward that finite samples need; without any, guesses."""
    if not len(scores):
        return np.array([-4.0, -2.0, 2.0, 4.0])
    outward = 1 / (len(scores) + 1)
    levels = [q - outward * (q < 0.5) * q + outward * (q > 0.5) * (1 - q) for q in LEVELS.values()]
    found = np.quantile(scores, np.clip(levels, 0, 1))
    found[:2], found[2:] = np.minimum(found[:2], 0), np.maximum(found[2:], 0)
    return found
