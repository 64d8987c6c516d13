"""How far a series' days usually lie from what was expected, and how far is too far.

Belongs here: the spread of residuals and the thresholds made of it. Does not: residuals themselves.
"""

from __future__ import annotations

import numpy as np

DAYS = 112
NORMAL_85, NORMAL_97 = 1.036, 1.881  # quantiles of the normal distribution


class Spread:
    """The last `DAYS` residuals of each series and what their quantiles say.

    A residual is too far when it lies beyond `TIMES` robust deviations, and beyond the 97% quantile of its
    own side by `TAIL` times the distance from the 85% to the 97% one: heavy tails reach their thresholds
    themselves, whatever the family of noise. With few residuals the deviation leans on the median one of all
    series.
    """

    TIMES, TAIL, LEAN = 4.8, 2.2, 20

    def __init__(self, series: int, prior: float) -> None:
        self._kept = np.full((series, DAYS), np.nan, np.float32)
        self._prior = prior
        self.deviation = np.full(series, 1.3 * prior)
        self.above = self.TIMES * self.deviation
        self.below = self.TIMES * self.deviation

    def note(self, day: int, residual: np.ndarray) -> None:
        """Remember the residuals of ``day``; NaN is none."""
        self._kept[:, day % DAYS] = residual

    def forget(self, rows: np.ndarray) -> None:
        """Of series that ended."""
        self._kept[rows] = np.nan

    def learn(self) -> None:
        """Take deviations and thresholds anew."""
        ordered = np.sort(self._kept, axis=1)
        count = np.isfinite(ordered).sum(axis=1)

        def quantile(share: float) -> np.ndarray:
            place = np.clip(np.round(share * (count - 1)).astype(int), 0, None)
            return np.nan_to_num(np.take_along_axis(ordered, place[:, None], axis=1)[:, 0].astype(float))

        plain = (quantile(0.75) - quantile(0.25)) / 1.349
        sure = count >= 30
        prior = float(np.median(plain[sure])) if sure.sum() > 5 else self._prior
        leant = np.sqrt((count * plain**2 + self.LEAN * prior**2) / (count + self.LEAN))
        self.deviation = np.maximum(np.where(count >= 7, leant, 1.3 * prior), 0.01)
        trust = np.clip(count / 60, 0, 1)
        self.above = self._threshold(quantile(0.85), quantile(0.97), trust)
        self.below = self._threshold(-quantile(0.15), -quantile(0.03), trust)

    def _threshold(self, near: np.ndarray, far: np.ndarray, trust: np.ndarray) -> np.ndarray:
        near, far = np.maximum(near, 0), np.maximum(far, 0)
        near = trust * near + (1 - trust) * np.maximum(near, NORMAL_85 * self.deviation)
        far = trust * far + (1 - trust) * np.maximum(far, NORMAL_97 * self.deviation)
        return np.maximum(self.TIMES * self.deviation, far + self.TAIL * (far - near))
