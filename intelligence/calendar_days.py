"""Days that are not like others: holidays, and the days of a month on which fees fall.

Here: a rule-based default calendar of holidays, and numbers that describe a date, for anomalies and forecasts
alike. Not here: what such a day does to a cost; that is learnt from the series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

EASTER_DAYS = ("Good Friday", "Easter Saturday", "Easter Sunday", "Easter Monday")
THANKSGIVING_DAYS = (
    "Thanksgiving",
    "Black Friday",
    "Thanksgiving Saturday",
    "Thanksgiving Sunday",
    "Cyber Monday",
)
MONTH_KEYS = 31  # 1st to 28th are 0 to 27; the last three days of a month are 28 to 30


def default_holidays(first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Days on which offices of Europe and North America rest or shops are full: columns `date`, `holiday`.

    A holiday has one name in every year; Christmas and the days up to New Year are named one by one.
    """
    found: list[tuple[pd.Timestamp, str]] = []
    for year in range(first.year, last.year + 1):
        easter, thanksgiving = _easter(year), _nth_weekday(year, 11, 3, 4)
        found += [
            (pd.Timestamp(year, 1, 1), "New Year"),
            (pd.Timestamp(year, 1, 2), "2 January"),
            *_around(easter, -2, EASTER_DAYS),
            (pd.Timestamp(year, 5, 1), "1 May"),
            (_nth_weekday(year, 5, 0, -1), "Memorial Day"),
            (pd.Timestamp(year, 7, 4), "4 July"),
            (_nth_weekday(year, 9, 0, 1), "Labor Day"),
            *_around(thanksgiving, 0, THANKSGIVING_DAYS),
        ]
        found += [(pd.Timestamp(year, 12, day), f"{day} December") for day in range(23, 32)]
    frame = pd.DataFrame(found, columns=["date", "holiday"])
    frame["date"] = frame["date"].astype("datetime64[s]")
    return frame[frame["date"].between(first, last)].drop_duplicates("date").reset_index(drop=True)


def month_key(days: np.ndarray) -> np.ndarray:
    """Where each day stands in its month: counted from the start, in the last three days from the end."""
    month = days.astype("datetime64[M]")
    day = (days - month.astype("datetime64[D]")).astype(int)
    left = ((month + 1).astype("datetime64[D]") - days).astype(int) - 1
    return np.where(left < 3, 30 - left, day)


def holiday_codes(holidays: pd.DataFrame, dates: pd.DatetimeIndex) -> tuple[np.ndarray, list[str]]:
    """Per date the number of its holiday in the list of names returned beside it, or -1."""
    names = sorted(holidays["holiday"].astype(str).unique())
    number = {name: code for code, name in enumerate(names)}
    on = dict(zip(pd.to_datetime(holidays["date"]), holidays["holiday"].astype(str), strict=True))
    return np.array([number[on[date]] if date in on else -1 for date in dates], dtype=int), names


def _around(day: pd.Timestamp, first: int, names: tuple[str, ...]) -> list[tuple[pd.Timestamp, str]]:
    """A run of named days that starts `first` days from a day."""
    return [(day + pd.Timedelta(days=first + number), name) for number, name in enumerate(names)]


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> pd.Timestamp:
    days = pd.date_range(pd.Timestamp(year, month, 1), periods=31)
    days = days[(days.month == month) & (days.day_of_week == weekday)]
    return days[nth - 1 if nth > 0 else nth]


def _easter(year: int) -> pd.Timestamp:
    """Easter Sunday of the Gregorian calendar (Gauss's method as completed by Lichtenberg)."""
    century = year // 100
    shift = 15 + (3 * century + 3) // 4 - (8 * century + 13) // 25
    moon = (19 * (year % 19) + shift) % 30
    moon -= moon // 29 + (moon // 28 - moon // 29) * ((year % 19) // 11)
    limit = 21 + moon
    solar = 2 - (3 * century + 3) // 4
    sunday = 7 - (year + year // 4 + solar) % 7
    march_day = limit + 7 - (limit - sunday) % 7
    return pd.Timestamp(year, 3, 1) + pd.Timedelta(days=march_day - 1)
