"""How a commitment covers usage, day by day.

Belongs here: the arithmetic of coverage. Does not: how a provider writes it down.
"""

import numpy as np


def cover(demand: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """What a daily capacity covers of each resource's demand, first come first served.

    `demand` is resources x days, `capacity` has one value a day in the same unit; the result has demand's
    shape. The marginal resource of a day is covered in part, what is left of the capacity is unused.
    """
    before = np.cumsum(demand, axis=0) - demand
    return np.round(np.clip(capacity[None, :] - before, 0, demand), 10)


def commitment_level(demand: np.ndarray, quantile: float) -> float:
    """A daily commitment that the given share of days does not use up."""
    return float(np.quantile(demand.sum(axis=0), quantile))
