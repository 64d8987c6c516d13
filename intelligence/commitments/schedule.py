"""When the money of a purchase is paid, when it is earned back, and purchases one after another.

Here: upfront and monthly payments, the break-even month, the ladder. Not here: how much is bought.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

HOURS_IN_MONTH = 730.0
DAYS_IN_MONTH = 365.25 / 12


def payments(hourly: float, term_months: int, upfront: float) -> tuple[float, float]:
    """What is paid at once, and each month, of a commitment of so much an hour: together hourly x 730 x
    months."""
    month = hourly * HOURS_IN_MONTH
    return month * term_months * upfront, month * (1 - upfront)


def break_even_month(avoided: np.ndarray, upfront_cost: float, monthly_cost: float) -> int | None:
    """The first month, counted from 1, by whose end the on-demand cost avoided has paid for all payments so
    far.

    `avoided`: per month of the term. With the same avoided cost A every month it is the formula U / (A - r)
    rounded up, for an upfront payment U and a monthly one r. None when that is beyond the months given.
    """
    balance = np.cumsum(avoided) - upfront_cost - monthly_cost * np.arange(1, len(avoided) + 1)
    paid = np.flatnonzero(balance >= -1e-9 * max(1.0, upfront_cost))
    return int(paid[0]) + 1 if len(paid) else None


def ladder(recommendations: pd.DataFrame, steps: int, first_month: pd.Timestamp) -> pd.DataFrame:
    """Each recommendation as `steps` equal purchases, a month apart: its keys, purchase_month, step,
    hourly_commitment (of the step) and owned_hourly_commitment (of all so far). Their ends are a month apart
    too, so that no day renews everything. Recommendations of nothing have no step.
    """
    if steps < 1:
        raise ValueError("steps must be at least 1")
    bought = recommendations[recommendations["target_hourly_commitment"] > 0]
    frames = []
    for step in range(1, steps + 1):
        share = bought["target_hourly_commitment"] / steps
        month = pd.Timestamp(first_month) + pd.DateOffset(months=step - 1)
        frames.append(
            bought.drop(columns="hourly_commitment").assign(
                step=step, purchase_month=month, hourly_commitment=share, owned_hourly_commitment=share * step
            )
        )
    keys = [name for name in recommendations.columns if name in _KEPT]
    columns = [*keys, "step", "purchase_month", "hourly_commitment", "owned_hourly_commitment"]
    return pd.concat(frames, ignore_index=True)[columns]


_KEPT = {
    "provider",
    "billing_account_id",
    "commitment_type",
    "commitment_category",
    "family",
    "region_id",
    "billing_currency",
    "term_months",
    "payment_option",
}
