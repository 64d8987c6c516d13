"""Which days are not like others: a small rule set of holidays, and how days count within a month.

Belongs here: facts of the calendar. Does not: what a holiday does to a series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

MONTH_KEYS = 31  # 1st to 28th are 0 to 27; the last three days of a month are 28 to 30


def default_holidays(first: np.datetime64, last: np.datetime64) -> pd.DataFrame:
    """Columns date and holiday: days on which offices in Europe and North America rest or shops are full."""
    rows = []
    for year in range(int(str(first)[:4]), int(str(last)[:4]) + 2):
        easter, thanks = _easter(year), _weekday(year, 11, 3, 4)
        rows += [(easter + day, "easter") for day in (-2, -1, 0, 1)]
        rows += [(thanks + day, "thanksgiving") for day in (0, 1, 2, 3, 4)]
        rows += [(_weekday(year, 9, 0, 1), "labor day"), (_weekday(year, 5, 0, 5), "memorial day")]
        rows += [(np.datetime64(f"{year}-{day}"), name) for day, name in _FIXED]
    frame = pd.DataFrame(rows, columns=["date", "holiday"]).drop_duplicates("date")
    return frame[(frame["date"] >= first) & (frame["date"] <= last)].reset_index(drop=True)


_FIXED = (
    ("01-01", "new year"),
    ("01-02", "new year"),
    ("05-01", "may day"),
    ("07-04", "independence day"),
    *((f"12-{day}", "christmas") for day in range(23, 32)),
)


def _weekday(year: int, month: int, weekday: int, nth: int) -> np.datetime64:
    """The nth such weekday (Monday is 0) of a month; the last one where there are fewer."""
    first = np.datetime64(f"{year}-{month:02d}-01")
    day = first + (weekday - (first.astype(int) + 3)) % 7 + 7 * (nth - 1)
    return day if day.astype("datetime64[M]") == first.astype("datetime64[M]") else day - 7


def _easter(year: int) -> np.datetime64:
    """Easter Sunday of the Gregorian calendar, by the rule of the golden number and the epact."""
    golden, century = year % 19, year // 100
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    epact -= epact // 28 * (1 - 29 // (epact + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    return np.datetime64(f"{year}-03-28") + (epact - weekday)


def month_key(days: np.ndarray) -> np.ndarray:
    """Where each day stands in its month: counted from the start, in the last three days from the end."""
    month = days.astype("datetime64[M]")
    day = (days - month.astype("datetime64[D]")).astype(int)
    left = ((month + 1).astype("datetime64[D]") - days).astype(int) - 1
    return np.where(left < 3, 30 - left, day)
