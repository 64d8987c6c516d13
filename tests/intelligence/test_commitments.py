"""The engine of commitments against brute force, and what people can ask of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intelligence.commitments import (
    CommitmentSettings,
    ladder,
    optimal_commitment,
    outcome,
    prices_from_usage,
    recommend,
    with_overrides,
)
from intelligence.commitments.levels import Level, drawn, level, path
from intelligence.commitments.schedule import break_even_month, payments

KEYS = {
    "provider": "aws",
    "billing_account_id": "1",
    "commitment_type": "Savings Plan",
    "commitment_category": "Spend",
    "family": "Compute",
    "region_id": None,
    "billing_currency": "USD",
}
OFFER = {
    "provider": "aws",
    "commitment_type": "Savings Plan",
    "family": None,
    "region_id": None,
    "meter": None,
    "term_months": 12,
    "payment_option": "No Upfront",
    "discount_pct": 28.0,
    "upfront_pct": 0.0,
    "price_source": "test",
}


def usage(cost: np.ndarray, hours: float = 24.0, **columns: object) -> pd.DataFrame:
    start = np.datetime64("2026-01-01T00", "s") + (np.arange(len(cost)) * hours * 3600).astype(
        "timedelta64[s]"
    )
    frame = {**KEYS, "meter": "m", "period_start": start, "hours": hours, "on_demand_cost": cost}
    return pd.DataFrame({**frame, **columns})


def prices(**columns: object) -> pd.DataFrame:
    return pd.DataFrame([{**OFFER, **columns}])


def bought(frame: pd.DataFrame, offer: pd.DataFrame | None = None, **settings: object) -> pd.Series:
    found = recommend(frame, prices() if offer is None else offer, settings=CommitmentSettings(**settings))
    assert len(found) == 1
    return found.iloc[0]


def saving_by_hand(
    commitment: float, demand: list[list[float]], discounts: list[float], weight: list[float]
) -> float:
    """Hour by hour, in plain Python: the highest discount is drawn first."""
    saved = 0.0
    for hour, hours in enumerate(weight):
        left, covered = commitment, 0.0
        for discount, row in sorted(zip(discounts, demand, strict=True), key=lambda pair: -pair[0]):
            taken = min(left, row[hour] * (1 - discount))
            left, covered = left - taken, covered + taken / (1 - discount)
        saved += hours * (covered - commitment)
    return saved


@pytest.mark.parametrize("seed", range(40))
def test_no_commitment_saves_a_cent_more(seed: int) -> None:
    random = np.random.default_rng(seed)
    rates, hours = random.integers(1, 4), random.integers(1, 25)
    demand = random.gamma(2, 5, (rates, hours)) * (random.random((rates, hours)) > 0.2)
    discounts = random.choice([0.0, 0.1, 0.28, 0.28, 0.5], rates)
    weight = random.integers(1, 25, hours).astype(float)
    best = optimal_commitment(demand, discounts, weight)
    said = outcome(best, demand, discounts, weight)["saving_cost"]
    by_hand = [
        saving_by_hand(c, demand.tolist(), discounts.tolist(), weight.tolist())
        for c in [*np.linspace(0, demand.sum(axis=0).max(), 1500), best]
    ]
    assert said == pytest.approx(by_hand[-1], abs=1e-9)
    assert said >= max(by_hand) - 0.005


def test_of_one_rate_it_is_the_quantile_of_the_discount() -> None:
    demand = np.random.default_rng(3).gamma(2, 5, 1001)
    wanted = np.quantile(demand, 0.28, method="inverted_cdf") * (1 - 0.28)
    assert optimal_commitment(demand, 0.28) == pytest.approx(wanted, rel=1e-12)


def test_many_curves_at_once_are_each_their_own() -> None:
    demand = np.random.default_rng(4).gamma(2, 5, (5, 2, 50))
    together = optimal_commitment(demand, np.array([0.2, 0.4]))
    assert list(together) == [optimal_commitment(curve, np.array([0.2, 0.4])) for curve in demand]


@pytest.mark.parametrize(
    ("demand", "discount", "best"),
    [
        ([], 0.3, 0.0),
        ([0, 0, 0], 0.3, 0.0),
        ([5, 5, 5], 0.0, 0.0),
        ([5, 5, 5], -0.1, 0.0),
        ([np.nan, 2, 2], 0.5, 1.0),
        ([np.inf, 2, 2], 0.5, 1.0),
        ([-4, 2, 2, 2], 0.5, 1.0),
        ([np.nan, np.nan], 0.5, 0.0),
        ([1e15, 1e15], 0.25, 7.5e14),
    ],
)
def test_odd_demand_has_a_sane_answer(demand: list[float], discount: float, best: float) -> None:
    assert optimal_commitment(np.array(demand), discount) == pytest.approx(best, rel=1e-12)


def test_a_discount_of_all_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        optimal_commitment(np.ones(3), 1.0)


def test_steady_demand_is_bought_nearly_whole_and_its_months_are_money() -> None:
    row = bought(usage(np.full(180, 240.0)))
    assert row["hourly_commitment"] == pytest.approx(7.2, rel=0.03)  # 10 an hour at 28 percent off
    assert row["monthly_cost"] == pytest.approx(row["hourly_commitment"] * 730)
    assert row["expected_monthly_savings"] == pytest.approx(730 * 10 * 0.28, rel=0.05)
    assert row["savings_p10"] <= row["savings_p50"] <= row["savings_p90"]
    assert row["is_best"] and row["break_even_month"] == 1 and row["coverage_before_pct"] == 0
    assert "charges of up to 24 hours, their hours taken as alike" in row["basis"]


def test_days_and_their_hours_give_one_answer() -> None:
    by_day = np.random.default_rng(5).lognormal(3, 0.1, 120)
    hourly = usage(np.repeat(by_day / 24, 24), hours=1.0)
    one, other = bought(usage(by_day)), bought(hourly)
    assert one["hourly_commitment"] == pytest.approx(other["hourly_commitment"], rel=1e-9)
    assert "by the hour" in other["basis"]


@pytest.mark.parametrize(
    ("cost", "reason"),
    [
        (np.full(5, 10.0), "5 of the 14 days"),
        (np.zeros(60), "nothing is used"),
        (np.full(60, np.nan), "nothing is used"),
        (-np.ones(60), "nothing is used"),
        (np.r_[np.ones(60), np.zeros(10)], "nothing is used"),
        (np.tile(np.r_[np.ones(1), np.zeros(6)], 12), "often enough"),
    ],
)
def test_where_nothing_is_to_be_bought_a_row_says_why(cost: np.ndarray, reason: str) -> None:
    row = bought(usage(cost))
    assert row["hourly_commitment"] == 0 and row["expected_monthly_savings"] == 0 and not row["is_best"]
    assert reason in row["reason"]


def test_without_a_price_a_row_says_so_and_without_usage_there_is_none() -> None:
    row = bought(usage(np.ones(60)), prices(provider="gcp"))
    assert "no price is known" in row["reason"] and pd.isna(row["term_months"])
    assert "would cost no less" in bought(usage(np.ones(60)), prices(discount_pct=-3.0))["reason"]
    assert recommend(usage(np.ones(0)), prices()).empty


def test_missing_columns_are_named() -> None:
    with pytest.raises(ValueError, match="usage lacks the columns hours"):
        recommend(usage(np.ones(3)).drop(columns="hours"), prices())
    with pytest.raises(ValueError, match="prices lack the columns discount_pct"):
        recommend(usage(np.ones(3)), prices().drop(columns="discount_pct"))


NOISY = usage(np.random.default_rng(6).lognormal(5, 0.3, 180))


def test_every_way_of_caution_buys_less_and_surer() -> None:
    default = bought(NOISY)
    for careful in ({"discount_margin": 0.1}, {"cvar_weight": 2.0}, {"mode": "target_utilization"}):
        row = bought(NOISY, **careful)
        assert 0 < row["hourly_commitment"] < default["hourly_commitment"]
        assert row["expected_utilization_pct"] > default["expected_utilization_pct"]
        assert row["expected_monthly_savings"] <= default["expected_monthly_savings"] + 1e-6
    assert row["expected_utilization_pct"] > 95


def test_a_target_coverage_is_met_and_no_more() -> None:
    for target in (30.0, 60.0, 90.0):
        row = bought(NOISY, mode="target_coverage", target_pct=target)
        assert row["coverage_after_pct"] == pytest.approx(target, abs=0.01)


def test_a_purchase_keeps_to_its_money_and_a_ladder_has_even_steps() -> None:
    row = bought(NOISY, max_purchase_cost=5000.0)
    assert row["hourly_commitment"] * 730 * 12 == pytest.approx(5000)
    assert row["target_hourly_commitment"] > row["hourly_commitment"] and "one purchase" in row["reason"]
    found = recommend(NOISY, prices(), settings=CommitmentSettings(ladder_steps=12))
    assert found["hourly_commitment"][0] == pytest.approx(found["target_hourly_commitment"][0] / 12)
    steps = ladder(found, 12, pd.Timestamp("2026-07-01"))
    assert list(steps["purchase_month"].dt.month) == [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6]
    assert steps["hourly_commitment"].sum() == pytest.approx(found["target_hourly_commitment"][0])
    assert steps["owned_hourly_commitment"].iloc[-1] == pytest.approx(found["target_hourly_commitment"][0])


def test_what_is_owned_is_taken_off_until_it_ends() -> None:
    """Half of 10 an hour is covered, for all of the term, half of it or none."""
    cost = np.full(180, 120.0)
    covered = usage(cost, commitment_discount_id="owned")
    both = pd.concat([usage(cost, commitment_discount_id=None), covered], ignore_index=True)

    def after(end: str | None) -> pd.Series:
        owned = pd.DataFrame({"commitment_discount_id": ["owned"], "ends_at": [end]})
        return recommend(both, prices(), owned=owned).iloc[0]

    unknown, late, middle, soon = (after(end) for end in (None, "2028-01-01", "2026-12-30", "2026-07-02"))
    assert unknown["hourly_commitment"] == pytest.approx(late["hourly_commitment"])
    assert late["hourly_commitment"] == pytest.approx(3.6, rel=0.06)
    assert late["coverage_before_pct"] == pytest.approx(50, abs=2)
    assert middle["coverage_before_pct"] == pytest.approx(25, abs=3)
    assert soon["hourly_commitment"] == pytest.approx(7.2, rel=0.04) and soon["coverage_before_pct"] == 0


def test_a_forecast_stands_in_the_place_of_the_trend() -> None:
    frame = usage(np.full(180, 240.0))
    forecast = pd.DataFrame([{**KEYS, "month": month, "factor": 0.5, "spread": 0.01} for month in (1, 2, 3)])
    row = recommend(frame, prices(), forecast=forecast).iloc[0]
    assert row["hourly_commitment"] == pytest.approx(3.6, rel=0.05) and "forecast" in row["basis"]


@pytest.mark.parametrize(
    ("settings", "machines"),
    [({}, 2), ({"mode": "target_utilization"}, 2), ({"mode": "target_coverage", "target_pct": 90.0}, 3)],
)
def test_machines_are_bought_whole(settings: dict[str, object], machines: int) -> None:
    """2.4 machines on average at 1 an hour: two are always used, the third two fifths of the time."""
    cost = np.tile([48.0, 48.0, 72.0, 72.0, 48.0], 36)
    columns = {"commitment_category": "Usage", "usage_quantity": cost}
    row = bought(usage(cost, **columns), **settings)
    assert row["quantity"] == pytest.approx(machines)
    assert row["hourly_commitment"] == pytest.approx(machines * 0.72)


def test_meters_of_other_discounts_are_drawn_by_the_highest() -> None:
    """A meter always on at 10 percent off, one always on at 50: bought are both, at their own prices."""
    frame = pd.concat([usage(np.full(180, 240.0)), usage(np.full(180, 240.0), meter="deep")])
    offer = pd.concat([prices(meter="m", discount_pct=10.0), prices(meter="deep", discount_pct=50.0)])
    row = bought(frame, offer)
    assert 5 < row["hourly_commitment"] <= 14
    assert row["expected_monthly_savings"] > 730 * 10 * 0.5 * 0.95


def test_prices_are_what_owned_commitments_cost() -> None:
    shared = {"provider": "aws", "commitment_type": "Savings Plan", "family": "Compute", "region_id": None}
    rows = [
        {"meter": "a", "on_demand_cost": 100.0, "effective_cost": 60.0},
        {"meter": "b", "on_demand_cost": 100.0, "effective_cost": 80.0},
    ]
    term = {"term_months": 12, "payment_option": "Partial Upfront"}
    found = prices_from_usage(pd.DataFrame([{**shared, **term, **row} for row in rows]))
    assert found.set_index("meter")["discount_pct"].to_dict() == pytest.approx(
        {np.nan: 30, "a": 40, "b": 20}, nan_ok=True
    )
    assert set(found["upfront_pct"]) == {50.0} and set(found["price_source"]) == {"owned commitments"}


def test_a_price_seed_overrides_and_a_wrong_line_is_named() -> None:
    given = pd.DataFrame([{**OFFER, "family": "Compute", "discount_pct": 40.0, "upfront_pct": np.nan}])
    replaced = with_overrides(prices(family="Compute"), given)
    assert list(replaced["discount_pct"]) == [40.0] and list(replaced["price_source"]) == ["price seed"]
    assert len(with_overrides(prices(family="Other"), given)) == 2
    for wrong, said in (
        ({"discount_pct": 0.0}, "discount_pct is 0.0"),
        ({"term_months": 0}, "term_months is 0"),
        ({"upfront_pct": 120.0}, "upfront_pct is 120.0"),
        ({"payment_option": "Later"}, "payment_option is 'Later'"),
    ):
        with pytest.raises(ValueError, match=f"commitment_prices.csv, line 3: {said}"):
            with_overrides(prices(), pd.concat([given, given.assign(**wrong)]))


def test_payments_add_up_and_break_even_is_the_formula() -> None:
    upfront, monthly = payments(hourly=1.0, term_months=12, upfront=0.5)
    assert (upfront, monthly) == (pytest.approx(4380), pytest.approx(365))
    # U / (A - r) = 4380 / (1000 - 365) = 6.9
    assert break_even_month(np.full(12, 1000.0), upfront, monthly) == 7
    assert break_even_month(np.full(12, 500.0), upfront, monthly) is None
    assert break_even_month(np.full(12, 800.0), 0.0, 730.0) == 1


def test_noise_is_no_trend_and_a_trend_is_followed_down_and_not_up() -> None:
    weeks = np.arange(26)
    noise = np.random.default_rng(7).lognormal(0, 0.03, 26)
    assert abs(level(100 * noise).slope) < 0.003
    falling, rising = level(100 * 0.98**weeks * noise), level(100 * 1.02**weeks * noise)
    assert falling.slope == pytest.approx(np.log(0.98), abs=0.003)
    assert falling.now == pytest.approx(100 * 0.98**25, rel=0.05)
    down, up = path(falling.slope, 12, False), path(rising.slope, 12, False)
    assert rising.slope > 0.015 and (up == 1).all()
    assert down[-1] < 0.45


def test_futures_are_drawn_the_same_from_the_same_seed() -> None:
    one, other, third = (drawn(Level(1.0), 12, 50, seed) for seed in (1, 1, 2))
    assert (one == other).all() and (one != third).any() and one.shape == (50, 12)
    assert one.mean() == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "most"},
        {"target_pct": 0.0},
        {"target_pct": 101.0},
        {"discount_margin": 1.0},
        {"cvar_weight": -1.0},
        {"confidence": 1.0},
        {"max_purchase_cost": 0.0},
        {"ladder_steps": 0},
        {"horizon_months": 0},
    ],
    ids=str,
)
def test_settings_that_mean_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        CommitmentSettings(**wrong)
