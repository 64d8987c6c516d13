"""What repeats: the profile of the week, and the fees and busy days of the month.

Belongs here: learning and reading of these two. Does not: the level they stand on (levels.py).
"""

from __future__ import annotations

import numpy as np

WEEKS = 8


class Week:
    """The share of a usual day that each weekday costs, per series; the mean of the week is one.

    Medians over the last `WEEKS` weeks, drawn to one as far as they could be noise (the shrinkage of James
    and Stein, with the variance of a median taken as 1.57 times that of a mean), so a series without a week
    gets none.
    """

    def __init__(self, series: int) -> None:
        self.share = np.ones((series, 7))
        self._ratios = np.full((series, 7, WEEKS), np.nan, np.float32)

    def note(self, ordinal: int, ratio: np.ndarray) -> None:
        """Remember a day's cost over the mean of its week; NaN is a day that tells nothing."""
        self._ratios[:, (ordinal + 3) % 7, (ordinal + 3) // 7 % WEEKS] = ratio

    def learn(self) -> None:
        """Take the medians anew, where every weekday was seen three times."""
        ordered = np.sort(self._ratios, axis=2)
        count = np.isfinite(ordered).sum(axis=2)
        middle = _median(ordered, count)
        off = np.sort(np.abs(self._ratios - middle[:, :, None]), axis=2)
        deviation = 1.4826 * _median(off, count)
        ready = (count >= 3).all(axis=1)
        share = np.where(ready[:, None], middle, 1.0)
        share /= np.maximum(share.mean(axis=1, keepdims=True), 1e-9)
        noise = np.where(ready[:, None], (deviation**2 + 1e-4) * 1.57 / np.maximum(count, 1), 9.0).mean(
            axis=1
        )
        kept = np.clip(1 - 5 * noise / np.maximum(((share - 1) ** 2).sum(axis=1), 1e-9), 0, 1)
        learnt = np.maximum(1 + kept[:, None] * (share - 1), 0)
        self.share = np.where(ready[:, None], learnt, self.share)

    def move(self, rows: np.ndarray, ordinal: int, ratio: np.ndarray) -> np.ndarray:
        """A weekday's lasting change: of ``rows`` it costs ``ratio`` of the level from now on, and the other
        days what they did. Returns by how much that raises the mean of the week.
        """
        weekday, shape = (ordinal + 3) % 7, self.share[rows]
        shape[:, weekday] = np.maximum(ratio, 0)
        mean = np.maximum(shape.mean(axis=1), 1e-9)
        self.share[rows] = shape / mean[:, None]
        self._ratios[rows] /= mean[:, None, None]
        self._ratios[rows, weekday] = self.share[rows, weekday][:, None]
        return mean

    def forget(self, rows: np.ndarray) -> None:
        """Of series that ended: should they start again, it is from nothing."""
        self.share[rows], self._ratios[rows] = 1, np.nan


def _median(ordered: np.ndarray, count: np.ndarray) -> np.ndarray:
    last = np.maximum(count - 1, 0)
    low = np.take_along_axis(ordered, (last // 2)[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(ordered, ((last + 1) // 2)[..., None], axis=-1)[..., 0]
    return 0.5 * (low + high)


class Month:
    """What came on top of the level on the same day of the last two months, in levels.

    A fee seen twice alike is expected; one seen once may come again or not, and neither is unusual.
    """

    def __init__(self, series: int, keys: int) -> None:
        self.last, self.before = np.zeros((series, keys)), np.zeros((series, keys))
        self.seen = np.zeros((series, keys), int)

    def excess(self, key: int, level: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The excess of one and of two months ago in money, and whether the two agree.

        The last days of months share what one of them had: months differ in length, and so does their end.
        """
        last = self.last[:, key]
        if key >= 28:
            ends = self.last[:, 28:]
            last = np.take_along_axis(ends, np.abs(ends).argmax(axis=1)[:, None], axis=1)[:, 0]
        before = self.before[:, key]
        alike = (last * before > 0) & (np.abs(last - before) < 0.5 * np.maximum(np.abs(last), np.abs(before)))
        return last * level, before * level, alike & (self.seen[:, key] >= 2)

    def note(self, key: int, rows: np.ndarray, excess: np.ndarray) -> None:
        """Remember the excess in levels, zero where the day was like others, of the series in the mask
        ``rows``.
        """
        self.before[rows, key] = self.last[rows, key]
        self.last[rows, key] = excess[rows]
        self.seen[rows, key] += 1

    def forget(self, rows: np.ndarray) -> None:
        """Of series that ended."""
        self.last[rows], self.before[rows], self.seen[rows] = 0, 0, 0
