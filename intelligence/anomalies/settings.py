"""What a user may choose of the detectors, with the defaults that were measured.

Belongs here: names, values and what they mean. Does not: algorithms.
"""

from __future__ import annotations

from dataclasses import dataclass

METHODS = ("robust", "rolling_z", "ewma", "isolation_forest")


@dataclass(frozen=True)
class Settings:
    """Choices of one run. Days are days of data; relative sizes are shares of the expected cost.

    `sensitivity` multiplies every threshold of the default detector: below one finds more and is wrong more
    often. `minimum_impact` is money per day in the series' own currency; `minimum_share` is a share of a
    usual day of the whole billing account. A day must be off by both, and by `minimum_change` of what was
    expected.
    """

    method: str = "robust"
    also_run: tuple[str, ...] = ()
    sensitivity: float = 1.0
    minimum_history: int = 21
    minimum_impact: float = 1.0
    minimum_share: float = 0.00005
    minimum_change: float = 0.2
    relearn_after: int = 8
    seed: int = 0
    forest_series: int = 100

    def __post_init__(self) -> None:
        for name in (self.method, *self.also_run):
            if name not in METHODS:
                raise UnknownMethod(f"no method is called {name!r}; choose from {', '.join(METHODS)}")


class UnknownMethod(ValueError):
    """A method was named that does not exist; the message lists those that do."""
