"""What the dbt Python models use, under one name that all of them import first.

Here: names of other modules alone. dbt runs Python models side by side, and of two threads that import parts
of a package in two orders one sees a module that is half made.
"""

from intelligence.anomalies import Settings, anomalies, explanations
from intelligence.commitments import (
    CommitmentSettings,
    backtest,
    forecast_factors,
    owned_prices,
    recommend,
    repriced,
    with_overrides,
)
from intelligence.forecasts import ForecastSettings, forecast
from intelligence.forecasts.settings import PROPHET
from intelligence.tables import (
    anomalies_table,
    commitment_backtest_table,
    forecasts_table,
    recommendations_table,
)

__all__ = [
    "PROPHET",
    "CommitmentSettings",
    "ForecastSettings",
    "Settings",
    "anomalies",
    "anomalies_table",
    "backtest",
    "commitment_backtest_table",
    "explanations",
    "forecast",
    "forecast_factors",
    "forecasts_table",
    "owned_prices",
    "recommend",
    "recommendations_table",
    "repriced",
    "with_overrides",
]
