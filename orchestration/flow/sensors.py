"""From `cost.ingested` to runs: each event's cells are started once, whatever is restarted or said twice.

Here: the watch on the lake's events and what a tick asks for. Not here: the form of events
(ingestion/events.py), and what a run does (models.py).

The cursor holds the name of the last event that was read and the ids of the last thousand: names sort by
time, so a restart goes on where it was, and an id that comes again, as queues deliver at least once, starts
nothing.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import dagster as dg

from ingestion import environment, events
from ingestion.events import Ingested
from ingestion.lakes import AnyLake, open_lake
from orchestration.flow import cells, raw

AT_ONCE = 500  # events read in one tick
REMEMBERED = 1000


@dataclass(frozen=True)
class Cursor:
    """How far the events were read: the last name, and ids among which repetitions are looked for."""

    after: str = ""
    ids: tuple[str, ...] = ()

    @classmethod
    def from_text(cls, text: str | None) -> Self:
        """Raises ValueError or KeyError when the text is no cursor of ours."""
        if not text:
            return cls()
        said = json.loads(text)
        return cls(said["after"], tuple(said["ids"]))

    def to_text(self) -> str:
        return json.dumps({"after": self.after, "ids": list(self.ids)})

    def past(self, names: list[str], ids: Iterable[str]) -> Self:
        """The cursor after events of these names and new ids were read."""
        return type(self)(names[-1] if names else self.after, (*self.ids, *ids)[-REMEMBERED:])


def sensor(
    job_name: str,
    ledger: dict[str, dg.AssetKey],
    unpartitioned: list[dg.AssetKey],
    months: dg.PartitionsDefinition,
) -> dg.SensorDefinition:
    """Runs of the job for what events touch; `ledger` names each landing's asset, and the others are built
    with it.
    """

    @dg.sensor(
        name="cost_ingested",
        job_name=job_name,
        minimum_interval_seconds=15,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Starts the months that landed bills touch, from the events in the lake's events/.",
    )
    def cost_ingested(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        lake = open_lake(environment.lake())
        events.announce_missing(lake)
        before = Cursor.from_text(context.cursor)
        names = events.names(lake, before.after)[:AT_ONCE]
        if not names:
            return dg.SkipReason("no new event")
        fresh = unseen(lake, names, before, context.log.warning)
        known = months.get_partition_keys()
        if strange := sorted({month for told in fresh for month in told.months} - set(known)):
            context.log.warning(
                f"{', '.join(strange)}: built, but without a cell until definitions are reloaded"
            )
        return dg.SensorResult(
            run_requests=list(requests(fresh, ledger, unpartitioned, known, names[-1])),
            asset_events=[event for told in fresh for event in materializations(told, set(known))],
            cursor=before.past(names, [told.id for told in fresh]).to_text(),
        )

    return cost_ingested


def unseen(lake: AnyLake, names: Iterable[str], cursor: Cursor, warn) -> list[Ingested]:
    """The events of these names that were not read before; files that are no events are told of and left."""
    known = set(cursor.ids)
    fresh = []
    for name in names:
        try:
            told = events.read(lake, name)
        except events.NoEvent as error:
            warn(str(error))
            continue
        if told.id not in known:
            known.add(told.id)
            fresh.append(told)
    return fresh


def requests(
    fresh: Iterable[Ingested],
    ledger: dict[str, dg.AssetKey],
    unpartitioned: list[dg.AssetKey],
    known: Sequence[str],
    key: str,
) -> Iterator[dg.RunRequest]:
    """One run for each set of landings that share an unbroken span of months.

    A month that is not among the known ones, for it is older than any was when the definitions were loaded,
    goes with the first of them: whatever changed in a landing is built with any of its cells.
    """
    touched: dict[str, set[str]] = defaultdict(set)
    for told in fresh:
        touched[told.landing].update(month if month in known else known[0] for month in told.months)
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for landing in sorted(touched.keys() & ledger.keys()):
        for span in cells.spans(touched[landing]):
            together[span].append(landing)
    for (first, last), landings in sorted(together.items()):
        yield dg.RunRequest(
            run_key=f"{key}:{first}:{last}:{','.join(landings)}",
            asset_selection=[*(ledger[landing] for landing in landings), *unpartitioned],
            tags={
                cells.RANGE[0]: first,
                cells.RANGE[1]: last,
                "cloudtally/cells": f"{','.join(landings)} {first}..{last}",
            },
            run_config={"ops": {"dbt": {"config": {"force": False}}}},
        )


def materializations(told: Ingested, known: set[str]) -> Iterator[dg.AssetMaterialization]:
    """What the event says of the raw bills: one materialization for each month that it holds."""
    source = "invoices" if told.dataset == "invoices" else told.landing
    for month in told.months:
        if month in known:
            yield dg.AssetMaterialization(
                raw.key(source),
                partition=month,
                metadata={
                    "delivery_id": told.id,
                    "dataset": told.dataset,
                    "scope": told.scope,
                    "landed_at": told.landed_at,
                    "rows of the delivery": told.rows,
                    "bytes of the delivery": told.bytes,
                },
            )
