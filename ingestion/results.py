"""What a landing tells its caller.

Here: the records of outcomes. Not here: how they are shown (the CLI).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.records import Delivery


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
