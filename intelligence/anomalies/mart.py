"""The anomalies mart as one function: from daily costs to flagged days with event, reason and status.

Belongs here: the order of the steps and the columns of the result. Does not: any step itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from intelligence.anomalies import baselines, detector, events, explanations, guards, leaks, panel
from intelligence.anomalies.flags import Flags
from intelligence.anomalies.settings import Settings
from intelligence.calendar_days import default_holidays

COLUMNS = (
    "series_id",
    "level",
    "provider",
    "billing_account_id",
    "sub_account_id",
    "service_name",
    "billing_currency",
    "charge_date",
    "event_id",
    "direction",
    "is_leak",
    "expected_cost",
    "actual_cost",
    "impact_cost",
    "score",
    "severity",
    "status",
    "methods",
    "methods_run",
    "contributors",
    "explanation",
    "as_of_date",
)
HIGH, MEDIUM = 0.05, 0.01  # shares of a usual day of the billing account
UNIT = "datetime64[s]"


def anomalies(
    daily: pd.DataFrame,
    completeness: pd.DataFrame,
    *,
    holidays: pd.DataFrame | None = None,
    detail: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    feedback: pd.DataFrame | None = None,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """One row per flagged day and service-level series, with the columns `COLUMNS`.

    ``daily``: `panel.REQUIRED` and, where it is known, `credit_cost` (zero or less, and inside
    effective_cost). ``completeness``: provider, billing_account_id, complete_through; accounts it does not
    name end two days before their last row. ``holidays``: column date; None takes a built-in list.
    ``detail``: daily costs by series_id, charge_date and any of region_id and sku_id, for the contributors.
    ``previous``: the result of the run before, whose event names are kept. ``feedback``: event_id and verdict
    (`expected`, `dismissed`).

    A flag depends on the days up to its own alone. `score` is signed and in thresholds: 2 is twice as far as
    was needed. `impact_cost` is actual less expected. `severity` is by impact over a usual day of the billing
    account: `high` from 5%, `medium` from 1%, else `low`. `methods` names those among `methods_run` that
    flagged the day. Raises `BadInput`, and `MissingExtra` where a chosen method needs a library that is not
    there.
    """
    settings = settings or Settings()
    through = _through(daily, completeness)
    panel_ = panel.build(daily, through.max() if len(through) else None)
    if not panel_.cost.size:
        return _with_previous(_empty(), previous, feedback, None)
    last = guards.complete_through(panel_.keys, completeness, _last_days(daily))
    source = guards.accounts(panel_.keys)
    judged = guards.judged(panel_, last, source)
    floors = guards.floors(panel_, source, settings.minimum_impact, settings.minimum_share)
    usage = np.where(panel_.known, panel_.cost - panel_.credit, 0.0)
    holiday = _marked(holidays, panel_.days)
    names = tuple(dict.fromkeys((settings.method, *settings.also_run)))
    runs = {name: _run(name, usage, judged, panel_.days, source, floors, holiday, settings) for name in names}
    rows = _rows(panel_, runs, settings.method)
    rows["severity"] = _severity(rows, guards.floors(panel_, source, 0.0, 1.0))
    rows["as_of_date"] = last[rows.pop("row")].astype(UNIT)
    rows = rows.drop(columns="day")
    return _finished(rows, panel_.days[0], detail, previous, feedback)


def _last_days(daily: pd.DataFrame) -> pd.Series:
    days = pd.to_datetime(daily["charge_date"], errors="coerce").dt.normalize()
    return days.groupby([daily["provider"], daily["billing_account_id"]], dropna=False).max()


def _through(daily: pd.DataFrame, completeness: pd.DataFrame) -> np.ndarray:
    on = ["provider", "billing_account_id"]
    if any(name not in daily.columns for name in panel.REQUIRED):
        return np.array([], "datetime64[D]")  # the panel names what is missing
    try:
        last = _last_days(daily)
    except (ValueError, TypeError, AttributeError):
        return np.array([], "datetime64[D]")  # likewise
    through = guards.complete_through(daily[on].drop_duplicates(), completeness, last)
    return through[~np.isnat(through)]


def _marked(holidays: pd.DataFrame | None, days: np.ndarray) -> np.ndarray:
    first, last = pd.Timestamp(days[0]), pd.Timestamp(days[-1])
    frame = default_holidays(first, last) if holidays is None else holidays
    if "date" not in frame.columns:
        raise panel.BadInput("the holidays lack the column date")
    return np.isin(days, pd.to_datetime(frame["date"]).to_numpy().astype("datetime64[D]"))


def _run(name, usage, judged, days, source, floors, holiday, settings: Settings) -> list[Flags]:
    if name == "robust":
        flags, walked = detector.detect(usage, judged, days, source, floors, holiday, settings)
        return [flags, leaks.detect(walked, floors, settings)]
    if name == "rolling_z":
        return [baselines.rolling_z(usage, judged, settings)]
    if name == "ewma":
        return [baselines.ewma(usage, judged, settings)]
    return [baselines.isolation_forest(usage, judged, days, settings)]


def _rows(built: panel.Panel, runs: dict[str, list[Flags]], method: str) -> pd.DataFrame:
    """Flagged days of the chosen method, a sudden change before a leak, and the methods that agree."""
    frames = {
        name: pd.concat([pd.DataFrame(vars(part)) for part in parts]).drop_duplicates(["row", "day"])
        for name, parts in runs.items()
    }
    rows = frames[method].sort_values(["day", "row"], ignore_index=True)
    here = pd.MultiIndex.from_frame(rows[["row", "day"]])
    agree = {
        name: here.isin(pd.MultiIndex.from_frame(frame[["row", "day"]])) for name, frame in frames.items()
    }
    rows = pd.concat([rows, built.keys.iloc[rows["row"]].reset_index(drop=True)], axis=1)
    rows["methods"] = [", ".join(name for name in runs if agree[name][i]) for i in range(len(rows))]
    rows["methods_run"] = ", ".join(runs)
    rows["charge_date"] = built.days[rows["day"]].astype(UNIT)
    rows["actual_cost"] = built.cost[rows["row"], rows["day"]]
    # a credit that is known is as expected as it is real: what is unusual is the usage
    rows["expected_cost"] = rows.pop("expected") + built.credit[rows["row"], rows["day"]]
    rows["impact_cost"] = rows["actual_cost"] - rows["expected_cost"]
    rows["direction"] = np.where(rows["impact_cost"] >= 0, "up", "down")
    return rows.rename(columns={"leak": "is_leak"}).assign(level="service", status="open")


def _severity(rows: pd.DataFrame, usual: np.ndarray) -> np.ndarray:
    usual_day = usual[rows["row"], rows["day"]]
    share = rows["impact_cost"].abs().to_numpy() / np.maximum(usual_day, 1e-12)
    return np.select([share >= HIGH, share >= MEDIUM], ["high", "medium"], "low").astype(object)


def _finished(rows, first_day, detail, previous, feedback) -> pd.DataFrame:
    previous = _checked(previous)
    rows["event_id"] = events.group(rows)
    if previous is not None:
        rows["event_id"] = events.keep_names(rows, previous)
    rows["contributors"] = explanations.contributors(rows, detail)
    rows["explanation"] = explanations.sentences(rows)
    return _with_previous(rows[list(COLUMNS)], previous, feedback, pd.Timestamp(str(first_day)))


def _with_previous(rows, previous, feedback, first_day) -> pd.DataFrame:
    previous = _checked(previous)
    if previous is not None and len(previous):
        first_day = previous["charge_date"].max() + pd.Timedelta(days=1) if first_day is None else first_day
        gone = events.withdrawn(rows, previous, first_day)
        rows = pd.concat([rows, gone[list(COLUMNS)]], ignore_index=True) if len(gone) else rows
    rows = events.apply_verdicts(rows, feedback)
    return rows.sort_values(["charge_date", "series_id"], ignore_index=True)


def _checked(previous: pd.DataFrame | None) -> pd.DataFrame | None:
    if previous is None:
        return None
    if missing := [name for name in COLUMNS if name not in previous.columns]:
        raise panel.BadInput(
            f"the previous anomalies lack {', '.join(missing)}; leave them out once to start anew"
        )
    dates = {name: pd.to_datetime(previous[name]).astype(UNIT) for name in ("charge_date", "as_of_date")}
    return previous.assign(**dates)


def _empty() -> pd.DataFrame:
    numbers = {"expected_cost", "actual_cost", "impact_cost", "score"}
    kinds = {
        name: UNIT if name.endswith("_date") else "float64" if name in numbers else "object"
        for name in COLUMNS
    }
    kinds["is_leak"] = "bool"
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
