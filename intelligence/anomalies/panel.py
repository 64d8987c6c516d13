"""From rows to a matrix of series and days, and what must be true of the rows.

Belongs here: the shape of the input, its checks and their errors. Does not: which days may be judged
(guards.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

KEYS = (
    "provider",
    "billing_account_id",
    "sub_account_id",
    "service_name",
    "billing_currency",
)
REQUIRED = ("series_id", *KEYS, "charge_date", "effective_cost")


class BadInput(ValueError):
    """The rows given cannot be judged; the message says what is wrong and how to mend it."""


@dataclass(frozen=True)
class Panel:
    """`cost` and `credit` are series x days (credit zero or less, and inside cost); `keys` has a row per
    series, in order of series_id; `days` is every day from the first to the last.
    """

    keys: pd.DataFrame
    days: np.ndarray
    cost: np.ndarray
    credit: np.ndarray
    known: np.ndarray  # false where a value was no number

    @property
    def shape(self) -> tuple[int, int]:
        return self.cost.shape


def build(daily: pd.DataFrame, last_day: np.datetime64 | None = None) -> Panel:
    """The panel of ``daily``: rows of one series and day are added up, days without a row are days without
    cost.

    The keys of a series are those of its first row, so that later rows cannot change the past. Columns are
    `REQUIRED`, and `credit_cost` where the shell can tell credits apart. Rows after ``last_day`` are left
    out, so a far date in the future makes no wide matrix. Raises `BadInput`.
    """
    if missing := [name for name in REQUIRED if name not in daily.columns]:
        raise BadInput(f"the daily costs lack {', '.join(missing)}; sum daily_cost by series and day first")
    rows = daily.assign(
        charge_date=_dates(daily["charge_date"]), effective_cost=_numbers(daily, "effective_cost")
    )
    rows["credit_cost"] = _numbers(daily, "credit_cost") if "credit_cost" in daily.columns else 0.0
    if rows["series_id"].isna().any():
        raise BadInput("a row has no series_id; build it with intelligence.series.series_id")
    if last_day is not None:
        rows = rows[rows["charge_date"] <= last_day]
    if rows.empty:
        return _empty(rows)
    dates = rows["charge_date"].to_numpy().astype("datetime64[D]")
    first, last = dates.min(), dates.max()
    if (last - first).astype(int) > 20_000:
        raise BadInput(f"the costs reach from {first} to {last}; leave out rows with impossible dates")
    days = np.arange(first, last + 1)
    row, names = pd.factorize(rows["series_id"].astype("object"), sort=True)
    day = (dates - first).astype(int)
    keys = _keys(rows, row, day, len(names))
    cost = _summed(row, day, rows["effective_cost"], (len(keys), len(days)))
    credit = _summed(row, day, rows["credit_cost"], cost.shape)
    known = np.isfinite(cost) & np.isfinite(credit)
    return Panel(keys, days, np.where(known, cost, 0.0), np.where(known, credit, 0.0), known)


def _keys(rows: pd.DataFrame, row: np.ndarray, day: np.ndarray, count: int) -> pd.DataFrame:
    earliest = np.full(count, np.iinfo(int).max)
    np.minimum.at(earliest, row, day)
    starts = rows.loc[day == earliest[row], ["series_id", *KEYS]].astype("object")
    starts = starts.sort_values(["series_id", *KEYS], na_position="last")
    return starts.drop_duplicates("series_id", ignore_index=True)


def _summed(row: np.ndarray, day: np.ndarray, value: pd.Series, shape: tuple[int, int]) -> np.ndarray:
    flat = np.bincount(row * shape[1] + day, weights=value.to_numpy(), minlength=shape[0] * shape[1])
    return flat.reshape(shape)


def _dates(column: pd.Series) -> pd.Series:
    try:
        dates = pd.to_datetime(column)
    except (ValueError, TypeError) as error:
        raise BadInput(f"charge_date holds something that is no date ({error}); cast it to a date") from None
    if dates.isna().any():
        raise BadInput(f"{int(dates.isna().sum())} rows have no charge_date; leave them out")
    return dates.dt.normalize()


def _numbers(daily: pd.DataFrame, name: str) -> pd.Series:
    """Decimals and texts become floats; what is no number becomes NaN, a day that is not judged."""
    return pd.to_numeric(daily[name], errors="coerce").astype("float64")


def _empty(rows: pd.DataFrame) -> Panel:
    none = np.zeros((0, 0))
    return Panel(rows[["series_id", *KEYS]], np.array([], "datetime64[D]"), none, none, none.astype(bool))
