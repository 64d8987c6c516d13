"""Days that may not be judged: incomplete, negative, unknown, and missing from the export.

Belongs here: masks of series and days, each looking back only. Does not: what is unusual.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from intelligence.anomalies.panel import BadInput, Panel

ASSUMED_LAG = 2  # days, for an account that completeness does not name


def complete_through(daily_keys: pd.DataFrame, completeness: pd.DataFrame, last: pd.Series) -> np.ndarray:
    """The last whole day of each series, datetime64[D].

    ``completeness`` has provider, billing_account_id and complete_through; the earliest day counts where an
    account has several sources. ``last`` is the last charge date of each provider and account, for accounts
    not named. Raises `BadInput`.
    """
    on = ["provider", "billing_account_id"]
    if missing := [name for name in (*on, "complete_through") if name not in completeness.columns]:
        raise BadInput(f"completeness lacks {', '.join(missing)}; give the mart of that name")
    known = completeness.assign(complete_through=pd.to_datetime(completeness["complete_through"]))
    known = known.dropna(subset=["complete_through"]).groupby(on, dropna=False)["complete_through"].min()
    pairs = pd.MultiIndex.from_frame(daily_keys[on])
    through = known.reindex(pairs).to_numpy()
    assumed = (last.reindex(pairs) - pd.Timedelta(days=ASSUMED_LAG)).to_numpy()
    return np.where(np.isnat(through), assumed, through).astype("datetime64[D]")


def accounts(keys: pd.DataFrame) -> np.ndarray:
    """The number of each series' source: provider, billing account and currency."""
    on = ["provider", "billing_account_id", "billing_currency"]
    return keys.groupby(on, dropna=False, sort=True).ngroup().to_numpy()


def judged(panel: Panel, through: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Series x days that may be judged and learnt from; ``source`` numbers the account of each series."""
    whole = panel.days[None, :] <= through[:, None]
    usage = panel.cost - panel.credit
    # what a refund leaves over on a day says nothing of what was used
    return panel.known & whole & (usage >= 0) & ~missing(usage, source)[source]


def missing(usage: np.ndarray, source: np.ndarray, width: int = 14) -> np.ndarray:
    """Sources x days on which an export lacks nearly all: under a quarter of the usual money from under half
    of the usual series, the usual being the median of the last ``width`` days that were there.

    A source of fewer than three series is never taken to be missing: one dead service would look the same.
    """
    total, active = totals(usage, source), totals((usage > 0).astype(float), source)
    out = np.zeros(total.shape, bool)
    kept, seen = np.full((*total.shape, 2), np.nan), np.stack([total, active], axis=2)
    recent = np.full((len(total), width, 2), np.nan)
    for day in range(total.shape[1]):
        with np.errstate(all="ignore"):
            usual = np.nan_to_num(_median(recent))
        out[:, day] = (
            (usual[:, 1] >= 3)
            & (seen[:, day, 0] < 0.25 * usual[:, 0])
            & (seen[:, day, 1] < 0.5 * usual[:, 1])
        )
        there = ~out[:, day]
        kept[there, day] = seen[there, day]
        recent[there] = np.roll(recent[there], -1, axis=1)
        recent[there, -1] = seen[there, day]
    return out


def totals(value: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Sums over the series of each source: sources x days."""
    out = np.zeros((int(source.max()) + 1 if len(source) else 0, value.shape[1]))
    np.add.at(out, source, np.maximum(value, 0))
    return out


def _median(recent: np.ndarray) -> np.ndarray:
    """Median over axis 1, NaN left out, NaN where there is nothing."""
    ordered = np.sort(recent, axis=1)
    count = np.isfinite(ordered).sum(axis=1, keepdims=True)
    return np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=1)[:, 0]


def floors(panel: Panel, source: np.ndarray, minimum: float, share: float, width: int = 28) -> np.ndarray:
    """The least money a day must be off by, series x days: ``minimum``, or ``share`` of a usual day of the
    account.

    The usual day is a slow mean of the days before (the weight of a day falls by 1/width a day).
    """
    total = totals(panel.cost, source)
    usual, out = total[:, :1].mean(axis=1) if total.size else np.zeros(len(total)), np.zeros(total.shape)
    for day in range(total.shape[1]):
        out[:, day] = usual
        usual = usual + (total[:, day] - usual) / min(width, day + 1)
    return np.maximum(minimum, share * out)[source]
