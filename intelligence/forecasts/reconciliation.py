"""Services add up to accounts, accounts to providers: forecasts of higher levels are sums of the lower ones'.

Here: which series belong to which account and provider, their keys, and sums over them. Not here: intervals,
which do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from intelligence.forecasts.intervals import Tested
from intelligence.forecasts.series import KEYS

LEVELS = ("service", "account", "provider")
KEPT = {
    "account": ["provider", "billing_account_id", "sub_account_id", "billing_currency"],
    "provider": ["provider", "billing_currency"],
}


@dataclass(frozen=True)
class Level:
    """`keys`: one row per series of the level; `member` (N): the row to which each service series belongs."""

    name: str
    keys: pd.DataFrame
    member: np.ndarray

    def sum(self, values: np.ndarray) -> np.ndarray:
        """M x H (or M) of N x H (or N): the sum of the members (of the first N), NaN as nothing."""
        added = np.zeros((len(self.keys), *values.shape[1:]))
        np.add.at(added, self.member[: len(values)], np.nan_to_num(values))
        return added

    def known(self, values: np.ndarray) -> np.ndarray:
        """M x H: whether any member has a number."""
        count = np.zeros((len(self.keys), *values.shape[1:]))
        np.add.at(count, self.member[: len(values)], np.isfinite(values))
        return count > 0

    def tested(self, fold: Tested) -> Tested:
        """The backtest of the level's sums; the noise of members is taken to be independent."""
        truth = np.where(self.known(fold.truth), self.sum(fold.truth), np.nan)
        scale, alive = self.sum(fold.scale), self.sum(fold.alive.astype(float)) > 0
        return Tested(self.sum(fold.forecast), truth, scale, self.noise(fold.scale, fold.noise), alive)

    def noise(self, scale: np.ndarray, noise: np.ndarray) -> np.ndarray:
        total = self.sum(scale)
        spread = np.sqrt(self.sum((scale * noise) ** 2))
        return np.divide(spread, total, out=np.full(len(total), 0.3), where=total > 0)


def levels(keys: pd.DataFrame) -> list[Level]:
    """The three levels of service series, each with the keys that its rows have."""
    return [
        Level("service", keys, np.arange(len(keys))),
        *(_level(keys, name, n) for name, n in (("account", 2), ("provider", 1))),
    ]


def _level(keys: pd.DataFrame, name: str, parts: int) -> Level:
    ids = [
        _parent(i, str(c), parts) for i, c in zip(keys["series_id"], keys["billing_currency"], strict=True)
    ]
    member, names = pd.factorize(np.array(ids, dtype=object), sort=True)
    first = pd.DataFrame({"at": np.arange(len(keys)), "member": member}).groupby("member")["at"].first()
    rows = keys.iloc[first.to_numpy()].reset_index(drop=True)
    gone = [column for column in KEYS if column not in [*KEPT[name], "series_id", "level"]]
    rows = rows.assign(series_id=list(names), level=name, **{column: None for column in gone})
    return Level(name, rows[KEYS].astype({column: object for column in gone}), member)


def _parent(series_id: str, currency: str, parts: int) -> str:
    """The series' id with fewer parts; the mark of a second currency stays."""
    mark = f"@{currency}"
    body, end = (series_id[: -len(mark)], mark) if series_id.endswith(mark) else (series_id, "")
    return "/".join(body.split("/")[:parts]) + end
