"""Daily cost series with labelled incidents, made from a seed: what a detector is measured on.

Belongs here: the estate, its traps (launches, fees, holidays, credits, holes, an incomplete tail) and the
labels. Does not: detection and scores. Every parameter varies by seed, and noise comes from several families,
so that no threshold can be fitted to one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEKS = {
    "none": (1, 1, 1, 1, 1, 1, 1),
    "office": (1.08, 1.1, 1.1, 1.08, 1.0, 0.45, 0.4),
    "web": (0.95, 0.94, 0.96, 1.0, 1.08, 1.15, 1.05),
    "batch": (1.3, 1.0, 1.0, 1.0, 1.0, 0.1, 0.9),
}
NOISES = ("lognormal", "autocorrelated", "walk", "heavy", "gamma", "intermittent", "counts", "flat")
TINY = 1.0  # money a day under which an incident counts neither as one to find nor as a false alarm
HOLIDAYS = ((1, 1), (5, 1), (7, 4), (12, 24), (12, 25), (12, 26), (12, 31))


@dataclass(frozen=True)
class Labelled:
    """What was generated.

    `daily` and `completeness` are the frames that the detector takes. `labels` has one row per incident and
    series: incident, kind (`spike`, `drop`, `leak`, `tiny`), series_id, first, last (dates, inclusive),
    impact (money over or under the undisturbed cost). `normal` and `deviation` are series x days: the true
    undisturbed mean and the standard deviation of its logarithm, in the order of `series`, and `changes` the
    lasting changes in it; an oracle may look at them. `forbidden` marks what may never be flagged, `families`
    names the noise of each series.
    """

    daily: pd.DataFrame
    completeness: pd.DataFrame
    labels: pd.DataFrame
    series: list[str]
    days: np.ndarray
    normal: np.ndarray
    deviation: np.ndarray
    forbidden: np.ndarray
    families: list[str]
    changes: np.ndarray


def generate(seed: int, series: int = 300, days: int = 540, start: str = "2024-07-01") -> Labelled:
    """An estate of about ``series`` series over ``days`` days; the same seed gives the same estate."""
    rng = np.random.default_rng(seed)
    dates = np.datetime64(start, "D") + np.arange(days)
    keys = _keys(rng, series)
    undisturbed, deviation, noise, families = _costs(rng, len(keys), dates)
    factor, add, labels = _incidents(rng, keys, days, float(rng.uniform(0.6, 1.1)))
    changes = _changes(rng, labels, len(keys), days)
    normal = undisturbed * changes
    cost = normal * noise * factor + add * np.median(normal, axis=1, keepdims=True)
    impact = cost - normal * noise
    alive = _lives(rng, labels, len(keys), days)
    cost, normal = cost * alive, normal * alive
    cost, forbidden = _credits(rng, labels, cost)
    cost, holes = _holes(rng, keys, labels, cost)
    cost[:, -2] *= 0.6
    cost[:, -1] *= 0.3
    forbidden |= holes
    forbidden[:, -2:] = True
    return Labelled(
        _frame(rng, keys, dates, cost),
        _completeness(keys, dates),
        _label_frame(labels, keys, dates, impact),
        list(keys["series_id"]),
        dates,
        normal,
        deviation,
        forbidden,
        families,
        changes,
    )


def _keys(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """Services over sub accounts over one billing account per provider, in the order of series_id."""
    rows, accounts = [], max(2, int(rng.integers(4, 9) * count / 300) + 1)
    providers = ("aws", "azure", "gcp")[: int(rng.integers(2, 4))]
    per_account = max(2, round(count / (accounts * len(providers))))
    for provider in providers:
        for account in range(accounts):
            services = rng.choice(2 * per_account, per_account, replace=False)
            rows += [
                (provider, f"{provider}-payer", f"{provider}-{account:02d}", f"Service {s:02d}")
                for s in services
            ]
    keys = pd.DataFrame(rows, columns=["provider", "billing_account_id", "sub_account_id", "service_name"])
    keys["billing_currency"] = "USD"
    keys["series_id"] = keys["provider"] + "/" + keys["sub_account_id"] + "/" + keys["service_name"]
    return keys.sort_values("series_id", ignore_index=True)


def _costs(rng, count: int, dates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, list]:
    """True mean, deviation of the logarithm, noise with mean about one (each series x days), and its
    families.
    """
    days = len(dates)
    level = np.where(rng.random(count) < 0.07, rng.uniform(0.005, 0.4, count), rng.lognormal(4.5, 1.4, count))
    week = np.array([_week(rng) for _ in range(count)])[:, (dates.astype(int) + 3) % 7]
    slope = rng.normal(0.0003, rng.uniform(0.0003, 0.001), count)
    when = np.arange(days)
    season = 1 + rng.uniform(0, 0.15, count)[:, None] * np.sin(
        2 * np.pi * (when / 365.25 + rng.random(count)[:, None])
    )
    normal = level[:, None] * week * np.exp(slope[:, None] * when) * season
    normal *= _holiday(rng, count, dates)
    normal = _month_days(rng, normal, level, dates)
    noise, deviation = np.ones((count, days)), np.zeros((count, days))
    hardness = rng.uniform(0.7, 1.3)
    families = []
    weights = rng.dirichlet(np.array([4, 4, 2, 2, 2, 1.2, 1.2, 1.5]) * 3)
    for s in range(count):
        kind = NOISES[rng.choice(len(NOISES), p=weights)]
        families.append(str(kind))
        noise[s], deviation[s] = _noise(rng, kind, days, hardness)
    return normal, deviation, noise, families


def _week(rng) -> np.ndarray:
    shape = np.array(WEEKS[rng.choice(list(WEEKS), p=[0.35, 0.3, 0.25, 0.1])], float)
    return np.maximum(0.02, 1 + (shape - 1) * rng.uniform(0.4, 1.3)) * rng.lognormal(0, 0.03, 7)


def _holiday(rng, count: int, dates: np.ndarray) -> np.ndarray:
    """Closed offices, the quiet of Christmas, and shops' busy days, each for a part of the series."""
    frame = pd.DatetimeIndex(dates)
    closed = np.array([(d.month, d.day) in HOLIDAYS for d in frame])
    fourth = (frame.month == 11) & (frame.day_of_week == 3) & (frame.day >= 22) & (frame.day <= 28)
    closed |= fourth
    quiet = ((frame.month == 12) & (frame.day >= 24)) | ((frame.month == 1) & (frame.day <= 2))
    busy = np.roll(fourth, 1) | np.roll(fourth, 4)
    out = np.ones((count, len(dates)))
    for s in range(count):
        style = rng.random()
        if style < 0.3:
            out[s, closed] *= rng.uniform(0.35, 0.9)
            out[s, quiet & ~closed] *= rng.uniform(0.6, 1.0)
        elif style < 0.4:
            out[s, busy] *= rng.uniform(1.1, 1.8)
            out[s, (frame.month == 12) & (frame.day < 24)] *= rng.uniform(1.0, 1.25)
    return out


def _month_days(rng, normal, level, dates) -> np.ndarray:
    """Fees on one day of the month, and the busy end of months."""
    frame = pd.DatetimeIndex(dates)
    left = frame.days_in_month - frame.day
    for s in range(len(normal)):
        draw = rng.random()
        if draw < 0.10:
            normal[s] += np.where(frame.day == 1, level[s] * rng.lognormal(0.5, 0.9), 0)
        elif draw < 0.13:
            normal[s] += np.where(frame.day == rng.integers(2, 28), level[s] * rng.lognormal(0.5, 0.7), 0)
        elif draw < 0.17:
            normal[s] *= np.where(left < rng.integers(1, 4), rng.uniform(1.3, 2.2), 1)
    return normal


def _noise(rng, kind: str, days: int, hardness: float) -> tuple[np.ndarray, float]:
    sigma = min(0.4, hardness * rng.lognormal(np.log(0.12), 0.5))
    white = rng.standard_normal(days)
    if kind == "autocorrelated":
        rho = rng.uniform(0.3, 0.9)
        walk = np.empty(days)
        walk[0] = white[0]
        for t in range(1, days):
            walk[t] = rho * walk[t - 1] + np.sqrt(1 - rho**2) * white[t]
        return np.exp(sigma * walk), sigma
    if kind == "walk":
        steps = np.cumsum(rng.normal(0, rng.uniform(0.005, 0.025), days))
        return np.exp(sigma * 0.6 * white + steps - steps.mean()), sigma
    if kind == "heavy":
        return np.exp(0.6 * sigma * rng.standard_t(rng.uniform(3, 6), days)), sigma
    if kind == "gamma":
        shape = 1 / max(sigma, 0.02) ** 2
        return rng.gamma(shape, 1 / shape, days), sigma
    if kind == "intermittent":
        chance = rng.uniform(0.1, 0.6)
        return (rng.random(days) < chance) / chance * np.exp(0.4 * white), 0.8
    if kind == "counts":
        mean = np.exp(rng.uniform(np.log(0.7), np.log(15)))
        return rng.poisson(mean, days) / mean, 1 / np.sqrt(mean)
    if kind == "flat":
        return np.exp(rng.uniform(0, 0.01) * white), 0.02
    return np.exp(sigma * white), sigma


def _incidents(rng, keys: pd.DataFrame, days: int, rate: float):
    """Factors, additions (in multiples of the series' level) and labels of what a person would want to hear
    of.
    """
    count = len(keys)
    factor, add, labels = np.ones((count, days)), np.zeros((count, days)), []
    busy = np.zeros((count, days), bool)
    low, high = rng.uniform(1.25, 1.5), rng.uniform(4, 7)
    together = max(1, round(count * rng.uniform(0.02, 0.05)))
    alone = round(count * days / 365 * rate)
    kinds = ["together"] * together + list(rng.choice(["spike", "drop", "leak"], alone, p=_mix(rng)))
    for number, kind in enumerate(kinds):
        members = _members(rng, keys) if kind == "together" else [int(rng.integers(count))]
        length = int(rng.integers(20, 61)) if kind == "leak" else _length(rng)
        first = int(rng.integers(60, days - 4 - length))
        window = slice(first, first + length)
        size = np.exp(rng.uniform(np.log(low), np.log(high)))
        additive = rng.random() < 0.2
        for s in members:
            if busy[s, max(0, first - 21) : first + length + 21].any():
                continue
            busy[s, window] = True
            if kind == "drop":
                factor[s, window] = rng.uniform(0, 0.6)
            elif kind == "leak":
                ramp = np.linspace(0, 1, length + 1)[1:]
                end = rng.uniform(1.5, 4)
                factor[s, window] = end**ramp if rng.random() < 0.5 else 1 + (end - 1) * ramp
                if rng.random() < 0.3:  # nobody mends it: the new height stays
                    factor[s, first + length :] = end
            elif additive:
                add[s, window] = size - 1
            else:
                factor[s, window] = size * rng.uniform(0.8, 1.2)
            labels.append((number, "spike" if kind == "together" else kind, s, first, first + length - 1))
    return factor, add, labels


def _mix(rng) -> np.ndarray:
    mix = np.array([0.65, 0.17, 0.18]) * rng.uniform(0.7, 1.3, 3)
    return mix / mix.sum()


def _length(rng) -> int:
    draw = rng.random()
    return 1 if draw < 0.4 else int(rng.integers(2, 4)) if draw < 0.75 else int(rng.integers(4, 9))


def _members(rng, keys: pd.DataFrame) -> list[int]:
    """Services of one account, or one service over accounts."""
    one = keys.iloc[int(rng.integers(len(keys)))]
    column = "sub_account_id" if rng.random() < 0.6 else "service_name"
    same = np.flatnonzero((keys[column] == one[column]) & (keys["provider"] == one["provider"]))
    return list(rng.permutation(same)[: rng.integers(2, 8)])


def _changes(rng, labels, count: int, days: int) -> np.ndarray:
    """Launches, ramps and rightsizing: lasting changes that are no incident, clear of the labelled ones."""
    out = np.ones((count, days))
    for _ in range(round(count * days / 365 * rng.uniform(0.08, 0.2))):
        s, first = int(rng.integers(count)), int(rng.integers(40, days - 10))
        if any(m == s and first - 40 < b and a < first + 25 for _, _, m, a, b in labels):
            continue
        size = np.exp(rng.uniform(np.log(1.3), np.log(4))) if rng.random() < 0.7 else rng.uniform(0.3, 0.8)
        ramp = int(rng.integers(3, 16)) if rng.random() < 0.4 else 1
        out[s, first:] *= size ** np.minimum(1, np.arange(1, days - first + 1) / ramp)
    return out


def _lives(rng, labels, count: int, days: int) -> np.ndarray:
    alive = np.ones((count, days))
    for s in range(count):
        draw = rng.random()
        hit = [(a, b) for _, _, m, a, b in labels if m == s]
        if draw < 0.15:
            birth = int(rng.integers(10, days // 2))
            if all(a > birth + 45 for a, _ in hit):
                alive[s, :birth] = 0
        elif draw < 0.22:
            death = int(rng.integers(days // 2, days - 10))
            if all(b < death - 20 for _, b in hit):
                alive[s, death:] = 0
    return alive


def _credits(rng, labels, cost):
    """Days that a refund makes negative, clear of incidents."""
    forbidden = np.zeros(cost.shape, bool)
    for _ in range(max(1, round(len(cost) * rng.uniform(0.05, 0.15)))):
        s, day = int(rng.integers(len(cost))), int(rng.integers(20, cost.shape[1] - 3))
        if not any(m == s and a - 3 <= day <= b + 3 for _, _, m, a, b in labels):
            cost[s, day] -= np.abs(cost[s]).mean() * rng.uniform(1.5, 20)
            forbidden[s, day] = True
    return cost, forbidden


def _holes(rng, keys, labels, cost):
    """Days on which an export delivered nothing, or a part of every series."""
    holes = np.zeros(cost.shape, bool)
    for _, rows in keys.groupby("billing_account_id").indices.items():
        for _ in range(int(rng.integers(1, 4))):
            first = int(rng.integers(60, cost.shape[1] - 10))
            window = slice(first, first + int(rng.integers(1, 4)))
            cost[rows, window] *= 0 if rng.random() < 0.75 else rng.uniform(0.2, 0.6)
            holes[rows, window] = True
    return cost, holes


def _frame(rng, keys, dates, cost) -> pd.DataFrame:
    """The detector's input: no row where there is no cost, and money at a bill's precision."""
    row, day = np.nonzero(np.round(cost, 6))
    frame = keys.iloc[row].reset_index(drop=True)
    frame["charge_date"] = dates[day]
    frame["effective_cost"] = np.round(cost[row, day], 6)
    return frame.sample(frac=1, random_state=int(rng.integers(2**31)), ignore_index=True)


def _completeness(keys, dates) -> pd.DataFrame:
    sources = keys[["provider", "billing_account_id"]].drop_duplicates(ignore_index=True)
    return sources.assign(complete_through=dates[-3])


def _label_frame(labels, keys, dates, impact) -> pd.DataFrame:
    rows = [
        (number, kind, keys["series_id"][s], dates[a], dates[b], float(impact[s, a : b + 1].sum()))
        for number, kind, s, a, b in labels
    ]
    frame = pd.DataFrame(rows, columns=["incident", "kind", "series_id", "first", "last", "impact"])
    length = (frame["last"] - frame["first"]).dt.days + 1
    return frame.assign(kind=frame["kind"].where(frame["impact"].abs() >= TINY * length, "tiny"))
