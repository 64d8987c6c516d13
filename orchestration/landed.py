"""The table that tells what became of each delivery of a landing.

Here: outcomes as rows. Not here: landing (ingestion), and the table's form (terminal.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime

from ingestion import Delivery, LandingResult, environment, gaps
from ingestion.lakes import open_lake
from orchestration import terminal
from orchestration.slices import spans

NAMES = ("delivery", "dataset", "scope", "periods", "rows", "bytes", "note")
_LABEL = re.compile(
    r"(?P<dataset>[^/ ]+)/(?P<scope>[^/ ]+) (?P<periods>no rows|\d{4}-\d\d(?:\.\.\d{4}-\d\d)?)"
)


def show(result: LandingResult, each: int = 20) -> None:
    """Print a row a delivery, and below it the notes and the refusals with their remedies.

    Where more than `each` of one dataset and scope landed, or were skipped, they share a row.
    """
    held = _held(result)
    skipped = [(held.get(s.delivery_id or ""), s) for s in result.skipped]
    cells = _rows(list(result.landed), "landed", each)
    cells += _rows([delivery for delivery, _ in skipped if delivery], "skipped, in the lake already", each)
    cells += [_by_label(s.label, f"skipped, {s.reason}") for delivery, s in skipped if not delivery]
    cells += [_by_label(refused.label, "refused") for refused in result.refused]
    if cells:
        terminal.show("Landing", NAMES, cells, ("dataset", "scope"))
    for note in result.notes:
        terminal.say(f"note  {note}")
    for refused in result.refused:
        terminal.warn("refused", refused.message)


def show_gaps(provider: str, since: date, result: LandingResult, accounts: Sequence[str]) -> None:
    """Print the months, and billing accounts in them, that the lake has no bill of since a month."""
    deliveries = open_lake(environment.lake()).deliveries()
    today = datetime.now(UTC).date()
    found = gaps.missing(deliveries, provider, since, today, result.offered, accounts)
    if not found:
        terminal.say(f"no gap since {since:%Y-%m}")
        return
    terminal.show("Missing", ("month", "account", "reason"), [(g.month, g.account, g.reason) for g in found])


def _held(result: LandingResult) -> dict[str, Delivery]:
    """The lake's deliveries by id, when the outcome speaks of any that it did not make."""
    if not any(skipped.delivery_id for skipped in result.skipped):
        return {}
    return {delivery.delivery_id: delivery for delivery in open_lake(environment.lake()).deliveries()}


def _rows(deliveries: list[Delivery], note: str, each: int) -> list[tuple[str, ...]]:
    groups: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        groups[delivery.dataset, delivery.scope].append(delivery)
    cells = []
    for group in groups.values():
        for together in [group] if len(group) > each else [[delivery] for delivery in group]:
            cells.append(_row(together, note))
    return cells


def _row(together: list[Delivery], note: str) -> tuple[str, ...]:
    first = together[0]
    return (
        first.delivery_id if len(together) == 1 else f"{len(together)} deliveries",
        first.dataset,
        first.scope,
        spans(period[:7] for delivery in together for period in delivery.periods),
        f"{sum(delivery.rows for delivery in together):,}",
        terminal.as_bytes(sum(delivery.bytes for delivery in together)),
        note,
    )


def _by_label(label: str, note: str) -> tuple[str, ...]:
    """A row for what is not in the lake: its label is all that is known of it."""
    named = _LABEL.fullmatch(label)
    known = named.groups() if named else ("", label, "")
    return ("-", *known, "-", "-", note)
