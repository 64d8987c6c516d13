"""Daily rows made into matrices: one row per series, one column per day, nothing after the last complete day.

Here: checking the caller's frames, dropping the incomplete tail, adding up duplicates, finding missing
exports. Not here: models, and anything about days to come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

KEYS = [
    "series_id",
    "level",
    "provider",
    "billing_account_id",
    "sub_account_id",
    "service_name",
    "billing_currency",
]
STALE_DAYS = 35


@dataclass(frozen=True)
class Panel:
    """Series that share their last complete day.

    `keys`: one row per series, columns KEYS. `dates`: T days, the last one complete. `values`: n x T, cost a
    day; days before a series' first cost are 0, days of a missing export are filled from the same weekday
    around them. `first`: per series the column of its first cost. `horizon`: days to forecast.
    """

    keys: pd.DataFrame
    dates: pd.DatetimeIndex
    values: np.ndarray
    first: np.ndarray
    horizon: int

    @property
    def future(self) -> pd.DatetimeIndex:
        return pd.date_range(self.dates[-1] + pd.Timedelta(days=1), periods=self.horizon)

    def rows(self, index: np.ndarray) -> Panel:
        """The panel of the series at `index` alone."""
        keys = self.keys.iloc[index].reset_index(drop=True)
        return Panel(keys, self.dates, self.values[index], self.first[index], self.horizon)

    def until(self, days_before_end: int) -> Panel:
        """The panel as it was that many days earlier; series not yet born stay, all zero."""
        if not days_before_end:
            return self
        values = self.values[:, :-days_before_end]
        return Panel(self.keys, self.dates[:-days_before_end], values, self.first, self.horizon)


def panels(
    daily: pd.DataFrame, complete_through: pd.DataFrame | None, horizon: int, history_days: int
) -> tuple[list[Panel], list[str]]:
    """Panels of the daily rows, one per last complete day, and notes on what was left out.

    `daily`: columns KEYS, charge_date, effective_cost; rows of one series and day are added up; null or
    infinite costs are left out. `complete_through`: provider, billing_account_id, complete_through; an
    account that it does not name is taken to be complete two days before its last row.
    """
    notes: list[str] = []
    rows = _checked(daily, notes)
    if rows.empty:
        return [], notes
    ends = _ends(rows, complete_through)
    rows = rows.assign(end=ends)
    rows = rows[rows["charge_date"] <= rows["end"]]
    newest = rows.groupby("provider")["end"].transform("max")
    stale = (newest - rows["end"]).dt.days > STALE_DAYS
    if stale.any():
        left_out = rows.loc[stale, "billing_account_id"].astype(str).unique()
        notes.append(
            f"no forecast for accounts without complete days for {STALE_DAYS} days: {', '.join(left_out)}"
        )
    rows = rows[~stale].assign(lag=(newest - rows["end"]).dt.days)
    found = [
        _panel(group, end, horizon + int(lag), history_days)
        for (end, lag), group in rows.groupby(["end", "lag"], sort=True)
    ]
    return found, notes


def _checked(daily: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    missing = [column for column in [*KEYS, "charge_date", "effective_cost"] if column not in daily.columns]
    if missing:
        raise ValueError(f"daily costs lack the columns {', '.join(missing)}")
    rows = daily[[*KEYS, "charge_date", "effective_cost"]].copy()
    rows["charge_date"] = pd.to_datetime(rows["charge_date"]).astype("datetime64[s]").dt.normalize()
    rows["effective_cost"] = pd.to_numeric(rows["effective_cost"]).astype("float64")
    usable = np.isfinite(rows["effective_cost"]) & rows["charge_date"].notna() & rows["series_id"].notna()
    if not usable.all():
        notes.append(f"{int((~usable).sum())} daily rows without series, date or finite cost were left out")
    return rows[usable].reset_index(drop=True)


def _ends(rows: pd.DataFrame, complete_through: pd.DataFrame | None) -> pd.Series:
    """Per row the last complete day of its billing account: the earliest of its sources."""
    account = ["provider", "billing_account_id"]
    guess = rows.groupby(account, dropna=False)["charge_date"].transform("max") - pd.Timedelta(days=2)
    if complete_through is None or complete_through.empty:
        return guess
    known = complete_through.dropna(subset=["complete_through"]).copy()
    known["complete_through"] = pd.to_datetime(known["complete_through"]).astype("datetime64[s]")
    known = known.groupby(account, dropna=False, as_index=False)["complete_through"].min()
    found = rows[account].merge(known, on=account, how="left")["complete_through"]
    found.index = rows.index
    return found.fillna(guess).astype("datetime64[s]")


def _panel(rows: pd.DataFrame, end: pd.Timestamp, horizon: int, history_days: int) -> Panel:
    start = max(rows["charge_date"].min(), end - pd.Timedelta(days=history_days - 1))
    rows = rows[rows["charge_date"] >= start].sort_values("charge_date", kind="stable")
    dates = pd.date_range(start, end)
    codes, names = pd.factorize(rows["series_id"], sort=True)
    days = (rows["charge_date"] - start).dt.days.to_numpy()
    shape = (len(names), len(dates))
    flat = np.bincount(codes * shape[1] + days, rows["effective_cost"].to_numpy(), shape[0] * shape[1])
    values = flat.reshape(shape)
    keys = (
        rows.drop_duplicates("series_id", keep="last").sort_values("series_id")[KEYS].reset_index(drop=True)
    )
    first = np.full(shape[0], shape[1])
    np.minimum.at(first, codes, days)
    _fill_missing_exports(values, first, keys)
    return Panel(keys, dates, values, first, horizon)


def _fill_missing_exports(values: np.ndarray, first: np.ndarray, keys: pd.DataFrame) -> None:
    """Days on which a whole billing account shows nothing, though the weeks around it do, are not savings."""
    account = keys.groupby(["provider", "billing_account_id"], dropna=False, sort=False).ngroup().to_numpy()
    days = values.shape[1]
    for code in np.unique(account):
        members = np.flatnonzero(account == code)
        shown = (values[members] != 0).sum(axis=0)
        if len(members) < 3 or days < 29:
            continue
        around = pd.Series(shown).rolling(29, center=True, min_periods=15).median().to_numpy()
        for day in np.flatnonzero((shown == 0) & (around >= 3)):
            near = [d for d in (day - 14, day - 7, day + 7, day + 14) if 0 <= d < days and shown[d]]
            if near:
                values[members, day] = np.where(
                    first[members] < day, values[np.ix_(members, near)].mean(axis=1), 0
                )
