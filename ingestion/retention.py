"""Going back to an older delivery, and letting go of old ones.

Here: rollback and prune over whole deliveries. Not here: landing, and what the ledger does with the
outcome.
"""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, datetime

from ingestion import events, records, rules
from ingestion.errors import LandingError
from ingestion.lakes import AnyLake, open_lake
from ingestion.records import Delivery


def rollback(lake: str | os.PathLike[str], delivery_id: str) -> Delivery:
    """Make an older delivery count again: a new delivery of the same files, exported now, that `restores` it.

    `delivery_id` may be shortened to any unique beginning. Raises LandingError.
    """
    target = open_lake(lake)
    old = _named(target, delivery_id)
    with target.room() as room, target.lock():
        deliveries = target.deliveries()
        if old not in deliveries:
            raise LandingError(f"{old.delivery_id}: was pruned a moment ago; land it again")
        named = [held for key, held in rules.current(deliveries).items() if rules.names(old, key)]
        if all(old in held for held in named):
            raise LandingError(f"{old.delivery_id}: {old.label} counts already; nothing to roll back")
        now = datetime.now(UTC)
        rivals = [records.parse_time(d.exported_at) for held in named for d in held]
        exported_at = records.seconds(max(now, *rivals))
        restored = dataclasses.replace(
            old,
            delivery_id=records.delivery_id(old.dataset, old.scope, old.files, exported_at, old.delivery_id),
            exported_at=exported_at,
            landed_at=records.microseconds(now),
            restores=old.delivery_id,
        )
        target.restore(old, restored, room)
        events.announce(target, [restored])
    return restored


def prune(lake: str | os.PathLike[str], keep: int) -> tuple[Delivery, ...]:
    """Remove deliveries that do not count, but for the newest `keep` of each slice (the current one
    included).

    Returns what was removed, oldest first. Raises LandingError.
    """
    if keep < 1:
        raise LandingError(f"--keep {keep}: at least 1, the delivery that counts, is always kept")
    target = open_lake(lake)
    if not target.delivery_ids():
        return ()
    with target.room(), target.lock():
        deliveries = target.deliveries()
        kept: set[str] = set()
        for key, held in rules.current(deliveries).items():
            counting = {delivery.delivery_id for delivery in held}
            older = [d for d in deliveries if rules.names(d, key) and d.delivery_id not in counting]
            kept |= counting | {d.delivery_id for d in older[max(0, len(older) - keep + 1) :]}
        gone = tuple(d for d in deliveries if d.delivery_id not in kept)
        for delivery in gone:
            target.remove(delivery)
    return gone


def _named(lake: AnyLake, delivery_id: str) -> Delivery:
    found = [d for d in lake.deliveries() if delivery_id and d.delivery_id.startswith(delivery_id)]
    if len(found) != 1:
        fault = "no delivery of this id" if not found else f"{len(found)} deliveries begin so"
        raise LandingError(f"{delivery_id}: {fault} in {lake.root}; see tally status for the ids")
    return found[0]
