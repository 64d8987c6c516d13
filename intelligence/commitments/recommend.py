"""The way in: usage and prices to what to commit to next.

Here: the order of the steps, and the frame that is handed out. Not here: any step.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from intelligence.commitments import choose
from intelligence.commitments.futures import Futures, Shape, shape
from intelligence.commitments.levels import drawn
from intelligence.commitments.owned import by_end, months_left
from intelligence.commitments.panel import KEYS, Panel, check, panels
from intelligence.commitments.prices import Offer, PriceList
from intelligence.commitments.schedule import HOURS_IN_MONTH, break_even_month, payments
from intelligence.commitments.settings import COVERAGE, UTILIZATION, CommitmentSettings
from intelligence.commitments.words import NO_PRICE, basis, reason

MEASURES = [
    "target_hourly_commitment",
    "hourly_commitment",
    "quantity",
    "upfront_cost",
    "monthly_cost",
    "expected_monthly_savings",
    "savings_p10",
    "savings_p50",
    "savings_p90",
    "break_even_month",
    "expected_utilization_pct",
    "coverage_before_pct",
    "coverage_after_pct",
]
RECOMMENDATIONS = [
    *KEYS,
    "term_months",
    "payment_option",
    "is_best",
    *MEASURES,
    "basis",
    "reason",
    "as_of_date",
]


def recommend(
    usage: pd.DataFrame,
    prices: pd.DataFrame,
    owned: pd.DataFrame | None = None,
    forecast: pd.DataFrame | None = None,
    complete_through: pd.DataFrame | None = None,
    settings: CommitmentSettings | None = None,
) -> pd.DataFrame:
    """What to buy for each family, one row for each term and payment option that has a price: columns
    RECOMMENDATIONS.

    `usage`: all that is eligible, covered or not, as in `panel.panels`; `prices`: columns PRICES, as
    `prices_from_usage` and `with_overrides` give them. `owned`: commitment_discount_id, ends_at: what it
    covers is taken off the demand of the months until it ends (unknown: of all months). `forecast`: KEYS,
    month (1 is the first after the last day), factor (demand of it as a share of today's), spread (of the
    factor, a share): the first months' demand, in place of the usage's own trend.

    Money is in billing_currency; commitments per hour, at committed prices. Offers of one family are
    alternatives: `is_best` marks the one that saves most. A family where nothing is to be bought has a
    commitment of 0 and the `reason`; one without any price has a row without a term. Savings are means per
    month over the term, p10, p50 and p90 over drawn futures. Raises ValueError where a frame lacks a column.
    """
    settings = settings or CommitmentSettings()
    check(usage)
    listed = PriceList(prices)
    factors = _factors(forecast)
    rows = []
    for panel in panels(by_end(usage, owned), complete_through):
        rows += _best_first(list(_family(panel, listed, factors, settings)))
    frame = pd.DataFrame(rows, columns=RECOMMENDATIONS)
    frame["is_best"] = frame["is_best"].astype(bool)
    return frame.astype({name: float for name in MEASURES if name != "break_even_month"}).astype(
        {"break_even_month": "Int64", "term_months": "Int64"}
    )


def _family(
    panel: Panel,
    prices: PriceList,
    factors: dict[tuple, tuple[np.ndarray, np.ndarray]],
    settings: CommitmentSettings,
) -> Iterator[dict[str, object]]:
    found = prices.offers(panel.keys, panel.meters)
    common = {**panel.keys, "as_of_date": panel.last_day.astype("datetime64[s]"), "is_best": False}
    if not found:
        yield {**common, **_nothing(), "basis": basis(panel), "reason": NO_PRICE}
    for offer in found:
        rates, demand, covered = panel.by_rate(offer.discount)
        shaped = shape(demand, panel.weight, panel.age, covered)
        row = {**common, "term_months": offer.term_months, "payment_option": offer.payment_option}
        forecast = factors.get(_key(panel.keys))
        about = basis(panel, offer, forecast is not None)
        if panel.days < settings.min_history_days:
            short = f"{panel.days} of the {settings.min_history_days} days needed are known"
            yield {**row, **_nothing(), "basis": about, "reason": short}
        elif shaped.level.now <= 0 or not len(shaped.weight):
            yield {**row, **_nothing(), "basis": about, "reason": "nothing is used any more"}
        else:
            yield {**row, **_offered(panel, offer, rates, shaped, forecast, settings), "basis": about}


def _offered(
    panel: Panel,
    offer: Offer,
    rates: np.ndarray,
    shaped: Shape,
    forecast: tuple[np.ndarray, np.ndarray] | None,
    settings: CommitmentSettings,
) -> dict[str, object]:
    months = settings.horizon_months or offer.term_months
    draws = drawn(shaped.level, months, settings.draws, settings.seed, *(forecast or (None, None)))
    futures = Futures.of(shaped, rates, draws, months_left(panel.covered))
    demand = shaped.demand.sum(axis=0) @ shaped.weight / shaped.weight.sum() * draws.mean()
    already = float(demand - futures.total().mean())
    already = already if already > 1e-9 * demand else 0.0
    target, unit = _whole_units(
        panel, rates, futures, choose.choose(futures, settings, already), settings.mode
    )
    bought, limits = _limited(target, unit, offer, settings)
    return {
        **_worth(offer, futures, bought, already),
        "target_hourly_commitment": target,
        "quantity": bought / unit if unit else np.nan,
        "reason": reason(bought, rates, settings, limits),
    }


def _limited(
    target: float, unit: float, offer: Offer, settings: CommitmentSettings
) -> tuple[float, list[str]]:
    """What is bought now of the target, and which limits say so."""
    bought, limits = target / settings.ladder_steps, []
    if settings.ladder_steps > 1 and target > 0:
        bought = unit * max(round(bought / unit), 1) if unit else bought
        limits.append(f"the first of {settings.ladder_steps} monthly purchases")
    if settings.max_purchase_cost is not None:
        most = settings.max_purchase_cost / (HOURS_IN_MONTH * offer.term_months)
        if bought > most:
            bought = unit * np.floor(most / unit) if unit else most
            limits.append("held to the money that one purchase may commit")
    return bought, limits


def _worth(offer: Offer, futures: Futures, bought: float, already: float) -> dict[str, object]:
    covered, _ = futures.at(bought)
    saved = HOURS_IN_MONTH * (covered.mean(axis=1) - bought)
    low, middle, high = np.quantile(saved, (0.1, 0.5, 0.9))
    upfront, monthly = payments(bought, offer.term_months, offer.upfront)
    eligible = float(futures.total().mean()) + already
    avoided = HOURS_IN_MONTH * covered.mean(axis=0)
    return {
        "hourly_commitment": bought,
        "upfront_cost": upfront,
        "monthly_cost": monthly,
        "expected_monthly_savings": saved.mean(),
        "savings_p10": low,
        "savings_p50": middle,
        "savings_p90": high,
        "break_even_month": break_even_month(avoided, upfront, monthly) if bought > 0 else None,
        "expected_utilization_pct": 100 * choose.utilization(futures, bought).mean()
        if bought > 0
        else np.nan,
        "coverage_before_pct": 100 * already / eligible if eligible > 0 else np.nan,
        "coverage_after_pct": 100 * (covered.mean() + already) / eligible if eligible > 0 else np.nan,
    }


def _whole_units(
    panel: Panel, rates: np.ndarray, futures: Futures, target: float, mode: str
) -> tuple[float, float]:
    """Of a commitment to usage whole units are sold: the one beside the target that keeps to the mode's aim,
    and a unit's price; 0 where units are not known."""
    if panel.keys["commitment_category"] != "Usage" or not panel.unit_cost > 0 or len(rates) != 1:
        return target, 0.0
    unit = panel.unit_cost * (1 - float(rates[0]))
    below = unit * np.floor(target / unit + 1e-9)
    above = below if target - below <= 1e-9 * unit else below + unit
    if mode == UTILIZATION:
        return below, unit
    if mode == COVERAGE:
        return above, unit
    return max((below, above), key=lambda c: float(choose.savings(futures, c).mean())), unit


def _nothing() -> dict[str, object]:
    return {name: 0.0 for name in MEASURES if not name.endswith(("_pct", "_month", "quantity"))}


def _key(keys: dict[str, object] | pd.Series) -> tuple:
    return tuple(None if pd.isna(keys[name]) else keys[name] for name in KEYS)


def _factors(forecast: pd.DataFrame | None) -> dict[tuple, tuple[np.ndarray, np.ndarray]]:
    if forecast is None or not len(forecast):
        return {}
    found = {}
    for keys, rows in forecast.sort_values("month").groupby(KEYS, dropna=False):
        rows = rows[(rows["factor"] >= 0) & rows["spread"].notna()]
        if len(rows):
            named = _key(dict(zip(KEYS, keys, strict=True)))
            found[named] = (rows["factor"].to_numpy(float), rows["spread"].to_numpy(float))
    return found


def _best_first(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    rows.sort(key=lambda row: -float(row["expected_monthly_savings"]))
    if float(rows[0]["expected_monthly_savings"]) > 0:
        rows[0]["is_best"] = True
    return rows
