"""Why a day is flagged: what contributed most, and a sentence for people.

Belongs here: contributors and text. Does not: scores.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

DIMENSIONS = ("sub_account_id", "region_id", "sku_id")
ABSENT = "-"
WITHOUT = {"sub_account_id": "no account", "region_id": "no region", "sku_id": "no SKU"}
WINDOW = 28
TOP = 3
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CHUNK = 500


def told_before(flags: pd.DataFrame, previous: pd.DataFrame | None) -> pd.Series:
    """The contributors that the run before told of each row of ``flags``, null where there are none or where
    the day's cost or expectation is not what it was: only of those need the ledger be asked again.
    """
    if previous is None or previous.empty or flags.empty:
        return pd.Series(None, index=flags.index, dtype="object")
    on, money = ["series_id", "charge_date"], ["actual_cost", "expected_cost"]
    dates = pd.to_datetime(previous["charge_date"]).astype(flags["charge_date"].dtype)
    before = previous.assign(charge_date=dates).drop_duplicates(on)[[*on, *money, "contributors"]]
    both = flags[[*on, *money]].merge(before, on=on, how="left", suffixes=("", "_before"))
    alike = np.logical_and.reduce([np.isclose(both[m], both[f"{m}_before"], rtol=1e-9) for m in money])
    both.index = flags.index
    return both["contributors"].astype("object").where(alike & both["contributors"].notna().to_numpy(), None)


def contributors(
    flags: pd.DataFrame, detail: pd.DataFrame | None, kept: pd.Series | None = None
) -> pd.Series:
    """JSON text per row of ``flags``: a list of dimension, value and impact, the largest three of each
    dimension.

    ``detail`` has series_id, charge_date, effective_cost and any of `DIMENSIONS`. The impact of a value is
    its cost of the day over its mean of the 28 days before, days without a row being zero. Where several sub
    accounts share an event on the day, they are listed with their part of it. ``kept`` is what `told_before`
    gives: where it holds a text, its regions and SKUs are taken over, and the detail is not asked.
    """
    found: dict[int, list[dict]] = {index: [] for index in flags.index}
    every = flags.index
    _shared_accounts(flags, found)
    if kept is not None:
        for index, text in kept.dropna().items():
            found[index] += [part for part in json.loads(text) if part["dimension"] != DIMENSIONS[0]]
        flags = flags[kept.isna()]
    if detail is not None and len(flags):
        detail = detail[detail["series_id"].isin(set(flags["series_id"]))]
        detail = detail.assign(charge_date=pd.to_datetime(detail["charge_date"]).dt.normalize())
        detail["effective_cost"] = pd.to_numeric(detail["effective_cost"], errors="coerce").astype("float64")
        for name in DIMENSIONS[1:]:
            if name in detail.columns:
                for start in range(0, len(flags), CHUNK):
                    _add(flags.iloc[start : start + CHUNK], detail, name, found)
    return pd.Series([json.dumps(found[index]) for index in every], index=every, dtype="object")


def _shared_accounts(flags: pd.DataFrame, found: dict[int, list[dict]]) -> None:
    accounts = flags.groupby(["event_id", "charge_date"])["sub_account_id"].transform("nunique")
    for _, rows in flags[accounts > 1].groupby(["event_id", "charge_date"]):
        sums = rows.groupby("sub_account_id")["impact_cost"].sum()
        top = sums.reindex(sums.abs().sort_values(ascending=False, kind="stable").index)[:TOP]
        for index in rows.index:
            found[index] += [_entry("sub_account_id", value, impact) for value, impact in top.items()]


def _add(flags: pd.DataFrame, detail: pd.DataFrame, name: str, found: dict[int, list[dict]]) -> None:
    asked = flags[["series_id", "charge_date", "direction"]].rename(columns={"charge_date": "flagged"})
    rows = asked.reset_index(names="flag").merge(detail, on="series_id")
    ago = (rows["flagged"] - rows["charge_date"]).dt.days
    rows = rows[(ago >= 0) & (ago <= WINDOW)].assign(today=ago == 0)
    rows[name] = rows[name].astype("object").where(rows[name].notna(), ABSENT)
    rows["impact"] = np.where(rows["today"], rows["effective_cost"], -rows["effective_cost"] / WINDOW)
    sums = rows.groupby(["flag", "direction", name], as_index=False)["impact"].sum()
    sums["along"] = np.where(sums["direction"] == "up", sums["impact"], -sums["impact"])
    top = sums[sums["along"] > 0].sort_values(["flag", "along"], ascending=[True, False], kind="stable")
    for row in top.groupby("flag").head(TOP).itertuples(index=False):
        found[row.flag].append(_entry(name, getattr(row, name), row.impact))


def _entry(dimension: str, value: object, impact: float) -> dict:
    return {"dimension": dimension, "value": str(value), "impact": round(float(impact), 2)}


def sentences(flags: pd.DataFrame) -> pd.Series:
    """One plain text per row: what it cost and should have, since when where it leaks, what contributed, and
    how large the incident is.
    """
    size = flags.groupby("event_id")["series_id"].transform("nunique")
    texts = [_sentence(row, int(many)) for row, many in zip(flags.itertuples(index=False), size, strict=True)]
    return pd.Series(texts, index=flags.index, dtype="object")


def _sentence(row, series_of_event: int) -> str:
    who = "Cost without a service name" if pd.isna(row.service_name) else str(row.service_name)
    where = "" if pd.isna(row.sub_account_id) else f" in {row.sub_account_id}"
    more = "more" if row.direction == "up" else "less"
    money = "" if pd.isna(row.billing_currency) else f" {row.billing_currency}"
    day = f"{WEEKDAYS[row.charge_date.weekday()]} {row.charge_date:%Y-%m-%d}"
    times = f", {row.actual_cost / row.expected_cost:.1f} times" if row.expected_cost > 0 else ""
    text = (
        f"{who}{where} cost {row.actual_cost:,.2f}{money} on {day}, {abs(row.impact_cost):,.2f} {more} than "
        f"{'weeks ago' if row.is_leak else 'expected'} ({row.expected_cost:,.2f}{times})."
    )
    if row.is_leak:
        text += " It has crept up week by week."
    parts = [f"{_named(part)} ({part['impact']:+,.2f})" for part in json.loads(row.contributors)]
    if parts:
        text += f" Most of it: {', '.join(parts[:TOP])}."
    return text + (f" One incident of {series_of_event} series." if series_of_event > 1 else "")


def _named(part: dict) -> str:
    return WITHOUT[part["dimension"]] if part["value"] == ABSENT else part["value"]
