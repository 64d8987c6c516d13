"""Owned commitments, told apart by nothing but when they end.

Here: in which of the months to come the usage that a commitment covers is on demand again. Not here: what
that does to demand (futures.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from intelligence.commitments.schedule import DAYS_IN_MONTH

STAYS = "stays"  # no bill tells the end
IDLE_DAYS = 7  # one that has covered nothing for so long covers nothing any more


def by_end(usage: pd.DataFrame, owned: pd.DataFrame | None) -> pd.DataFrame:
    """Usage whose commitment_discount_id is the number of the first month to come without the commitment, as
    text.

    Months are counted from the last usage of the billing account; `owned`: commitment_discount_id, ends_at.
    Hundreds of commitments are a few groups then, and no group mixes what ends in different months.
    """
    if "commitment_discount_id" not in usage or not usage["commitment_discount_id"].notna().any():
        return usage
    starts = pd.to_datetime(usage["period_start"], utc=True)
    last = starts.groupby([usage["provider"], usage["billing_account_id"]], dropna=False).transform("max")
    used = pd.DataFrame({"id": usage["commitment_discount_id"], "start": starts, "last": last}).dropna()
    each = used.groupby("id").agg({"start": "max", "last": "max"})
    ends = pd.Series(pd.NaT, index=each.index, dtype="datetime64[ns, UTC]")
    if owned is not None and len(owned):
        told = owned.dropna(subset=["ends_at"]).drop_duplicates("commitment_discount_id")
        told = pd.to_datetime(told.set_index("commitment_discount_id")["ends_at"], utc=True)
        ends = told.reindex(each.index)
    days = (ends - each["last"].dt.normalize()).dt.days.astype(float) - 1
    month = np.floor(days.clip(lower=0) / DAYS_IN_MONTH)
    month[(each["last"] - each["start"]).dt.days >= IDLE_DAYS] = 0
    names = month.map(lambda number: STAYS if np.isnan(number) else str(int(number)))
    return usage.assign(commitment_discount_id=usage["commitment_discount_id"].map(names))


def months_left(groups: Iterable[str]) -> dict[str, int]:
    """The first month without it, of each group that `by_end` named; those that stay have none."""
    return {name: int(name) for name in groups if name != STAYS}
