"""`cost.ingested`: one small file per delivery in `<lake>/events/`, for whoever acts on what was landed.

Here: writing and reading those files. Not here: the form of events (cloudevents.py), acting on them, and
telling the clouds' own buses (handlers/).

An event's `id` is the delivery's, so that one which comes twice is known by it; `subject` is the delivery's
folder in the lake; `data` says which slices it touches. The names of the files sort by the time at which they
were written. The deliveries stay the truth: a file that is missing is written anew.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingestion import cloudevents
from ingestion.cloudevents import INGESTED, Event, InvalidEvent
from ingestion.errors import LandingError
from ingestion.lake import EVENTS, place
from ingestion.lakes import AnyLake
from ingestion.records import Delivery, parse_time

_EARLIER = "cost.ingested"  # the type of 0.1, whose files lie in lakes still
_NAMED = 100  # source files of a delivery that an event names
_NAME = re.compile(r"(?P<moment>\d{8}T\d{12}Z)-(?P<id>.+)\.json")
_MOMENT = "%Y%m%dT%H%M%S%fZ"


class NoEvent(Exception):
    """The file is no event of ours; the message names it and says why."""


@dataclass(frozen=True)
class Ingested:
    """What an event says. `landing` is what it was landed as, `slices` the (provider, YYYY-MM-DD) that it
    touches.
    """

    name: str
    id: str
    landing: str
    dataset: str
    scope: str
    rows: int
    bytes: int
    landed_at: str
    slices: tuple[tuple[str, str], ...]

    @property
    def months(self) -> tuple[str, ...]:
        return tuple(sorted({period[:7] for _, period in self.slices}))


def announce(lake: AnyLake, deliveries: Iterable[Delivery], trace_id: str | None = None) -> None:
    """Write the events of these deliveries. The caller holds the lake's lock.

    They are in the lake already, so a disk that is full by now is no error: `announce_missing` makes it good.
    """
    with contextlib.suppress(OSError, LandingError):
        last = lake.newest_event or max((n for n in lake.event_names() if _NAME.fullmatch(n)), default="")
        moment = max(datetime.now(UTC), _after(last))
        for delivery in deliveries:
            told = ingested(delivery, moment, trace_id)
            name = f"{moment.strftime(_MOMENT)}-{delivery.delivery_id}.json"
            lake.write(f"{EVENTS}/{name}", json.dumps(told, indent=2, ensure_ascii=False) + "\n")
            lake.newest_event = name
            moment += timedelta(microseconds=1)


def announce_missing(lake: AnyLake) -> int:
    """Write the events that a killed landing left out, or that are older than events; how many there were."""
    if lake.delivery_ids() <= _told(lake):
        return 0
    with lake.lock():
        told = _told(lake)
        missing = sorted(
            (d for d in lake.deliveries() if d.delivery_id not in told),
            key=lambda d: (d.landed_at, d.delivery_id),
        )
        announce(lake, missing)
    return len(missing)


def names(lake: AnyLake, after: str = "") -> list[str]:
    """Names of the events that sort after a name, oldest first."""
    return sorted(name for name in lake.event_names() if name > after)


def read(lake: AnyLake, name: str) -> Ingested:
    """Raises NoEvent when the file is not whole or no `cost.ingested`."""
    path = f"{lake.root}/{EVENTS}/{name}"
    try:
        said = json.loads(lake.text(f"{EVENTS}/{name}") or "null")
        if isinstance(said, dict) and said.get("type") == _EARLIER:
            said = _of_today(said)
        if isinstance(said, dict) and said.get("type", INGESTED) != INGESTED:
            raise NoEvent(f"{path}: of type {said['type']}, not {INGESTED}")
        data = cloudevents.checked(said, INGESTED)["data"]
        slices = tuple((part["provider"], part["billing_period"]) for part in data["slices"])
        for _, period in slices:
            parse_time(period)
        return Ingested(
            name=name,
            id=said["id"],
            landing=data["provider"],
            dataset=data["dataset"],
            scope=data["scope"],
            rows=data["rows"],
            bytes=data["bytes"],
            landed_at=data["landed_at"],
            slices=slices,
        )
    except (OSError, ValueError, KeyError, TypeError, InvalidEvent) as error:
        raise NoEvent(f"{path}: cannot be read as {INGESTED} ({type(error).__name__}: {error})") from error


def ingested(delivery: Delivery, moment: datetime, trace_id: str | None = None) -> Event:
    """The event of a delivery. Its totals are null where the landing did not read them."""
    totals = delivery.totals
    data = {
        "provider": delivery.provider,
        "dataset": delivery.dataset,
        "scope": delivery.scope,
        "delivery_id": delivery.delivery_id,
        "landed_at": delivery.landed_at,
        "rows": delivery.rows,
        "bytes": delivery.bytes,
        "slices": [
            {"provider": part.provider, "billing_period": part.billing_period, "rows": part.rows}
            for part in delivery.slices
        ],
        "sources": [
            {"uri": file.source_uri, "etag": file.etag, "size": file.bytes}
            for file in delivery.files[:_NAMED]
        ],
        "source_count": len(delivery.files),
        "totals": None if totals is None else {total.currency: total.cost for total in totals},
        "trace_id": trace_id,
    }
    return cloudevents.event(
        INGESTED, delivery.delivery_id, "/cloudtally/lake", place(delivery), moment, data
    )


def _of_today(said: Event) -> Event:
    """An event of 0.1 in today's form; what it did not say is null or empty."""
    more = {"delivery_id": said["id"], "sources": [], "source_count": 0, "totals": None, "trace_id": None}
    return said | {
        "type": INGESTED,
        "dataschema": f"urn:cloudtally:schema:{INGESTED}",
        "data": said["data"] | more,
    }


def _told(lake: AnyLake) -> set[str]:
    found = (_NAME.fullmatch(name) for name in lake.event_names())
    return {match["id"] for match in found if match}


def _after(name: str) -> datetime:
    """Just later than an event, so that a clock that was set back puts none before those that were read."""
    found = _NAME.fullmatch(name)
    if not found:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.strptime(found["moment"], _MOMENT).replace(tzinfo=UTC) + timedelta(microseconds=1)
