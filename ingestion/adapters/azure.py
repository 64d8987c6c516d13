"""Azure Event Grid's Microsoft.Storage.BlobCreated, in its own schema and as CloudEvents, alone or in a list.

Here: its fields. Container and path are taken from the subject, which is not percent-encoded. Service Bus
carries one event as an object, and a list of one is taken too.
"""

from __future__ import annotations

import re
from typing import Any

from ingestion.adapters import Rejected, Said, arrived, field, optional, parsed
from ingestion.cloudevents import Event

KIND = "Microsoft.Storage.BlobCreated"
_SUBJECT = re.compile(r"/blobServices/default/containers/(?P<container>[^/]+)/blobs/(?P<path>.+)", re.DOTALL)
_ACCOUNT = re.compile(
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Storage/storageAccounts/([a-z0-9]{3,24})",
    re.IGNORECASE,
)
# with a hierarchical namespace a file is announced when it is made, empty, and again when it is whole
_WHOLE = ("PutBlob", "PutBlockList", "CopyBlob", "FlushWithClose", "SftpCommit")


def events(said: Said) -> list[Event]:
    """Raises Rejected."""
    body = parsed(said)
    found = [_event(event) for event in (body if isinstance(body, list) else [body])]
    if not found:
        raise Rejected("event: is an empty list")
    return [event for event in found if event]


def _event(body: Any) -> Event | None:
    if not isinstance(body, dict):
        raise Rejected("event: is no JSON object")
    is_cloud_event = "specversion" in body
    if is_cloud_event and body["specversion"] != "1.0":
        raise Rejected("specversion: is not 1.0")
    kind = field(body, "type" if is_cloud_event else "eventType")
    if kind != KIND:
        raise Rejected(f"type: is {ascii(kind)[:80]}, not {KIND}; correct the event subscription's filter")
    account = _ACCOUNT.fullmatch(field(body, "source" if is_cloud_event else "topic"))
    if not account:
        raise Rejected("topic or source: names no storage account")
    blob = _SUBJECT.fullmatch(field(body, "subject"))
    if not blob:
        raise Rejected("subject: names no container and blob")
    size = field(body, "data.contentLength", int)
    if field(body, "data.api") not in _WHOLE or size == 0:
        return None
    name = account[1].lower()
    return arrived(
        "azure",
        name,
        f"abfss://{blob['container']}@{name}.dfs.core.windows.net",
        blob["path"],
        field(body, "id"),
        field(body, "time" if is_cloud_event else "eventTime"),
        (optional(body, "data.eTag") and field(body, "data.eTag").strip('"')) or None,
        size,
    )
