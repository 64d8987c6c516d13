"""Forecasts of cost series: what a month and the next quarter will cost, with intervals that are measured.

Here: pure functions, frames in and frames out. Not here: reading or writing anything, and the clock.
"""

from intelligence.forecasts.forecasting import Forecasts, forecast
from intelligence.forecasts.settings import ForecastSettings

__all__ = ["ForecastSettings", "Forecasts", "forecast"]
