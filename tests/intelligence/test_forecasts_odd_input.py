"""What no model was made for: nothing, one day, gaps, doubles, days to come, huge sums and very many series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_forecasts import DATES, END, QUICK, of, rows, run, through

from intelligence.forecasts import ForecastSettings, forecast


def test_no_rows_give_no_rows() -> None:
    found = run(rows("s", [], DATES[:0]))
    assert found.forecasts.empty and found.totals.empty and found.accuracy.empty
    assert "forecast_cost" in found.forecasts.columns


def test_all_zero() -> None:
    found = of(run(rows("s", np.zeros(400))), "s")
    assert len(found) == 95 and found["forecast_cost"].abs().max() == 0


@pytest.mark.parametrize("days", [1, 2, 6, 13, 20, 45, 100])
def test_short_histories_go_on_at_their_level(days: int) -> None:
    found = of(run(rows("s", np.full(days, 8.0), DATES[-days:])), "s")
    assert found["forecast_cost"].to_numpy() == pytest.approx(8.0, rel=0.01)
    assert np.isfinite(found[["lower_95", "upper_95"]].to_numpy()).all()


def test_null_and_infinite_costs_are_named_and_left_out() -> None:
    costs = np.full(400, 10.0)
    costs[[50, 399]] = np.nan
    costs[100] = np.inf
    found = run(rows("s", costs))
    assert of(found, "s")["forecast_cost"].to_numpy() == pytest.approx(10.0, rel=1e-6)
    assert any(note.startswith("3 daily rows") for note in found.notes)


def test_rows_of_one_day_add_up() -> None:
    found = run(rows("s", np.full(400, 4.0)), rows("s", np.full(400, 6.0)))
    assert of(found, "s")["forecast_cost"].to_numpy() == pytest.approx(10.0, rel=1e-6)


def test_days_to_come_are_not_read() -> None:
    later = rows("s", np.full(300, 1e6), pd.date_range(END + pd.Timedelta(days=1), periods=300))
    only_later = rows("t", np.full(300, 1e6), pd.date_range(END + pd.Timedelta(days=1), periods=300))
    found = run(rows("s", np.full(400, 10.0)), later, only_later).forecasts
    assert found["forecast_cost"].max() == pytest.approx(10.0, rel=1e-6)


def test_huge_and_tiny_costs() -> None:
    rng = np.random.default_rng(1)
    found = run(rows("huge", 1e12 * rng.normal(1, 0.1, 400)), rows("tiny", 1e-9 * rng.normal(1, 0.1, 400)))
    assert of(found, "huge")["forecast_cost"].mean() == pytest.approx(1e12, rel=0.1)
    assert of(found, "tiny")["forecast_cost"].mean() == pytest.approx(1e-9, rel=0.1)


def test_a_stale_account_is_named_and_stops_no_other() -> None:
    old = rows("old", np.full(300, 5.0), DATES[:300], payer="gone", account="7")
    found = run(
        rows("s", np.full(400, 10.0)), old, complete=pd.concat([through(), through(DATES[299], payer="gone")])
    )
    assert set(found.forecasts["sub_account_id"].dropna()) == {"1"}
    assert any("gone" in note for note in found.notes)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="effective_cost"):
        forecast(rows("s", np.ones(400)).drop(columns="effective_cost"), settings=QUICK)


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(ValueError, match="oracle"):
        ForecastSettings(models=("run_rate", "oracle"))


def test_the_tail_beyond_max_series_has_the_run_rate() -> None:
    parts = [rows(f"s{i}", np.full(120, 10.0 + i), DATES[-120:]) for i in range(12)]
    settings = ForecastSettings(models=("run_rate",), max_series=5, workers=1)
    found = run(*parts, settings=settings)
    assert any(note.startswith("7 series") for note in found.notes)
    assert of(found, "s0")["forecast_cost"].to_numpy() == pytest.approx(10.0, rel=1e-6)
    account = found.forecasts.query("level == 'account'")["forecast_cost"].to_numpy()
    assert account == pytest.approx(12 * 10 + 66, rel=1e-6)


def test_very_many_series_have_rows_and_a_note() -> None:
    count, days = 10_000, 20
    ids = np.repeat([f"aws/1/{n:05d}" for n in range(count)], days)
    costs = np.random.default_rng(1).lognormal(3, 0.1, days * count)
    one = rows("s", np.ones(days), DATES[-days:])
    many = pd.concat([one] * count, ignore_index=True).assign(series_id=ids, effective_cost=costs)
    settings = ForecastSettings(models=("run_rate",), max_series=200, horizon=31)
    found = forecast(many, through(), settings=settings)
    service = found.forecasts.query("level == 'service'")
    assert len(service) == count * 31 and np.isfinite(service["forecast_cost"]).all()
    assert any(note.startswith("9800 series") for note in found.notes)
