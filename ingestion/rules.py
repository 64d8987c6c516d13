"""Which deliveries count, and whether a new one may join them.

Here: current and superseded, equal files, billing accounts that would vanish. Pure: records in, a
verdict out. Not here: what the ledger makes of it (shadowing between scopes and datasets is dbt's).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ingestion.datasets import DATASETS
from ingestion.records import Delivery, Slice, parse_time

Key = tuple[str, str, str, str]  # dataset, scope, provider, billing period


@dataclass(frozen=True)
class Verdict:
    """`land`, `skip` or `refuse`, with the reason and the delivery that it is about."""

    action: str
    reason: str = ""
    about: Delivery | None = None


LAND = Verdict("land")


def current(deliveries: Iterable[Delivery]) -> dict[Key, list[Delivery]]:
    """The deliveries that count for each slice: the newest, or all that add up where a format appends."""
    slices: dict[Key, list[Delivery]] = defaultdict(list)
    for delivery in sorted(deliveries, key=lambda d: d.order):
        for part in delivery.slices:
            slices[_key(delivery, part)].append(delivery)
    return {key: _counting(key, named) for key, named in slices.items()}


def judge(new: Delivery, existing: list[Delivery], newer_beside: bool = False) -> Verdict:
    """Whether `new` may land. `newer_beside`: its source holds a newer run of the same export and month."""
    counting = current(existing)
    live = {delivery.delivery_id for named in counting.values() for delivery in named}
    same = [
        d
        for d in existing
        if (d.dataset, d.scope) == (new.dataset, new.scope) and d.fingerprint == new.fingerprint
    ]
    for known in same:
        if known.delivery_id in live:
            return Verdict("skip", f"already landed as delivery {known.delivery_id}", known)
    for known in same:
        if known.exported_at == new.exported_at:
            if newer_beside:
                return Verdict(
                    "skip", f"landed before as {known.delivery_id}, a newer run has replaced it", known
                )
            return Verdict(
                "refuse",
                f"{new.label}: the same files of the same run are in the lake as delivery "
                f"{known.delivery_id}, "
                f"which a newer one has replaced; to make it count again run: tally rollback "
                f"{known.delivery_id}",
                known,
            )
    return _vanishing(new, counting) or LAND


def _vanishing(new: Delivery, counting: dict[Key, list[Delivery]]) -> Verdict | None:
    for part in new.slices:
        for old in counting.get(_key(new, part), ()):
            if old.order > new.order or (_appends(_key(new, part)) and not _overlap(new, old)):
                continue
            held = {a for p in old.slices if _key(old, p) == _key(new, part) for a in p.billing_account_ids}
            lost = sorted(held - set(part.billing_account_ids))
            if lost:
                return Verdict(
                    "refuse",
                    f"{new.label}: would replace {part.provider} {part.billing_period[:7]} of delivery "
                    f"{old.delivery_id} without billing account {', '.join(lost)}, which that one holds; "
                    "if this is another export, land it with --scope NAME of its own",
                    old,
                )
    return None


def names(delivery: Delivery, key: Key) -> bool:
    """Whether the delivery has rows of the slice."""
    return any(_key(delivery, part) == key for part in delivery.slices)


def covers(newer: Delivery, older: Delivery) -> bool:
    """Whether the newer delivery's interval of export_time holds the whole of the older one's."""
    times = (newer.export_time_from, older.export_time_from, older.export_time_to, newer.export_time_to)
    if None in times:
        # a FOCUS file that does not say when its rows were exported is a whole month, as is what replaces it
        return newer.dataset == "focus" or (
            newer.export_time_from == older.export_time_from and newer.export_time_to == older.export_time_to
        )
    start, first, last, end = (parse_time(text) for text in times)
    return start <= first and last <= end


def _overlap(one: Delivery, other: Delivery) -> bool:
    times = (one.export_time_from, one.export_time_to, other.export_time_from, other.export_time_to)
    if None in times:
        return True
    start, end, first, last = (parse_time(text) for text in times)
    return start <= last and first <= end


def _counting(key: Key, named: list[Delivery]) -> list[Delivery]:
    if not _appends(key):
        return named[-1:]
    return [d for place, d in enumerate(named) if not any(covers(newer, d) for newer in named[place + 1 :])]


def _appends(key: Key) -> bool:
    dataset, _, provider, _ = key
    return DATASETS[dataset].appends == provider


def _key(delivery: Delivery, part: Slice) -> Key:
    return (delivery.dataset, delivery.scope, part.provider, part.billing_period)
