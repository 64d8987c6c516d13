"""From the frames of a run to typed tables, as a warehouse keeps them: the same types from any data.

Belongs here: the types of what is handed out, and the one table that holds all parts of a forecast. Does not:
numbers, and money's decimals, which SQL makes where the marts are.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from intelligence.anomalies import COLUMNS as ANOMALY_COLUMNS
from intelligence.commitments.backtest import BACKTEST
from intelligence.commitments.recommend import MEASURES, RECOMMENDATIONS
from intelligence.forecasts import Forecasts
from intelligence.forecasts.accuracy import COLUMNS as ACCURACY_COLUMNS
from intelligence.forecasts.results import BOUNDS, FORECASTS, TOTALS

_WHOLE = {"horizon_from", "horizon_to", "origins", "series", "days", "term_months", "break_even_month"}
_NUMBERS = {"score", "wape", "bias", "coverage_80", "coverage_95", "width_80", *BOUNDS}
_NUMBERS |= {*MEASURES, "months_priced", "utilization_pct", "coverage_pct"} - _WHOLE
_FORECAST_COLUMNS = tuple(
    dict.fromkeys(
        ["part", *FORECASTS, *(name for name in TOTALS if name != "month"), *ACCURACY_COLUMNS, "note"]
    )
)


# Of every table that intelligence fills (computed.py), its columns.
COLUMNS = {
    "int_anomalies__flagged": ANOMALY_COLUMNS,
    "int_anomalies__detected": ANOMALY_COLUMNS,
    "int_forecasts__computed": _FORECAST_COLUMNS,
    "int_commitments__recommended": tuple(RECOMMENDATIONS),
    "int_commitments__backtested": tuple(BACKTEST),
}


def schema(table: str) -> pa.Schema:
    """The columns of a table with their types."""
    return _schema(COLUMNS[table])


def anomalies_table(found: pd.DataFrame) -> pa.Table:
    """The rows of `intelligence.anomalies.anomalies`."""
    return _typed(found, ANOMALY_COLUMNS)


def forecasts_table(found: Forecasts) -> pa.Table:
    """All of a run in one table, for it is computed once and read by several marts.

    `part` says what a row is: `day`, `month` (forecast_date is its first day), `accuracy` or `note`; columns
    of other parts are null.
    """
    parts = {
        "day": found.forecasts,
        "month": found.totals.rename(columns={"month": "forecast_date"}),
        "accuracy": found.accuracy,
        "note": pd.DataFrame({"note": pd.Series(found.notes, dtype="object")}),
    }
    tables = [
        _typed(frame.reindex(columns=_FORECAST_COLUMNS).assign(part=part), _FORECAST_COLUMNS)
        for part, frame in parts.items()
    ]
    return pa.concat_tables(tables)


def recommendations_table(found: pd.DataFrame) -> pa.Table:
    """The rows of `intelligence.commitments.recommend`."""
    return _typed(found, tuple(RECOMMENDATIONS))


def commitment_backtest_table(found: pd.DataFrame) -> pa.Table:
    """The rows of `intelligence.commitments.backtest`."""
    return _typed(found, tuple(BACKTEST))


def _typed(frame: pd.DataFrame, columns: tuple[str, ...]) -> pa.Table:
    """Nothing, NaN and NaT become null."""
    arrays = []
    for field in _schema(columns):
        column = frame[field.name]
        if pa.types.is_date(field.type):
            column = pd.to_datetime(column).astype("datetime64[s]").dt.date
        elif pa.types.is_integer(field.type):
            column = column.astype("Int64")
        arrays.append(pa.Array.from_pandas(column, type=field.type))
    return pa.Table.from_arrays(arrays, schema=_schema(columns))


def _schema(columns: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(name, _type(name)) for name in columns])


def _type(name: str) -> pa.DataType:
    if name.endswith("_date"):
        return pa.date32()
    if name.startswith("is_"):
        return pa.bool_()
    if name in _WHOLE:
        return pa.int64()
    return pa.float64() if name.endswith("_cost") or name in _NUMBERS else pa.string()
