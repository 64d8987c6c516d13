"""What becomes of an event that a cloud sent: its bill is landed, it waits, or it is set aside with a reason.

Here: which sources are watched, the choice among the outcomes, telling of what landed, and dead letters. Not
here: who may send (handlers/), the clouds' forms (adapters/) and the landing itself (landing.py).

Events come more than once, in any order and at once: a landing of the same files is skipped, and a delivery
is told of until a mark in the lake's `told/` says that it was. So it may be told of twice, with one id, never
not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import ModuleType

from ingestion import buckets, environment, events, records
from ingestion.adapters import Rejected, Said, parsed
from ingestion.cloudevents import Event
from ingestion.errors import MAY_PASS, LandingError, NoBill
from ingestion.lakes import AnyLake, open_lake
from ingestion.landing import land
from ingestion.providers import PROVIDERS
from ingestion.results import LandingResult

Emit = Callable[[Event], None]
DEAD = "dead-letters"
_TOLD = "told"
_KEPT = 64 << 10  # characters of an event that are kept in a dead letter
# the object that a cloud, or for Google the one who extracts, writes last
_LAST = {"aws": "-Manifest.json", "azure": "manifest.json", "focus": "anifest.json", "gcp": "_SUCCESS"}
_FIELDS = {"provider", "source", "account", "dataset", "scope", "last"}
log = logging.getLogger("cloudtally")


class Later(Exception):
    """It may work if the event is delivered again: its queue is to keep it."""


class BadSources(Exception):
    """CLOUDTALLY_SOURCES cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class Source:
    """A watched place of a bucket. `last` ends the name of the object that completes an export; empty: every
    object is a bill of its own. `account` owns the bucket; AWS's must be given."""

    provider: str
    source: str
    account: str | None
    dataset: str | None
    scope: str | None
    last: str


def receive(said: Said, adapter: ModuleType, emit: Emit) -> list[str]:
    """What was done with each event in a message: landed, known, waits, none or dead. Raises Later."""
    lake = cache(lambda: open_lake(environment.lake()))  # of a flood most events need none
    try:
        return [outcome for part in _parts(said) for outcome in _part(part, adapter, lake, emit)]
    except (LandingError, BadSources, OSError) as error:
        # the cloud, a right or a setting is at fault, not the event
        said_why = getattr(error, "message", None) or f"{type(error).__name__}: {error}"
        log.warning("to be tried again: %s", _line(said_why))
        raise Later(said_why) from error


def _parts(said: Said) -> list[Said]:
    """The events of a list by themselves, so that a bad one takes no other along."""
    try:
        body = parsed(said)
    except Rejected:
        return [said]
    return list(body) if isinstance(body, list) and body else [said]


def _part(said: Said, adapter: ModuleType, lake: Callable[[], AnyLake], emit: Emit) -> list[str]:
    try:
        return [_one(event, lake, emit) for event in adapter.events(said)] or ["none"]
    except Rejected as error:
        bury(lake(), said, str(error))
        return ["dead"]


def bury(lake: AnyLake, said: Said, reason: str) -> None:
    """Set an event aside in the lake's dead-letters/, with the reason; the same event always as the same."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    text = text if isinstance(text, str) else json.dumps(text, sort_keys=True)
    name = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:16]
    letter = {"reason": reason, "buried_at": records.seconds(datetime.now(UTC)), "event": text[:_KEPT]}
    lake.write(f"{DEAD}/{name}.json", json.dumps(letter, indent=2) + "\n")
    log.error("set aside as %s/%s.json: %s", DEAD, name, _line(reason))


def sources() -> list[Source]:
    """The watched places (CLOUDTALLY_SOURCES, a JSON list). Raises BadSources."""
    try:
        listed = json.loads(environment.sources())
    except ValueError as error:
        raise BadSources(f"CLOUDTALLY_SOURCES: is not JSON ({error})") from error
    if not isinstance(listed, list) or not listed:
        raise BadSources(
            'CLOUDTALLY_SOURCES: write a list, such as [{"provider": "aws", "source": "s3://…", …}]'
        )
    return [_source(number, said) for number, said in enumerate(listed, start=1)]


def _source(number: int, said: object) -> Source:
    where = f"CLOUDTALLY_SOURCES, entry {number}"
    if not isinstance(said, dict) or not {"provider", "source"} <= said.keys() <= _FIELDS:
        raise BadSources(f"{where}: needs provider and source, and may have {', '.join(sorted(_FIELDS))}")
    if not all(isinstance(value, str) for value in said.values()) or said["provider"] not in PROVIDERS:
        raise BadSources(f"{where}: all values are texts, and provider is one of {', '.join(PROVIDERS)}")
    if environment.scheme(said["source"]) == "bigquery":  # a table has no last object
        more = (said.get("account"), said.get("dataset"), said.get("scope"))
        return Source(said["provider"], said["source"].rstrip("/"), *more, last="")
    try:
        at = buckets.address(said["source"])
    except LandingError as error:
        raise BadSources(f"{where}: {error.message}") from error
    if at.kind == "s3" and not said.get("account"):
        raise BadSources(f"{where}: needs account, the AWS account that owns the bucket")
    return Source(
        said["provider"],
        f"{at.root}/{at.path}".rstrip("/"),
        said.get("account") or at.account or None,
        said.get("dataset"),
        said.get("scope"),
        said.get("last", _LAST[said["provider"]]),
    )


def _one(event: Event, lake: Callable[[], AnyLake], emit: Emit) -> str:
    uri, trace = event["data"]["sources"][0]["uri"], event["data"]["trace_id"]
    source = _watched(uri, event["data"]["account"])
    if not uri.endswith(source.last):
        log.info("%s %s: waits for what ends in %s", trace, _line(uri), source.last)
        return "waits"
    # with a slash at its end nobody asks whether it is an object, which would need a right of its own
    place, only = f"{source.source}/", uri
    if not source.last or source.provider == "gcp":
        place, only = (uri if not source.last else uri.rpartition("/")[0] + "/"), None
    try:
        result = land(
            source.provider,
            place,
            environment.lake(),
            source.dataset,
            source.scope,
            only=only,
            trace_id=trace,
        )
        faults: list[str] = []
    except MAY_PASS:
        raise
    except NoBill as error:
        log.info("%s %s", trace, _line(error.message))
        return "none"
    except LandingError as error:
        result, faults = error.result or LandingResult(), [error.message]
    known = {skipped.delivery_id for skipped in result.skipped}
    held = lake()
    before = held.deliveries() if known else ()
    deliveries = [*result.landed, *(d for d in before if d.delivery_id in known)]
    for delivery in deliveries:
        if held.text(f"{_TOLD}/{delivery.delivery_id}") is None:
            with _told_later(delivery.delivery_id):
                emit(events.ingested(delivery, datetime.now(UTC), trace))
            held.write(f"{_TOLD}/{delivery.delivery_id}", trace or "")
    if faults := [*faults, *(refused.message for refused in result.refused)]:
        raise Rejected("; ".join(faults))  # after what landed beside it was told of
    log.info("%s %s: %d landed, %d known", trace, _line(uri), len(result.landed), len(known))
    return "landed" if result.landed else "known"


def _watched(uri: str, account: str | None) -> Source:
    holding = [source for source in sources() if f"{uri}/".startswith(source.source + "/")]
    if not holding:
        raise Rejected(f"{uri}: is in none of the places of CLOUDTALLY_SOURCES; add it, or narrow the rule")
    source = max(holding, key=lambda one: len(one.source))
    if source.account and account and source.account != account:
        raise Rejected(
            f"{uri}: is of account {account}, not of {source.account} that CLOUDTALLY_SOURCES allows"
        )
    return source


def _line(text: str) -> str:
    """A text in one line of a log: nobody who names an object writes lines of his own there."""
    return re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", lambda found: ascii(found[0])[1:-1], text)


@contextlib.contextmanager
def _told_later(delivery_id: str):
    try:
        yield
    except Exception as error:  # each cloud's client has errors of its own
        log.warning("%s: landed, but not told of (%s)", delivery_id, type(error).__name__)
        raise Later(f"{delivery_id}: landed, but could not be told of ({type(error).__name__})") from error
