"""Truncated data give the same past, and the default detector is good enough on labelled estates.

The margins are wide: `python -m benchmarks.anomalies` measures more estates and larger ones.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.anomalies.__main__ import measure
from benchmarks.anomalies.incidents import Labelled, generate
from benchmarks.anomalies.score import score
from intelligence.anomalies import Settings, anomalies


@pytest.fixture(scope="module")
def estate() -> Labelled:
    return generate(7, series=150, days=540)


@pytest.fixture(scope="module")
def whole(estate: Labelled) -> pd.DataFrame:
    return anomalies(estate.daily, estate.completeness)


@pytest.mark.parametrize("days", [90, 211, 365, 400])
def test_days_to_come_change_no_flag_of_the_past(estate: Labelled, whole: pd.DataFrame, days: int) -> None:
    last = pd.Timestamp(str(estate.days[days]))
    seen = estate.daily[estate.daily["charge_date"] <= last]
    through = last - pd.Timedelta(days=2)
    cut = anomalies(seen, estate.completeness.assign(complete_through=through))
    expected = whole[whole["charge_date"] <= through].reset_index(drop=True)
    assert len(expected) > 10
    told = ["as_of_date", "explanation"]  # the sentence counts the series that an incident has so far
    pd.testing.assert_frame_equal(cut.drop(columns=told), expected.drop(columns=told))


def test_the_same_rows_in_another_order_give_the_same_flags(estate: Labelled, whole: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(anomalies(estate.daily.iloc[::-1], estate.completeness), whole)


def test_the_default_detector_is_good_enough(estate: Labelled) -> None:
    found = measure(estate, Settings())
    assert found["f1"] > 0.58 and found["precision"] > 0.58 and found["recall"] > 0.55
    assert found["money"] > 0.5 and found["leaks"] > 0.25 and found["false_alarms"] < 0.35
    assert found["delay"] < 1 and found["forbidden"] == 0
    assert found["f1"] > 1.5 * measure(estate, Settings(method="rolling_z"))["f1"]


def test_the_score_counts_by_hand() -> None:
    dates = pd.date_range("2025-01-01", periods=40)
    labels = pd.DataFrame(
        {
            "incident": [0, 1, 1, 2],
            "kind": ["spike", "drop", "drop", "leak"],
            "series_id": ["a", "b", "c", "d"],
            "first": dates[[5, 10, 10, 15]],
            "last": dates[[6, 10, 10, 30]],
            "impact": [100.0, -30.0, -20.0, 50.0],
        }
    )
    flags = pd.DataFrame(
        {
            "series_id": ["a", "c", "d", "d"],
            "charge_date": dates[[6, 10, 14, 35]],  # a day late, in time, too early, too late
            "event_id": ["one", "two", "three", "four"],
        }
    )
    never = pd.DataFrame({"series_id": ["d"], "charge_date": dates[[35]]})
    got = score(flags, labels, 2.0, never)
    assert (got.precision, got.recall, got.f1) == pytest.approx((2 / 4, 2 / 3, 2 * (1 / 3) / (7 / 6)))
    assert (got.money, got.leaks, got.spikes, got.drops) == (150 / 200, 0.0, 1.0, 1.0)
    assert (got.false_alarms, got.delay, got.forbidden) == (1.0, 0.5, 1)
    assert np.isclose(got.events, 4)
