"""What detectors hand over: flagged days, and what one walk over the days leaves for the next channel.

Belongs here: shapes. Does not: how they are filled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Flags:
    """Flagged days, one entry each: row of the series, column of the day, expected money, signed score (a
    threshold is one), and whether a slow leak was seen rather than a jump.
    """

    row: np.ndarray
    day: np.ndarray
    expected: np.ndarray
    score: np.ndarray
    leak: np.ndarray


@dataclass
class Days:
    """What later channels need of the walk, series x days: cost without week and fees (NaN where not judged),
    the share of its weekday, and whether the day counted.
    """

    flat: np.ndarray
    share: np.ndarray
    counted: np.ndarray
