"""What a landing tells its caller.

Here: the records of outcomes, and gathering them over what a source offers. Not here: how they are shown
(the CLI).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from ingestion.errors import LakeUnwritable, LandingError, together
from ingestion.records import Delivery

Offered = TypeVar("Offered")


@dataclass(frozen=True)
class Skipped:
    """Nothing to do: `delivery_id` is the delivery of the same files, None when there were no rows."""

    label: str
    reason: str
    delivery_id: str | None


@dataclass(frozen=True)
class Refused:
    """A rule of the lake forbids it; `message` says which and what to do."""

    label: str
    message: str


@dataclass(frozen=True)
class LandingResult:
    """All deliveries of one source, each in exactly one of the three; `notes` name what was left out."""

    landed: tuple[Delivery, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()  # months (YYYY-MM) that the source has exports of, as far as manifests tell

    def __add__(self, other: LandingResult) -> LandingResult:
        return LandingResult(
            self.landed + other.landed,
            self.skipped + other.skipped,
            self.refused + other.refused,
            tuple(dict.fromkeys(self.notes + other.notes)),
            tuple(sorted({*self.offered, *other.offered})),
        )


def gathered(
    offered: Iterable[Offered],
    land: Callable[[Offered], LandingResult],
    start: LandingResult = LandingResult(),
    ends: tuple[type[LandingError], ...] = (LakeUnwritable,),
) -> LandingResult:
    """`start` and what `land` gives of each that is offered.

    An error of one keeps no other from being tried, unless it is one of `ends`. Raises LandingError, whose
    `result` tells what became of the others.
    """
    result, errors = start, []
    for one in offered:
        try:
            result += land(one)
        except ends as error:
            error.result = result
            raise
        except LandingError as error:
            errors.append(error)
    if errors:
        raise together(errors, result)
    return result
