"""Every table that intelligence fills: a function of the table's name, its relations and its settings.

Belongs here: which function fills which table from what, the one place that says so. dbt's Python models call
these on DuckDB, and the flow does where an engine runs no Python. Does not: algorithms, and where rows come
from and go to.

What stands before `*` are relations of the warehouse by their names, each a frame of all its rows; what
follows are the settings of the table's `meta`. `told_before` alone is no relation but what
`int_anomalies__detected` held after the run before. Python models import nothing else of intelligence: dbt
runs them side by side, and of two threads that import parts of a package in two orders one sees a module that
is half made.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pandas as pd
import pyarrow as pa

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

REMEMBERED = {"told_before": "int_anomalies__detected"}


def int_anomalies__flagged(
    cost_series: pd.DataFrame,
    completeness: pd.DataFrame,
    holidays: pd.DataFrame,
    told_before: pd.DataFrame | None,
    *,
    method: str,
    also_run: list[str],
    sensitivity: float,
    heavy_series: int,
    seed: int,
) -> pa.Table:
    """Unusual days, and those that earlier runs said were; contributors only where they were told before and
    the day is what it was.
    """
    previous = told_before if told_before is not None and len(told_before) else None
    found = anomalies(
        cost_series,
        completeness,
        holidays=_as_dates(holidays),
        previous=previous,
        settings=Settings(
            method=method,
            also_run=tuple(also_run),
            sensitivity=sensitivity,
            seed=seed,
            forest_series=heavy_series,
        ),
    )
    # what was withdrawn, or is older than the data, stays as it was told
    judged = (found["status"] != "withdrawn") & (found["charge_date"] >= cost_series["charge_date"].min())
    if judged.any():
        found.loc[judged, "contributors"] = explanations.told_before(found[judged], previous)
        found.loc[judged, "explanation"] = None
    return anomalies_table(found)


def int_anomalies__detected(
    int_anomalies__flagged: pd.DataFrame, int_anomalies__details: pd.DataFrame
) -> pa.Table:
    """The flagged days, each with what contributed and a sentence."""
    found = int_anomalies__flagged.copy()
    found["charge_date"] = pd.to_datetime(found["charge_date"]).astype("datetime64[s]")
    lacking = found["explanation"].isna()
    if lacking.any():
        rows = found[lacking].copy()
        kept = rows["contributors"].astype("object").where(rows["contributors"].notna(), None)
        rows["contributors"] = explanations.contributors(rows, int_anomalies__details, kept)
        rows["explanation"] = explanations.sentences(rows)
        found = found.astype({"contributors": "object", "explanation": "object"})
        found.loc[lacking, ["contributors", "explanation"]] = rows[["contributors", "explanation"]]
    return anomalies_table(found)


def int_forecasts__computed(
    cost_series: pd.DataFrame,
    completeness: pd.DataFrame,
    int_commitments__expiries: pd.DataFrame,
    holidays: pd.DataFrame,
    *,
    models: list[str],
    max_series: int,
    heavy_series: int,
    heavy_days: int,
    workers: int,
    seed: int,
) -> pa.Table:
    """What cost series will cost, computed once for all marts that tell of it."""
    daily = cost_series.assign(level="service")
    days = (daily["charge_date"].max() - daily["charge_date"].min()).days if len(daily) else 0
    if heavy_series == 0 or days < heavy_days:  # not even imported
        models = [name for name in models if name != PROPHET]
    found = forecast(
        daily,
        completeness,
        int_commitments__expiries,
        holidays=_as_dates(holidays),
        settings=ForecastSettings(
            models=tuple(models),
            max_series=max_series,
            heavy_series=heavy_series,
            workers=workers,
            seed=seed,
        ),
    )
    return forecasts_table(found)


def int_commitments__recommended(
    commitment_demand: pd.DataFrame,
    commitment_inventory: pd.DataFrame,
    commitment_prices: pd.DataFrame,
    forecast_totals: pd.DataFrame,
    cost_series: pd.DataFrame,
    completeness: pd.DataFrame,
    *,
    mode: str,
    target_pct: float,
    discount_margin: float,
    cvar_weight: float,
    max_purchase_cost: float,
    ladder_steps: int,
    seed: int,
) -> pa.Table:
    """What to commit to next, for each family of usage that a commitment could cover. A target or a largest
    purchase of 0 is none.
    """
    demand = repriced(commitment_demand)
    found = recommend(
        demand,
        with_overrides(owned_prices(demand, commitment_inventory), commitment_prices),
        owned=commitment_inventory,
        forecast=forecast_factors(demand, forecast_totals, cost_series),
        complete_through=completeness,
        settings=CommitmentSettings(
            mode=mode,
            target_pct=target_pct or None,
            discount_margin=discount_margin,
            cvar_weight=cvar_weight,
            max_purchase_cost=max_purchase_cost or None,
            ladder_steps=ladder_steps,
            seed=seed,
        ),
    )
    return recommendations_table(found)


def int_commitments__backtested(
    commitment_demand: pd.DataFrame,
    commitment_inventory: pd.DataFrame,
    commitment_prices: pd.DataFrame,
    completeness: pd.DataFrame,
    *,
    mode: str,
    target_pct: float,
    discount_margin: float,
    cvar_weight: float,
    seed: int,
) -> pa.Table:
    """What the engine's purchases would have done, bought at each month's end. A target of 0 is none."""
    demand = repriced(commitment_demand)
    found = backtest(
        demand,
        with_overrides(owned_prices(demand, commitment_inventory), commitment_prices),
        complete_through=completeness,
        settings=CommitmentSettings(
            mode=mode,
            target_pct=target_pct or None,
            discount_margin=discount_margin,
            cvar_weight=cvar_weight,
            seed=seed,
        ),
    )
    return commitment_backtest_table(found)


TABLES: dict[str, Callable[..., pa.Table]] = {
    function.__name__: function
    for function in (
        int_anomalies__flagged,
        int_anomalies__detected,
        int_forecasts__computed,
        int_commitments__recommended,
        int_commitments__backtested,
    )
}


def relations(table: str) -> list[str]:
    """The relations that a table is computed from, by name; not what is remembered."""
    return [name for name in _parameters(table, keyword_only=False) if name not in REMEMBERED]


def remembered(table: str) -> dict[str, str]:
    """What a table is computed from besides: parameters, and the tables whose last rows they are."""
    named = _parameters(table, keyword_only=False)
    return {name: REMEMBERED[name] for name in named if name in REMEMBERED}


def settings(table: str) -> list[str]:
    """The settings that a table's function takes."""
    return _parameters(table, keyword_only=True)


def _parameters(table: str, keyword_only: bool) -> list[str]:
    taken = inspect.signature(TABLES[table]).parameters.values()
    return [p.name for p in taken if (p.kind is p.KEYWORD_ONLY) == keyword_only]


def _as_dates(holidays: pd.DataFrame) -> pd.DataFrame | None:
    """The seed as the calendar takes it; none where it is empty, for then the built-in list counts."""
    return holidays.rename(columns={"holiday_date": "date"}) if len(holidays) else None
