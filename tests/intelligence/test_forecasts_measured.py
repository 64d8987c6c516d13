"""Forecasts of a made-up company: as good as promised, the same when repeated, and with every model."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest

from benchmarks.forecasts.__main__ import baselines
from benchmarks.forecasts.companies import company
from intelligence.forecasts import Forecasts, ForecastSettings, forecast

CUT = pd.Timestamp("2025-10-14")
RUN_RATE = ForecastSettings(models=("run_rate",), workers=2)


@pytest.fixture(scope="module")
def made():
    return company(11, 150, 548, "2026-03-31")


@pytest.fixture(scope="module")
def found(made) -> Forecasts:
    return forecast(*made.seen_on(CUT), settings=RUN_RATE)


def days_of(made, found: Forecasts, name: str) -> tuple[np.ndarray, np.ndarray]:
    services = found.forecasts[found.forecasts["level"] == "service"]
    wide = services.pivot(index="series_id", columns="forecast_date", values=name).iloc[:, :90]
    start = made.dates.get_loc(CUT) + 1
    rows = made.keys.set_index("series_id").index.get_indexer(wide.index)
    return wide.to_numpy(), made.costs[rows, start : start + 90]


def test_errors_are_small(made, found: Forecasts) -> None:
    said, came = days_of(made, found, "forecast_cost")
    assert np.abs(said - came)[:, :30].sum() / np.abs(came)[:, :30].sum() < 0.12
    assert np.abs(said - came).sum() / np.abs(came).sum() < 0.15


def test_last_week_again_is_further_off(made, found: Forecasts) -> None:
    said, came = days_of(made, found, "forecast_cost")
    plain = baselines(made, CUT, with_prophet=False)
    assert np.abs(said - came)[:, :30].sum() / np.abs(came)[:, :30].sum() < 0.8 * plain["naive30"]
    assert np.abs(said - came).sum() / np.abs(came).sum() < 0.85 * plain["naive90"]


def test_four_days_of_five_lie_inside(made, found: Forecasts) -> None:
    low, came = days_of(made, found, "lower_80")
    high, _ = days_of(made, found, "upper_80")
    alive = came != 0
    assert 0.72 < ((came >= low) & (came <= high))[alive].mean() < 0.90
    assert (high - low)[alive].sum() / np.abs(came[alive]).sum() < 0.6


def test_accuracy_tells_what_came_true(made, found: Forecasts) -> None:
    said, came = days_of(made, found, "forecast_cost")
    real = np.abs(said - came)[:, :30].sum() / np.abs(came)[:, :30].sum()
    told = found.accuracy.query(
        "model == 'ensemble' and level == 'service' and horizon_from == 1 and horizon_to == 30"
    )
    assert told["wape"].item() == pytest.approx(real, abs=0.05)
    assert 0.72 < told["coverage_80"].item() < 0.88
    assert not found.accuracy.duplicated(
        ["model", "level", "billing_currency", "horizon_from", "horizon_to"]
    ).any()


def test_a_run_repeats_itself(made, found: Forecasts) -> None:
    again = forecast(*made.seen_on(CUT), settings=ForecastSettings(models=("run_rate",), workers=1))
    pd.testing.assert_frame_equal(found.forecasts, again.forecasts)
    pd.testing.assert_frame_equal(found.totals, again.totals)


@pytest.mark.skipif(
    not (importlib.util.find_spec("xgboost") and importlib.util.find_spec("prophet")),
    reason="the ml extra is not installed",
)
def test_all_models_run_and_repeat() -> None:
    small = company(12, 24, 200, "2026-03-31")
    seen = small.seen_on(pd.Timestamp("2025-12-20"))
    told: list[tuple[str, int, int]] = []

    def run() -> Forecasts:
        settings = ForecastSettings(
            heavy_series=2, heavy_folds=(30,), fold_origins=(14, 30), progress=lambda *step: told.append(step)
        )
        return forecast(*seen, settings=settings)

    first = run()
    pd.testing.assert_frame_equal(first.forecasts, run().forecasts)
    assert set(first.forecasts["model"]) == {"ensemble", "ensemble+prophet"}
    assert set(first.accuracy["model"]) == {"run_rate", "xgboost", "prophet", "ensemble"}
    assert {"xgboost", "prophet"} <= {stage for stage, _, _ in told}


def test_without_the_extra_the_run_rate_is_left_and_a_note_says_so(
    made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xgboost", None)
    monkeypatch.setitem(__import__("sys").modules, "prophet", None)
    plain = forecast(*company(12, 12, 200, "2026-03-31").seen_on(pd.Timestamp("2025-12-20")))
    assert set(plain.forecasts["model"]) == {"run_rate"}
    assert any("xgboost, prophet" in note for note in plain.notes)
