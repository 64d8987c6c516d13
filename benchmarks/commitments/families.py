"""Families of hourly demand whose course is known: steady, business hours, declining.

Here: their numbers. Not here: what is bought for them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

FAMILIES = ("steady", "business hours", "declining")
FIRST_HOUR = np.datetime64("2025-01-01T00", "h")
NOISE = 0.06  # of an hour, and again of a day
KEYS = {
    "provider": "aws",
    "billing_account_id": "112233445566",
    "commitment_type": "Savings Plan",
    "commitment_category": "Spend",
    "region_id": None,
    "billing_currency": "USD",
}


def hourly(family: str, seed: int, days: int = 365) -> np.ndarray:
    """On-demand cost of each hour. Sizes, hours of business and rates of decline are drawn with the seed."""
    random = np.random.default_rng([FAMILIES.index(family), seed])
    hour = np.arange(days * 24)
    size = random.uniform(5, 500)
    noise = random.lognormal(0, NOISE, len(hour)) * np.repeat(random.lognormal(0, NOISE, days), 24)
    if family == "steady":
        return size * noise
    if family == "business hours":
        opens, closes = random.integers(6, 10), random.integers(17, 22)
        open_now = (hour // 24 % 7 < 5) & (hour % 24 >= opens) & (hour % 24 < closes)
        return size * np.where(open_now, 1, random.uniform(0.15, 0.6)) * noise
    lost = random.uniform(0.2, 0.6)  # of the first level, by the last hour
    course = 1 - lost * hour / len(hour) if random.random() < 0.5 else (1 - lost) ** (hour / len(hour))
    return size * course * noise


def usage(curves: dict[str, np.ndarray]) -> pd.DataFrame:
    """Curves by their family's name as `recommend` and `backtest` take usage."""
    frames = []
    for name, cost in curves.items():
        hours = FIRST_HOUR + np.arange(len(cost))
        frames.append(
            pd.DataFrame(
                {
                    **KEYS,
                    "family": name,
                    "meter": "hour",
                    "period_start": hours.astype("datetime64[s]"),
                    "hours": 1.0,
                    "on_demand_cost": cost,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def prices(discount_pct: float = 28.0, term_months: int = 12) -> pd.DataFrame:
    """One offer for all families."""
    return pd.DataFrame(
        [
            {
                "provider": "aws",
                "commitment_type": "Savings Plan",
                "family": None,
                "region_id": None,
                "meter": None,
                "term_months": term_months,
                "payment_option": "No Upfront",
                "discount_pct": discount_pct,
                "upfront_pct": 0.0,
                "price_source": "benchmark",
            }
        ]
    )
