"""Levels at the end of noisy series whose true level is known."""

from __future__ import annotations

import numpy as np
import pytest

from intelligence.forecasts import levels, smoothing

COUNT, DAYS = 200, 182


def off(adjusted: np.ndarray, truth: np.ndarray, age: int = DAYS) -> tuple[float, float]:
    """Mean error, as a share, of the level of the latest weeks, and of the one joined with smoothing."""
    given, noise = levels.level(adjusted, np.zeros(len(adjusted)))
    found = smoothing.joined(given, adjusted, noise, np.full(len(adjusted), age))
    return tuple(float(np.mean(np.abs(level / truth - 1))) for level in (given, found))


def test_a_steady_noisy_series_is_known_better_by_a_long_look_back() -> None:
    noise = np.exp(0.2 * np.random.default_rng(1).standard_normal((COUNT, DAYS)))
    given, found = off(100 * noise, np.full(COUNT, 100.0))
    assert found < 0.8 * given


def test_a_walk_is_followed_as_well_as_by_the_latest_days() -> None:
    rng = np.random.default_rng(2)
    truth = 100 * np.exp(np.cumsum(0.02 * rng.standard_normal((COUNT, DAYS)), axis=1))
    given, found = off(truth * np.exp(0.05 * rng.standard_normal(truth.shape)), truth[:, -1])
    assert found < 1.05 * given


def test_a_new_level_is_followed_and_a_spike_is_not() -> None:
    noise = np.exp(0.05 * np.random.default_rng(3).standard_normal((COUNT, DAYS)))
    stepped = 100 * noise
    stepped[:, -12:] *= 2
    assert off(stepped, np.full(COUNT, 200.0))[1] < 0.06
    spiked = 100 * noise
    spiked[:, -2:] *= 3
    assert off(spiked, np.full(COUNT, 100.0))[1] < 0.06


def test_unknown_days_tell_nothing() -> None:
    adjusted = 100 * np.exp(0.05 * np.random.default_rng(4).standard_normal((COUNT, DAYS)))
    adjusted[:, ::7] = np.nan
    assert off(adjusted, np.full(COUNT, 100.0))[1] < 0.02


@pytest.mark.parametrize(("noise", "age"), [(0.0, DAYS), (0.1, 40)])
def test_exact_and_young_series_keep_their_level(noise: float, age: int) -> None:
    adjusted = 100 * np.exp(noise * np.random.default_rng(5).standard_normal((COUNT, DAYS)))
    given, found = off(adjusted, np.full(COUNT, 100.0), age)
    assert found == given
