"""Cells: one landing's bills of one month, the unit that an operator reruns and an event touches.

Here: the months that cells have, and the slices of the ledger that a cell holds. Not here: rebuilding them
(the `sliced` materialization), and which cells an event touches (sensors.py).

The provider's side of a cell is the asset: `stg_aws__focus` of 2026-09 is what AWS delivered of that month.
All four share the months, so that any block of cells is one range of one partitioning, and one run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from ingestion import environment
from ingestion.lakes import open_lake
from ingestion.records import Delivery

MONTH = "%Y-%m"
# Dagster's tags of a run over a range of partitions, or one
RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")
PARTITION = "dagster/partition"


def deliveries() -> list[Delivery]:
    """The lake's deliveries, oldest first. Raises LandingError when the lake's bucket cannot be reached."""
    return open_lake(environment.lake()).deliveries()


def months(held: Iterable[Delivery], today: date | None = None) -> dg.MonthlyPartitionsDefinition:
    """From the first month that any of the deliveries holds (else a year ago) to this month or their last."""
    now = today or datetime.now(UTC).date()
    named = [date.fromisoformat(period) for delivery in held for period in delivery.periods]
    first = min(named, default=now.replace(year=now.year - 1, day=1))
    last = max([*named, now])
    return dg.MonthlyPartitionsDefinition(
        start_date=first.strftime(MONTH),
        fmt=MONTH,
        # a month has its partition from its first day on, and bills of the demo or of prepaid months may lie
        # ahead
        end_offset=_index(last) - _index(now) + 1,
    )


def slices(
    landings: Iterable[str], chosen: Iterable[str], held: Iterable[Delivery], since: float = float("inf")
) -> list[dict[str, str]]:
    """The slices to force (`force_slices` of dbt_project.yml) for the landings' cells of the chosen months
    (YYYY-MM).

    A cell of the native FOCUS files may hold several providers. Slices whose files were all written after
    `since` (seconds of the epoch) are left out: the run that is taken up again had rebuilt them.
    """
    landed, wanted = set(landings), set(chosen)
    found = {
        (part.provider, part.billing_period)
        for delivery in held
        if delivery.provider in landed
        for part in delivery.slices
        if part.billing_period[:7] in wanted
        and not _is_built(part.provider, part.billing_period, landed, since)
    }
    return [{"provider": provider, "billing_period": period} for provider, period in sorted(found)]


def files(landing: str, month: str, provider: str = "*") -> list[Path]:
    """The files of the ledger that hold a landing's month (YYYY-MM), of one provider or all; local lakes
    only.
    """
    root = environment.lake()
    if environment.scheme(root) not in (None, "file"):
        return []
    folder = Path(environment.local(root)) / "ledger" / f"stg_{landing}__focus"
    return sorted(folder.glob(f"{provider}__*__{month}-01.*.parquet"))


def _is_built(provider: str, period: str, landings: Iterable[str], since: float) -> bool:
    found = [file for landing in landings for file in files(landing, period[:7], provider)]
    return bool(found) and all(file.stat().st_mtime > since for file in found)


def spans(chosen: Iterable[str]) -> list[tuple[str, str]]:
    """Months (YYYY-MM) as first and last of each unbroken run of them."""
    runs: list[tuple[str, str]] = []
    for month in sorted(set(chosen)):
        if runs and _index(_first(month)) == _index(_first(runs[-1][1])) + 1:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def of_run(tags: Mapping[str, str]) -> set[str]:
    """The months (YYYY-MM) of a run of cells, from its tags; none of any other run."""
    first = tags.get(RANGE[0]) or tags.get(PARTITION)
    last = tags.get(RANGE[1]) or tags.get(PARTITION)
    if not first or not last:
        return set()
    start = _index(_first(first))
    count = _index(_first(last)) - start + 1
    return {f"{(start + n - 1) // 12}-{(start + n - 1) % 12 + 1:02}" for n in range(count)}


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _index(day: date) -> int:
    return day.year * 12 + day.month
