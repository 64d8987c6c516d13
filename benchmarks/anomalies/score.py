"""How good flags are against labelled incidents: by event, by money and by delay.

Belongs here: the rules of matching and the measures. Does not: generation, detection and printing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

GRACE = 3  # a spike or drop found later than this many days after its start is not found


@dataclass(frozen=True)
class Score:
    """Shares of one, but for `false_alarms` (events per series and year), `delay` (days) and the counts.

    Precision is the share of flagged events that touch a labelled incident, recall the share of incidents
    found in time. `money` weighs recall by the size of the impact, `leaks` is recall of leaks alone. `delay`
    leaves leaks out. `forbidden` counts flags on incomplete days, credits and holes.
    """

    precision: float
    recall: float
    f1: float
    money: float
    leaks: float
    spikes: float
    drops: float
    false_alarms: float
    delay: float
    forbidden: int
    events: int
    incidents: int

    def as_row(self) -> dict[str, float]:
        """The measures by name."""
        return asdict(self)


def score(flags: pd.DataFrame, labels: pd.DataFrame, series_years: float, forbidden: pd.DataFrame) -> Score:
    """Compare ``flags`` (series_id, charge_date, event_id) with ``labels`` of `incidents.Labelled`.

    ``forbidden`` holds the series_id and charge_date on which nothing may be flagged. An incident is found
    when one of its series is flagged between its first day and `GRACE` days later, a leak when on any of its
    days. An event is false when none of its flags falls on a labelled series between the incident's first day
    and one day after its last. Incidents of kind `tiny` are neither to be found nor false alarms.
    """
    both = labels.merge(flags[["series_id", "charge_date", "event_id"]], on="series_id")
    near = (both["charge_date"] >= both["first"]) & (
        both["charge_date"] <= both["last"] + pd.Timedelta(days=1)
    )
    neutral = set(both.loc[near & (both["kind"] == "tiny"), "event_id"])
    neutral -= set(both.loc[near & (both["kind"] != "tiny"), "event_id"])
    counted = flags[~flags["event_id"].isin(neutral)]
    labels = labels[labels["kind"] != "tiny"]
    pairs = labels.merge(counted[["series_id", "charge_date", "event_id"]], on="series_id")
    late = (pairs["charge_date"] - pairs["first"]).dt.days
    touches = (late >= 0) & (pairs["charge_date"] <= pairs["last"] + pd.Timedelta(days=1))
    in_time = np.where(
        pairs["kind"] == "leak", touches & (pairs["charge_date"] <= pairs["last"]), late.between(0, GRACE)
    )
    delays = late[in_time].groupby(pairs.loc[in_time, "incident"]).min()
    incidents = labels.groupby("incident").agg(kind=("kind", "first"), impact=("impact", "sum"))
    found = incidents.index.isin(delays.index)
    money = incidents["impact"].abs()
    events = counted["event_id"].nunique()
    true = pairs.loc[touches, "event_id"].nunique()
    precision = true / events if events else 1.0
    recall = float(found.mean()) if len(found) else 1.0
    wrong = flags.merge(forbidden, on=["series_id", "charge_date"])

    def of(kind: str) -> float:
        chosen = (incidents["kind"] == kind).to_numpy()
        return float(found[chosen].mean()) if chosen.any() else np.nan

    return Score(
        precision,
        recall,
        2 * precision * recall / max(precision + recall, 1e-9),
        float(money[found].sum() / money.sum()),
        of("leak"),
        of("spike"),
        of("drop"),
        (events - true) / series_years,
        float(delays[incidents["kind"].reindex(delays.index) != "leak"].mean()),
        len(wrong),
        events,
        len(incidents),
    )
