"""How high a series stands today: several forecasts of the level, weighed by how well each did for the
series.

Belongs here: levels without week and month. Does not: residuals and flags.
"""

from __future__ import annotations

import numpy as np

DAYS = 28
FAST = 0.4
FADE = 0.97


class Levels:
    """Means of the cleaned costs of one, two and four weeks, a fast exponential mean, and the two weeks with
    their slope.

    Each is weighed by its recent error to the power of -4: a calm series gets the long means, a wandering one
    the short ones. All are money per day, for weekdays that cost one share.
    """

    def __init__(self, series: int) -> None:
        self.clean = np.zeros((DAYS, series))
        self.fast = np.zeros(series)
        self.error = np.full((5, series), 0.2)
        self.typical = np.zeros(series)

    def start(self, rows: np.ndarray, cost: np.ndarray) -> None:
        """Of series with their first cost."""
        self.clean[:, rows] = 0
        self.fast[rows] = self.typical[rows] = cost[rows]
        self.error[:, rows] = 0.2

    def forecasts(self, day: int, age: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """The five levels, 5 x series; ``age`` in days, a series of age zero stands where its first ``cost``
        is.
        """
        recent = self.clean[(day - 1 - np.arange(DAYS)) % DAYS]
        seen = np.maximum(age, 1)
        one = recent[:7].sum(axis=0) / np.minimum(seen, 7)
        two = recent[:14].sum(axis=0) / np.minimum(seen, 14)
        four = recent.sum(axis=0) / np.minimum(seen, DAYS)
        # the mean of two weeks is 7.5 days old, 7 days younger than that of four
        ahead = np.clip(two + 0.7 * 7.5 / 7 * (two - four), 0.5 * two, 2 * two)
        levels = np.stack([one, two, four, self.fast, np.where(age >= 21, ahead, two)])
        return np.where(age == 0, cost, levels)

    def weigh(self, levels: np.ndarray) -> np.ndarray:
        """One level per series."""
        weight = self.error**-4
        return (levels * weight).sum(axis=0) / weight.sum(axis=0)

    def learn(self, day: int, clean: np.ndarray, share: np.ndarray, rows: np.ndarray) -> None:
        """Take the cleaned costs of ``day``; the fast mean and the typical size of a busy day move for
        ``rows``.
        """
        self.clean[day % DAYS] = clean
        flat = np.where(share > 0.2, clean / np.maximum(share, 0.2), self.fast)
        self.fast = np.where(rows, self.fast + FAST * (flat - self.fast), self.fast)

    def size(self, cost: np.ndarray, rows: np.ndarray) -> None:
        """The typical size of days with cost: the level of a series that costs every day, a burst of one that
        rests.
        """
        size = np.clip(cost, 0.2 * self.typical, 3 * self.typical)
        self.typical = np.where(rows & (cost > 0), self.typical + 0.08 * (size - self.typical), self.typical)

    def judge(self, error: np.ndarray, rows: np.ndarray) -> None:
        """Errors of the five levels on a day, 5 x series, as logarithms."""
        self.error[:, rows] = (
            FADE * self.error[:, rows] + (1 - FADE) * (np.minimum(error, 1) + 0.003)[:, rows]
        )

    def reshape(self, rows: np.ndarray, day: int, cost: np.ndarray, mean: np.ndarray) -> None:
        """A weekday's lasting change: it costs ``cost``, which raises the mean of the week by ``mean``."""
        self.clean[np.ix_((day - 7 * np.arange(DAYS // 7)) % DAYS, rows)] = cost
        self.fast[rows] *= mean

    def move(
        self, rows: np.ndarray, level: np.ndarray, was: np.ndarray, shares: np.ndarray, days: np.ndarray
    ) -> None:
        """A lasting change: ``rows`` stood at ``was`` and stand at ``level``; ``shares`` are those of
        ``days``.
        """
        self.clean[np.ix_(days % DAYS, rows)] = (level[:, None] * shares).T
        self.fast[rows] = level
        self.typical[rows] = np.maximum(self.typical[rows] * level / np.maximum(was, 1e-12), 1e-12)
