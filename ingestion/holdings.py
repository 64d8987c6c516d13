"""The deliveries of a lake as one landing run knows them, found without looking through all of them.

Here: the look-ups that a landing makes for each bill. Not here: reading them from the lake, and whether what
is known is still so (lake.py, object_lake.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ingestion.records import Delivery

Keys = frozenset[tuple[str, int]]  # source key and bytes of each file


class Holdings:
    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        self._series: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
        self._of_keys: dict[Keys, list[Delivery]] = defaultdict(list)
        self._of_estate: dict[str, Delivery] = {}
        for delivery in deliveries:
            self.add(delivery)

    def add(self, delivery: Delivery) -> None:
        self._series[delivery.dataset, delivery.scope].append(delivery)
        self._of_keys[delivery.keys].append(delivery)
        self._of_estate.setdefault(delivery.estate, delivery)

    def series(self, dataset: str, scope: str) -> list[Delivery]:
        """All of a dataset and scope: no other can bear on whether one of these may land."""
        return list(self._series.get((dataset, scope), ()))

    def of_scope(self, scope: str) -> list[Delivery]:
        """All of a scope, whatever their dataset."""
        return [d for (_, named), found in self._series.items() if named == scope for d in found]

    def of_files(self, keys: Keys) -> list[Delivery]:
        """Those whose files have these very names and sizes at their source, oldest first."""
        return sorted(self._of_keys.get(keys, ()), key=lambda delivery: delivery.order)

    def of_other_estate(self, estate: str) -> Delivery | None:
        return next((held for other, held in self._of_estate.items() if other != estate), None)
