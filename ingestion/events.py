"""`cost.ingested`: one small file per delivery in `<lake>/events/`, for whoever acts on what was landed.

Here: writing and reading those files. Not here: acting on them.

A file is a CloudEvent 1.0 in JSON. Its `id` is the delivery's, so that an event which comes twice is known by
it; `subject` is the delivery's folder in the lake; `data` says which slices it touches. The names of the
files sort by the time at which they were written. The deliveries stay the truth: a file that is missing is
written anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingestion import locks
from ingestion.lake import Lake
from ingestion.records import Delivery, microseconds, parse_time

TYPE = "cost.ingested"
FOLDER = "events"
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


def announce(lake: Lake, deliveries: Iterable[Delivery]) -> None:
    """Write the events of these deliveries. The caller holds the lake's lock.

    They are in the lake already, so a disk that is full by now is no error: `announce_missing` makes it good.
    """
    folder = lake.root / FOLDER
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        moment = max([datetime.now(UTC), *(_after(path) for path in folder.glob("*.json"))])
        for delivery in deliveries:
            path = folder / f"{moment.strftime(_MOMENT)}-{delivery.delivery_id}.json"
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps(_event(lake, delivery, moment), indent=2, ensure_ascii=False) + "\n")
            os.replace(fresh, path)
            moment += timedelta(microseconds=1)


def announce_missing(lake: Lake) -> int:
    """Write the events that a killed landing left out, or that are older than events; how many there were."""
    if not lake.raw.is_dir():
        return 0
    held = {path.name.removeprefix("delivery=") for path in lake.raw.glob("*/*/*/exported=*/delivery=*")}
    if held <= _told(lake):
        return 0
    with locks.held(lake.raw):
        told = _told(lake)
        missing = sorted(
            (d for d in lake.deliveries() if d.delivery_id not in told),
            key=lambda d: (d.landed_at, d.delivery_id),
        )
        announce(lake, missing)
    return len(missing)


def names(lake: Lake, after: str = "") -> list[str]:
    """Names of the events that sort after a name, oldest first."""
    return sorted(path.name for path in (lake.root / FOLDER).glob("*.json") if path.name > after)


def read(lake: Lake, name: str) -> Ingested:
    """Raises NoEvent when the file is not whole or no `cost.ingested`."""
    path = lake.root / FOLDER / name
    try:
        said = json.loads(path.read_text())
        if said["type"] != TYPE or said["specversion"] != "1.0":
            raise NoEvent(
                f"{path}: type {said['type']} of CloudEvents {said['specversion']}, not {TYPE} of 1.0"
            )
        data = said["data"]
        slices = tuple((part["provider"], part["billing_period"]) for part in data["slices"])
        for _, period in slices:
            parse_time(period)
        return Ingested(
            name=name,
            id=str(said["id"]),
            landing=data["provider"],
            dataset=data["dataset"],
            scope=data["scope"],
            rows=int(data["rows"]),
            bytes=int(data["bytes"]),
            landed_at=data["landed_at"],
            slices=slices,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoEvent(f"{path}: cannot be read as {TYPE} ({type(error).__name__}: {error})") from error


def _told(lake: Lake) -> set[str]:
    found = (_NAME.fullmatch(path.name) for path in (lake.root / FOLDER).glob("*.json"))
    return {match["id"] for match in found if match}


def _after(path: Path) -> datetime:
    """Just later than an event, so that a clock that was set back puts none before those that were read."""
    found = _NAME.fullmatch(path.name)
    if not found:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.strptime(found["moment"], _MOMENT).replace(tzinfo=UTC) + timedelta(microseconds=1)


def _event(lake: Lake, delivery: Delivery, moment: datetime) -> dict:
    return {
        "specversion": "1.0",
        "id": delivery.delivery_id,
        "source": "/cloudtally/lake",
        "type": TYPE,
        "subject": lake.folder(delivery).relative_to(lake.root).as_posix(),
        "time": microseconds(moment),
        "datacontenttype": "application/json",
        "data": {
            "provider": delivery.provider,
            "dataset": delivery.dataset,
            "scope": delivery.scope,
            "landed_at": delivery.landed_at,
            "rows": delivery.rows,
            "bytes": delivery.bytes,
            "slices": [
                {"provider": part.provider, "billing_period": part.billing_period, "rows": part.rows}
                for part in delivery.slices
            ],
        },
    }
