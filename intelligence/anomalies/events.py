"""From flagged days to incidents: one identifier for what belongs together, kept from run to run.

Belongs here: grouping, identifiers, withdrawn flags and people's verdicts. Does not: detection.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from intelligence.anomalies.panel import BadInput

GAP = 4  # days without a flag after which a series' next flag is another incident
LEAK_GAP = 14
VERDICTS = ("expected", "dismissed")


def group(flags: pd.DataFrame) -> pd.Series:
    """The event_id of each row of ``flags``, in its index.

    Columns: series_id, provider, billing_account_id, sub_account_id, service_name, billing_currency,
    charge_date, direction, is_leak. A flag continues the event of its series. Else it joins one that began
    today or yesterday in the same direction, in the same sub account or the same service of the billing
    account. Else it begins one, named by its day and series. Events never merge later, so days to come change
    no identifier.
    """
    ordered = flags.sort_values(["charge_date", "series_id"], kind="stable")
    dates = ordered["charge_date"].to_numpy().astype("datetime64[D]")
    latest: dict[str, tuple[str, int, bool]] = {}
    begun: dict[tuple, tuple[str, int]] = {}
    names = []
    for row, date in zip(ordered.itertuples(index=False), dates, strict=True):
        day, event = int(date.astype(int)), None
        if row.series_id in latest:
            known, last, was_leak = latest[row.series_id]
            event = known if day - last <= (LEAK_GAP if was_leak and row.is_leak else GAP) else None
        if event is None:
            account = (row.provider, row.billing_account_id, row.billing_currency, row.direction)
            places = [(*account, "sub account", row.sub_account_id), (*account, "service", row.service_name)]
            if not row.is_leak:
                near = [begun[place] for place in places if place in begun and day - begun[place][1] <= 1]
                event = near[0][0] if near else None
            if event is None:
                event = f"{date}/{row.series_id}"
                began = day
            else:
                began = near[0][1]
            if not row.is_leak:
                for place in places:
                    if place not in begun or day - begun[place][1] > 1:
                        begun[place] = (event, began)
        latest[row.series_id] = (event, day, row.is_leak)
        names.append(event)
    return pd.Series(names, index=ordered.index, dtype="object").reindex(flags.index)


def keep_names(flags: pd.DataFrame, previous: pd.DataFrame) -> pd.Series:
    """The event_id of each row, with the names that ``previous`` gave: a row keeps its own, and a row that is
    new takes the earliest name that its event already has.
    """
    before = previous.drop_duplicates(["series_id", "charge_date"])[["series_id", "charge_date", "event_id"]]
    old = flags[["series_id", "charge_date"]].merge(before, on=["series_id", "charge_date"], how="left")[
        "event_id"
    ]
    old.index = flags.index
    first = old.groupby(flags["event_id"]).min()
    inherited = flags["event_id"].map(first)
    return old.fillna(inherited).fillna(flags["event_id"])


def withdrawn(flags: pd.DataFrame, previous: pd.DataFrame, first_day: pd.Timestamp) -> pd.DataFrame:
    """Rows of ``previous`` that are flagged no more: withdrawn, or as they were where the data no longer
    reach.
    """
    now = pd.MultiIndex.from_frame(flags[["series_id", "charge_date"]])
    gone = previous[~pd.MultiIndex.from_frame(previous[["series_id", "charge_date"]]).isin(now)].copy()
    gone.loc[gone["charge_date"] >= first_day, "status"] = "withdrawn"
    return gone


def apply_verdicts(rows: pd.DataFrame, feedback: pd.DataFrame | None) -> pd.DataFrame:
    """Set the status of what people have judged; ``feedback`` has event_id and verdict (`VERDICTS`), the last
    row of an event counts. A withdrawn row stays withdrawn. Raises `BadInput`.
    """
    if feedback is None or feedback.empty:
        return rows
    if missing := [name for name in ("event_id", "verdict") if name not in feedback.columns]:
        raise BadInput(f"the feedback lacks {', '.join(missing)}")
    unknown = sorted(set(feedback["verdict"].dropna().astype(str)) - set(VERDICTS))
    if unknown:
        raise BadInput(f"the feedback has the verdict {unknown[0]!r}; write {' or '.join(VERDICTS)}")
    verdict = feedback.dropna(subset=["event_id", "verdict"]).drop_duplicates("event_id", keep="last")
    said = rows["event_id"].map(verdict.set_index("event_id")["verdict"])
    rows = rows.copy()
    rows["status"] = np.where((rows["status"] != "withdrawn") & said.notna(), said, rows["status"])
    return rows
