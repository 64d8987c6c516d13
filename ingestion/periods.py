"""The billing month in the many spellings of the providers.

Here: text to first of the month. Not here: where the text stands (datasets.py).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

YEARS = range(2000, 2100)  # a bill dated outside of these is a mistake

_US_DATE = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?$")
_MONTH = re.compile(r"^(\d{4})(\d{2})$")
_SHORT_MONTH = re.compile(r"^\d{4}-\d{2}$")


def month(text: str | None, month_text: bool = False) -> date | None:
    """First of the month of an ISO time, YYYY-MM, a US date (M/D/YYYY) or, with `month_text`, of YYYYMM;
    else None.

    A month that begins at some zone's own midnight begins between 14 hours before and 12 hours after UTC's,
    so a time counts for the month that it falls in 14 hours later.
    """
    try:
        moment = _moment(text or "", month_text)
    except ValueError:
        return None
    return moment.replace(day=1) if moment and moment.year in YEARS else None


def _moment(text: str, month_text: bool) -> date | None:
    if month_text:
        found = _MONTH.match(text)
        return date(int(found[1]), int(found[2]), 1) if found else None
    if found := _US_DATE.match(text):
        return date(int(found[3]), int(found[1]), int(found[2]))
    if _SHORT_MONTH.match(text):
        return date.fromisoformat(f"{text}-01")
    moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    if moment.year not in YEARS:
        return None
    return (moment.astimezone(UTC) + timedelta(hours=14)).date()
