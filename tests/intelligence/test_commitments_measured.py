"""Purchases at past months' ends, on families and seeds that nothing was tuned on, against what hindsight would buy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.commitments.families import FAMILIES, hourly, prices, usage
from intelligence.commitments import CommitmentSettings, backtest
from intelligence.commitments.backtest import BACKTEST, STRATEGIES

SEEDS = (31, 32, 33)


def measured(family: str, mode: str) -> pd.DataFrame:
    curves = {f"{family} {seed}": hourly(family, seed) for seed in SEEDS}
    return backtest(usage(curves), prices(), settings=CommitmentSettings(mode=mode))


@pytest.fixture(scope="module", params=FAMILIES)
def default(request: pytest.FixtureRequest) -> pd.DataFrame:
    return measured(request.param, "savings")


def test_the_default_saves_nine_tenths_of_what_hindsight_would(default: pd.DataFrame) -> None:
    saved = default.groupby("strategy")["saving_cost"].sum()
    assert saved["engine"] >= 0.9 * saved["hindsight"]
    assert saved["engine"] > saved["mean"] and saved["engine"] > saved["none"] == 0


def test_nobody_beats_hindsight_and_regret_is_the_difference(default: pd.DataFrame) -> None:
    assert (default["regret_cost"] > -1e-6).all()
    keys = ["family", "purchase_date"]
    best = default[default["strategy"] == "hindsight"].set_index(keys)["saving_cost"]
    others = default.set_index(keys)
    assert np.allclose(others["saving_cost"] + others["regret_cost"], best.reindex(others.index))


def test_every_month_end_has_every_strategy_and_is_priced_to_the_end(default: pd.DataFrame) -> None:
    ends = default.groupby("family")["purchase_date"].unique()
    assert all(len(found) == 11 and pd.DatetimeIndex(found).is_month_end.all() for found in ends)
    assert len(default) == 11 * len(SEEDS) * len(STRATEGIES) and list(default.columns) == BACKTEST
    days = (pd.Timestamp("2025-12-31") - default["purchase_date"]).dt.days
    assert np.allclose(default["months_priced"] * 365.25 / 12, days)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_target_utilisation_is_met_at_little_cost(family: str) -> None:
    found = measured(family, "target_utilization")
    engine = found[found["strategy"] == "engine"]
    committed = engine["hourly_commitment"] * engine["months_priced"]
    assert (engine["utilization_pct"] * committed).sum() / committed.sum() >= 95
    saved = found.groupby("strategy")["saving_cost"].sum()
    assert saved["engine"] >= 0.9 * saved["hindsight"]
    best = found[found["strategy"] == "hindsight"]
    assert (best["utilization_pct"] > 95 - 1e-6).all()


def test_no_strategy_sees_what_comes() -> None:
    """Other usage after a month's end changes the outcome, and no purchase but hindsight's."""
    cost = hourly("steady", 34, days=120)
    other = cost.copy()
    other[59 * 24 :] *= 0.5  # from March on
    one, two = (backtest(usage({"steady": curve}), prices()) for curve in (cost, other))
    early = one["purchase_date"] <= "2025-02-28"
    foresighted = one["strategy"] == "hindsight"
    assert (one["hourly_commitment"] == two["hourly_commitment"])[early & ~foresighted].all()
    assert (one["hourly_commitment"] > two["hourly_commitment"])[early & foresighted].all()


def test_too_little_usage_has_no_backtest() -> None:
    assert backtest(usage({"steady": hourly("steady", 35, days=40)}), prices()).empty
    assert backtest(usage({"steady": np.ones(0)}), prices()).empty
