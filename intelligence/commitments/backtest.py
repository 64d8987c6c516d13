"""What the engine's purchases would have done: bought at each month's end, priced over the months after it.

Here: origins, strategies and their outcome. Not here: how a commitment is chosen.

Each purchase stands alone, as if nothing were owned: all eligible usage is demand, covered or not. It is
judged over its term, or as much of it as has come to pass, and the engine is told for how long, never what
comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from intelligence.commitments import choose
from intelligence.commitments.curves import optimal_commitment, outcome
from intelligence.commitments.futures import Futures, shape
from intelligence.commitments.levels import drawn
from intelligence.commitments.panel import KEYS, Panel, panels
from intelligence.commitments.prices import PriceList
from intelligence.commitments.schedule import DAYS_IN_MONTH
from intelligence.commitments.settings import UTILIZATION, CommitmentSettings
from intelligence.commitments.words import basis

RECENT_DAYS = 30
STRATEGIES = ("engine", "none", "minimum", "mean", "best_fit_30_days", "hindsight")
BACKTEST = [
    *KEYS,
    "term_months",
    "payment_option",
    "purchase_date",
    "strategy",
    "months_priced",
    "hourly_commitment",
    "on_demand_cost",
    "saving_cost",
    "regret_cost",
    "utilization_pct",
    "coverage_pct",
    "basis",
]


def backtest(
    usage: pd.DataFrame,
    prices: pd.DataFrame,
    complete_through: pd.DataFrame | None = None,
    settings: CommitmentSettings | None = None,
    min_future_days: int = 28,
) -> pd.DataFrame:
    """Each strategy's outcome for each family, offer and month's end: columns BACKTEST.

    `usage`, `prices` and `complete_through` as for `recommend`. Strategies: `engine` (with `settings`),
    `none`, `minimum`, `mean` and `best_fit_30_days` of the last 30 days, and `hindsight`, the best that there
    was; with target utilisation the best that is so much used. Costs are sums over `months_priced`; regret is
    hindsight's saving less the strategy's. A month's end counts with `settings.min_history_days` before it
    and `min_future_days` after it.
    """
    settings = settings or CommitmentSettings()
    listed, rows = PriceList(prices), []
    for panel in panels(usage, complete_through):
        about = basis(panel).replace("its own trend", "its own trend as of the purchase")
        for offer in listed.offers(panel.keys, panel.meters):
            rates, demand, _ = panel.by_rate(offer.discount)
            for end in _month_ends(panel, settings.min_history_days, min_future_days):
                for row in _origin(panel, rates, demand, offer.term_months, end, settings):
                    named = {
                        "term_months": offer.term_months,
                        "payment_option": offer.payment_option,
                        "basis": about,
                    }
                    rows.append({**panel.keys, **named, **row})
    frame = pd.DataFrame(rows, columns=BACKTEST)
    return frame.astype({name: float for name in BACKTEST[len(KEYS) + 4 : -1]})


def _origin(
    panel: Panel,
    rates: np.ndarray,
    demand: np.ndarray,
    term_months: int,
    end: np.datetime64,
    settings: CommitmentSettings,
) -> Iterator[dict[str, object]]:
    before = panel.day <= end
    after = ~before & ((panel.day - end).astype(int) <= round(term_months * DAYS_IN_MONTH))
    age = (end - panel.day[before]).astype(int)
    past, future = (demand[:, before], panel.weight[before]), (demand[:, after], panel.weight[after])
    months = (panel.day[after][-1] - end).astype(int) / DAYS_IN_MONTH
    plan = settings if settings.horizon_months else _over(settings, months)
    hourly = {
        "engine": planned(*past, age, rates, plan),
        "none": 0.0,
        **_rules(past[0][:, age < RECENT_DAYS], past[1][age < RECENT_DAYS], rates),
        "hindsight": hindsight(*future, rates, settings),
    }
    found = {name: outcome(hourly[name], future[0], rates, future[1]) for name in STRATEGIES}
    for name in STRATEGIES:
        yield {
            "purchase_date": end.astype("datetime64[s]"),
            "strategy": name,
            "months_priced": months,
            "hourly_commitment": hourly[name],
            "regret_cost": found["hindsight"]["saving_cost"] - found[name]["saving_cost"],
            **{key: value for key, value in found[name].items() if key in BACKTEST},
        }


def planned(
    demand: np.ndarray,
    weight: np.ndarray,
    age: np.ndarray,
    discount: np.ndarray,
    settings: CommitmentSettings,
) -> float:
    """The engine's commitment per hour out of past demand, rates x periods (on-demand cost per hour), each of
    `weight` hours and `age` days before the last day, for `settings.horizon_months` to come."""
    shaped = shape(demand, weight, age)
    if shaped.level.now <= 0 or len(age) == 0 or age.max() + 1 < settings.min_history_days:
        return 0.0
    draws = drawn(shaped.level, settings.horizon_months or 12, settings.draws, settings.seed)
    return choose.choose(Futures.of(shaped, discount, draws), settings)


def hindsight(
    demand: np.ndarray, weight: np.ndarray, discount: np.ndarray, settings: CommitmentSettings | None = None
) -> float:
    """The best commitment over a known demand; with target utilisation the best of those that are so much
    used."""
    best = float(optimal_commitment(demand, discount, weight))
    if settings is None or settings.mode != UTILIZATION or best <= 0:
        return best
    low, high = 0.0, best
    if outcome(best, demand, discount, weight)["utilization_pct"] >= settings.target:
        return best
    for _ in range(choose.STEPS):
        middle = (low + high) / 2
        used = outcome(middle, demand, discount, weight)["utilization_pct"]
        low, high = (middle, high) if used >= settings.target else (low, middle)
    return low


def _rules(demand: np.ndarray, weight: np.ndarray, rates: np.ndarray) -> dict[str, float]:
    """What simpler rules buy: in money at committed prices, all of a period's demand together."""
    needed = (np.maximum(demand, 0) * (1 - rates)[:, None]).sum(axis=0)
    known = np.isfinite(needed)
    if not known.any():
        return {"minimum": 0.0, "mean": 0.0, "best_fit_30_days": 0.0}
    return {
        "minimum": float(needed[known].min()),
        "mean": float(np.average(needed[known], weights=weight[known])),
        "best_fit_30_days": float(optimal_commitment(demand, rates, weight)),
    }


def _over(settings: CommitmentSettings, months: float) -> CommitmentSettings:
    return replace(settings, horizon_months=max(round(months), 1))


def _month_ends(panel: Panel, min_history_days: int, min_future_days: int) -> list[np.datetime64]:
    first, last = panel.day[0], panel.day[-1]
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
    ends = (months + 1).astype("datetime64[D]") - 1
    kept = ((ends - first).astype(int) + 1 >= min_history_days) & (
        (last - ends).astype(int) >= min_future_days
    )
    return list(ends[kept])
