"""Names of cost series: what makes a series, and its level.

Belongs here: the identifier that anomalies and forecasts share. Does not: costs.
"""

from __future__ import annotations

import pandas as pd

PARTS = {"service": 3, "account": 2, "provider": 1}


def series_id(keys: pd.DataFrame, main_currency: str | None = None, level: str = "service") -> pd.Series:
    """provider/sub_account_id/service_name, fewer parts at the higher levels, of each row of ``keys``.

    A slash (and the percent sign that encodes it) is percent-encoded, null is ``-``. Rows in another currency
    than ``main_currency`` end in ``@CUR``; without one, none do. Raises KeyError for an unknown level.
    """
    columns = ["provider", "sub_account_id", "service_name"][: PARTS[level]]
    parts = [keys[name].astype("string").map(_encoded, na_action="ignore").fillna("-") for name in columns]
    joined = parts[0].str.cat(parts[1:], sep="/") if len(parts) > 1 else parts[0]
    if main_currency is None:
        return joined.astype("object")
    currency = keys["billing_currency"].astype("string")
    return joined.where(currency.fillna(main_currency) == main_currency, joined + "@" + currency).astype(
        "object"
    )


def _encoded(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F")
