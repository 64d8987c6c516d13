"""The billing month in the many spellings of the providers.

Here: text to first of the month. Not here: where the text stands (datasets.py).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_US_DATE = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?$")
_MONTH = re.compile(r"^(\d{4})(\d{2})$")


def month(text: str | None, month_text: bool = False) -> date | None:
    """First of the month of an ISO time (UTC), a US date (M/D/YYYY) or, with `month_text`, of "
    "YYYYMM; else None."""
    if not text:
        return None
    try:
        if month_text:
            found = _MONTH.match(text)
            return date(int(found[1]), int(found[2]), 1) if found else None
        if found := _US_DATE.match(text):
            return date(int(found[3]), int(found[1]), int(found[2])).replace(day=1)
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
        return moment.date().replace(day=1)
    except ValueError:
        return None
