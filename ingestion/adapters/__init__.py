"""From a cloud's own event to com.cloudtally.export.arrived.v1: pure functions, one module a cloud.

Here: what the three share: reading JSON that anybody may have sent, and the event that is made. An adapter
takes bytes, text or parsed JSON and gives the events in it, none where a well-formed event says nothing of a
new object; whatever else comes is Rejected. It believes nothing: who may send is the handlers' matter, and
what was written is read from the store itself.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ingestion import cloudevents
from ingestion.cloudevents import ARRIVED, Event, InvalidEvent
from ingestion.records import parse_time

LARGEST = 1 << 20  # bytes of one message: no cloud sends more
Said = bytes | str | dict[str, Any] | list[Any]


class Rejected(Exception):
    """It is no event that is known here; the message names the field and what is wrong with it."""


def parsed(said: Said) -> Any:
    """JSON of bounded size. Raises Rejected."""
    if not isinstance(said, bytes | str):
        return said
    if len(said) > LARGEST:
        raise Rejected(f"body: has {len(said)} bytes or characters, more than {LARGEST}")
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"body: is not JSON ({type(error).__name__})") from error


def field(said: Any, path: str, kind: type | tuple[type, ...] = str) -> Any:
    """What stands at a dotted path. Raises Rejected unless it is of this type, and a text not empty."""
    found = optional(said, path)
    if not isinstance(found, kind) or isinstance(found, bool) or found == "":
        raise Rejected(f"{path}: is {_shown(found)} where {_named(kind)} is expected")
    return found


def optional(said: Any, path: str) -> Any:
    """What stands at a dotted path, None when nothing does."""
    for name in path.split("."):
        said = said.get(name) if isinstance(said, dict) else None
    return said


def arrived(
    provider: str,
    account: str | None,
    root: str,
    key: str,
    id: str,
    time: str,
    etag: str | None = None,
    size: int | None = None,
) -> Event:
    """The event of one object, `key` of the bucket `root`. Raises Rejected."""
    trace = hashlib.sha256(f"{root}\n{id}".encode(errors="replace")).hexdigest()[:32]
    data = {
        "provider": provider,
        "account": account,
        "sources": [{"uri": f"{root}/{key}", "etag": etag, "size": size}],
        "trace_id": trace,
    }
    try:
        made = cloudevents.event(ARRIVED, id, root, key, parse_time(time), data)
        json.dumps(made, ensure_ascii=False).encode()
    except InvalidEvent as error:
        raise Rejected(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise Rejected(f"time or text: cannot be read ({type(error).__name__})") from error
    if any(part in ("", ".", "..") for part in key.split("/")):
        raise Rejected(f"key: {_shown(key)} has an empty part, or a dot for one")
    return made


def _shown(found: Any) -> str:
    return "missing" if found is None else f"{ascii(found)[:60]} ({type(found).__name__})"


def _named(kind: type | tuple[type, ...]) -> str:
    names = {str: "a text", int: "a number", dict: "an object", list: "a list"}
    return " or ".join(names[one] for one in (kind if isinstance(kind, tuple) else (kind,)))
