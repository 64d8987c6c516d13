"""A made-up company's daily cost series with known means: what forecasts are tested and scored on.

Here: drawing series of many kinds (growth, decline, adoption curves, launches, terminations, level shifts,
weekday habits, month-day fees, holidays, incidents, credits, noise of several kinds) and cutting them as a
bill would show them on a day: the last two days partial. Not here: forecasting, and scoring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intelligence.forecasts.series import KEYS

PROVIDERS = ("aws", "azure", "gcp")
TRENDS = ("flat", "growth", "decline", "curve", "walk", "year")


@dataclass(frozen=True)
class World:
    """How companies live. `jumps`, `incidents`: lasting and passing ones a series and year; `fees`: shares of
    series with one on the first, on another day, and a credit on the first; `noise`: multiple of it;
    `christmas`, `holiday`: least and largest depth; `trends`: shares of TRENDS; `weeks`: of series that rest
    at weekends not, a little and much.
    """

    jumps: float = 0.5
    incidents: float = 0.9
    fees: tuple[float, float, float] = (0.14, 0.03, 0.02)
    noise: float = 1.0
    christmas: tuple[float, float] = (0.1, 0.5)
    holiday: tuple[float, float] = (0.0, 0.35)
    trends: tuple[float, ...] = (0.3, 0.27, 0.1, 0.13, 0.15, 0.05)
    weeks: tuple[float, float, float] = (0.35, 0.35, 0.3)


# `regular` has more of what can be learnt and fewer jumps: last week again is off by twice as much as a model
WORLDS = {
    "restless": World(),
    "regular": World(
        jumps=0.12,
        incidents=1.5,
        fees=(0.3, 0.05, 0.02),
        noise=1.15,
        christmas=(0.2, 0.6),
        holiday=(0.05, 0.45),
        trends=(0.34, 0.33, 0.1, 0.08, 0.07, 0.08),
        weeks=(0.25, 0.3, 0.45),
    ),
}


@dataclass(frozen=True)
class Company:
    """`keys`: one row per series. `costs`, `means`: series x days; a mean holds everything but the noise.
    `events`: the factor in it that no one can know beforehand: launches, ends, jumps and incidents;
    `lasting`: the same without incidents.
    """

    keys: pd.DataFrame
    dates: pd.DatetimeIndex
    costs: np.ndarray
    means: np.ndarray
    events: np.ndarray
    lasting: np.ndarray
    holes: np.ndarray

    def foreseen(self, start: int, days: int) -> np.ndarray:
        """The means of `days` from day number `start` to one who knows every trend and end, and of jumps and
        launches only those before; without incidents. Series x days.
        """
        before, after = self.lasting[:, start - 1 : start], self.events[:, start : start + days]
        change = np.where((before > 0) & (after > 0), after / np.where(before > 0, before, 1), 1.0)
        return np.where(before > 0, self.means[:, start : start + days] / change, 0.0)

    def seen_on(self, cut: pd.Timestamp, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What a bill shows when `cut` is the last complete day: the daily rows, and `complete_through`.

        Two partial days follow the cut; days without cost and days of a missing export have no row.
        """
        rng = np.random.default_rng(seed)
        last = self.dates.get_loc(cut)
        seen = self.costs[:, : last + 3].copy()
        for day, share in ((last + 1, 0.65), (last + 2, 0.2)):
            if day < seen.shape[1]:
                seen[:, day] *= np.clip(rng.normal(share, 0.15, len(seen)), 0, 1)
        seen[self.holes[:, : seen.shape[1]]] = 0
        row, day = np.nonzero(seen)
        daily = self.keys.iloc[row].reset_index(drop=True)
        daily["charge_date"] = self.dates[day]
        daily["effective_cost"] = seen[row, day]
        accounts = self.keys[["provider", "billing_account_id"]].drop_duplicates().reset_index(drop=True)
        return daily, accounts.assign(complete_through=cut)


def company(
    seed: int, series: int = 300, days: int = 548, end: str = "2026-06-30", world: World = WORLDS["restless"]
) -> Company:
    """Draw `series` series over `days` days that end on `end`; the same seed gives the same company."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(end=end, periods=days)
    keys = _keys(rng, series)
    habits = _habits(rng, world)
    means, costs, events, lasting = (np.empty((series, days)) for _ in range(4))
    for i in range(series):
        means[i], costs[i], events[i], lasting[i] = _series(rng, dates, habits[keys["provider"][i]], world)
    holes = np.zeros((series, days), bool)
    for provider in PROVIDERS:
        if rng.random() < 0.6:
            day = rng.integers(30, days - 130)
            holes[(keys["provider"] == provider).to_numpy(), day : day + rng.integers(1, 3)] = True
    _shared_incidents(rng, keys, (costs, means, events))
    return Company(keys, dates, costs, means, events, lasting, holes)


def _keys(rng: np.random.Generator, series: int) -> pd.DataFrame:
    accounts = max(3, series // 12)
    provider = rng.choice(PROVIDERS, accounts, p=[0.5, 0.3, 0.2])
    rows = []
    for i in range(series):
        account = i % accounts if i < accounts else rng.integers(accounts)
        name, sub, service = provider[account], f"{account:06d}", f"Service {i}"
        rows.append((f"{name}/{sub}/{service}", "service", name, f"{name}-payer", sub, service, "USD"))
    return pd.DataFrame(rows, columns=KEYS)


def _habits(rng: np.random.Generator, world: World) -> dict[str, dict[str, float]]:
    """What the series of one provider share: how deep Christmas and single holidays cut."""
    return {
        name: {"christmas": rng.uniform(*world.christmas), "holiday": rng.uniform(*world.holiday)}
        for name in PROVIDERS
    }


def _holidays(dates: pd.DatetimeIndex, habit: dict[str, float]) -> np.ndarray:
    month, day, weekday = dates.month, dates.day, dates.day_of_week
    christmas = ((month == 12) & (day >= 24)) | ((month == 1) & (day == 1))
    thanksgiving = (month == 11) & (weekday >= 3) & (weekday <= 4) & (day >= 22) & (day <= 29)
    single = thanksgiving | ((month == 7) & (day == 4)) | ((month == 5) & (day == 1))
    return np.where(christmas, habit["christmas"], np.where(single, habit["holiday"], 0.0))


def _trend(rng: np.random.Generator, days: int, world: World) -> np.ndarray:
    t = np.arange(days)
    kind = rng.choice(TRENDS, p=world.trends)
    if kind == "growth":
        return np.exp(rng.uniform(0.005, 0.06) * t / 30)
    if kind == "decline":
        return np.exp(-rng.uniform(0.005, 0.05) * t / 30)
    if kind == "curve":
        return 1 + rng.uniform(0.5, 4) / (1 + np.exp(-(t - rng.uniform(60, days)) / rng.uniform(12, 60)))
    if kind == "walk":
        return np.exp(np.cumsum(rng.normal(0, rng.uniform(0.003, 0.012), days)))
    if kind == "year":
        return 1 + rng.uniform(0.05, 0.2) * np.sin(2 * np.pi * (t / 365.25 + rng.random()))
    return np.ones(days)


def _weekday(rng: np.random.Generator, dates: pd.DatetimeIndex, world: World) -> tuple[np.ndarray, float]:
    profile = np.ones(7) + rng.normal(0, 0.015, 7)
    depth = rng.choice([0, rng.uniform(0.05, 0.25), rng.uniform(0.3, 0.8)], p=world.weeks)
    profile[5:] *= 1 - depth
    if rng.random() < 0.06:  # a weekly batch
        profile[rng.integers(7)] *= rng.uniform(1.5, 3)
    return profile[dates.day_of_week], depth


def _noise(rng: np.random.Generator, days: int, world: World) -> np.ndarray:
    sigma = rng.choice(
        [rng.uniform(0.005, 0.03), rng.uniform(0.03, 0.08), rng.uniform(0.08, 0.2)], p=[0.3, 0.5, 0.2]
    )
    kind = rng.choice(["white", "ar", "heavy"], p=[0.5, 0.35, 0.15])
    shock = rng.standard_t(3, days) / np.sqrt(3) if kind == "heavy" else rng.normal(size=days)
    if kind == "ar":
        rho = rng.uniform(0.3, 0.8)
        for t in range(1, days):
            shock[t] = rho * shock[t - 1] + np.sqrt(1 - rho**2) * shock[t]
    return np.exp(np.clip(world.noise * sigma * shock, -1.5, 1.5))


def _incidents(rng: np.random.Generator, days: int, world: World) -> np.ndarray:
    effect = np.ones(days)
    for start in np.flatnonzero(rng.random(days) < world.incidents / 365):
        kind = rng.choice(["spike", "drop", "leak"], p=[0.6, 0.2, 0.2])
        if kind == "spike":
            effect[start : start + rng.integers(1, 6)] *= rng.uniform(1.3, 4)
        elif kind == "drop":
            effect[start : start + rng.integers(1, 4)] *= rng.uniform(0.05, 0.7)
        else:
            length = rng.integers(14, 45)
            ramp = np.linspace(0, rng.uniform(0.2, 0.8), length)[: days - start]
            effect[start : start + length] *= 1 + ramp
    return effect


def _series(
    rng: np.random.Generator, dates: pd.DatetimeIndex, habit: dict, world: World
) -> tuple[np.ndarray, ...]:
    """Mean, cost, the factor of events and that of lasting ones."""
    days = len(dates)
    money = np.exp(rng.normal(3.5, 1.6))
    weekday, depth = _weekday(rng, dates, world)
    follows = rng.random() < (0.85 if depth > 0.04 else 0.3)
    holiday = 1 - _holidays(dates, habit) * follows * rng.uniform(0.6, 1.2)
    level = np.ones(days)
    for shift in np.flatnonzero(rng.random(days) < world.jumps / 365):
        level[shift:] *= np.exp(rng.normal(0, 0.4))
    alive = np.ones(days)
    if rng.random() < 0.14:  # launched, at once or over two weeks
        start = rng.integers(20, days - 20)
        ramp = rng.integers(1, 15)
        alive[:start] = 0
        alive[start : start + ramp] = np.linspace(1 / ramp, 1, ramp)[: days - start]
    if rng.random() < 0.07:
        alive[rng.integers(60, days) :] = 0
    trend = _trend(rng, days, world)
    events = level * alive * _incidents(rng, days, world)
    mean = money * trend * weekday * np.maximum(holiday, 0.05) * events
    cost = mean * _noise(rng, days, world)
    fee = _fees(rng, dates, money, world) * (alive > 0)
    if rng.random() < 0.03:  # a refund on one day
        day = rng.integers(days)
        mean[day] -= 2 * money
        cost[day] -= 2 * money
    sign = -1 if rng.random() < 0.02 else 1
    return sign * (mean + fee), sign * (cost + fee), events, level * alive


def _fees(rng: np.random.Generator, dates: pd.DatetimeIndex, money: float, world: World) -> np.ndarray:
    fee = np.zeros(len(dates))
    draw, edges = rng.random(), np.cumsum(world.fees)
    if draw < edges[0]:
        fee[dates.day == 1] = money * rng.uniform(0.5, 12)
    elif draw < edges[1]:
        fee[dates.day == rng.integers(2, 29)] = money * rng.uniform(1, 8)
    elif draw < edges[2]:
        fee[dates.day == 1] = -money * rng.uniform(0.2, 0.8)
    if rng.random() < 0.05:
        fee[: rng.integers(len(dates))] = 0
    return fee * rng.normal(1, 0.01, len(dates))


def _shared_incidents(rng: np.random.Generator, keys: pd.DataFrame, parts: tuple[np.ndarray, ...]) -> None:
    for _ in range(5):
        account = rng.choice(keys["sub_account_id"].unique())
        rows = np.flatnonzero((keys["sub_account_id"] == account) & (rng.random(len(keys)) < 0.6))
        start, length, factor = rng.integers(parts[0].shape[1]), rng.integers(1, 5), rng.uniform(1.3, 2.5)
        for part in parts:
            part[rows, start : start + length] *= factor
