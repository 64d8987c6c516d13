"""The default detector: what each day should cost, told from the days before it, and which days are off.

Belongs here: the walk over the days. Does not: what it learns (profiles.py, levels.py, spread.py), slow leaks
(leaks.py), which days may be judged (guards.py). Every day is judged before it is learnt from, and nothing
learnt reaches back, so days to come never change a flag.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intelligence.anomalies.flags import Days, Flags
from intelligence.anomalies.levels import DAYS, Levels
from intelligence.anomalies.profiles import Month, Week
from intelligence.anomalies.settings import Settings
from intelligence.anomalies.spread import Spread
from intelligence.calendar_days import MONTH_KEYS, month_key

FLOOR = 0.15  # of the level, added to cost and expectation before logarithms: zero and tiny days stay finite
RETURN_DAYS = 60  # after a lasting change, going back is as usual as staying
RETURN_WEEKS = 8  # and falling to where a series lately stood is a leak that was mended
CROWD = 20  # series of one source whose common movement is no one's incident
PART_OF_DAY = -0.2  # the logarithm by which most series of a source are low when it lacks a part of a day
PART_DAYS = 3  # so many days in a row are parts at most: a source that stays low costs less, to be learnt
WEEKDAY_WEEKS = 3  # as often in a row must a weekday be off before its week has another shape
HOLIDAY_UP, HOLIDAY_DOWN = 1.6, 2.2


def detect(
    usage: np.ndarray,
    judged: np.ndarray,
    days: np.ndarray,
    source: np.ndarray,
    floors: np.ndarray,
    holiday: np.ndarray,
    settings: Settings,
) -> tuple[Flags, Days]:
    """Flags of sudden changes. ``usage``, ``judged`` and ``floors`` are series x days, ``source`` numbers the
    account of each series, ``holiday`` marks days.
    """
    walk = _Walk(usage.shape[0], settings, source)
    shape, found = usage.shape, []
    out = Days(np.full(shape, np.nan, np.float32), np.ones(shape, np.float32), np.zeros(shape, bool))
    keys, ordinals = month_key(days), days.astype(int)
    for day in range(shape[1]):
        view = walk.expect(day, ordinals[day], keys[day], usage[:, day], judged[:, day], bool(holiday[day]))
        flagged = walk.judge(view, floors[:, day])
        rows = np.flatnonzero(flagged)
        found.append((rows, np.full(len(rows), day), view.expected[rows], view.score[rows]))
        walk.learn(view, flagged)
        out.share[:, day], out.counted[:, day] = view.share, view.counted
        out.flat[:, day] = np.where(
            view.counted & (view.share > 0.2), (view.cost - view.fee) / np.maximum(view.share, 0.2), np.nan
        )
        walk.settle(view, usage, judged)
    row, day, expected, score = (np.concatenate(part) for part in zip(*found, strict=True))
    return Flags(row, day, expected, score, np.zeros(len(row), bool)), out


@dataclass
class _View:
    """One day of all series: what was there, what was expected, and how far apart they are as logarithms."""

    day: int
    ordinal: int
    key: int
    holiday: bool
    cost: np.ndarray
    counted: np.ndarray
    levels: np.ndarray
    level: np.ndarray
    share: np.ndarray
    base: np.ndarray
    add: np.ndarray
    fee: np.ndarray
    known_fee: np.ndarray
    expected: np.ndarray
    raw: np.ndarray
    residual: np.ndarray
    above: np.ndarray | None = None
    below: np.ndarray | None = None
    score: np.ndarray | None = None


class _Walk:
    """Everything learnt so far."""

    def __init__(self, series: int, settings: Settings, source: np.ndarray) -> None:
        self.settings = settings
        self.week, self.month, self.levels = Week(series), Month(series, MONTH_KEYS), Levels(series)
        self.one, self.two = Spread(series, 0.15), Spread(series, 0.2)
        self.born, self.age = np.zeros(series, bool), np.zeros(series, int)
        self.active, self.rest, self.most = np.zeros(series), np.zeros(series), np.zeros(series)
        self.strikes, self.flagged_on = np.zeros(series), np.full(series, -99)
        self.run, self.sign = np.zeros(series), np.zeros(series)
        self.weeks_away = np.zeros((series, 7))  # below zero where the weekday was too low
        self.old_level, self.moved_on = np.zeros(series), np.full(series, -(10**6))
        self.weeks_ago = np.full((RETURN_WEEKS, series), np.inf)
        self.yesterday, self.kept = np.full(series, np.nan), np.full(series, np.nan)
        sizes = np.bincount(source) if len(source) else np.array([], int)
        self.crowds = [np.flatnonzero(source == number) for number in np.flatnonzero(sizes >= CROWD)]
        self.part_days = [0] * len(self.crowds)

    def expect(
        self, day: int, ordinal: int, key: int, cost: np.ndarray, judged: np.ndarray, holiday: bool
    ) -> _View:
        """The range in which the day is as usual, and the residual to its nearer end."""
        first = judged & (cost > 0) & ~self.born
        self.born |= first
        self.levels.start(first, cost)
        self.weeks_ago[:, first] = np.inf
        self.most[first], self.rest[first], self.strikes[first], self.run[first] = 0, 0, 0, 0
        levels = self.levels.forecasts(day, self.age, cost)
        level, share = self.levels.weigh(levels), self.week.share[:, (ordinal + 3) % 7]
        add = FLOOR * np.maximum(level, self.levels.typical)
        counted = judged & self.born & (level > 0)
        base = level * share
        last, before, alike = self.month.excess(key, level)
        low = np.minimum(base, base + np.minimum(last, before))
        high = np.maximum(base, base + np.maximum(last, before))
        usual = np.maximum(base + np.where(alike, 0.5 * (last + before), 0), 0)
        back = np.where(day - self.moved_on <= RETURN_DAYS, self.old_level * share, base)
        low, high = np.minimum(low, back), np.maximum(high, back)
        low = np.minimum(low, self.weeks_ago.min(axis=0) * share)
        if holiday:
            sunday = level * np.minimum(self.week.share[:, 5], self.week.share[:, 6])
            low, high = np.minimum(low, np.minimum(sunday, 0.4 * base)), np.maximum(high, 1.3 * base)
        low = np.maximum(low, 0)
        inside = (cost >= low) & (cost <= high)
        nearest = np.clip(cost, low, high)
        raw, residual = _log_ratio(cost, base, add, counted), _log_ratio(cost, nearest, add, counted)
        known_fee = last != 0
        fee = np.where(known_fee, np.clip(cost - base, np.minimum(last, 0), np.maximum(last, 0)), 0)
        residual, counted = self._without_crowd(raw, residual, counted)
        expected = np.where(inside, usual, nearest)
        return _View(
            day=day,
            ordinal=ordinal,
            key=key,
            holiday=holiday,
            cost=cost,
            counted=counted,
            levels=levels,
            level=level,
            share=share,
            base=base,
            add=add,
            fee=fee,
            known_fee=known_fee,
            expected=expected,
            raw=raw,
            residual=residual,
        )

    def _without_crowd(self, raw, residual, counted) -> tuple[np.ndarray, np.ndarray]:
        """Take out what most series of a source did together; a day that is low for most is a part of an
        export, unless many days in a row are.
        """
        counted = counted.copy()
        for crowd, rows in enumerate(self.crowds):
            grown = rows[counted[rows] & (self.age[rows] >= self.settings.minimum_history)]
            if len(grown) < CROWD:
                continue
            middle = float(np.median(residual[grown]))
            common = abs(middle) - 0.5 * float(np.median(self.one.deviation[grown]))
            is_low = np.median(raw[grown]) < PART_OF_DAY
            self.part_days[crowd] = self.part_days[crowd] + 1 if is_low else 0
            if is_low and self.part_days[crowd] <= PART_DAYS:
                counted[rows] = False
            elif common > 0:
                along = residual[grown] * middle > 0
                rest = np.maximum(0, np.abs(residual[grown]) - np.where(along, common, 0))
                residual[grown] = np.sign(residual[grown]) * rest
        return residual, counted

    def judge(self, view: _View, floor: np.ndarray) -> np.ndarray:
        """Which series are off: far in their own measure, on this day or over two, and enough in money."""
        settings, residual, cost = self.settings, view.residual, view.cost
        # young series are unsure, and one that has often cried must cry louder
        caution = settings.sensitivity * (1 + 4 / np.maximum(self.age, 4)) * (1 + 0.25 * self.strikes)
        view.above, view.below = self.one.above * caution, self.one.below * caution
        up, down = (HOLIDAY_UP, HOLIDAY_DOWN) if view.holiday else (1.0, 1.0)
        above, below = view.above * up, view.below * down
        if (
            view.key == 0 or view.key >= 28
        ):  # a first month's first and last days: more likely fees than incidents
            above = np.where(self.month.seen[:, view.key] == 0, 9 * above, above)
        score = np.where(residual > 0, residual / above, residual / below)
        before = np.nan_to_num(self.yesterday)
        both = residual + before
        two = np.where(
            both > 0, both / (self.two.above * caution * up), both / (self.two.below * caution * down)
        )
        lasting = (before * residual > 0) & (np.abs(score) > 0.5) & (np.abs(two) > np.abs(score))
        view.score = np.where(lasting, two, score)
        # where rest days come as they like, one more tells nothing, and a burst must pass the largest
        restless = np.where(residual > 0, (self.rest > 0.35) & (cost < 1.3 * self.most), self.rest > 0.15)
        off = np.abs(cost - view.expected)
        return (
            view.counted
            & (self.age >= settings.minimum_history)
            & (self.active >= 5)
            & ~restless
            & (np.abs(view.score) >= 1)
            & (off >= floor)
            & (off >= settings.minimum_change * view.expected)
        )

    def learn(self, view: _View, flagged: np.ndarray) -> None:
        """Take the day in: a flagged one as it should have been, others with their residual held short."""
        counted, cost, level, base, add = view.counted, view.cost, view.level, view.base, view.add
        bound = np.where(view.raw > 0, view.above, view.below)
        young = self.age < self.settings.minimum_history
        hold = np.where(young, np.maximum(1, bound), 0.3 * bound)
        nearer = view.known_fee & (np.abs(view.raw) > np.abs(view.residual))
        left = np.where(nearer, view.residual, view.raw)
        clean = (base + add) * np.exp(np.clip(left, -hold, hold)) - add
        clean = np.where(
            flagged | (view.holiday & (np.abs(view.raw) > 0.4 * bound)), base, np.maximum(clean, 0)
        )
        clean = np.where(counted, clean, np.where(self.born, base, 0))
        error = np.abs(_log_ratio(cost - view.fee, view.levels * view.share, add, counted))
        self.levels.judge(error, counted & ~flagged & (self.age > 0))
        silent = (cost <= 0.02 * self.levels.typical) & (base > 0.1 * self.levels.typical)
        self.rest = np.where(counted, self.rest + 0.03 * (silent - self.rest), self.rest)
        top = np.where(self.most > 0, np.minimum(cost, 3 * self.most), cost)
        self.most = np.where(counted, np.maximum(0.998 * self.most, top), self.most)
        self.levels.size(cost, counted)
        self.levels.learn(view.day, clean, view.share, counted)
        first = flagged & (self.flagged_on < view.day - 7)
        self.strikes = 0.995 * self.strikes + first
        self.flagged_on[flagged] = view.day
        keep = counted & (~flagged | first) & (self.age >= 7)
        # what is usual for two reasons has no residual, yet the series is as noisy as ever
        kept = np.where(np.abs(view.raw) <= bound, view.raw, view.residual)
        pair = kept + np.nan_to_num(self.kept)
        self.one.note(view.day, np.where(keep, kept, np.nan))
        self.two.note(view.day, np.where(keep & np.isfinite(self.yesterday), pair, np.nan))
        self.yesterday = np.where(counted & ~flagged, view.residual, np.nan)
        self.kept = np.where(counted & ~flagged, kept, np.nan)
        around = self.levels.clean[(view.day - np.arange(7)) % DAYS].mean(axis=0)
        tells = counted & ~flagged & (self.age >= 7) & (around > 0)
        self.week.note(view.ordinal, np.where(tells, clean / np.where(around > 0, around, 1), np.nan))
        unlike = np.abs(view.raw) > 0.5 * bound
        excess = np.where(unlike, (cost - base) / np.maximum(level, 1e-12), 0)
        if not view.holiday:
            self.month.note(view.key, counted & (self.age >= 7), excess)
        distance = np.where(view.known_fee | view.holiday, view.residual, view.raw)
        away = counted & (np.abs(distance) > 0.6 * bound)
        self._count_run(view, away)
        self._count_weeks(view, away)

    def _count_run(self, view: _View, away: np.ndarray) -> None:
        """How many days in a row, nearly, a series has been away from its level to the same side."""
        side = np.sign(view.raw)
        on = away & ((side == self.sign) | (self.run == 0))
        # a holiday like other holidays says nothing of whether the change lasts
        fewer = self.run if view.holiday else np.where(view.counted, np.maximum(self.run - 1, 0), self.run)
        self.run = np.where(on, self.run + 1, np.where(away, 1, fewer))
        self.sign = np.where(away, side, self.sign)

    def _count_weeks(self, view: _View, away: np.ndarray) -> None:
        """How often in a row a weekday has been away from its share to the same side; after WEEKDAY_WEEKS the
        week has a new shape. Where all days are away it is the level that moved, which is learnt sooner.
        """
        if view.holiday:
            return
        weekday, side = (view.ordinal + 3) % 7, np.sign(view.raw)
        before = self.weeks_away[:, weekday]
        same = np.where(before * side > 0, before + side, side)
        self.weeks_away[:, weekday] = np.where(away, same, np.where(view.counted, 0, before))
        lasting = np.abs(self.weeks_away[:, weekday]) >= WEEKDAY_WEEKS
        rows = np.flatnonzero(lasting & (self.run < self.settings.relearn_after) & (view.level > 0))
        if len(rows):
            cost = np.maximum(view.cost - view.fee, 0)[rows]
            mean = self.week.move(rows, view.ordinal, cost / view.level[rows])
            self.levels.reshape(rows, view.day, cost, mean)
            self.weeks_away[rows, weekday] = 0

    def settle(self, view: _View, usage: np.ndarray, judged: np.ndarray) -> None:
        """Accept what has lasted as the new level, age the series, now and then take the measures anew."""
        length = self.settings.relearn_after
        rows = np.flatnonzero((self.run >= length) & (self.age >= self.settings.minimum_history // 2))
        if len(rows):
            window = slice(max(0, view.day - length + 1), view.day + 1)
            seen = judged[rows, window]
            weekdays = (view.ordinal + 3 - np.arange(seen.shape[1])[::-1]) % 7
            shares = self.week.share[rows][:, weekdays]
            spent, share = (usage[rows, window] * seen).sum(axis=1), (shares * seen).sum(axis=1)
            level, was = spent / np.maximum(share, 0.05 * length), view.level[rows]
            back = np.arange(DAYS)
            past = self.week.share[rows][:, (view.ordinal + 3 - back) % 7]
            self.levels.move(rows, level, was, past, view.day - back)
            self.old_level[rows], self.moved_on[rows], self.run[rows] = was, view.day, 0
            self._end(rows[level <= 1e-3 * was])
        self.age[view.counted & self.born] += 1
        self.active = 0.99 * self.active + (view.counted & (view.cost > 0))
        if view.ordinal % 7 == 0:
            self.week.learn()
            self.weeks_ago[view.ordinal // 7 % RETURN_WEEKS] = np.where(self.born, view.level, np.inf)
        if view.ordinal % 4 == 0:
            self.one.learn()
            self.two.learn()

    def _end(self, rows: np.ndarray) -> None:
        self.born[rows], self.age[rows], self.active[rows], self.old_level[rows] = False, 0, 0, 0
        for part in (self.week, self.month, self.one, self.two):
            part.forget(rows)


def _log_ratio(cost: np.ndarray, expected: np.ndarray, add: np.ndarray, counted: np.ndarray) -> np.ndarray:
    safe = np.where(counted, add, 1.0)
    ratio = (np.maximum(cost, 0) + safe) / (np.maximum(expected, 0) + safe)
    return np.where(counted, np.log(np.where(counted, ratio, 1.0)), 0.0)
