"""Forecasts of hand-made series whose future is plain, and what every forecast must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intelligence.forecasts import Forecasts, ForecastSettings, forecast

END = pd.Timestamp("2026-03-20")  # a Friday
DATES = pd.date_range(end=END, periods=400)
QUICK = ForecastSettings(models=("run_rate",), workers=1)
NO_HOLIDAYS = pd.DataFrame({"date": pd.to_datetime([]), "holiday": pd.Series([], dtype=str)})


def rows(
    name: str,
    costs: np.ndarray,
    dates: pd.DatetimeIndex = DATES,
    account: str = "1",
    provider: str = "aws",
    currency: str = "USD",
    payer: str = "payer",
) -> pd.DataFrame:
    mark = "" if currency == "USD" else f"@{currency}"
    frame = pd.DataFrame({"charge_date": dates, "effective_cost": np.asarray(costs, float)})
    return frame.assign(
        series_id=f"{provider}/{account}/{name}{mark}",
        level="service",
        provider=provider,
        billing_account_id=payer,
        sub_account_id=account,
        service_name=name,
        billing_currency=currency,
    )


def through(end: pd.Timestamp = END, provider: str = "aws", payer: str = "payer") -> pd.DataFrame:
    return pd.DataFrame({"provider": [provider], "billing_account_id": [payer], "complete_through": [end]})


def run(*parts: pd.DataFrame, **arguments) -> Forecasts:
    settings = arguments.pop("settings", QUICK)
    complete = arguments.pop("complete", through())
    return forecast(pd.concat(parts), complete, holidays=NO_HOLIDAYS, settings=settings, **arguments)


def of(found: Forecasts, name: str, level: str = "service") -> pd.DataFrame:
    frame = found.forecasts[found.forecasts["level"] == level]
    frame = frame[frame["service_name"] == name] if level == "service" else frame
    return frame.set_index("forecast_date").sort_index()


def test_a_constant_stays() -> None:
    found = of(run(rows("s", np.full(400, 10.0))), "s")
    assert list(found.index) == list(pd.date_range("2026-03-21", periods=95))
    assert found["forecast_cost"].to_numpy() == pytest.approx(10.0, rel=1e-9)
    assert (found["as_of_date"] == END).all()


def test_a_week_repeats() -> None:
    costs = np.where(DATES.day_of_week < 5, 100.0, 20.0)
    found = of(run(rows("s", costs)), "s")["forecast_cost"]
    assert found[found.index.day_of_week < 5].to_numpy() == pytest.approx(100.0, rel=1e-6)
    assert found[found.index.day_of_week >= 5].to_numpy() == pytest.approx(20.0, rel=1e-6)


def test_a_fee_falls_on_the_first_alone() -> None:
    costs = 10.0 + 300.0 * (DATES.day == 1)
    found = of(run(rows("s", costs)), "s")["forecast_cost"]
    assert found[found.index.day == 1].to_numpy() == pytest.approx(310.0, rel=1e-6)
    assert found[found.index.day != 1].to_numpy() == pytest.approx(10.0, rel=1e-6)


def test_a_fee_alone_on_the_last_of_the_month_is_kept() -> None:
    found = of(run(rows("s", 50.0 * DATES.is_month_end)), "s")["forecast_cost"]
    assert found[found > 1].to_dict() == pytest.approx(
        {pd.Timestamp("2026-03-31"): 50.0, pd.Timestamp("2026-04-30"): 50.0, pd.Timestamp("2026-05-31"): 50.0}
    )


def test_a_fee_that_stopped_does_not_come_back() -> None:
    costs = 10.0 + 300.0 * ((DATES.day == 1) & (DATES < "2026-03-01"))
    assert of(run(rows("s", costs)), "s")["forecast_cost"].max() == pytest.approx(10.0, rel=1e-6)


def test_the_dead_cost_nothing() -> None:
    found = of(run(rows("s", np.where(DATES <= END - pd.Timedelta(days=8), 10.0, 0.0))), "s")
    assert found["forecast_cost"].abs().max() == 0


def test_the_new_go_on_at_their_level() -> None:
    costs = np.where(DATES > END - pd.Timedelta(days=5), 40.0, 0.0)
    found = of(run(rows("s", costs), rows("old", np.full(400, 1.0))), "s")
    assert found["forecast_cost"].to_numpy() == pytest.approx(40.0, rel=0.02)


def test_a_recent_level_wins() -> None:
    rng = np.random.default_rng(1)
    costs = np.where(DATES > END - pd.Timedelta(days=25), 200.0, 100.0) * rng.normal(1, 0.02, 400)
    found = of(run(rows("s", costs)), "s")["forecast_cost"]
    assert found.to_numpy() == pytest.approx(200.0, rel=0.05)


def test_one_spike_at_the_end_is_no_level() -> None:
    costs = np.full(400, 100.0) * np.random.default_rng(1).normal(1, 0.02, 400)
    costs[-2:] *= 4
    assert of(run(rows("s", costs)), "s")["forecast_cost"].mean() == pytest.approx(100.0, rel=0.1)


def test_growth_goes_on_and_fades() -> None:
    costs = 100 * 1.002 ** np.arange(400)
    found = of(run(rows("s", costs)), "s")["forecast_cost"] / costs[-1]
    assert 1.0 < found.iloc[6] < 1.02
    assert 1.05 < found.iloc[-1] < 1.002**95


def test_credits_stay_negative_and_costs_do_not_become_so() -> None:
    rng = np.random.default_rng(1)
    found = run(rows("credit", np.full(400, -5.0)), rows("wild", rng.gamma(0.3, 10, 400)))
    assert of(found, "credit")["forecast_cost"].to_numpy() == pytest.approx(-5.0, rel=1e-6)
    assert of(found, "wild")["lower_95"].min() >= 0


def test_christmas_dips_as_it_did_last_year() -> None:
    dates = pd.date_range(end="2025-12-10", periods=500)
    rng = np.random.default_rng(1)
    rest = (dates.month == 12) & (dates.day >= 24)
    parts = [
        rows(
            f"s{i}",
            np.where(dates.day_of_week < 5, 100.0, 70.0) * np.where(rest, 0.6, 1) * rng.normal(1, 0.02, 500),
            dates,
        )
        for i in range(8)
    ]
    found = forecast(pd.concat(parts), through(dates[-1]), settings=QUICK)
    days = of(found, "s0")["forecast_cost"]
    assert days["2025-12-24":"2025-12-26"].to_numpy() == pytest.approx(60.0, rel=0.08)
    assert days["2025-12-17":"2025-12-19"].to_numpy() == pytest.approx(100.0, rel=0.05)


def test_incomplete_days_change_nothing() -> None:
    costs = 100.0 * np.random.default_rng(1).normal(1, 0.05, 400)
    later = rows("s", [30.0, 5.0], pd.date_range(END + pd.Timedelta(days=1), periods=2))
    pd.testing.assert_frame_equal(run(rows("s", costs)).forecasts, run(rows("s", costs), later).forecasts)


def test_without_completeness_two_days_are_left_out() -> None:
    found = run(rows("s", np.full(400, 10.0)), complete=None)
    assert found.forecasts["as_of_date"].unique() == [END - pd.Timedelta(days=2)]


def test_a_missing_export_is_no_saving() -> None:
    parts = [rows(name, np.full(400, 10.0)) for name in "abcd"]
    shown = [part[~part["charge_date"].between("2026-03-16", "2026-03-19")] for part in parts]
    assert of(run(*shown), "a")["forecast_cost"].to_numpy() == pytest.approx(10.0, rel=1e-6)


def test_services_add_up_and_currencies_do_not_mix() -> None:
    rng = np.random.default_rng(2)
    parts = [rows(f"s{i}", rng.gamma(50, i + 1, 400), account=str(i % 3)) for i in range(9)]
    parts.append(rows("e", np.full(400, 7.0), currency="EUR"))
    parts.append(rows("late", np.full(396, 3.0), DATES[:396], account="9", payer="slow"))
    complete = pd.concat([through(), through(DATES[395], payer="slow")])
    days = run(*parts, complete=complete).forecasts
    total = {level: part for level, part in days.groupby("level")}
    account = total["service"].groupby(["provider", "sub_account_id", "billing_currency", "forecast_date"])
    merged = total["account"].merge(account["forecast_cost"].sum().reset_index(name="summed"))
    assert len(merged) == len(total["account"])
    assert merged["forecast_cost"].to_numpy() == pytest.approx(merged["summed"].to_numpy())
    provider = total["account"].groupby(["provider", "billing_currency", "forecast_date"])
    merged = total["provider"].merge(provider["forecast_cost"].sum().reset_index(name="summed"))
    assert len(merged) == 2 * 95
    assert merged["forecast_cost"].to_numpy() == pytest.approx(merged["summed"].to_numpy())
    assert set(total["provider"]["series_id"]) == {"aws", "aws@EUR"}
    assert total["provider"].query("series_id == 'aws@EUR'")["forecast_cost"].to_numpy() == pytest.approx(7.0)
    assert not days.duplicated(["series_id", "level", "forecast_date"]).any()


def test_bounds_lie_around_the_forecast() -> None:
    rng = np.random.default_rng(3)
    parts = [rows(f"s{i}", rng.gamma(5, 10, 400), account=str(i % 2)) for i in range(6)]
    found = run(*parts)
    for frame in (found.forecasts, found.totals):
        order = frame[["lower_95", "lower_80", "forecast_cost", "upper_80", "upper_95"]].to_numpy()
        assert np.isfinite(order).all() and (np.diff(order, axis=1) >= -1e-9).all()


def test_months_hold_what_was_spent_and_what_is_to_come() -> None:
    totals = run(rows("s", np.full(400, 10.0))).totals.query("level == 'service'").set_index("month")
    assert list(totals.index) == list(
        pd.to_datetime(["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"])
    )
    assert totals["actual_cost"].tolist() == pytest.approx([200.0, 0, 0, 0])
    assert totals["forecast_cost"].tolist() == pytest.approx([310.0, 300.0, 310.0, 300.0])


def test_an_expiry_raises_the_days_after_it() -> None:
    ends = pd.DataFrame(
        {
            "series_id": ["aws/1/s", "aws/1/unknown"],
            "expires_on": ["2026-04-01"] * 2,
            "daily_change": [4.0] * 2,
        }
    )
    found = of(run(rows("s", np.full(400, 10.0)), commitment_expiries=ends), "s")["forecast_cost"]
    assert found[:"2026-03-31"].to_numpy() == pytest.approx(10.0)
    assert found["2026-04-01":].to_numpy() == pytest.approx(14.0)


def test_an_expiry_of_what_was_not_used_lowers_no_cost_below_nothing() -> None:
    ends = pd.DataFrame({"series_id": ["aws/1/s"], "expires_on": ["2026-04-01"], "daily_change": [-12.0]})
    found = of(run(rows("s", np.full(400, 10.0)), commitment_expiries=ends), "s")["forecast_cost"]
    assert found["2026-04-01":].to_numpy() == pytest.approx(0.0)
