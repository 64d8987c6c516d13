"""The events of Cloudtally: CloudEvents 1.0 in JSON, each type held to its schema in schemas/.

They are plain dicts. CloudEvents' SDK checks the envelope and takes any data; jsonschema checks both, and the
schemas are there for others too. Here: making events and checking them. Not here: what makes one (adapters/,
events.py).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

ARRIVED = "com.cloudtally.export.arrived.v1"
INGESTED = "com.cloudtally.cost.ingested.v1"

Event = dict[str, Any]


class InvalidEvent(Exception):
    """It is no event of the type that it is to be; the message says which field is wrong, and how."""


def event(kind: str, id: str, source: str, subject: str, time: datetime, data: dict[str, Any]) -> Event:
    """A checked event. Raises InvalidEvent."""
    made = {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": kind,
        "subject": subject,
        "time": time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "dataschema": f"urn:cloudtally:schema:{kind}",
        "data": data,
    }
    return checked(made, kind)


def checked(said: Any, kind: str) -> Event:
    """The event itself, if it is one of this type. Raises InvalidEvent."""
    from jsonschema.exceptions import best_match

    if wrong := best_match(_validator(kind).iter_errors(said)):
        where = ".".join(str(part) for part in wrong.absolute_path) or "event"
        raise InvalidEvent(f"{where}: {_short(wrong.message)}")
    return said


def schema(kind: str) -> dict[str, Any]:
    """The published JSON Schema of a type."""
    return json.loads(resources.files("ingestion").joinpath("schemas", f"{kind}.json").read_text())


@cache
def _validator(kind: str):
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema(kind))


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:150]} … {text[-40:]}"
