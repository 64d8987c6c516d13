"""What is known of days to come: commitments that end, and what their usage costs from then on.

Here: adding the given daily change to a forecast. Not here: finding which commitments end, or the rates.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMNS = ["series_id", "expires_on", "daily_change"]


def changes(
    expiries: pd.DataFrame | None, series_ids: pd.Series, ends: pd.Series, horizon: int
) -> np.ndarray:
    """N x H: money a day to add to each series, `daily_change` from `expires_on` on.

    `expiries`: series_id, expires_on (the first day without the commitment), daily_change (in the series'
    currency; above zero where usage goes back to the higher price). Unknown series are passed over, as are
    dates up to a series' last complete day: its costs show them already.
    """
    added = np.zeros((len(series_ids), horizon))
    if expiries is None or expiries.empty:
        return added
    missing = [column for column in COLUMNS if column not in expiries.columns]
    if missing:
        raise ValueError(f"commitment expiries lack the columns {', '.join(missing)}")
    row_of = {name: row for row, name in enumerate(series_ids)}
    for name, day, change in expiries[COLUMNS].dropna().itertuples(index=False):
        row = row_of.get(name)
        if row is None:
            continue
        start = (pd.Timestamp(day).normalize() - ends.iloc[row]).days - 1
        if 0 <= start < horizon:
            added[row, start:] += float(change)
    return added
