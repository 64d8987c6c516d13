"""What the detector says of hand-made series whose answer is known, and what it must never say."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from intelligence.anomalies import COLUMNS, BadInput, Settings, UnknownMethod, anomalies, explanations

START = pd.Timestamp("2025-01-06")  # a Monday


def daily(
    costs: dict[tuple[str, str], np.ndarray], start: pd.Timestamp = START, account: str = "payer"
) -> pd.DataFrame:
    """Rows of series named by (sub account, service)."""
    parts = [
        pd.DataFrame(
            {
                "series_id": f"aws/{sub}/{service}",
                "provider": "aws",
                "billing_account_id": account,
                "sub_account_id": sub,
                "service_name": service,
                "billing_currency": "USD",
                "charge_date": pd.date_range(start, periods=len(cost)),
                "effective_cost": cost,
            }
        )
        for (sub, service), cost in costs.items()
    ]
    return pd.concat(parts, ignore_index=True)


def complete(day: pd.Timestamp, account: str = "payer") -> pd.DataFrame:
    return pd.DataFrame({"provider": ["aws"], "billing_account_id": [account], "complete_through": [day]})


def noisy(days: int, level: float, seed: int, sigma: float = 0.05) -> np.ndarray:
    return level * np.exp(sigma * np.random.default_rng(seed).standard_normal(days))


def steady(days: int = 150, series: int = 6) -> dict[tuple[str, str], np.ndarray]:
    return {("a", f"S{n}"): noisy(days, 100 + 10 * n, n) for n in range(series)}


def judge(costs: dict, through: int | None = None, **more) -> pd.DataFrame:
    days = len(next(iter(costs.values())))
    day = START + pd.Timedelta(days=days - 1 if through is None else through)
    return anomalies(daily(costs), complete(day), **more)


def day(number: int) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


def test_a_spike_is_flagged_with_what_was_expected() -> None:
    costs = steady()
    costs["a", "S2"][100] = 360.0
    flags = judge(costs)
    assert list(flags.columns) == list(COLUMNS)
    assert list(flags["series_id"]) == ["aws/a/S2"] and list(flags["charge_date"]) == [day(100)]
    row = flags.iloc[0]
    assert row["actual_cost"] == 360.0 and row["expected_cost"] == pytest.approx(120, rel=0.05)
    assert row["impact_cost"] == pytest.approx(row["actual_cost"] - row["expected_cost"])
    assert (row["direction"], row["status"], row["level"], row["severity"]) == (
        "up",
        "open",
        "service",
        "high",
    )
    assert row["event_id"] == f"{day(100):%Y-%m-%d}/aws/a/S2"
    assert "S2 in a cost 360.00 USD on Wednesday 2025-04-16" in row["explanation"]


def test_a_drop_is_flagged_downwards() -> None:
    costs = steady()
    costs["a", "S2"][100:102] *= 0.1
    flags = judge(costs)
    assert list(flags["charge_date"]) == [day(100), day(101)] and set(flags["direction"]) == {"down"}
    assert (flags["impact_cost"] < 0).all() and flags["event_id"].nunique() == 1


def test_weekends_fees_and_a_busy_month_end_are_usual() -> None:
    costs = steady(300)
    dates = pd.date_range(START, periods=300)
    costs["a", "S1"] *= np.where(dates.day_of_week >= 5, 0.3, 1.0)
    costs["a", "S2"] += np.where(dates.day == 1, 500.0, 0.0)
    costs["a", "S3"] *= np.where(dates.days_in_month - dates.day < 2, 1.8, 1.0)
    assert judge(costs).empty


def test_a_launch_is_one_incident_and_then_the_new_level() -> None:
    costs = steady(200)
    costs["a", "S2"][100:] *= 3
    costs["a", "S2"][150] *= 3
    flags = judge(costs)
    assert flags["event_id"].nunique() == 2
    assert flags["charge_date"].iloc[0] == day(100) and flags["charge_date"].iloc[-1] == day(150)
    assert not flags["charge_date"].between(day(110), day(149)).any()
    assert flags.iloc[-1]["expected_cost"] == pytest.approx(360, rel=0.1)


def test_going_back_after_a_long_incident_is_no_drop() -> None:
    costs = steady(200)
    costs["a", "S2"][100:115] *= 3
    flags = judge(costs)
    assert len(flags) and (flags["charge_date"] < day(115)).all()


@pytest.mark.parametrize("rest", [0.4, 0.0])
def test_a_weekend_that_costs_more_from_a_day_on_is_flagged_three_times(rest: float) -> None:
    """Where weekdays cost a part of a weekend's day, and where they cost nothing."""
    costs, weekend = steady(250), pd.date_range(START, periods=250).day_of_week >= 5
    costs["a", "S2"] *= np.where(weekend, 1.0, rest)
    costs["a", "S2"][140:] *= np.where(weekend[140:], 1.8, 1.0)
    flags = judge(costs)
    assert set(flags["series_id"]) == {"aws/a/S2"} and set(flags["direction"]) == {"up"}
    assert flags["charge_date"].iloc[0] == day(145) and (flags["charge_date"] < day(168)).all()


def test_a_slow_leak_is_found_though_no_day_jumps() -> None:
    costs = steady(200)
    costs["a", "S2"][100:150] *= np.linspace(1, 3, 50)
    costs["a", "S2"][150:] *= 3
    flags = judge(costs)
    leaks = flags[flags["is_leak"]]
    assert set(flags["series_id"]) == {"aws/a/S2"} and leaks["charge_date"].between(day(100), day(150)).any()
    assert leaks["explanation"].str.contains("crept up").all()
    assert (leaks["expected_cost"] < leaks["actual_cost"]).all()


def test_growth_that_has_always_been_is_no_leak() -> None:
    costs = steady(300)
    costs["a", "S2"] *= 1.006 ** np.arange(300)
    assert judge(costs).empty


def test_incomplete_days_are_never_flagged() -> None:
    costs = steady()
    for cost in costs.values():
        cost[-2:] *= [0.6, 0.2]
    assert judge(costs, through=147).empty
    unnamed = anomalies(daily(costs), complete(day(10), "someone else"))
    assert unnamed.empty  # an account that completeness does not name ends two days before its last row


def test_credits_and_refunds_are_never_flagged() -> None:
    costs = steady()
    costs["a", "S2"][100] = -900.0
    assert judge(costs).empty
    rows = daily(steady()).assign(credit_cost=0.0)
    partly = (rows["series_id"] == "aws/a/S2") & (rows["charge_date"] == day(100))
    rows.loc[partly, "credit_cost"] = -90.0
    rows.loc[partly, "effective_cost"] -= 90.0
    assert anomalies(rows, complete(day(149))).empty
    assert len(anomalies(rows.drop(columns="credit_cost"), complete(day(149)))) == 1


@pytest.mark.parametrize("left", [0.0, 0.4])
def test_a_hole_in_an_export_is_no_drop(left: float) -> None:
    costs = {(f"a{n % 4}", f"S{n}"): noisy(150, 100, n) for n in range(30)}
    for cost in costs.values():
        cost[100:102] *= left
    rows = daily(costs)
    assert anomalies(rows[rows["effective_cost"] > 0], complete(day(149))).empty


def test_a_source_that_costs_less_from_a_day_on_is_still_watched() -> None:
    costs = steady(days=200, series=30)
    for cost in costs.values():
        cost[120:] *= 0.7
    costs["a", "S3"][160] *= 5
    found = judge(costs)
    assert day(160) in found.loc[found["service_name"] == "S3", "charge_date"].tolist()
    assert not (found["charge_date"] < day(124)).any()


def test_tiny_money_is_never_flagged() -> None:
    costs = steady()
    costs["a", "S2"] = noisy(150, 0.02, 7)
    costs["a", "S2"][100] = 0.9
    assert judge(costs).empty
    assert len(judge(costs, settings=Settings(minimum_impact=0.1))) == 1


def test_holidays_are_quiet() -> None:
    costs = {key: noisy(150, 100, n) for n, key in enumerate(steady())}
    costs["a", "S2"][100] = 60.0
    assert len(judge(costs)) == 1
    assert judge(costs, holidays=pd.DataFrame({"date": [day(100)]})).empty


def test_contributors_add_up_to_what_changed() -> None:
    costs = steady()
    costs["a", "S2"][100] = 360.0
    rows = daily(costs)
    west = rows.assign(region_id="west", sku_id="X", effective_cost=100.0)
    east = rows.assign(region_id="east", sku_id="Y", effective_cost=rows["effective_cost"] - 100)
    flags = anomalies(rows, complete(day(149)), detail=pd.concat([west, east]))
    parts = json.loads(flags["contributors"].iloc[0])
    usual = costs["a", "S2"][72:100].mean() - 100
    assert parts == [
        {"dimension": "region_id", "value": "east", "impact": round(260 - usual, 2)},
        {"dimension": "sku_id", "value": "Y", "impact": round(260 - usual, 2)},
    ]


def test_what_has_no_region_is_told_in_words() -> None:
    costs = steady()
    costs["a", "S2"][100] = 360.0
    rows = daily(costs)
    flags = anomalies(rows, complete(day(149)), detail=rows.assign(region_id=None))
    assert '"value": "-"' in flags["contributors"].iloc[0]
    assert "Most of it: no region (+" in flags["explanation"].iloc[0]


def test_contributors_are_looked_up_anew_only_where_money_changed() -> None:
    costs = steady()
    costs["a", "S2"][100], costs["a", "S4"][110] = 360.0, 480.0
    rows = daily(costs)
    before = anomalies(rows, complete(day(149)), detail=rows.assign(region_id="west"))
    rows.loc[(rows["service_name"] == "S4") & (rows["charge_date"] == day(110)), "effective_cost"] = 500.0
    now = anomalies(rows, complete(day(149)), previous=before)
    kept = explanations.told_before(now, before)
    assert list(kept.notna()) == [True, False]
    detail = rows.assign(region_id="east")
    found = explanations.contributors(now, detail, kept)
    assert ['"west"' in text for text in found] == [True, False]
    assert ['"east"' in text for text in found] == [False, True]


@pytest.mark.parametrize("method", ["rolling_z", "ewma", "isolation_forest"])
def test_other_methods_can_be_chosen_and_compared(method: str) -> None:
    if method == "isolation_forest":
        pytest.importorskip("sklearn")
    costs = {("a", "S0"): noisy(200, 100, 1)}
    costs["a", "S0"][150] = 900.0
    flags = judge(costs, settings=Settings(method=method))
    assert day(150) in set(flags["charge_date"]) and set(flags["methods"]) == {method}
    both = judge(costs, settings=Settings(also_run=(method,)))
    assert list(both["methods"]) == [f"robust, {method}"] and set(both["methods_run"]) == {
        f"robust, {method}"
    }


def test_an_unknown_method_says_which_there_are() -> None:
    with pytest.raises(UnknownMethod, match="rolling_z"):
        Settings(method="magic")


def test_odd_input_gives_rows_or_says_what_is_wrong() -> None:
    rows, through = daily(steady()), complete(day(149))
    assert anomalies(rows.assign(effective_cost=0.0), through).empty
    assert anomalies(rows[rows["charge_date"] == START], through).empty
    assert list(anomalies(rows.iloc[:0], through).columns) == list(COLUMNS)
    assert anomalies(rows.assign(effective_cost=np.nan), through).empty
    assert (
        anomalies(rows.assign(effective_cost=[1e12, -1e12, np.inf] * (len(rows) // 3)), through) is not None
    )
    huge = steady()
    huge["a", "S2"][100] *= 4
    assert (
        len(anomalies(daily(huge).assign(effective_cost=lambda r: r["effective_cost"] * 1e10), through)) == 1
    )
    doubled = pd.concat([daily(huge).assign(effective_cost=lambda r: r["effective_cost"] / 2)] * 2)
    pd.testing.assert_frame_equal(anomalies(doubled, through), anomalies(daily(huge), through))
    far = rows.tail(2).assign(charge_date=[pd.Timestamp("2190-01-01"), pd.Timestamp("2190-02-01")])
    future = pd.concat([rows, far])
    assert anomalies(future, through).empty
    with pytest.raises(BadInput, match="impossible dates"):
        anomalies(future, complete(day(149), "someone else"))
    with pytest.raises(BadInput, match="series_id"):
        anomalies(rows.drop(columns="series_id"), through)
    with pytest.raises(BadInput, match="no date"):
        anomalies(rows.assign(charge_date="soon"), through)


def test_many_series_pass() -> None:
    days, count = 40, 20_000
    rows = pd.DataFrame(
        {
            "series_id": np.repeat([f"aws/a/{n:05d}" for n in range(count)], days),
            "charge_date": np.tile(pd.date_range(START, periods=days).to_numpy(), count),
            "effective_cost": np.random.default_rng(1).lognormal(3, 0.1, days * count),
        }
    ).assign(
        provider="aws",
        billing_account_id="payer",
        sub_account_id="a",
        service_name=None,
        billing_currency="USD",
    )
    assert len(anomalies(rows, complete(day(days)))) < count / 100
